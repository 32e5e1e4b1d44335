"""The iCalendar source under the laws, and what calendars do: repeat, except, override, cancel."""

import datetime as dt

import pytest
from icalendar import Calendar, Event

from etalage.adapters.icalendar_event_source import IcalendarEventSource
from etalage.model.errors import Unavailable
from etalage.model.programme import Status
from tests.adapters.file_lab import TODAY, FileLab, read, told
from tests.laws.event_source import EventSourceLaws

START = dt.datetime.fromisoformat("2027-01-12T20:15+01:00")


class CalendarLab(FileLab):
    kind, file = IcalendarEventSource, "programma.ics"

    def content(self) -> bytes:
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "lab")
        for key, (title, text) in self.rows.items():
            event = Event()
            for name, value in (("uid", key), ("summary", title), ("description", text), ("dtstart", START)):
                event.add(name, value)
            calendar.add_component(event)
        for number in range(self.broken):
            event = Event()
            event.add("uid", f"stuk{number}")
            event.add("summary", "Zonder datum")
            calendar.add_component(event)
        return calendar.to_ical()


class TestCalendarFiles(EventSourceLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        return CalendarLab(tmp_path)


def calendar(*events: str) -> bytes:
    """A calendar of events, each as its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def test_an_event_is_a_production_with_one_performance(tmp_path):
    changes = read(
        IcalendarEventSource,
        tmp_path,
        calendar(
            """UID:w1
SUMMARY:Winterreis\\, opnieuw
DESCRIPTION:Eerste alinea\\n\\nTweede alinea
DTSTART;TZID=Europe/Brussels:20270112T201500
DURATION:PT1H45M
LOCATION:Proefhuis\\, Foyer
CATEGORIES:Toneel,Poppenspel
URL:https://tickets.example/w1"""
        ),
    )
    assert not changes.problems
    it = changes.records[0].production
    assert (it.id, it.title) == ("x:lab/w1", {"nl": "Winterreis, opnieuw"})
    assert it.description == {"nl": "<p>Eerste alinea</p><p>Tweede alinea</p>"}
    assert [genre.id for genre in it.genres] == ["theater", "poppenspel"]
    (one,) = it.performances
    assert (one.id, one.start, one.venue, one.hall) == ("x:lab/w1/1", START, "lab", "Foyer")
    assert one.end == START + dt.timedelta(minutes=105)
    assert one.purchase_url == "https://tickets.example/w1"


def test_a_day_is_a_day_and_ends_before_its_dtend(tmp_path):
    changes = read(
        IcalendarEventSource,
        tmp_path,
        calendar(
            "UID:a\nSUMMARY:A\nDTSTART;VALUE=DATE:20270112\nDTEND;VALUE=DATE:20270113",
            "UID:b\nSUMMARY:B\nDTSTART;VALUE=DATE:20270112\nDTEND;VALUE=DATE:20270115",
        ),
    )
    a, b = (record.production.performances[0] for record in changes.records)
    assert (a.timed, a.start.date(), a.end) == (False, dt.date(2027, 1, 12), None)
    assert b.end is not None
    assert b.end.date() == dt.date(2027, 1, 14)


def test_times_in_utc_and_without_a_zone_are_those_of_the_house(tmp_path):
    changes = read(
        IcalendarEventSource,
        tmp_path,
        calendar(
            "UID:a\nSUMMARY:A\nDTSTART:20270112T191500Z",
            "UID:b\nSUMMARY:B\nDTSTART:20270112T201500",
            "UID:c\nSUMMARY:C\nDTSTART;TZID=Romance Standard Time:20270112T201500",
        ),
    )
    assert {record.production.performances[0].start for record in changes.records} == {START}
    assert {str(record.production.performances[0].start) for record in changes.records} == {"2027-01-12 20:15:00+01:00"}


def test_of_an_unknown_time_zone_the_day_is_left(tmp_path):
    changes = read(
        IcalendarEventSource, tmp_path, calendar("UID:a\nSUMMARY:A\nDTSTART;TZID=Mars/Olympus:20270112T201500")
    )
    assert not changes.records[0].production.performances[0].timed
    assert told(changes) == [("a", "start", "zone_unknown", "field")]


SERIES = """UID:a
SUMMARY:Elke week
DTSTART;TZID=Europe/Brussels:20270112T201500
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Brussels:20270119T201500
LOCATION:Proefhuis"""
OVERRIDE = """UID:a
RECURRENCE-ID;TZID=Europe/Brussels:20270126T201500
SUMMARY:Elke week, met gast
DTSTART;TZID=Europe/Brussels:20270127T210000
STATUS:CANCELLED"""


def test_what_repeats_is_one_production_with_its_exceptions(tmp_path):
    changes = read(IcalendarEventSource, tmp_path, calendar(SERIES, OVERRIDE))
    assert not changes.problems
    (record,) = changes.records
    assert [(one.id.rpartition("/")[2], str(one.start), one.status) for one in record.production.performances] == [
        ("2027-01-12-2015", "2027-01-12 20:15:00+01:00", Status.SCHEDULED),
        ("2027-01-26-2015", "2027-01-27 21:00:00+01:00", Status.CANCELLED),
        ("2027-02-02-2015", "2027-02-02 20:15:00+01:00", Status.SCHEDULED),
    ]
    assert record.production.performances[1].note == {"nl": "Elke week, met gast"}
    assert record.production.performances[1].venue == "lab"


def test_what_repeats_keeps_its_hour_when_the_clocks_change(tmp_path):
    series = "UID:a\nSUMMARY:A\nDTSTART;TZID=Europe/Brussels:20270321T140000\nRRULE:FREQ=WEEKLY;COUNT=2"
    changes = read(IcalendarEventSource, tmp_path, calendar(series))
    assert [str(one.start) for one in changes.records[0].production.performances] == [
        "2027-03-21 14:00:00+01:00",
        "2027-03-28 14:00:00+02:00",
    ]


def test_what_repeats_for_ever_is_cut_at_the_horizon_and_told(tmp_path):
    series = calendar("UID:a\nSUMMARY:A\nDTSTART:20270101T190000Z\nRRULE:FREQ=WEEKLY")
    changes = read(IcalendarEventSource, tmp_path, series)
    last = changes.records[0].production.performances[-1].start.date()
    assert dt.date(2028, 11, 15) < last <= dt.date(2028, 11, 22)
    assert told(changes) == [("a", "recurrence", "recurrence_endless", "doubt")]
    changes = read(IcalendarEventSource, tmp_path, series, horizon_months=3)
    assert changes.records[0].production.performances[-1].start.date() < dt.date(2027, 2, 23)


def test_the_horizon_moves_with_the_day(tmp_path):
    series = calendar("UID:a\nSUMMARY:A\nDTSTART:20270101T190000Z\nRRULE:FREQ=MONTHLY")
    first = read(IcalendarEventSource, tmp_path, series)
    later = IcalendarEventSource(
        id="x:lab", house=CalendarLab(tmp_path).source().house, settings={"path": "programma"}, content=tmp_path, today=TODAY + dt.timedelta(days=60)
    )  # fmt: skip
    news = later.changes_since(first.cursor)
    assert news.complete
    assert len(news.records[0].production.performances) > len(first.records[0].production.performances)


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=WEEKLY;INTERVAL=0", "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10,11,12,13"]
)
def test_a_repetition_that_no_programme_has_is_told(tmp_path, rule):
    changes = read(
        IcalendarEventSource,
        tmp_path,
        calendar(
            f"UID:a\nSUMMARY:A\nDTSTART:20270101T190000Z\nRRULE:{rule}", "UID:b\nSUMMARY:B\nDTSTART:20270101T190000Z"
        ),
    )
    assert [record.production.id for record in changes.records] == ["x:lab/b"]
    assert [problem.code for problem in changes.problems if problem.weight.value == "record"] == [
        "recurrence_unreadable"
    ]


def test_a_property_that_cannot_be_read_is_told(tmp_path):
    changes = read(
        IcalendarEventSource, tmp_path, calendar("UID:a\nSUMMARY:A\nDTSTART:20270101T190000Z\nRRULE:FREQ=NEVER")
    )
    assert told(changes) == [("a", "rrule", "property_unreadable", "field")]
    assert len(changes.records[0].production.performances) == 1


def test_of_two_versions_the_later_counts(tmp_path):
    old, new = (f"UID:a\nSEQUENCE:{number}\nSUMMARY:Versie {number}\nDTSTART:20270101T190000Z" for number in (1, 2))
    for events in ((old, new), (new, old)):
        assert read(IcalendarEventSource, tmp_path, calendar(*events)).records[0].production.title == {"nl": "Versie 2"}


def test_a_cancelled_event_says_so(tmp_path):
    changes = read(
        IcalendarEventSource, tmp_path, calendar("UID:a\nSUMMARY:A\nDTSTART:20270101T190000Z\nSTATUS:CANCELLED")
    )
    assert changes.records[0].production.performances[0].status is Status.CANCELLED


@pytest.mark.parametrize("uid", ["20270101T1900-1@huis.example", "../../etc/passwd", "0" * 200, "één"])
def test_any_uid_becomes_a_safe_id_of_its_own(tmp_path, uid):
    changes = read(
        IcalendarEventSource,
        tmp_path,
        calendar(f"UID:{uid}\nSUMMARY:A\nDTSTART:20270101T190000Z", f"UID:{uid}x\nSUMMARY:B\nDTSTART:20270101T190000Z"),
    )
    first, second = (record.production.id.removeprefix("x:lab/") for record in changes.records)
    assert first != second
    assert "/" not in first
    assert ".." not in first


def test_an_event_without_a_uid_is_called_by_its_title_and_day(tmp_path):
    changes = read(IcalendarEventSource, tmp_path, calendar("SUMMARY:Winterreis\nDTSTART:20270112T191500Z"))
    assert changes.records[0].production.id == "x:lab/winterreis-2027-01-12-2015"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (calendar("UID:a\nSUMMARY:A")[:-20], "source_cut_off"),
        (b"titel;datum\n", "source_unreadable"),
        (b"BEGIN:VCALENDAR\r\nzomaar wat\r\nEND:VCALENDAR", "source_unreadable"),
    ],
)
def test_what_is_no_calendar_is_no_programme(tmp_path, content, code):
    with pytest.raises(Unavailable) as refusal:
        read(IcalendarEventSource, tmp_path, content)
    assert refusal.value.code == code
