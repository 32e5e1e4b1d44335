"""Stories of the audit: what nobody told us stands in the provider's books."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from etalage.model.back import Way
from etalage.model.checkout import Share, State
from etalage.model.money import Money
from etalage.model.payment import Act, Refunded
from etalage.sales.audit import EVERY, WEEKLY, Auditor
from tests.sales.world import PRICE, World


@pytest.fixture
def sold(tmp_path: Path) -> World:
    """Two places at De Linde and one at De Brug."""
    world = World(tmp_path)
    world.basket()
    world.saga.run("co1")
    world.pay()
    assert world.saga.run("co1").state is State.DONE
    return world


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.ERROR, "etalage.sale")
    return lambda: [json.loads(record.message)["alert"] for record in caplog.records if record.name == "etalage.sale"]


def test_books_that_agree_say_nothing_and_only_one_process_looks(sold: World, heard) -> None:
    looks = []
    since = sold.sandbox.since
    sold.sandbox.since = lambda moment: looks.append(sold.now - moment) or since(moment)
    one, two = Auditor(sold.saga), Auditor(sold.saga)
    for _ in range(3):
        assert list(one.look()) == list(two.look()) == []
    assert looks == [timedelta(days=60)]
    sold.pass_time(hours=EVERY / timedelta(hours=1))
    assert list(two.look()) == list(one.look()) == [] and looks[1:] == [timedelta(days=2)]
    sold.pass_time(hours=WEEKLY / timedelta(hours=1))
    one.look()
    assert looks[2:] == [timedelta(days=60)] and heard() == []


def test_a_refund_that_somebody_made_at_the_provider_is_told_once(sold: World, heard) -> None:
    sold.sandbox.refund(sold.sandbox.find("co1").id, "re_by_hand", Money(1000), "")
    assert list(Auditor(sold.saga).look()) == ["co1"]
    order = sold.saga.read("co1")
    assert (order.elsewhere, order.alert, len(order.good)) == (Money(1000), "refunded_elsewhere", 3)
    sold.pass_time(days=1)
    assert list(Auditor(sold.saga).look()) == [] and heard() == ["refunded_elsewhere"]


def test_a_refund_that_failed_without_a_word_is_sent_again(sold: World, heard) -> None:
    sold.ticket_back(sold.codes("linde")[0])
    sold.refund_goes("co1-linde-back-1", Refunded.FAILED)
    Auditor(sold.saga).look()
    assert sold.saga.read("co1").backs[0].way is Way.WANTED
    sold.pass_time(hours=2)
    sold.saga.sweep()
    after = sold.saga.read("co1")
    assert after.backs[0].way is Way.DONE and sold.sandbox.find("co1").back == Money(PRICE) and heard() == []
    sold.audit()


def test_what_was_paid_and_nobody_told_is_sold(sold: World) -> None:
    sold.basket(key="co2", brug=0)
    sold.saga.run("co2")
    sold.pay("co2")
    assert list(Auditor(sold.saga).look()) == ["co2"] and sold.saga.read("co2").state is State.DONE


def test_money_that_we_never_heard_of_is_told_once_and_left_where_it_is(sold: World, heard) -> None:
    for key, shares in (("co8", True), ("co9", False), ("co7", True)):
        draft = replace(sold.draft(key=key, brug=0), asked=True)
        priced: tuple[Share, ...] = tuple(replace(share, amount=draft.total) for share in draft.shares)
        request = sold.saga.request(replace(draft, shares=priced))
        payment = sold.sandbox.start(request)
        if not shares:  # somebody else uses the account too
            sold.sandbox._change(payment.id, lambda kept: replace(kept, payment=replace(kept.payment, shares=())))
        if key != "co7":
            sold.sandbox.act(payment.id, Act.PAY)
    assert list(Auditor(sold.saga).look()) == ["co8"]
    sold.pass_time(days=1)
    assert list(Auditor(sold.saga).look()) == ["co8"] and heard() == ["unmatched"]
    assert sold.sandbox.find("co8").back == Money(0) and sold.records.get("checkout", "co8") is None


def test_another_amount_in_the_books_is_told(sold: World, heard) -> None:
    id = sold.sandbox.find("co1").id
    sold.sandbox._change(id, lambda kept: replace(kept, payment=replace(kept.payment, amount=Money(1))))
    assert list(Auditor(sold.saga).look()) == ["co1"] and heard() == ["amount_differs"]
