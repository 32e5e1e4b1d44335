"""Who finds it sold out is referred: to another date, to the same elsewhere in the region, else to something like it."""

from typing import Any

from etalage.catalogue.plan import Given, Home, plan
from etalage.model.genres import GENRES
from etalage.model.offer import Stock
from etalage.model.programme import Kind, Performance, Production, Status
from etalage.model.site import Page, Site, SiteKind
from tests.catalogue.test_region import BRUG, LINDE, MOLEN, VERTE, catalogue_of, site_of
from tests.make import NOON, performance, production

FULL = Stock.NONE


def on(identity: str, day: str, venue: Any = LINDE, **more: Any) -> Performance:
    return performance(f"{identity}/{day}", f"2026-12-{day} 20:00", venue=venue.id, **more)


def show(name: str, *dates: Performance, house: str = "linde", **more: Any) -> Production:
    return production(f"toml:{house}/{name}", name.capitalize(), *dates, genres=(GENRES["theater"],), **more)


def page_of(first: Production, *others: Production, site: Site | None = None) -> Page:
    catalogue = catalogue_of(first, *others)
    homes = {
        name: Home(site_of(name), {i: i.rpartition("/")[2] for i in catalogue.entries})
        for name in ("linde", "brug", "molen")
    }
    made = plan(catalogue, site or site_of("linde"), Given(now=NOON, homes=homes))
    return next(page for page in made.pages if page.template == "production.html" and page.subject == first.id)


def instead(*productions: Production, **more: Any) -> list[tuple[str, str, int | None, str]]:
    return [(tip.performance, tip.why.code, tip.km, tip.url) for tip in page_of(*productions, **more).instead]


def test_first_the_other_dates_that_have_places_the_soonest_first() -> None:
    wacht = show(
        "w",
        on("w", "05", stock=FULL),
        on("w", "20"),
        on("w", "07", stock=Stock.FEW),
        on("w", "08", status=Status.CANCELLED),
    )
    assert instead(wacht, show("x", on("x", "06"))) == [("w/07", "date", None, ""), ("w/20", "date", None, "")]


def test_then_the_same_at_other_houses_nearest_and_soonest_first_on_their_own_sites() -> None:
    def tour(name: str, date: Performance, house: str) -> Production:
        return show(name, date, house=house, keys={"work": "tuur/wachtlijn"})

    full = tour("w", on("w", "05", stock=FULL), "linde")
    found = instead(
        full,
        tour("ver", on("ver", "05", VERTE), "molen"),
        tour("buur", on("buur", "12", BRUG), "brug"),
        show("x", on("x", "06")),
    )
    assert found == [
        ("buur/12", "elsewhere", 14, "https://brug.example/programma/buur/"),
        ("ver/05", "elsewhere", 121, "https://molen.example/programma/ver/"),
    ]


def test_on_the_clusters_site_the_same_elsewhere_is_a_page_of_its_own() -> None:
    cluster = Site(
        id="regio", kind=SiteKind.CLUSTER, name={}, languages=("nl",), houses=("linde", "brug"), url="https://r.example"
    )
    full, other = (
        show("w", on(h, "05", v, stock=s), house=h, keys={"work": "t/w"})
        for h, v, s in (("linde", LINDE, FULL), ("brug", BRUG, Stock.PLENTY))
    )
    assert instead(full, other, site=cluster) == [("brug/05", "elsewhere", 14, "")]


def test_else_two_that_are_like_it_with_the_reason() -> None:
    full = show("w", on("w", "05", stock=FULL))
    others = [show(name, on(name, day)) for name, day in (("a", "28"), ("b", "07"), ("c", "03"), ("d", "29"))]
    assert instead(full, *others) == [("c/03", "genre", None, ""), ("b/07", "genre", None, "")]


def test_nobody_is_sent_across_the_country_for_something_merely_like_it() -> None:
    full = show("w", on("w", "05", stock=FULL))
    assert instead(full, show("ver", on("ver", "06", VERTE)), show("on", on("on", "09", MOLEN))) == [
        ("on/09", "genre", None, "")
    ]


def test_the_same_work_for_schools_is_not_the_same_evening() -> None:
    full = show("w", on("w", "05", stock=FULL), keys={"work": "t/w"})
    school = show("s", on("s", "06", BRUG), house="brug", keys={"work": "t/w"}, kind=Kind.SCHOOL)
    assert instead(full, school) == []


def test_nothing_is_said_while_there_are_places_or_when_the_full_date_is_over_or_off() -> None:
    assert instead(show("w", on("w", "05"))) == []
    assert instead(show("w", performance("w/1", "2026-11-01 20:00", stock=FULL), on("w", "05"))) == []
    assert instead(show("w", on("w", "05", stock=FULL, status=Status.CANCELLED), on("w", "06"))) == []


def test_the_page_changes_when_what_it_refers_to_does() -> None:
    def key(*, text: str, stock: Stock = Stock.PLENTY) -> str:
        other = show(
            "w", on("brug", "06", BRUG, stock=stock), house="brug", keys={"work": "t/w"}, subtitle={"nl": text}
        )
        return page_of(show("w", on("w", "05", stock=FULL), keys={"work": "t/w"}), other).key

    assert key(text="a") == key(text="a")
    assert len({key(text="a"), key(text="b"), key(text="a", stock=FULL)}) == 3
