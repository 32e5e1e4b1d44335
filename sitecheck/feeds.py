"""Feeds and calendars that another program can live on: well formed, complete, every entry with its own id.

A calendar's UID is what makes an update replace the old date instead of standing beside it, so one file never
repeats one. The same performance may well appear in several files; there the same UID is right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import icalendar

from sitecheck.problem import Problem
from sitecheck.rules import is_before, moment

ATOM = "{http://www.w3.org/2005/Atom}"
JSON_FEED = "https://jsonfeed.org/version/1"
LONGEST_LINE = 75
Trouble = tuple[str, str]


def check(folder: Path) -> list[Problem]:
    """Return what is wrong with the Atom, RSS and JSON feeds and the calendars in `folder`."""
    found = []
    for path in sorted(folder.rglob("*")):
        judge = JUDGES.get(path.suffix)
        if judge and path.is_file():
            name = path.relative_to(folder).as_posix()
            found += [Problem(name, code, words) for code, words in judge(path.read_bytes())]
    return found


def judge_xml(text: bytes) -> Iterator[Trouble]:
    """Yield what is wrong with an XML file, if it is a feed; site maps and the like need only be well formed."""
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - our own output: nobody sends us a bomb
    except ElementTree.ParseError as reason:
        yield "not-xml", f"is not well formed: {reason}"
        return
    if root.tag == f"{ATOM}feed":
        yield from judge_atom(root)
    elif root.tag == "rss":
        yield from judge_rss(root)


def judge_atom(feed: ElementTree.Element) -> Iterator[Trouble]:
    """A feed and each of its entries have an id, a title, a moment and a link."""
    entries = feed.findall(f"{ATOM}entry")
    for number, element in enumerate([feed, *entries]):
        label = f"entry {number}" if number else "the feed"
        for name in ("id", "title", "updated"):
            if not (element.findtext(f"{ATOM}{name}") or "").strip():
                yield name, f"{label} has no {name}"
        updated = moment(element.findtext(f"{ATOM}updated") or "")
        if updated is not None and not getattr(updated, "tzinfo", None):
            yield "updated", f"{label} says no UTC offset in updated"
        if not any(link.get("href") for link in element.findall(f"{ATOM}link")):
            yield "link", f"{label} has no link"
    yield from repeated("id", [entry.findtext(f"{ATOM}id") or "" for entry in entries])


def judge_rss(rss: ElementTree.Element) -> Iterator[Trouble]:
    """A channel has a title and a link; each item a guid, a title, a link and a date."""
    channel = rss.find("channel")
    if channel is None:
        yield "channel", "the feed has no channel"
        return
    items = channel.findall("item")
    for number, element in enumerate([channel, *items]):
        label = f"item {number}" if number else "the channel"
        for name in ("title", "link", *(("guid", "pubDate") if number else ())):
            if not (element.findtext(name) or "").strip():
                yield name, f"{label} has no {name}"
        try:
            parsedate_to_datetime(element.findtext("pubDate") or "Sat, 21 Nov 2026 20:00:00 +0100")
        except ValueError:
            yield "pubDate", f"{label} has a date that is none: {element.findtext('pubDate')}"
    yield from repeated("guid", [item.findtext("guid") or "" for item in items])


def judge_json(text: bytes) -> Iterator[Trouble]:
    """Yield what is wrong with a JSON file, if it is a JSON Feed (jsonfeed.org/version/1.1)."""
    try:
        feed = json.loads(text)
    except ValueError as reason:
        yield "not-json", f"is no JSON: {reason}"
        return
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(JSON_FEED):
        return
    for name in ("title", "home_page_url", "feed_url"):
        if not feed.get(name):
            yield name, f"the feed has no {name}"
    items = feed.get("items")
    if not isinstance(items, list):
        yield "items", "the feed has no list of items"
        return
    for number, item in enumerate(items, 1):
        if not item.get("id") or not item.get("url"):
            yield "id", f"item {number} has no id or no url"
        if not item.get("content_text") and not item.get("content_html"):
            yield "content", f"item {number} says nothing"
        for name in ("date_published", "date_modified"):
            if name in item and not getattr(moment(item[name]), "tzinfo", None):
                yield name, f"item {number} says no moment with an offset in {name}: {item[name]!r}"
    yield from repeated("id", [str(item.get("id", "")) for item in items])


def judge_calendar(text: bytes) -> Iterator[Trouble]:
    """Yield what is wrong with a calendar."""
    try:
        calendar = icalendar.Calendar.from_ical(text)
    except ValueError as reason:
        yield "not-ical", f"cannot be read: {reason}"
        return
    if b"\n" in text.replace(b"\r\n", b""):
        yield "line-ends", "lines must end in CRLF"
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        yield "long-line", f"a line is longer than {LONGEST_LINE} bytes and should be folded"
    for name in ("VERSION", "PRODID"):
        if name not in calendar:
            yield name, f"the calendar has no {name}"
    zones = {str(zone.get("TZID")) for zone in calendar.walk("VTIMEZONE")}
    events = calendar.walk("VEVENT")
    for event in events:
        yield from judge_event(event, zones)
    # A moved date of a series keeps the series' UID; the date it replaces sets it apart.
    yield from repeated("UID", [f"{event.get('UID', '')}{recurrence_of(event)}" for event in events])


JUDGES = {
    ".xml": judge_xml, ".atom": judge_xml, ".rss": judge_xml, ".ics": judge_calendar, ".json": judge_json, ".jsonld": judge_json,
}  # fmt: skip


def judge_event(event: icalendar.cal.Component, zones: set[str]) -> Iterator[Trouble]:
    """Yield what is wrong with one event: what it lacks, an end before its start, an undefined time zone."""
    label = f"event {event.get('UID') or event.get('SUMMARY') or ''}".strip()
    for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
        if not event.get(name):
            yield name, f"{label} has no {name}"
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        zone = getattr(event.get(name), "params", {}).get("TZID")
        if zone and zone not in zones:
            yield "VTIMEZONE", f"{label} is in {zone}, which the calendar does not define"
    start, end = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND"))
    if start and end and (type(start) is not type(end) or is_before(end, start)):
        yield "DTEND", f"{label} ends before it starts"


def recurrence_of(event: icalendar.cal.Component) -> str:
    """Return which date of a series an event replaces, or nothing."""
    replaced = event.get("RECURRENCE-ID")
    return f" {replaced.dt}" if replaced else ""


def repeated(name: str, values: list[str]) -> Iterator[Trouble]:
    """Yield the values that occur more than once."""
    for value, times in Counter(values).items():
        if value and times > 1:
            yield name, f"{name} {value} occurs {times} times"
