"""What a house shows of its neighbours: soon, near, under its own, and only where it wants that."""

from datetime import date
from typing import Any

import msgspec
import pytest

from etalage.catalogue.plan import Given, Home, plan
from etalage.catalogue.region import distance
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.house import Cluster
from etalage.model.programme import Kind, Production, Venue
from etalage.model.site import Page, Site, SiteKind
from etalage.model.tip import Tip
from tests.make import NOON, house, performance, production

LINDE = Venue(id="de-linde", name="CC De Linde", city="Oosterlo", latitude=51.0, longitude=4.0)
BRUG = Venue(id="de-brug", name="De Brug", city="Brugge", latitude=51.0, longitude=4.2)
VERTE = Venue(id="verte", name="De Verte", city="Luik", latitude=50.6, longitude=5.6)
MOLEN = Venue(id="de-molen", name="De Molen", city="Elders")
VENUES = {venue.id: venue for venue in (LINDE, BRUG, VERTE, MOLEN)}


def site_of(name: str, **more: Any) -> Site:
    return Site(
        id=name, kind=SiteKind.HOUSE, name={"nl": name}, houses=(name,), url=f"https://{name}.example",
        **{"languages": ("nl",), **more},
    )  # fmt: skip


def catalogue_of(*productions: Production, members: tuple[str, ...] = ("linde", "brug", "molen")) -> Catalogue:
    houses = {
        "linde": house("linde", venues=(LINDE,)),
        "brug": house("brug", venues=(BRUG,)),
        "molen": house("molen", venues=(MOLEN,)),
    }
    clusters = {"regio": Cluster(id="regio", name={}, members=members)} if members else {}
    entries = {one.id: Entry(production=one, stamp=str(one)) for one in productions}
    return Catalogue(entries=entries, venues=VENUES, houses=houses, clusters=clusters)


def home_page(*productions: Production, site: Site | None = None, **more: Any) -> Page:
    """The front page of De Linde among its neighbours."""
    catalogue = catalogue_of(*productions, **more)
    homes = {
        name: Home(site_of(name, languages=("nl", "fr") if name == "brug" else ("nl",)), {i: i.rpartition("/")[2] for i in catalogue.entries})
        for name in ("linde", "brug", "molen")
    }  # fmt: skip
    made = plan(catalogue, site or site_of("linde"), Given(now=NOON, homes=homes))
    return next(
        page for page in made.pages if page.template == "home.html" and page.language == made.site.languages[-1]
    )


def at(house_: str, name: str, day: str, venue: Venue, **more: Any) -> Production:
    identity = f"toml:{house_}/{name}"
    return production(identity, name.capitalize(), performance(f"{identity}/1", f"{day} 20:00", venue=venue.id), **more)


OWN = at("linde", "eigen", "2026-12-20", LINDE)


def test_a_neighbours_show_is_named_with_its_distance_and_leads_to_its_own_site() -> None:
    (tip,) = home_page(OWN, at("brug", "jazz", "2026-12-01", BRUG)).near
    assert tip == Tip(
        production="toml:brug/jazz",
        performance="toml:brug/jazz/1",
        why=tip.why,
        km=14,
        url="https://brug.example/programma/jazz/",
    )


def test_it_leads_to_the_language_of_the_page_where_the_neighbour_speaks_it() -> None:
    site = site_of("linde", languages=("nl", "fr"))
    tips = home_page(
        OWN, at("brug", "jazz", "2026-12-01", BRUG), at("molen", "blues", "2026-12-02", MOLEN), site=site
    ).near
    assert {tip.url for tip in tips} == {
        "https://brug.example/fr/programme/jazz/",
        "https://molen.example/programma/blues/",
    }


def test_a_day_further_off_weighs_as_much_as_five_kilometres() -> None:
    shows = [
        at("brug", "dichtbij", "2026-12-03", BRUG),
        at("molen", "onbekend", "2026-12-02", MOLEN),
        at("brug", "later", "2026-12-05", BRUG),
    ]
    assert [tip.production.rpartition("/")[2] for tip in home_page(OWN, *shows).near] == [
        "onbekend",
        "dichtbij",
        "later",
    ]


def test_of_one_house_there_are_two_at_most() -> None:
    many = [at("brug", f"b{n}", f"2026-12-0{n}", BRUG) for n in range(1, 6)]
    assert [tip.production for tip in home_page(OWN, *many).near] == ["toml:brug/b1", "toml:brug/b2"]


@pytest.mark.parametrize(
    "other",
    [
        at("brug", "ver", "2027-02-01", BRUG), at("brug", "luik", "2026-12-01", VERTE), at("brug", "voorbij", "2026-11-02", BRUG),
        at("brug", "school", "2026-12-01", BRUG, kind=Kind.SCHOOL), at("brug", "samen", "2026-12-01", BRUG, houses=("brug", "linde")),
    ],
    ids=["not soon", "not near", "past", "for schools", "shown here too"],
)  # fmt: skip
def test_what_is_not_for_here_is_not_named(other: Production) -> None:
    assert home_page(OWN, other).near == ()


def test_a_house_that_does_not_want_it_or_has_no_cluster_shows_none() -> None:
    other = at("brug", "jazz", "2026-12-01", BRUG)
    assert home_page(OWN, other, site=site_of("linde", near=False)).near == ()
    assert home_page(OWN, other, members=()).near == ()
    assert home_page(OWN, other, members=("brug", "molen")).near == ()


def test_the_front_page_changes_with_its_neighbours_and_no_production_does() -> None:
    before, after = (at("brug", "jazz", "2026-12-01", BRUG, subtitle={"nl": word}) for word in ("Kwartet", "Kwintet"))
    assert home_page(OWN, before).key != home_page(OWN, after).key
    assert home_page(OWN, before).key == home_page(OWN, before).key

    def own_pages(other: Production) -> set[str]:
        made = plan(catalogue_of(OWN, other), site_of("linde"), Given(now=NOON))
        return {page.key for page in made.pages if page.template == "production.html"}

    assert own_pages(before) == own_pages(after)


def test_distances_are_as_the_crow_flies() -> None:
    brussels, liege = (
        msgspec.structs.replace(LINDE, latitude=50.8503, longitude=4.3517),
        msgspec.structs.replace(VERTE, latitude=50.6326, longitude=5.5797),
    )
    assert distance(brussels, liege) == pytest.approx(90, abs=1)
    assert distance(LINDE, LINDE) == 0
    assert distance(LINDE, MOLEN) is None and distance(None, LINDE) is None


def test_today_counts() -> None:
    assert NOON.date() == date(2026, 11, 21)
    assert home_page(OWN, at("brug", "vanavond", "2026-11-21", BRUG)).near
