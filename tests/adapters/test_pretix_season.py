"""The seeded season, read from a real pretix and from the simulator: dates, prices, places and words to the letter."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest

from etalage.adapters.pretix_event_source import PretixEventSource
from etalage.model.house import House
from etalage.model.money import Money
from etalage.model.offer import Stock, TariffKind
from etalage.model.programme import Performance, Status, Venue
from etalage.model.record import Record
from tests.servers.fixtures import pretix  # noqa: F401
from tests.servers.pretix_api import Api
from tests.servers.pretix_seed import CDBID, seed
from tests.simulators.pretix import BASE_URL, PretixSimulator

NOORD = Venue(id="noord", name="CC Noord", halls=("Foyer", "Schouwburg"))
HOUSES = {
    "ccnoord": House(id="ccnoord", name={"nl": "CC Noord"}, languages=("nl", "fr", "en"), venues=(NOORD,)),
    "gczuid": House(id="gczuid", name={"nl": "GC Zuid"}),
}
Open = Callable[[str], PretixEventSource]


@pytest.fixture(scope="module")
def simulated() -> Open:
    simulator = PretixSimulator()
    for house in HOUSES:
        simulator.organizer(house, house)
        with httpx.Client(base_url=BASE_URL, transport=simulator.transport()) as client:
            seed(client, house, house)
    return lambda house: open_source(house, BASE_URL, house, simulator.transport())


@pytest.fixture(params=["simulated", pytest.param("real", marks=[pytest.mark.server, pytest.mark.timeout(600)])])
def open_house(request: pytest.FixtureRequest) -> Open:
    """Open a house's source on the pretix of this round."""
    if request.param == "simulated":
        return request.getfixturevalue("simulated")
    server = request.getfixturevalue("pretix")
    return lambda house: open_source(house, server.base_url, server.houses[house].reader)


def open_source(
    house: str, base_url: str, token: str, transport: httpx.BaseTransport | None = None
) -> PretixEventSource:
    return PretixEventSource(f"pretix:{house}", HOUSES[house], base_url, house, token, transport=transport)


def read(open_house: Open, house: str) -> dict[str, Record]:
    answer = open_house(house).changes_since(None)
    return {record.production.id.partition("/")[2]: record for record in answer.records}


def dates(record: Record) -> tuple[Performance, ...]:
    return record.production.performances


def price_list(performance: Performance) -> list[tuple[str, str, int, TariffKind]]:
    return [
        (price.category.get("nl", ""), price.tariff.get("nl", ""), price.amount.cents, price.kind)
        for price in performance.prices
    ]


def test_only_what_visitors_may_see_is_on_the_programme(open_house: Open) -> None:
    assert set(read(open_house, "ccnoord")) == {"nachtjazz", "oom-wanja", "strijkkwartet", "opendeur"}


def test_an_event_is_told_in_its_languages_and_its_meta_data(open_house: Open) -> None:
    record = read(open_house, "ccnoord")["nachtjazz"]
    work = record.production
    assert dict(work.title) == {
        "nl": "Nachtjazz in de foyer",
        "fr": "Jazz de nuit au foyer",
        "en": "Night jazz in the foyer",
    }
    assert dict(work.description) == {
        "nl": "<p>Een <strong>late</strong> avond.</p>\n<p>Met drankje.</p>",
        "fr": "<p>Une soirée <strong>tardive</strong>.</p>",
    }
    assert (work.company, work.duration, work.interval, work.age_min) == ("Trio Maanlicht", 120, 20, 12)
    assert (work.languages, work.uitpas) == (("zxx",), True)
    assert dict(work.subtitle) == {"nl": "Drie stemmen, één piano"}
    assert [genre.id for genre in work.genres] == ["jazz"]
    assert [(picture.src, dict(picture.alt)) for picture in work.pictures] == [
        ("https://beeld.huizen.invalid/nachtjazz.jpg", {"nl": "Een piano in het donker"})
    ]
    assert dict(work.keys) == {"cdbid": CDBID}
    assert work.purchase_url.endswith("/ccnoord/nachtjazz/")
    assert record.venues == (NOORD,)


def test_a_single_event_is_its_own_performance(open_house: Open) -> None:
    work = read(open_house, "ccnoord")["nachtjazz"].production
    (evening,) = work.performances
    assert evening.id == work.id == "pretix:ccnoord/nachtjazz"
    moments = (evening.doors, evening.start, evening.end, evening.sale_from, evening.sale_until)
    assert [str(moment) for moment in moments] == [
        "2030-11-08 20:00:00+01:00",
        "2030-11-08 20:30:00+01:00",
        "2030-11-08 22:30:00+01:00",
        "2030-09-01 10:00:00+02:00",
        "2030-11-08 19:30:00+01:00",
    ]
    assert (evening.venue, evening.hall, evening.stock, evening.seated) == (
        "noord",
        "Foyer",
        Stock.PLENTY,
        False,
    )


def test_a_booklet_a_voucher_and_a_former_offer_are_no_prices(open_house: Open) -> None:
    (evening,) = dates(read(open_house, "ccnoord")["nachtjazz"])
    assert price_list(evening) == [
        ("", "Basis", 1800, TariffKind.STANDARD),
        ("", "-26", 1200, TariffKind.REDUCTION),
        ("", "Kansentarief", 360, TariffKind.SOCIAL),
    ]


def test_a_series_has_its_public_dates_in_order_and_says_which_is_called_off(open_house: Open) -> None:
    assert [
        (date.start.isoformat(), date.status, date.stock) for date in dates(read(open_house, "ccnoord")["oom-wanja"])
    ] == [
        ("2030-12-12T20:00:00+01:00", Status.SCHEDULED, Stock.PLENTY),
        ("2030-12-13T20:00:00+01:00", Status.SCHEDULED, Stock.FEW),
        ("2030-12-14T15:00:00+01:00", Status.SCHEDULED, Stock.NONE),
        ("2030-12-27T20:00:00+01:00", Status.SCHEDULED, Stock.PLENTY),
        ("2031-01-16T20:00:00+01:00", Status.CANCELLED, Stock.UNKNOWN),
        ("2031-05-16T20:00:00+02:00", Status.SCHEDULED, Stock.PLENTY),
    ]


def test_a_date_has_its_own_id_shop_name_and_price(open_house: Open) -> None:
    first, second, _, dear, cancelled, _ = dates(read(open_house, "ccnoord")["oom-wanja"])
    number = first.id.removeprefix("pretix:ccnoord/oom-wanja/")
    assert first.purchase_url.endswith(f"/ccnoord/oom-wanja/{number}/")
    assert not cancelled.purchase_url
    assert dict(first.note) == {}
    assert dict(second.note) == {"nl": "Oom Wanja met nagesprek"}
    assert [price.amount for price in first.prices] == [Money(2200), Money(1800)]
    assert [price.amount for price in dear.prices] == [Money(2500), Money(1800)]


def test_a_place_that_the_house_does_not_list_becomes_a_venue_with_its_address(open_house: Open) -> None:
    record = read(open_house, "ccnoord")["oom-wanja"]
    park = {venue.id: venue for venue in record.venues}[dates(record)[-1].venue]
    assert (park.name, park.street, park.postal, park.city) == (
        "Openluchttheater",
        "Parklaan 1",
        "9000",
        "Gent",
    )


def test_numbered_seats_are_ranks_with_tariffs(open_house: Open) -> None:
    (evening,) = dates(read(open_house, "ccnoord")["strijkkwartet"])
    assert (evening.seated, evening.stock) == (True, Stock.PLENTY)
    assert price_list(evening) == [
        ("Rang 1", "Basis", 3000, TariffKind.STANDARD),
        ("Rang 1", "-26", 2000, TariffKind.REDUCTION),
        ("Rang 2", "", 2000, TariffKind.STANDARD),
    ]


def test_sold_seats_bring_a_date_down_to_its_last_row(open_house: Open) -> None:
    assert [date.stock for date in dates(read(open_house, "gczuid")["dorpsrevue"])] == [
        Stock.PLENTY,
        Stock.FEW,
    ]


def test_free_is_free_and_pay_what_you_want_says_so(open_house: Open) -> None:
    (open_day,) = dates(read(open_house, "ccnoord")["opendeur"])
    assert price_list(open_day) == [("", "Gratis ticket", 0, TariffKind.FREE)]
    (soup,) = dates(read(open_house, "gczuid")["soepcafe"])
    assert soup.prices[0].amount == Money(500)
    assert soup.prices[0].note["nl"] == "U kiest zelf of u meer betaalt."


def test_a_quota_that_two_items_share_is_counted_once(open_house: Open) -> None:
    (puppets,) = dates(read(open_house, "gczuid")["poppenkast"])
    assert puppets.stock is Stock.FEW
    assert price_list(puppets) == [
        ("", "Kind", 800, TariffKind.REDUCTION),
        ("", "Volwassene", 1000, TariffKind.STANDARD),
    ]


def test_nothing_of_the_season_needs_mending(open_house: Open) -> None:
    for house in HOUSES:
        source = open_house(house)
        assert source.changes_since(None).problems == ()
        assert source.examine() == []


@pytest.mark.server
@pytest.mark.timeout(600)
def test_the_simulator_tells_what_the_real_one_tells(simulated: Open, pretix: Any) -> None:
    for house in HOUSES:
        real = open_source(house, pretix.base_url, pretix.houses[house].token).changes_since(None)
        ours = simulated(house).changes_since(None)
        assert [bare(record, pretix.base_url) for record in real.records] == [
            bare(record, BASE_URL) for record in ours.records
        ]


def bare(record: Record, base_url: str) -> str:
    """A record without the numbers that a pretix gives out itself, and without its address."""
    plain = msgspec.json.decode(msgspec.json.encode(record).replace(base_url.encode(), b""))
    for performance in plain["production"]["performances"]:
        performance["id"] = performance["id"].rstrip("0123456789")
        performance["purchase_url"] = performance.get("purchase_url", "").rstrip("0123456789/")
        for price in performance["prices"]:
            del price["id"]
    return msgspec.json.encode(plain, order="deterministic").decode()


@pytest.fixture(params=["simulated", pytest.param("real", marks=[pytest.mark.server, pytest.mark.timeout(600)])])
def shop(request: pytest.FixtureRequest):
    """An empty organizer to write in, and its source."""
    if request.param == "simulated":
        simulator = PretixSimulator()
        simulator.organizer("lab", "sesam")
        base_url, token, connect = BASE_URL, "sesam", simulator.transport
    else:
        server = request.getfixturevalue("pretix")
        base_url, token, connect = server.base_url, server.houses["lab"].token, httpx.HTTPTransport
    house = House(id="lab", name={"nl": "Proefhuis"})
    with httpx.Client(base_url=base_url, transport=connect(), timeout=60) as client:
        api = Api(client, "lab", token)
        yield (
            api,
            partial(PretixEventSource, "pretix:lab", house, base_url, "lab", token)(transport=connect()),
        )
        for event in api.send("GET", "events/")["results"]:
            if not event["slug"].startswith("verkocht"):
                api.send("DELETE", f"events/{event['slug']}/")


def test_a_sale_is_news_as_soon_as_it_changes_what_visitors_read(shop: tuple[Api, PretixEventSource]) -> None:
    api, source = shop
    event = api.event("verkocht", "Bijna uitverkocht", "2030-11-08T20:00:00+01:00")
    ticket = event.item("Ticket", "12.00")
    event.quota("Zaal", 12, [ticket])
    event.patch(live=True)
    first = source.changes_since(None)
    assert stock_in(first) == [Stock.PLENTY]
    event.order(ticket)
    second = source.changes_since(first.cursor)
    assert second.records == ()
    event.order(ticket)
    third = source.changes_since(second.cursor)
    assert stock_in(third) == [Stock.FEW]
    api.send("PATCH", f"events/verkocht/quotas/{event.quotas['Zaal']}/", {"closed": True})
    fourth = source.changes_since(third.cursor)
    assert stock_in(fourth) == [Stock.NONE]
    event.patch(live=False)
    assert source.changes_since(fourth.cursor).gone == ("pretix:lab/verkocht",)


def test_a_date_that_is_withdrawn_or_taken_away_is_news(shop: tuple[Api, PretixEventSource]) -> None:
    api, source = shop
    event = api.event("reeks", "Reeks", "2030-11-08T20:00:00+01:00", has_subevents=True)
    ticket = event.item("Ticket", "0.00")
    for day in ("08", "09", "10"):
        event.quota(day, 10, [ticket], event.date(f"2030-11-{day}T20:00:00+01:00"))
    event.patch(live=True)
    answer = source.changes_since(None)
    left = {date.id for date in dates(answer.records[0])}
    for method, body in (("PATCH", {"active": False}), ("DELETE", None)):
        number = event.dates.pop()
        api.send(method, f"{event.path}subevents/{number}/", body)
        left.discard(f"pretix:lab/reeks/{number}")
        answer = source.changes_since(answer.cursor)
        assert {date.id for date in dates(answer.records[0])} == left
    api.send("PATCH", f"{event.path}subevents/{event.dates.pop()}/", {"active": False})
    assert source.changes_since(answer.cursor).gone == ("pretix:lab/reeks",)


def test_a_date_changes_prices_as_pretix_does(shop: tuple[Api, PretixEventSource]) -> None:
    """The first variation follows its item's price; the second has its own, which only its own change beats."""
    api, source = shop
    event = api.event("prijzen", "Prijzen", "2030-11-08T20:00:00+01:00", has_subevents=True)
    item = event.item("Ticket", "20.00", {"Basis": None, "-26": "15.00"})
    young = item["variations"][1]["id"]
    changes: dict[str, tuple[dict[str, Any], dict[str, Any], list[int]]] = {
        "01": ({}, {}, [2000, 1500]),
        "02": ({"price": "25.00"}, {}, [2500, 1500]),
        "03": ({}, {"price": "9.00"}, [2000, 900]),
        "04": ({"price": "25.00"}, {"disabled": True}, [2500]),
        "05": ({"disabled": True}, {}, []),
        "06": ({}, {"available_until": "2020-01-01T00:00:00+01:00"}, [2000]),
        "07": ({"available_from": "2040-01-01T00:00:00+01:00"}, {}, []),
    }
    for day, (of_item, of_variation, _) in changes.items():
        overrides = {
            "item_price_overrides": [{"item": item["id"]} | of_item] if of_item else [],
            "variation_price_overrides": [{"variation": young} | of_variation] if of_variation else [],
        }
        event.quota(day, 80, [item], event.date(f"2030-11-{day}T20:00:00+01:00", **overrides))
    event.patch(live=True)
    (record,) = source.changes_since(None).records
    found = [[price.amount.cents for price in date.prices] for date in dates(record)]
    assert found == [prices for _, _, prices in changes.values()]


def stock_in(answer: Any) -> list[Stock]:
    return [date.stock for record in answer.records for date in dates(record)]
