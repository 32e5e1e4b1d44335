"""Double clicks, two tabs, and houses that are busy: what a browser hears when many ask at once (A18, A8)."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Any

import pytest

from etalage.sales.queues import Queue
from tests.functions.test_sale import BUYER, LINDE, Till, till  # noqa: F401 - a fixture
from tests.sales.world import PLACES, PRICE, busy, unknown


def submit(till: Till, many: int, **how: Any) -> list[Any]:
    """So many at once, from as many threads."""
    with ThreadPoolExecutor(many) as fingers:
        return list(
            fingers.map(lambda number: till.buy(**{name: value(number) for name, value in how.items()}), range(many))
        )


def test_twenty_clicks_are_one_order_and_one_payment(till: Till) -> None:
    answers = submit(till, 20)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1, "and everybody hears the same"
    assert (till.world.free("linde"), till.world.free("brug")) == (PLACES - 2, PLACES - 1)
    assert len(kept(till, "sandbox-payment")) == 1
    key = answers[0].json()["order"].partition(".")[0]
    assert till.world.sandbox.find(key).amount.cents == 3 * PRICE


def test_clicks_while_an_answer_is_lost_are_one_order_too(till: Till) -> None:
    for house in till.world.houses.values():
        house.after["hold"] = [unknown(), unknown()]
    answers = submit(till, 20)
    assert {answer.status_code for answer in answers} <= {201, 503}
    last = till.buy()
    assert last.status_code == 201 and {a.json()["order"] for a in answers if a.status_code == 201} <= {
        last.json()["order"]
    }
    assert (till.world.free("linde"), till.world.free("brug")) == (PLACES - 2, PLACES - 1)
    assert len(kept(till, "sandbox-payment")) == 1


def test_two_tabs_are_two_orders_or_sold_out_and_never_a_mixture(till: Till) -> None:
    """Each wants three of the five places at De Linde, and one at De Brug."""
    tab = {"linde": lambda _: 3, "brug": lambda _: 1, "idempotency-key": lambda number: f"key-of-tab-{number}"}
    answers = submit(till, 2, **tab)
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 409]
    assert next(answer for answer in answers if answer.status_code == 409).json()["code"] == "sold_out"
    assert (till.world.free("linde"), till.world.free("brug")) == (2, 4), "who is told sold out holds nothing anywhere"
    assert (
        submit(till, 1, linde=lambda _: 1, brug=lambda _: 1, **{"idempotency-key": lambda _: "key-of-tab-3"})[
            0
        ].status_code
        == 201
    )


def test_two_tabs_with_room_for_both_are_two_orders(till: Till) -> None:
    tab = {"linde": lambda _: 2, "brug": lambda _: 1, "idempotency-key": lambda number: f"key-of-tab-{number}"}
    answers = submit(till, 2, **tab)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["order"] for answer in answers}) == 2 == len(kept(till, "sandbox-payment"))
    assert (till.world.free("linde"), till.world.free("brug")) == (1, 3)


def test_the_back_button_after_paying_shows_the_same_order(till: Till) -> None:
    first = till.buy().json()
    till.press(first["pay_url"])
    till.deliver()
    again = till.buy()
    assert (again.status_code, again.json()["order"], again.json()["state"]) == (201, first["order"], "done")
    assert len(kept(till, "sandbox-payment")) == 1


def test_a_house_that_is_silent_is_busy_and_the_same_key_goes_on(till: Till) -> None:
    till.world.houses["brug"].before["hold"] = [busy()]
    first = till.buy()
    assert (first.status_code, first.json()["code"]) == (503, "house_busy") and int(first.headers["retry-after"]) > 0
    assert till.buy().status_code == 201
    assert (till.world.free("linde"), till.world.free("brug")) == (PLACES - 2, PLACES - 1)


def test_a_provider_that_is_silent_is_not_taken_for_an_order_that_costs_nothing(till: Till) -> None:
    till.world.let_provider_have_moods().before["start"] = [busy()]
    assert till.buy().status_code == 503
    made = till.buy()
    assert made.status_code == 201 and made.json()["pay_url"]


def test_who_is_refused_while_a_house_cannot_let_go_yet_is_told_so(till: Till) -> None:
    """Nobody hears 201 of an order that is being undone."""
    till.world.sell_elsewhere("brug", PLACES)
    till.world.houses["linde"].always["release"] = busy()
    refused = till.buy()
    assert (refused.status_code, refused.json()["code"]) == (409, "sold_out")


@pytest.mark.parametrize("path", ["/api/quote", "/api/checkout"])
def test_a_house_whose_queue_is_full_is_busy_and_availability_answers_all_the_same(till: Till, path: str) -> None:
    gate, queue = Event(), Queue("linde", at_once=1, waiting=0)
    till.world._pools["linde"] = queue
    job = queue.submit(gate.wait)
    body = {"lines": [{"performance": LINDE}]} | ({"buyer": BUYER} if path == "/api/checkout" else {})
    full = till.post(path, body, **{"idempotency-key": "a-key-of-a-browser"})
    assert (full.status_code, full.json()["code"], full.headers["retry-after"]) == (503, "house_busy", "5")
    told = till.visitor.get("/api/availability", params=[("p", LINDE)]).json()
    assert told[LINDE]["state"] == "unknown"
    gate.set()
    wait([job])
    assert till.world.free("linde") == PLACES


def kept(till: Till, kind: str) -> list[str]:
    """The ids of everything of a kind in the store."""
    return [str(row[0]) for row in till.world.records._read("SELECT id FROM record WHERE kind = ?", (kind,))]
