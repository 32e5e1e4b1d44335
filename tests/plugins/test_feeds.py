"""Every list has an Atom feed, a JSON feed and a calendar; the filters that visitors pick most have them too."""

import json
from datetime import UTC, datetime

import feedparser
import icalendar
import pytest

from etalage.model.offer import TariffKind
from etalage.model.programme import Genre, Kind, Status
from etalage.model.site import Sharing, SiteKind
from sitecheck import feeds
from tests.make import performance, price, production

JAZZ = Genre(id="jazz", name={"nl": "Jazz"})
THEATER = Genre(id="theater", name={"nl": "Theater"})
FREE = (price(0, kind=TariffKind.FREE),)
PAID = (price(1200),)


def jazz(identity="toml:linde/jazz", title="Blauw", *dates, **more):
    return production(identity, title, *dates, **{"genres": (JAZZ,), **more})


def calendar(content):
    assert list(feeds.judge_calendar(content)) == []
    return icalendar.Calendar.from_ical(content)


def summaries(content):
    return [str(event["SUMMARY"]) for event in calendar(content).walk("VEVENT")]


@pytest.mark.parametrize("folder", ["genre/jazz/", "huis/linde/", "locatie/de-linde/"])
def test_a_list_has_its_own_feeds_and_calendar(fed, folder):
    site = fed(jazz(), production("toml:linde/b", "Winterreis", "2026-12-06 20:00"))
    titles = ["Blauw"] if "jazz" in folder else ["Blauw", "Winterreis"]
    assert [entry.title for entry in feedparser.parse(site.file(folder + "feed.xml")).entries] == titles
    assert [item["title"] for item in json.loads(site.file(folder + "feed.json"))["items"]] == titles
    assert summaries(site.file(folder + "agenda.ics")) == titles


def test_feeds_are_called_after_their_list_in_the_language_of_the_site(fed):
    site = fed(jazz(), languages=("nl", "fr"))
    theatre = fed(jazz(genres=(THEATER,)), languages=("nl", "fr"))
    assert json.loads(theatre.file("fr/genre/theater/feed.json"))["title"] == "Théâtre · CC Le Tilleul"
    assert feedparser.parse(site.file("genre/jazz/feed.xml")).feed.title == "Jazz · CC De Linde"
    assert str(calendar(site.file("genre/jazz/agenda.ics"))["X-WR-CALNAME"]) == "Jazz · CC De Linde"
    assert str(calendar(site.file("agenda.ics"))["X-WR-CALNAME"]) == "CC De Linde"


def test_a_calendar_that_is_empty_for_now_can_be_followed(fed):
    site = fed(jazz("toml:linde/jazz", "Blauw", "2026-11-01 20:00"))
    empty = calendar(site.file("genre/jazz/agenda.ics"))
    assert not empty.walk("VEVENT") and empty.walk("VTIMEZONE")


def test_a_date_is_the_same_event_in_every_calendar_and_says_when_to_ask_again(fed):
    site = fed(jazz())
    uids = {
        str(calendar(site.file(path)).walk("VEVENT")[0]["UID"])
        for path in site.paths("agenda.ics")
        if "agenda/" not in path
    }
    assert uids == {"toml:linde/jazz/1@linde.etalage"}
    head = calendar(site.file("genre/jazz/agenda.ics"))
    assert head["REFRESH-INTERVAL"].dt.total_seconds() == 6 * 3600


def test_a_cancelled_date_stays_in_the_calendars_and_says_so(fed):
    site = fed(jazz("toml:linde/jazz", "Blauw", performance("toml:linde/jazz/1", status=Status.CANCELLED)))
    event = calendar(site.file("genre/jazz/agenda.ics")).walk("VEVENT")[0]
    assert str(event["STATUS"]) == "CANCELLED" and "Geannuleerd" in str(event["SUMMARY"])


@pytest.mark.parametrize(
    ("folder", "keeps"),
    [
        ("gratis", ["Gratis", "Binnenlopen"]), ("uitpas", ["Pas"]), ("weekend", ["Vrijdagavond", "Zondag"]), ("aangepast", ["Tolk"]),
    ],
)  # fmt: skip
def test_what_visitors_pick_most_has_a_calendar_of_its_own(fed, folder, keeps):
    def one(name, moment="2026-12-01 20:00", **more):
        return production(f"toml:linde/{name}", name, moment, **more)

    site = fed(
        production("toml:linde/g", "Gratis", performance("toml:linde/g/1", "2026-12-01 20:00", prices=FREE)),
        production("toml:linde/d", "Duur", performance("toml:linde/d/1", "2026-12-01 20:00", prices=PAID)),
        one("Binnenlopen", "2026-12-02 20:00", kind=Kind.WALKIN), one("Pas", uitpas=True), one("Vrijdagmiddag", "2026-12-04 14:00"),
        one("Vrijdagavond", "2026-12-04 20:00"), one("Zondag", "2026-12-06 11:00"), one("Tolk", facilities=("sign_language",)),
    )  # fmt: skip
    assert summaries(site.file(f"agenda/{folder}/agenda.ics")) == keeps
    assert [item["title"] for item in json.loads(site.file(f"agenda/{folder}/feed.json"))["items"]] == keeps


def test_a_json_feed_says_when_where_and_how_much_in_words_and_as_data(fed):
    site = fed(jazz("toml:linde/jazz", "Blauw", performance("toml:linde/jazz/1", hall="Foyer", prices=PAID)))
    content = site.file("feed.json")
    assert list(feeds.judge_json(content)) == []
    feed = json.loads(content)
    item = feed["items"][0]
    assert feed["version"].endswith("1.1") and feed["feed_url"] == "https://linde.example/feed.json"
    assert item["url"] == "https://linde.example/programma/blauw/"
    assert item["_etalage"]["start"] == "2026-12-05T20:00:00+01:00" and item["_etalage"]["hall"] == "Foyer"
    assert "za 5 dec, 20:00" in item["content_text"] and "€\u00a012" in item["content_text"]
    assert datetime.fromisoformat(item["date_published"]).tzinfo == UTC


def test_a_house_that_wants_none_has_the_one_feed_of_all(fed):
    site = fed(jazz(), sharing=Sharing(lists=False, embed=False), calendars=False, wishlist=False, offline=False)
    assert site.paths("feed.xml") == ["feed.xml"] and not site.paths(".json")[1:] and not site.paths(".ics")


def test_the_embed_has_its_data_at_an_address_that_no_language_changes(fed):
    site = fed(jazz(), languages=("fr", "nl"), kind=SiteKind.CLUSTER)
    for path in (
        "embed/feed.json",
        "embed/genre/jazz/feed.json",
        "embed/house/linde/feed.json",
        "nl/embed/house/linde/feed.json",
    ):
        feed = json.loads(site.file(path))
        assert feed["items"][0]["title"] == "Blauw" and feed["_etalage"]["words"]["all"]
    assert b"customElements.define" in site.file("embed/etalage-agenda.js")
