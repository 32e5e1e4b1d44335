"""Every page of a site, its address and its key: pure, so it can be read like a table."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from etalage.catalogue.merge import merge
from etalage.catalogue.plan import Given, Home, plan
from etalage.model.catalogue import Catalogue
from etalage.model.programme import Genre, Kind, Production, Status
from etalage.model.site import Page, Sharing, Site, SiteKind, SitePlan, Text
from tests.make import NOON, at, harvested, house, performance, production

SITE = Site(
    id="linde",
    kind=SiteKind.HOUSE,
    name={"nl": "De Linde"},
    languages=("nl",),
    houses=("linde",),
    url="https://linde.example",
)
BESIDE = ("feed.xml", "feed.json", "agenda.ics")
THEATER = Genre(id="theater", name={"nl": "Theater"})


def catalogue_of(*productions: Production) -> Catalogue:
    return merge([harvested("toml:linde", *productions)], {"linde": house()}, {})


def planned(*productions: Production, site: Site = SITE, **given: Any) -> SitePlan:
    return plan(catalogue_of(*productions), site, Given(**{"now": NOON, **given}))


def page(plan: SitePlan, url: str) -> Page:
    (found,) = [one for one in plan.pages if one.url == url]
    return found


def urls(plan: SitePlan, template: str) -> list[str]:
    return [one.url for one in plan.pages if one.template == template]


def test_a_house_has_every_kind_of_page() -> None:
    made = planned(
        production("toml:linde/a", genres=(THEATER,)), texts=[Text(id="contact", title={"nl": "Contact"}, body={})]
    )
    assert {one.template: one.url for one in made.pages} == {
        "home.html": "", "agenda.html": "agenda/2026-12/", "production.html": "programma/winterreis/",
        "production.ics": "programma/winterreis/winterreis.ics", "genre.html": "genre/theater/", "house.html": "huis/linde/",
        "venue.html": "locatie/de-linde/", "text.html": "contact/", "404.html": "404.html", "feed.xml": "agenda/aangepast/feed.xml",
        "agenda.ics": "agenda/aangepast/agenda.ics", "feed.json": "embed/genre/theater/feed.json", "embed.html": "embed/genre/theater/5/",
        "etalage-agenda.js": "embed/etalage-agenda.js", "month.jsonld": "linked-data/2026-12.jsonld",
        "catalogue.jsonld": "linked-data/catalogue.jsonld", "screen.html": "screen/", "screen.json": "screen/today.json",
        "wishlist.html": "verlanglijst/", "frame.html": "frame.tpl", "shelf.json": "shelf.json",
        "sw.js": "sw.js", "offline.html": "offline/", "manifest.webmanifest": "manifest.webmanifest", "last-minute.html": "last-minute/",
        "search.html": "zoeken/",
    }  # fmt: skip
    assert len({one.path for one in made.pages}) == len(made.pages)


def test_each_language_has_its_own_words_in_its_addresses_and_knows_the_others() -> None:
    site = msgspec.structs.replace(SITE, languages=("nl", "fr", "en"))
    made = planned(production("toml:linde/a"), site=site)
    assert urls(made, "production.html") == [
        "programma/winterreis/",
        "fr/programme/winterreis/",
        "en/programme/winterreis/",
    ]
    french = page(made, "fr/programme/winterreis/")
    assert french.alternates == {
        "nl": "programma/winterreis/", "fr": "fr/programme/winterreis/", "en": "en/programme/winterreis/",
    }  # fmt: skip
    assert french.canonical == "https://linde.example/fr/programme/winterreis/"


def test_the_agenda_starts_today_and_every_month_has_its_page() -> None:
    made = planned(
        production("toml:linde/oud", "Oud", "2026-11-20 20:00"), production("toml:linde/vandaag", "Vandaag", "2026-11-21 20:00"),
        production("toml:linde/later", "Later", "2027-01-02 20:00"),
    )  # fmt: skip
    assert [entry.production for day in page(made, "agenda/").days for entry in day.entries] == [
        "toml:linde/vandaag",
        "toml:linde/later",
    ]
    assert urls(made, "agenda.html") == ["agenda/", "agenda/2026-11/", "agenda/2027-01/"]
    assert [str(day.day) for day in page(made, "agenda/2026-11/").days] == ["2026-11-20", "2026-11-21"]
    assert [(step.label, step.here) for step in page(made, "agenda/2026-11/").steps] == [
        ("2026-11", True),
        ("2027-01", False),
    ]


def test_a_show_that_ends_after_midnight_is_still_tonights() -> None:
    night = performance("toml:linde/n/1", "2026-11-20 22:00", end=at("2026-11-21 03:00"))
    made = planned(production("toml:linde/n", "Nacht", night), production("toml:linde/x", "Iets", "2026-12-01 20:00"))
    assert [entry.production for entry in page(made, "").entries] == ["toml:linde/x"]


def test_a_long_month_is_cut_in_pages_that_know_each_other() -> None:
    site = msgspec.structs.replace(SITE, page_size=2)
    made = planned(
        *(production(f"toml:linde/{n}", f"Avond {n}", f"2026-12-{n + 1:02} 20:00") for n in range(5)), site=site
    )
    assert urls(made, "agenda.html") == ["agenda/", "agenda/2026-12/", "agenda/2026-12/2/", "agenda/2026-12/3/"]
    middle = page(made, "agenda/2026-12/2/")
    assert (middle.previous, middle.next, middle.number, middle.of) == ("agenda/2026-12/", "agenda/2026-12/3/", 2, 3)
    assert page(made, "agenda/").next == "agenda/2026-12/"


def test_an_expo_runs_without_dates() -> None:
    from datetime import date

    expo = production(
        "toml:linde/e", "Licht", kind=Kind.EXPO, opens=date(2026, 11, 1), closes=date(2027, 2, 1), performances=()
    )
    made = planned(expo, production("toml:linde/a"))
    assert [entry.production for entry in page(made, "").ongoing] == ["toml:linde/e"]
    assert [entry.production for entry in page(made, "agenda/2026-12/").ongoing] == ["toml:linde/e"]
    assert [entry.production for entry in page(made, "huis/linde/").entries] == ["toml:linde/e", "toml:linde/a"]


def test_a_course_is_listed_at_its_first_date_only() -> None:
    days = [f"2026-12-{n:02} 19:00" for n in range(1, 11)]
    made = planned(production("toml:linde/c", "Boetseren", *days, kind=Kind.COURSE))
    assert sum(len(day.entries) for day in page(made, "agenda/").days) == 1


def test_cancelled_is_listed_vanished_is_not_and_both_keep_their_page() -> None:
    made = planned(
        production("toml:linde/c", "Afgelast", performance("toml:linde/c/1", status=Status.CANCELLED)),
        production("toml:linde/r", "Verdwenen", performance("toml:linde/r/1", status=Status.REMOVED)),
    )
    assert [entry.production for day in page(made, "agenda/").days for entry in day.entries] == ["toml:linde/c"]
    assert urls(made, "production.html") == ["programma/afgelast/", "programma/verdwenen/"]


def test_a_production_keeps_its_address_when_its_title_changes() -> None:
    first = planned(production("toml:linde/a", "Winterreis"))
    later = planned(production("toml:linde/a", "Zomerreis"), known=first.addresses)
    assert urls(later, "production.html") == ["programma/winterreis/"]


def test_an_address_that_staff_change_leads_on_from_the_old_one() -> None:
    first = planned(production("toml:linde/a", "Winterreis"))
    later = planned(production("toml:linde/a", "Winterreis", slug="schubert"), known=first.addresses)
    assert urls(later, "production.html") == ["programma/schubert/"]
    redirect = page(later, "programma/winterreis/")
    assert (redirect.template, redirect.subject, redirect.indexed) == ("redirect.html", "programma/schubert/", False)
    much_later = planned(production("toml:linde/a", slug="schubert"), known=later.addresses, former=later.former)
    assert page(much_later, "programma/winterreis/").template == "redirect.html"


def test_two_productions_of_one_name_have_two_addresses_that_never_swap() -> None:
    one, other = production("toml:linde/a", "Jazz"), production("toml:linde/b", "Jazz", "2026-12-09 20:00")
    first = planned(one, other)
    assert len(set(first.addresses.values())) == 2
    assert planned(other, one, known=first.addresses).addresses == first.addresses


@pytest.mark.parametrize("title", ["😀", "שלום", "../../etc/passwd", "A" * 300, "  ", "Ça & là", "%2e%2e"])
def test_any_title_gives_an_address_that_is_only_an_address(title: str) -> None:
    import re

    (slug,) = planned(production("toml:linde/a", title)).addresses.values()
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and len(slug) <= 60


def test_the_canonical_page_in_a_cluster_is_the_houses_own() -> None:
    cluster = Site(
        id="regio",
        kind=SiteKind.CLUSTER,
        name={"nl": "Regio"},
        languages=("nl", "fr"),
        houses=("linde",),
        url="https://r.example",
    )
    home = {"linde": Home(SITE, {"toml:linde/a": "winterreis"})}
    made = planned(production("toml:linde/a"), site=cluster, homes=home)
    assert page(made, "programma/winterreis/").canonical == "https://linde.example/programma/winterreis/"
    assert page(made, "fr/programme/winterreis/").canonical == "https://linde.example/programma/winterreis/"
    assert page(made, "agenda/").canonical == "https://r.example/agenda/"


def test_a_cluster_shows_each_production_of_its_members_once() -> None:
    shared = production("toml:linde/a", houses=("linde", "brug"))
    for houses in (("linde", "brug"), ("brug",)):
        cluster = Site(id="r", kind=SiteKind.CLUSTER, name={}, languages=("nl",), houses=houses)
        assert len(urls(planned(shared, site=cluster), "production.html")) == 1


def keys(made: SitePlan) -> dict[str, str]:
    return {one.url: one.key for one in made.pages}


def changed(before: SitePlan, after: SitePlan) -> set[str]:
    one, other = keys(before), keys(after)
    return {url for url in one.keys() | other.keys() if one.get(url) != other.get(url)}


def test_the_same_catalogue_gives_the_same_plan() -> None:
    assert planned(production("toml:linde/a")) == planned(production("toml:linde/a"))


def test_a_changed_title_changes_the_pages_that_show_it_and_no_other() -> None:
    other = production("toml:linde/b", "Jazz", "2027-03-01 20:00")
    before = planned(production("toml:linde/a", "Winterreis", genres=(THEATER,)), other)
    after = planned(production("toml:linde/a", "Zomerreis", genres=(THEATER,)), other, known=before.addresses)
    assert changed(before, after) == {
        "", "agenda/", "agenda/2026-12/", "programma/winterreis/", "programma/winterreis/winterreis.ics", "genre/theater/",
        "huis/linde/", "locatie/de-linde/", "linked-data/2026-12.jsonld", "embed/", "embed/5/", "embed/genre/theater/",
        "embed/genre/theater/5/", "embed/feed.json", "embed/genre/theater/feed.json",
        *(f"{at}{name}" for at in ("", "genre/theater/", "huis/linde/", "locatie/de-linde/", "agenda/weekend/") for name in BESIDE),
        "shelf.json",
    }  # fmt: skip


def test_a_site_that_shares_nothing_has_the_pages_a_visitor_sees_and_no_other() -> None:
    nothing = Sharing(lists=False, pictures=False, linked_data=False, screen=False, embed=False)
    made = planned(
        production("toml:linde/a"), site=replace(SITE, sharing=nothing, calendars=False, wishlist=False, offline=False)
    )
    besides = {one.template for one in made.pages if not one.template.endswith(".html")}
    assert besides == {"feed.xml", "sw.js"}  # a worker that takes itself away
    assert "embed.html" not in {one.template for one in made.pages}


def test_a_day_later_only_what_depends_on_the_day_changes() -> None:
    before = planned(production("toml:linde/a"), production("toml:linde/oud", "Oud", "2026-11-21 20:00"))
    after = planned(
        production("toml:linde/a"), production("toml:linde/oud", "Oud", "2026-11-21 20:00"), now=at("2026-11-22 12:00")
    )
    assert "programma/oud/" in changed(before, after)
    assert "programma/winterreis/" not in changed(before, after)


def test_a_new_look_or_a_new_picture_changes_what_shows_it() -> None:
    from etalage.model.programme import Picture

    one = production("toml:linde/a", pictures=(Picture(src="a.jpg"),))
    before = planned(one, looks={"a.jpg": "1"})
    assert "programma/winterreis/" in changed(before, planned(one, looks={"a.jpg": "2"}))
    assert changed(before, planned(one, looks={"a.jpg": "1"}, design="new")) == set(keys(before))
