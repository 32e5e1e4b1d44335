"""Each thing that would break somebody's reader or diary is found; feedparser agrees with us on what is sound."""

import feedparser
import pytest

from sitecheck import feeds
from tests.sitecheck.conftest import ATOM, ICS, RSS

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Agenda",
"home_page_url": "https://noord.example/", "feed_url": "https://noord.example/feed.json", "items": [
{"id": "1", "url": "https://noord.example/a/", "content_text": "Kaas", "date_published": "2026-11-21T10:00:00Z"},
{"id": "2", "url": "https://noord.example/b/", "content_text": "Wijn"}]}
"""


def codes(region):
    return [(problem.file, problem.code) for problem in feeds.check(region)]


def test_sound_feeds_pass_and_feedparser_agrees(region):
    assert feeds.check(region) == []
    for name in ("agenda.atom", "agenda.rss"):
        parsed = feedparser.parse((region / "noord" / name).read_bytes())
        assert not parsed.bozo
        assert all(entry.id and entry.link for entry in parsed.entries)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</feed>", "", "not-xml"),
        ("<title>Kaas</title>", "<title> </title>", "title"),
        ("<id>tag:noord.example,2026:agenda</id>", "", "id"),
        ("2026:2</id>", "2026:1</id>", "id"),
        ("<updated>2026-11-21T10:00:00Z</updated>\n<link href=\"https://noord.example/\"/>",
         "<updated>2026-11-21T10:00:00</updated>\n<link href=\"https://noord.example/\"/>", "updated"),
        ('<title>Agenda</title><updated>2026-11-21T10:00:00Z</updated>', "<title>Agenda</title>", "updated"),
        ('<link href="https://noord.example/"/>', "", "link"),
    ],
)  # fmt: skip
def test_a_defect_planted_in_an_atom_feed_is_found(plant, old, new, code):
    assert old in ATOM
    assert codes(plant(ATOM.replace(old, new), "noord/agenda.atom")) == [("noord/agenda.atom", code)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<title>Kaas</title>", "", "title"),
        ("<link>https://noord.example/</link>", "", "link"),
        ("<guid>https://noord.example/kaas/</guid>", "", "guid"),
        ("Sat, 21 Nov 2026 10:00:00 +0100", "21/11", "pubDate"),
        ("<pubDate>Sat, 21 Nov 2026 10:00:00 +0100</pubDate>", "", "pubDate"),
        ("channel>", "kanaal>", "channel"),
    ],
)
def test_a_defect_planted_in_an_rss_feed_is_found(plant, old, new, code):
    assert old in RSS
    assert codes(plant(RSS.replace(old, new), "noord/agenda.rss")) == [("noord/agenda.rss", code)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("END:VCALENDAR", "", "not-ical"),
        ("VERSION:2.0\n", "", "VERSION"),
        ("PRODID:-//Etalage//NL\n", "", "PRODID"),
        ("UID:1@noord.example\n", "", "UID"),
        ("UID:2@", "UID:1@", "UID"),
        ("DTSTAMP:20261121T100000Z\nDTSTART:", "DTSTART:", "DTSTAMP"),
        ("DTSTART:20261205T190000Z\n", "", "DTSTART"),
        ("SUMMARY:Wijn\n", "", "SUMMARY"),
        ("SUMMARY:Wijn", f"SUMMARY:{'Wijn ' * 20}", "long-line"),
        ("TZID:Europe/Brussels", "TZID:Europe/Paris", "VTIMEZONE"),
        ("DTEND;TZID=Europe/Brussels:20261204T22", "DTEND;TZID=Europe/Brussels:20261204T19", "DTEND"),
    ],
)
def test_a_defect_planted_in_a_calendar_is_found(plant, old, new, code):
    assert old in ICS
    text = ICS.replace(old, new).replace("\n", "\r\n")
    assert (("noord/agenda.ics", code)) in codes(plant(text, "noord/agenda.ics"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"title": "Agenda",', "", "title"), ('"id": "2"', '"id": "1"', "id"), ('"url": "https://noord.example/a/",', "", "id"),
        ('"content_text": "Kaas"', '"content_text": ""', "content"), ("T10:00:00Z", "T10:00:00", "date_published"),
        ('"items": [', '"dingen": [', "items"), ("}\n", "", "not-json"),
    ],
)  # fmt: skip
def test_a_defect_planted_in_a_json_feed_is_found(plant, old, new, code):
    assert old in JSON_FEED
    found = codes(plant(JSON_FEED.replace(old, new), "noord/feed.json"))
    assert ("noord/feed.json", code) in found


def test_a_sound_json_feed_passes_and_other_json_is_not_ours(plant):
    assert codes(plant(JSON_FEED, "noord/feed.json")) == []
    assert codes(plant('{"version": 3}', "noord/other.json")) == []


def test_a_calendar_needs_its_carriage_returns(plant):
    assert codes(plant(ICS, "noord/agenda.ics")) == [("noord/agenda.ics", "line-ends")]


def test_a_moved_date_of_a_series_may_keep_its_uid(plant):
    moved = "UID:1@noord.example\nRECURRENCE-ID:20261205T190000Z"
    text = ICS.replace("UID:2@noord.example", moved).replace("\n", "\r\n")
    assert codes(plant(text, "noord/agenda.ics")) == []
