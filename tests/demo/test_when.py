"""The dates of the season keep their weekday, whatever the day."""

from datetime import date, timedelta

import pytest

from demo import when

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("w0 mon 10:00", ["2026-11-16T10:00:00+01:00"]),
        ("w2 fri 20:15-21:30", ["2026-12-04T20:15:00+01:00"]),
        ("w-1 sun 11:00", ["2026-11-15T11:00:00+01:00"]),
        ("w1..w2 tue 19:30", ["2026-11-24T19:30:00+01:00", "2026-12-01T19:30:00+01:00"]),
        ("w6 thu..fri 09:00", ["2026-12-31T09:00:00+01:00", "2027-01-01T09:00:00+01:00"]),
        ("+10 12:00", ["2026-12-02T12:00:00+01:00"]),
        ("dst 00:30", ["2027-03-28T00:30:00+01:00"]),
    ],
)
def test_a_line_of_the_season_becomes_dates(text: str, starts: list[str]) -> None:
    assert [slot.start.isoformat() for slot in when.slots(text, SUNDAY)] == starts


def test_an_end_before_the_start_is_on_the_next_day() -> None:
    (slot,) = when.slots("w7 sat 19:30-01:00", SUNDAY)
    assert slot.end is not None
    assert slot.end - slot.start == timedelta(hours=5, minutes=30)


def test_a_camp_can_be_one_date_of_five_days() -> None:
    (slot,) = when.slots("w6 mon 09:00 to w6 fri 16:00", SUNDAY)
    assert slot.end is not None
    assert (slot.end.date() - slot.start.date()).days == 4


def test_a_day_without_an_hour_is_not_timed() -> None:
    (slot,) = when.slots("w13 sun", SUNDAY)
    assert (slot.timed, slot.end) == (False, None)


@pytest.mark.parametrize(
    ("today", "day"), [("2026-03-29", "2026-03-29"), ("2026-03-30", "2026-10-25"), ("2026-11-22", "2027-03-28")]
)
def test_the_next_night_that_the_clocks_change_is_found(today: str, day: str) -> None:
    assert when.next_change(date.fromisoformat(today)) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["vrijdag", "w2 vrij 20:00", "w2 fri 8pm", "2026-12-04 20:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        when.slots(text, SUNDAY)
