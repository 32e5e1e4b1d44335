"""What staff write, and what it means: days, hours, durations, prices, words."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etalage.adapters import _tariffs, _terms, _when
from etalage.model import moments
from etalage.model.errors import Refused
from etalage.model.offer import Stock, TariffKind
from etalage.model.programme import Kind, Status

ZONE = "Europe/Brussels"


def code_of(do) -> str:
    """The code that something is refused with."""
    with pytest.raises(Refused) as refusal:
        do()
    assert refusal.value.say
    return refusal.value.code


@pytest.mark.parametrize(
    "text",
    ["2026-10-12", "12/10/2026", "12-10-2026", "12.10.26", "ma 12 oktober 2026", "maandag 12 okt. 2026", "12 octobre 2026", "Monday, 12 October 2026", "12. Oktober 2026", "2026-10-12T00:00:00"],
)  # fmt: skip
def test_a_day_may_be_written_in_many_ways(text):
    assert _when.day(text) == date(2026, 10, 12)


@pytest.mark.parametrize("text", ["10/25/2026", "31/02/2026", "morgen", "12/10", "", "46307", "12 brumaire 2026"])
def test_what_is_no_clear_day_is_refused(text):
    assert code_of(lambda: _when.day(text)) == "date_unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "20:15",
        "20u15",
        "20.15 uur",
        "20h15",
        "8:15 pm",
        "8.15 p.m.",
        0.84375,
        time(20, 15),
        timedelta(hours=20, minutes=15),
    ],
)
def test_an_hour_may_be_written_in_many_ways(text):
    assert _when.clock(text) == time(20, 15)


@pytest.mark.parametrize("text", ["24:00", "20:61", "2015", "avond", "", 1.5, "20:15-22:00"])
def test_what_is_no_clear_hour_is_refused(text):
    assert code_of(lambda: _when.clock(text)) == "time_unreadable"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (90, 90), ("90", 90), ("90 min", 90), ("90'", 90), ("1u30", 90), ("1h30", 90), ("1:30", 90), ("1 uur 30 min", 90), ("1,5 uur", 90),
        ("2 uur", 120), ("ca. 75 minuten", 75), (time(1, 30), 90), (timedelta(minutes=50), 50), ("geen", 0), ("90.0", 90),
    ],
)  # fmt: skip
def test_a_duration_is_minutes(text, said):
    assert _when.minutes(text) == said


@pytest.mark.parametrize("text", ["lang", "", "met pauze", "1 dag"])
def test_what_is_no_clear_duration_is_refused(text):
    assert code_of(lambda: _when.minutes(text)) == "duration_unreadable"


@pytest.mark.parametrize(
    ("text", "days"),
    [("di-vr 10:00-17:00", [1, 2, 3, 4]), ("za, zo 10-17u", [5, 6]), ("dagelijks 10:00 - 17:00", list(range(7))), ("vr-ma 10u tot 17u", [0, 4, 5, 6]), ("tue–fri: 10:00–17:00", [1, 2, 3, 4])],
)  # fmt: skip
def test_opening_hours_hold_for_weekdays(text, days):
    found = _when.openings(text)
    assert [one.weekday for one in found] == days
    assert {(one.opens, one.closes) for one in found} == {(time(10), time(17))}


@pytest.mark.parametrize("text", ["altijd", "di-vr", "di 17:00-10:00", "blaasdag 10:00-17:00"])
def test_what_are_no_clear_hours_are_refused(text):
    assert code_of(lambda: _when.openings(text)) == "hours_unreadable"


def test_an_offset_is_honoured_and_a_bare_time_is_the_houses():
    assert _when.moment("2026-10-12T18:15:00Z", ZONE) == (datetime(2026, 10, 12, 18, 15, tzinfo=UTC), True)
    assert _when.moment("12/10/2026 om 20u15", ZONE) == (datetime(2026, 10, 12, 18, 15, tzinfo=UTC), True)
    assert _when.moment("12/10/2026", ZONE)[1] is False
    assert code_of(lambda: _when.moment("2027-03-28 02:30", ZONE)) == "time_skipped"


@settings(max_examples=300)
@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.times(),
    st.sampled_from([ZONE, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_the_quick_clock_shows_what_the_careful_one_shows(day, clock, zone):
    """`_when.at` skips the careful way on days without a change of the clocks."""
    try:
        careful = moments.at(day, clock, zone)
    except Refused:
        with pytest.raises(Refused):
            _when.at(day, clock, zone)
    else:
        assert _when.at(day, clock, zone).isoformat() == careful.isoformat()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("18", [("", 1800, "standard")]),
        ("gratis", [("", 0, "free")]),
        ("Basis 18; -26 12; Kansentarief 3,60", [("Basis", 1800, "standard"), ("-26", 1200, "reduction"), ("Kansentarief", 360, "social")]),
        ("Rang 1: 25\nRang 2: 20", [("Rang 1", 2500, "standard"), ("Rang 2", 2000, "standard")]),
        ("Kinderen 3-12 jaar € 5", [("Kinderen 3-12 jaar", 500, "reduction")]),
        ("65+ 10,-", [("65+", 1000, "reduction")]),
        ("UiTPAS gratis", [("UiTPAS", 0, "social")]),
    ],
)  # fmt: skip
def test_a_price_has_an_amount_and_perhaps_a_name(text, said):
    assert [(one.tariff.get("nl", ""), one.amount.cents, one.kind.value) for one in _tariffs.prices(text, "nl")] == said


def test_a_price_may_have_a_rank():
    (one,) = _tariffs.prices("Rang 1 / Basis: 25", "nl")
    assert (one.category, one.tariff) == ({"nl": "Rang 1"}, {"nl": "Basis"})


@pytest.mark.parametrize(
    "text",
    [
        "10 tot 15",
        "18 -26 12",
        "Basis 18 -26 12",
        "Basis 18, -26 12",
        "18 / 16",
        "van 7 tot 14",
        "€ 5 voor leden",
        "VVK 12 - ADD 15",
        "20:15",
        "n.v.t.",
        "10-15",
    ],
)
def test_a_price_that_could_mean_two_things_is_refused(text):
    assert code_of(lambda: _tariffs.prices(text, "nl")) == "price_unreadable"


def test_a_kind_of_tariff_is_one_of_ours():
    assert _tariffs.price(12, "Jong", "nl", kind="social").kind is TariffKind.SOCIAL
    assert code_of(lambda: _tariffs.price(12, "Jong", "nl", kind="vip")) == "tariff_kind_unknown"


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (_terms.kind, "Voorstelling", Kind.SHOW),
        (_terms.kind, "tentoonstelling", Kind.EXPO),
        (_terms.status, "Geannuleerd", (Status.CANCELLED, "")),
        (_terms.status, "verplaatst van 12/10/2026", (Status.MOVED, "12/10/2026")),
        (_terms.stock, "Laatste  tickets", Stock.FEW),
        (_terms.stock, 4, Stock.FEW),
        (_terms.stock, "0", Stock.NONE),
        (_terms.stock, 120.0, Stock.PLENTY),
        (_terms.language, "Frans", "fr"),
        (_terms.language, "geen gesproken taal", "zxx"),
        (_terms.facility, "ringleiding", "hearing_loop"),
        (_terms.yes, "x", True),
        (_terms.yes, False, False),
        (_terms.ages, "8+", (8, None)),
        (_terms.ages, "6-10", (6, 10)),
        (_terms.ages, "vanaf 6 jaar", (6, None)),
        (_terms.ages, "alle leeftijden", (None, None)),
        (_terms.holds, "0", False),
        (_terms.holds, "12.5", True),
    ],
)
def test_the_houses_words_are_known(read, text, said):
    assert read(text) == said


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (_terms.kind, "kermis", "kind_unknown"),
        (_terms.status, "misschien", "status_unknown"),
        (_terms.stock, "veel", "stock_unknown"),
        (_terms.language, "klingon", "language_unknown"),
        (_terms.facility, "glijbaan", "facility_unknown"),
        (_terms.yes, "soms", "yes_or_no"),
        (_terms.ages, "10-6", "age_unreadable"),
        (_terms.ages, "oud", "age_unreadable"),
    ],
)
def test_other_words_are_refused(read, text, code):
    assert code_of(lambda: read(text)) == code
