"""UiTPAS under the laws of Discounts, and what of it no law knows: its errors, its oddities, its token, and that no number is told."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from etalage.model.discount import Claim, EntitlementKind
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from tests.adapters.stripe_lab import Line, line
from tests.adapters.uitpas_lab import (
    BLOCKED,
    BOTH,
    CONCERT,
    COUPONS,
    ELSEWHERE,
    EXPIRED,
    FOREIGN,
    GROUP,
    NOBODYS,
    PLAY,
    REGULAR,
    SISTER,
    SOCIAL,
    SUSPENDED,
    UNKNOWN,
    UitpasLab,
    at_once,
)  # fmt: skip
from tests.laws.discounts import REGULAR as PRICE
from tests.laws.discounts import Laws, claim


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture
def lab(wire: Line) -> Iterator[UitpasLab]:
    made = UitpasLab(wire)
    yield made
    made.hang_up()


class TestUitpasDiscounts(Laws):
    """The laws."""


@pytest.mark.parametrize(
    ("number", "kinds", "word"),
    [
        (SOCIAL, ["social"], ""), (REGULAR, [], ""), (EXPIRED, [], "vervallen"), (SUSPENDED, [], "geschorst"),
        (BLOCKED, [], "geblokkeerd"), (ELSEWHERE, [], "andere regio"), (UNKNOWN, [], "kennen we niet"), (NOBODYS, [], "niemands naam"),
        (COUPONS, ["coupon", "coupon"], ""), (BOTH, ["coupon"], "vervallen"),
    ],
)  # fmt: skip
def test_each_sort_of_pass_is_told_what_uitpas_says(lab: UitpasLab, number: str, kinds: list[str], word: str) -> None:
    told = lab.discounts().entitlements(CONCERT, PRICE, number)
    assert [one.kind.value for one in told.entitlements] == kinds
    assert word in told.message.get("nl", "") and bool(word) == bool(told.message)


def test_the_social_tariff_comes_first_and_is_exact_to_the_cent(lab: UitpasLab) -> None:
    first = lab.discounts().entitlements(CONCERT, Money(1799), SOCIAL).entitlements[0]
    assert (first.kind, first.price, first.name) == (
        EntitlementKind.SOCIAL,
        Money(350),
        "Kansentarief UiTPAS Zilverland",
    )
    assert lab.wire.seen[-1].query["regularPrice"] == "17.99"
    dear, cheap = lab.discounts().entitlements(CONCERT, Money(1799), COUPONS).entitlements[::-1]
    assert (cheap.price, dear.price) == (Money(1299), Money(1599))


def test_a_family_and_a_group_in_one_batch(lab: UitpasLab) -> None:
    system = lab.discounts()
    claims = [claim(lab, system), claim(lab, system, SISTER), *[claim(lab, system, GROUP)] * 3]
    assert len({one.id for one in system.register(claims)}) == 5
    assert system.entitlements(CONCERT, PRICE, GROUP).entitlements == ()


@pytest.mark.parametrize("quirk", ["bare_answers", "other_number", "shuffled"])
def test_its_documented_oddities_lose_nothing(lab: UitpasLab, quirk: str) -> None:
    lab.wire.quirks = {quirk}
    system = lab.discounts()
    claims = [claim(lab, system), *[claim(lab, system, GROUP, PLAY)] * 2]
    made = system.register(claims)
    assert [one.event for one in made] == [CONCERT, PLAY, PLAY]
    assert {one.id for one in made} == set(lab.uitpas.sales)


@pytest.mark.parametrize("quirk", ["other_spelling", "status_in_words", "not_found_404"])
def test_its_errors_are_read_by_their_type_however_they_are_spelled(lab: UitpasLab, quirk: str) -> None:
    lab.wire.quirks = {quirk}
    system = lab.discounts()
    for event, number in ((CONCERT, "0900"), (CONCERT, EXPIRED), ("nothing-like-it", SOCIAL)):
        assert system.entitlements(event, PRICE, number).entitlements == ()
    with pytest.raises(Refused) as no:
        system.register(
            [Claim(event="nothing-like-it", entitlement="SOCIALTARIFF", regular=PRICE, label="", number=SOCIAL)]
        )
    assert no.value.code == "discount_refused"


def test_one_token_for_all_who_ask_at_once_and_a_new_one_in_time(lab: UitpasLab) -> None:
    system = lab.discounts()
    told = at_once(8, lambda: system.entitlements(CONCERT, PRICE, SOCIAL).entitlements[0].price)
    assert len(told) == 8 and lab.wire.renewals == 1
    lab.now += timedelta(hours=23, minutes=56)
    at_once(8, lambda: system.entitlements(CONCERT, PRICE, SOCIAL))
    assert lab.wire.renewals == 2, "renewed before its end"


def test_a_token_that_is_good_no_more_is_renewed_once(lab: UitpasLab) -> None:
    system = lab.discounts()
    one = claim(lab, system)
    lab.mood("unauthorized", where="POST /ticket-sales")
    (made,) = system.register([one])
    assert list(lab.uitpas.sales) == [made.id] and lab.wire.renewals == 2
    lab.mood("unauthorized", "unauthorized", where="GET /tariffs")
    with pytest.raises(Refused) as no:
        system.entitlements(CONCERT, PRICE, SISTER)
    assert no.value.code == "discount_locked"


def test_a_wrong_secret_and_a_foreign_event_are_for_staff(lab: UitpasLab) -> None:
    with pytest.raises(Refused) as no:
        lab.discounts(secret="wrong").entitlements(CONCERT, PRICE, SOCIAL)
    assert no.value.code == "discount_locked" and "wrong" not in repr(no.value).replace("id or the secret is wrong", "")
    with pytest.raises(Refused) as no:
        lab.discounts().entitlements(FOREIGN, PRICE, SOCIAL)
    assert no.value.code == "discount_locked"
    assert lab.discounts("brug").entitlements(FOREIGN, PRICE, SOCIAL).entitlements


def test_asked_once_more_when_nobody_was_there(lab: UitpasLab) -> None:
    lab.discounts()
    lab.mood("down", where="GET /tariffs")
    assert lab.discounts().entitlements(CONCERT, PRICE, SOCIAL).entitlements
    lab.mood("down", "down", where="GET /tariffs")
    with pytest.raises(Unavailable) as silent:
        lab.discounts().entitlements(CONCERT, PRICE, SOCIAL)
    assert silent.value.code == "discount_busy"


def test_too_much_asked_says_how_long_to_wait(lab: UitpasLab) -> None:
    lab.mood("busy:20", where="GET /tariffs")
    with pytest.raises(Unavailable) as busy:
        lab.discounts().entitlements(CONCERT, PRICE, SOCIAL)
    assert (busy.value.code, busy.value.detail["wait"]) == ("discount_busy", "20")


@pytest.mark.parametrize(
    ("mood", "done"), [("broken", 0), ("down", 0), ("fails_after", 1), ("garbled", 1), ("lost", 1)]
)
def test_in_doubt_nothing_is_booked_twice(lab: UitpasLab, mood: str, done: int) -> None:
    system = lab.discounts()
    one = claim(lab, system)
    lab.mood(mood, where="POST /ticket-sales")
    with pytest.raises(Unavailable) as doubt:
        system.register([one])
    assert doubt.value.code == "discount_unknown" and len(lab.uitpas.sales) == done
    (found,) = system.lookup([one], lab.now - timedelta(minutes=2))
    assert [sale.id for sale in found] == list(lab.uitpas.sales)


def test_who_hangs_is_not_waited_for_long(lab: UitpasLab, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    from etalage.adapters import _uitpas_line

    monkeypatch.setattr(_uitpas_line, "ASKING", httpx.Timeout(0.2))
    monkeypatch.setattr(_uitpas_line, "WRITING", httpx.Timeout(0.2))
    system = lab.discounts()
    one = claim(lab, system)
    lab.wire.black_hole = True
    with pytest.raises(Unavailable) as silent:
        system.entitlements(CONCERT, PRICE, SOCIAL)
    assert silent.value.code == "discount_busy"
    with pytest.raises(Unavailable) as doubt:
        system.register([one])
    assert doubt.value.code == "discount_unknown"


def test_a_long_list_is_read_to_its_end(lab: UitpasLab, monkeypatch: pytest.MonkeyPatch) -> None:
    from etalage.adapters import uitpas_discounts

    monkeypatch.setattr(uitpas_discounts, "PAGE", 2)
    system = lab.discounts()
    system.register([claim(lab, system, GROUP)] * 3)
    system.register([claim(lab, system), claim(lab, system, SISTER)])
    assert len(list(system.sold(CONCERT))) == 5


def test_staff_hear_what_an_account_lacks_and_where_uitpas_is_off(lab: UitpasLab) -> None:
    assert lab.discounts().examine() == ("De Linde",)
    assert lab.discounts(organizer="org-linde").examine(CONCERT) == ("UiTPAS Zilverland",)
    for system, event, word in (
        (lab.discounts(organizer="org-brug"), "", "org-brug"), (lab.discounts(), "nothing-like-it", "event-not-found"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=word):
            system.examine(event)


def test_what_makes_no_sense_is_not_offered(lab: UitpasLab) -> None:
    import httpx

    rows = [
        {"id": "A", "price": -1, "type": "COUPON"}, {"id": "B", "price": 18.01, "type": "COUPON"}, {"id": "C", "type": "COUPON"},
        {"id": "D", "price": 1, "type": "COUPON", "remaining": 0}, {"id": "E", "price": 0.3, "type": "REWARD", "name": "Welkom"},
    ]  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "x", "expires_in": 86400})
        return httpx.Response(200, json={"available": rows})

    system = lab.discounts(transport=httpx.MockTransport(answer))
    assert [(one.id, one.price) for one in system.entitlements(CONCERT, PRICE, SOCIAL).entitlements] == [
        ("E", Money(30))
    ]


def test_no_number_is_logged_anywhere(lab: UitpasLab, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        system = lab.discounts()
        one = claim(lab, system)
        system.register([one])
        system.lookup([one], lab.now)
        lab.mood("down", "down", "broken", "busy")
        for ask in (lambda: system.entitlements(CONCERT, PRICE, SOCIAL), lambda: system.register([one])):
            with pytest.raises(Unavailable):
                ask()
    assert caplog.records and SOCIAL not in caplog.text and SOCIAL[-6:] not in caplog.text
    assert "geheim" not in caplog.text and not [word for word in lab.wire.tokens if word in caplog.text]
