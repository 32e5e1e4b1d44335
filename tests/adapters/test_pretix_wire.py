"""How we talk to pretix: patiently, to one host only, and in words that say what to do when it fails."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from etalage.adapters.pretix_event_source import PretixEventSource
from etalage.model.errors import Refused, Unavailable
from etalage.model.house import House
from etalage.model.record import Changes, Weight
from tests.servers.pretix_api import Api, Event
from tests.simulators.pretix import BASE_URL, Organizer, PretixSimulator
from tests.simulators.trouble import Mood, Trouble, answers, busy, dawdle, fails, page, silence

TOKEN = "geheim-van-de-kassa"
HOUSE = House(id="cc", name={"nl": "CC"}, languages=("nl", "fr"), genres={"klank": "klassiek"})


class Line:
    """A simulated pretix, the wire to it, and a source at our end; time passes only when someone waits."""

    def __init__(self) -> None:
        self.now = datetime(2030, 11, 1, 12, tzinfo=UTC)
        self.waits: list[float] = []
        simulator = PretixSimulator(lambda: self.now)
        self.pretix: Organizer = simulator.organizer("cc", TOKEN)
        self.wire = Trouble(simulator.transport())
        self.api = Api(httpx.Client(base_url=BASE_URL, transport=simulator.transport()), "cc", TOKEN)
        self.source = self.open()

    def open(self, **options: Any) -> PretixEventSource:
        given = {
            "transport": self.wire,
            "sleep": self.wait,
            "chance": lambda: 1.0,
            "clock": lambda: self.now,
        } | options
        return PretixEventSource("pretix:cc", HOUSE, BASE_URL, "cc", TOKEN, **given)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)

    def show(self, slug: str, **more: Any) -> Event:
        event = self.api.event(slug, slug.title(), "2030-11-08T20:00:00+01:00", **more)
        if not more.get("has_subevents"):
            event.quota("Zaal", 80, [event.item("Ticket", "12.00")])
        event.patch(live=True)
        return event

    def read(self) -> Changes:
        return self.source.changes_since(None)

    def paths(self) -> list[str]:
        return [request.url.path.removeprefix("/api/v1/organizers/cc/") for request in self.wire.asked]


@pytest.fixture
def line() -> Line:
    return Line()


def slugs(answer: Changes) -> list[str]:
    return [record.production.id.removeprefix("pretix:cc/") for record in answer.records]


def test_a_busy_pretix_is_asked_again_when_it_says(line: Line) -> None:
    line.show("stuk")
    line.wire.next = [busy(after="7"), busy(after="Fri, 08 Nov 2030 12:00:30 GMT"), fails]
    assert slugs(line.read()) == ["stuk"]
    assert line.waits == [7, 30, 2]


def test_a_pretix_that_asks_for_an_hour_is_left_alone(line: Line) -> None:
    line.wire.mood = busy(after="3600")
    with pytest.raises(Unavailable, match="429"):
        line.read()
    assert line.waits == []
    assert len(line.wire.asked) == 1


@pytest.mark.parametrize("trouble", [silence, dawdle, fails, answers(503)])
def test_we_try_four_times_and_wait_longer_each_time(line: Line, trouble: Mood) -> None:
    line.wire.mood = trouble
    with pytest.raises(Unavailable) as failure:
        line.read()
    assert failure.value.code == "source_silent"
    assert line.waits == [0.5, 1, 2]


def test_readers_do_not_all_come_back_at_once(line: Line) -> None:
    line.wire.mood = silence
    with pytest.raises(Unavailable):
        line.open(chance=lambda: 0.0).changes_since(None)
    assert line.waits == [0.25, 0.5, 1]


@pytest.mark.parametrize(
    ("mood", "code", "kind"),
    [
        (answers(401, {"detail": "Invalid token."}), "token_wrong", Refused),
        (answers(403, {"detail": "Niet toegelaten"}), "token_powerless", Refused),
        (answers(404, {"detail": "Not found."}), "source_refused", Refused),
        (page, "source_is_page", Unavailable),
        (answers(302, location="https://elders.invalid/"), "source_refused", Unavailable),
        (answers(200, {"count": 1}), "source_unreadable", Unavailable),
        (
            answers(200, {"count": 1, "next": None, "results": [{"slug": 3}]}),
            "source_unreadable",
            Unavailable,
        ),
    ],
)
def test_an_answer_that_helps_nobody_is_told_in_words_without_the_token(
    line: Line, mood: Mood, code: str, kind: type[Exception]
) -> None:
    line.wire.mood = mood
    with pytest.raises(kind) as failure:
        line.read()
    assert failure.value.code == code
    assert TOKEN not in f"{failure.value!s} {failure.value.detail}"


def test_a_token_that_cannot_be_one_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(Refused, match="copy it again") as refusal:
        PretixEventSource("pretix:cc", HOUSE, BASE_URL, "cc", "regel een\nregel twee")
    assert "regel" not in str(refusal.value)


def test_the_token_goes_to_no_other_host(line: Line) -> None:
    for number in range(60):
        line.show(f"stuk-{number:02}")
    elsewhere = line.wire.inner

    def lure(request: httpx.Request) -> httpx.Response:
        answer = elsewhere.handle_request(request)
        text = answer.read().replace(b'"next":"' + BASE_URL.encode(), b'"next":"https://elders.invalid')
        return httpx.Response(answer.status_code, headers={"content-type": "application/json"}, content=text)

    line.wire.inner = httpx.MockTransport(lure)
    assert len(line.read().records) == 60
    assert {request.url.host for request in line.wire.asked} == {httpx.URL(BASE_URL).host}


def test_a_long_list_is_read_again_when_it_moved_between_two_pages(line: Line) -> None:
    for number in range(60):
        line.show(f"stuk-{number:02}")
    line.wire.after(2, lambda: line.show("aanvang"))
    assert len(line.read().records) == 61
    line.wire.after(2, lambda: line.api.send("DELETE", "events/aanvang/"))
    assert len(line.read().records) == 60


def test_a_list_that_never_stands_still_is_not_believed(line: Line) -> None:
    for number in range(60):
        line.show(f"stuk-{number:02}")
    numbers = iter(range(100))
    for request in range(2, 20):
        line.wire.after(request, lambda: line.api.event(f"a-{next(numbers)}", "Nog een", "2030-12-01T20:00:00+01:00"))
    with pytest.raises(Unavailable) as failure:
        line.read()
    assert failure.value.code == "source_restless"


def test_an_event_that_is_taken_away_while_we_read_is_simply_gone(line: Line) -> None:
    line.show("blijft")
    line.show("verdwijnt")
    line.wire.after(4, lambda: line.api.send("DELETE", "events/verdwijnt/"))
    assert slugs(line.read()) == ["blijft"]


def test_a_refusal_that_stays_is_not_taken_for_an_empty_programme(line: Line) -> None:
    line.show("stuk")
    wall = httpx.MockTransport(
        lambda request: (
            httpx.Response(403, json={"detail": "Nee"})
            if "items" in request.url.path
            else inner.handle_request(request)
        )
    )
    inner, line.wire.inner = line.wire.inner, wall
    with pytest.raises(Refused) as refusal:
        line.read()
    assert refusal.value.code == "token_powerless"


def test_unchanged_items_are_not_sent_again(line: Line) -> None:
    event = line.show("stuk")
    line.wait(3600)
    first = line.read()
    items = [request for request in line.wire.asked if request.url.path.endswith("/items/")]
    line.source.changes_since(first.cursor)
    again = [request for request in line.wire.asked if request.url.path.endswith("/items/")][len(items) :]
    assert ["if-modified-since" in request.headers for request in items + again] == [False, True]
    line.api.send("PATCH", f"events/stuk/items/{event.items['Ticket']['id']}/", {"default_price": "15.00"})
    answer = line.source.changes_since(first.cursor)
    assert answer.records[0].production.performances[0].prices[0].amount.cents == 1500


def test_items_that_changed_this_very_minute_are_asked_for_again(line: Line) -> None:
    """Last-Modified counts whole seconds: two changes within one would look like one."""
    event = line.show("stuk")
    first = line.read()
    line.api.send("PATCH", f"events/stuk/items/{event.items['Ticket']['id']}/", {"default_price": "15.00"})
    answer = line.source.changes_since(first.cursor)
    assert answer.records[0].production.performances[0].prices[0].amount.cents == 1500


def test_a_reading_asks_four_times_an_event_and_three_times_in_all(line: Line) -> None:
    for number in range(5):
        line.show(f"stuk-{number}")
    line.read()
    assert len(line.wire.asked) == 2 + 3 * 5
    line.show("reeks", has_subevents=True).date("2030-11-09T20:00:00+01:00")
    line.wire.asked.clear()
    line.read()
    assert len(line.wire.asked) == 3 + 3 * 6


def test_meta_data_that_cannot_be_read_is_a_problem_of_its_field(line: Line) -> None:
    line.show(
        "stuk",
        meta_data={"duration": "lang", "kind": "iets", "genre": "klank, Straattheater", "subtitle_fr": "Oui"},
    )
    answer = line.read()
    work = answer.records[0].production
    assert {(problem.record, problem.field, problem.weight) for problem in answer.problems} == {
        ("pretix:cc/stuk", "duration", Weight.FIELD),
        ("pretix:cc/stuk", "kind", Weight.FIELD),
    }
    assert [genre.id for genre in work.genres] == ["klassiek", "straattheater"]
    assert dict(work.subtitle) == {"fr": "Oui"}


def test_meta_data_that_an_event_does_not_fill_in_have_the_houses_default(line: Line) -> None:
    for name, default in (("organiser", "Vzw Podium"), ("company", "Huisgezelschap")):
        line.api.send("POST", "event_meta_properties/", {"name": name, "default": default})
    line.show("stuk", meta_data={"company": "Gasten"})
    work = line.read().records[0].production
    assert (work.organiser, work.company) == ("Vzw Podium", "Gasten")


def test_an_expo_has_a_period_instead_of_dates(line: Line) -> None:
    line.show("expo", meta_data={"kind": "Tentoonstelling"}, date_to="2031-02-02T17:00:00+01:00")
    work = line.read().records[0].production
    assert (work.opens, work.closes, work.performances) == (date(2030, 11, 8), date(2031, 2, 2), ())
    assert work.purchase_url == f"{BASE_URL}/cc/expo/"


def test_a_shop_that_only_pretends_to_sell_has_no_link_and_is_reported(line: Line) -> None:
    line.show("stuk", testmode=True)
    answer = line.read()
    assert answer.records[0].production.purchase_url == ""
    assert answer.records[0].production.performances[0].purchase_url == ""
    assert [(problem.code, problem.weight) for problem in answer.problems] == [("shop_in_testmode", Weight.DOUBT)]


def test_prices_in_another_currency_are_left_out_and_reported(line: Line) -> None:
    line.show("stuk", currency="CHF")
    answer = line.read()
    assert answer.records[0].production.performances[0].prices == ()
    assert [problem.code for problem in answer.problems] == ["currency_unknown"]


def test_a_closed_shop_that_says_why_stays_on_the_programme(line: Line) -> None:
    line.show("zwijgt")
    line.show("afgelast", meta_data={"status": "afgelast"})
    for slug in ("zwijgt", "afgelast"):
        line.api.send("PATCH", f"events/{slug}/", {"live": False})
    (record,) = line.read().records
    assert record.production.performances[0].status.value == "cancelled"
    assert record.production.performances[0].purchase_url == ""


def test_what_was_over_before_a_day_is_left_out(line: Line) -> None:
    line.show("vroeger")
    series = line.show("reeks", has_subevents=True)
    for day in ("2030-11-01", "2030-11-20"):
        series.date(f"{day}T20:00:00+01:00")
    answer = line.open(since=date(2030, 11, 10)).changes_since(None)
    assert slugs(answer) == ["reeks"]
    assert len(answer.records[0].production.performances) == 1
    assert len(line.open(since=date(2030, 11, 8)).changes_since(None).records) == 2


def test_a_cursor_of_an_older_version_reads_everything(line: Line) -> None:
    line.show("stuk")
    for cursor in ("", "onzin", "{}", '{"stamps": 3}'):
        assert line.source.changes_since(cursor).complete


def examined(source: PretixEventSource) -> list[tuple[str, Weight]]:
    return [(problem.code, problem.weight) for problem in source.examine()]


def test_the_doctor_says_what_is_wrong_and_what_to_do(line: Line) -> None:
    assert examined(line.source) == [("programme_empty", Weight.DOUBT)]
    line.api.event("ontwerp", "Ontwerp", "2030-11-08T20:00:00+01:00")
    (problem,) = line.source.examine()
    assert problem.reason == "'cc' has 1 events, none of them live and public; take one live in pretix"
    line.show("stuk")
    assert examined(line.source) == []
    for mood, code in (
        (silence, "source_silent"),
        (page, "source_is_page"),
        (answers(401, {}), "token_wrong"),
    ):
        line.wire.mood = mood
        assert examined(line.source) == [(code, Weight.RECORD)]


@pytest.mark.parametrize(
    ("base_url", "doubts"),
    [("http://tickets.huis.invalid", ["token_in_the_clear"]), ("http://localhost:8345", [])],
)
def test_the_doctor_minds_a_token_that_others_can_read(line: Line, base_url: str, doubts: list[str]) -> None:
    line.show("stuk")
    source = PretixEventSource("pretix:cc", HOUSE, base_url, "cc", TOKEN, transport=line.wire)
    assert [problem.code for problem in source.examine()] == doubts


@pytest.mark.parametrize("wrong", ["pretix.huis.be", "javascript:alert(1)", "https://naam:woord@pretix.huis.be"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Refused):
        PretixEventSource("pretix:cc", HOUSE, wrong, "cc", TOKEN)


@pytest.mark.parametrize(
    ("change", "prices"),
    [
        ({"active": False}, []),
        ({"admission": False}, []),
        ({"require_voucher": True}, []),
        ({"require_bundling": True}, []),
        ({"hide_without_voucher": True}, []),
        ({"all_sales_channels": False, "limit_sales_channels": ["box"]}, []),
        ({"all_sales_channels": False, "limit_sales_channels": ["web"]}, [1200]),
        ({"available_from": "2030-11-02T00:00:00+01:00"}, []),
        ({"available_from": "2030-11-02T00:00:00+01:00", "available_from_mode": "info"}, [1200]),
        ({"available_until": "2030-10-31T00:00:00+01:00"}, []),
        ({"available_until": "2030-11-30T00:00:00+01:00"}, [1200]),
        ({"default_price": "1250.50"}, [125050]),
        ({"category": 9}, []),
        ({"category": 8}, [1200]),
    ],
)
def test_a_price_is_what_a_visitor_without_a_code_can_choose_now(
    line: Line, change: dict[str, Any], prices: list[int]
) -> None:
    event = line.show("stuk")
    line.pretix.rows("events", "stuk", "categories").update(
        {"8": {"id": 8, "is_addon": False}, "9": {"id": 9, "is_addon": True}}
    )
    line.api.send("PATCH", f"events/stuk/items/{event.items['Ticket']['id']}/", change)
    (evening,) = line.read().records[0].production.performances
    assert [price.amount.cents for price in evening.prices] == prices


@pytest.mark.parametrize(
    ("quotas", "stock"),
    [
        ([], "unknown"),
        ([None], "plenty"),
        ([11], "plenty"),
        ([10], "few"),
        ([0], "none"),
        ([None, 3], "few"),
        ([80, 0], "none"),
    ],
)
def test_a_ticket_needs_room_in_every_quota_that_lists_it(line: Line, quotas: list[int | None], stock: str) -> None:
    event = line.api.event("stuk", "Stuk", "2030-11-08T20:00:00+01:00")
    ticket = event.item("Ticket", "12.00")
    for number, size in enumerate(quotas):
        event.quota(f"Quota {number}", size, [ticket])
    event.patch(live=True)
    (evening,) = line.read().records[0].production.performances
    assert evening.stock.value == stock
    assert len(evening.prices) == bool(quotas)


def test_the_best_of_several_tickets_says_whether_there_are_any_left(line: Line) -> None:
    event = line.api.event("stuk", "Stuk", "2030-11-08T20:00:00+01:00")
    event.quota("Zaal", 0, [event.item("Zaal", "12.00")])
    balcony = event.quota("Balkon", 40, [event.item("Balkon", "9.00")])
    wheelchair = event.quota("Rolstoel", 90, [event.item("Rolstoel", "9.00")])
    line.pretix.rows("events", "stuk", "quotas")[str(wheelchair)]["ignore_for_event_availability"] = True
    event.patch(live=True)
    assert line.read().records[0].production.performances[0].stock.value == "plenty"
    line.api.send("PATCH", f"events/stuk/quotas/{balcony}/", {"closed": True})
    assert line.read().records[0].production.performances[0].stock.value == "none"
