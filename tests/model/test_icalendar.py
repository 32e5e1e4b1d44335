"""A small calendar file: read back by a calendar library, whatever is in it."""

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from etalage.model import icalendar as ours
from etalage.model.shelf import Item
from tests.make import NOON

ADDRESS = "https://linde.example/"


def events(*items: Item):
    content = ours.write("Lijst", "linde", items, ADDRESS, NOON)
    return content, icalendar.Calendar.from_ical(content).walk("VEVENT")


def test_days_without_an_hour_last_all_day():
    _, (one, expo, bare) = events(
        Item(id="a", title="A", url="a/", start="2026-12-05"),
        Item(id="b", title="B", url="b/", start="2026-12-05", end="2027-01-10"),
        Item(id="c", title="C", url="c/", start="2026-12-05T20:00:00+01:00"),
    )
    assert (one["dtstart"].dt.isoformat(), one["dtend"].dt.isoformat()) == ("2026-12-05", "2026-12-06")
    assert (expo["dtstart"].dt.isoformat(), expo["dtend"].dt.isoformat()) == ("2026-12-05", "2027-01-11")
    assert "dtend" not in bare and bare["dtstart"].dt.isoformat() == "2026-12-05T19:00:00+00:00"


def test_what_has_no_date_is_in_no_calendar():
    assert events(Item(id="a", title="A", url="a/"))[1] == []


@given(st.text(max_size=200), st.text(max_size=100))
def test_any_text_stays_inside_its_line(title, place):
    item = Item(id="a", title=title, url="a/", start="2026-12-05T20:00:00+01:00", place=place)
    content, found = events(item)
    assert len(found) == 1 and content.count(b"BEGIN:") == 2
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    shown = "".join(sign for sign in title.replace("\r\n", "\n").replace("\r", "\n") if sign >= " " or sign == "\n")
    assert ours.text(str(found[0].get("summary", ""))) == ours.text(shown) or not shown.strip()
