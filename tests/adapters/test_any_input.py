"""Whatever is in a file or a feed, a source answers with clean records and problems, or is unavailable; it never breaks."""

import json
from contextlib import suppress
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etalage.adapters.csv_event_source import CsvEventSource
from etalage.adapters.icalendar_event_source import IcalendarEventSource
from etalage.adapters.json_event_source import JsonEventSource
from etalage.adapters.toml_event_source import TomlEventSource
from etalage.model.errors import EtalageError
from etalage.model.record import Changes
from tests.adapters.file_lab import HOUSE, TODAY, read
from tests.laws.event_source import assert_clean, leaves, performance_ids

WORDS = st.sampled_from(
    [
        "", " ", "Winterreis", "\u202eRTL", "a\x00b", "2027-01-12", "2027-01-12T20:15:00Z", "12/01/2027 20u15", "20:15", "25:99", "0001-01-01",
        "9999-12-31T23:59:59-14:00", "2027-03-28 02:30", "gratis", "12,50 €", "-5", "Basis 18; -26 12", "1e400", "NaN", "../../etc", "javascript:x",
        "https://x.be/a", "<b>vet</b><script>x</script>", "di-vr 10:00-17:00", "8+", "1u30", "ja", "uitverkocht", "film", "nl", "x" * 500,
    ]
)  # fmt: skip
SCALARS = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abcxy"), inner, max_size=3)),
    max_leaves=5,
)
FIELDS = "id title subtitle description kind genres tags languages age age_min duration interval opens closes openings uitpas slug organiser links".split()
DATED = "id date start end end_date doors hall stock status note seated sale_from purchase_url".split()
QUIET = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def hold_the_laws(changes: Changes) -> None:
    """What must hold of whatever was read."""
    assert len({record.production.id for record in changes.records}) == len(changes.records)
    assert len(set(performance_ids(changes))) == len(performance_ids(changes))
    for problem in changes.problems:
        assert problem.record
        assert problem.field
        assert problem.code
        assert problem.reason
    for record in changes.records:
        for name, value in leaves(record):
            assert_clean(name, value)
        for one in record.production.performances:
            assert isinstance(one.start, datetime)
            assert one.end is None or one.end >= one.start
            assert all(price.amount.cents >= 0 for price in one.prices)


@QUIET
@given(st.lists(st.one_of(VALUES, st.fixed_dictionaries({"f": st.dictionaries(st.sampled_from(FIELDS), VALUES), "d": st.one_of(VALUES, st.lists(st.dictionaries(st.sampled_from(DATED), VALUES), max_size=3))})), max_size=4))  # fmt: skip
def test_any_json(tmp_path, items):
    mapping = {
        "production": {
            **{field: f"f.{field}" for field in FIELDS}, "title": ["f.title", {"value": "Zonder"}], "credits": {"name": "f.tags[].a", "role": "f.tags[].b"},
            "pictures": {"src": "f.links"}, "facts": {"director": "f.company"}, "keys": {"x": "f.id"},
        },
        "performance": {
            **{field: f"d[].{field}" for field in DATED}, "prices": {"amount": "d[].note[].a", "tariff": "d[].note[].b"},
            "venue": {"name": "d[].hall", "latitude": "d[].seated"}, "facilities": {"wheelchair": "d[].stock"},
        },
    }  # fmt: skip
    hold_the_laws(read(JsonEventSource, tmp_path, json.dumps(items).encode(), mapping=mapping))


@QUIET
@given(st.lists(st.lists(WORDS, min_size=8, max_size=8), max_size=6))
def test_any_sheet(tmp_path, rows):
    heading = ["id", "titel", "datum", "uur", "einduur", "prijs", "productie", "genre"]
    content = "\n".join(";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [heading, *rows])
    hold_the_laws(read(CsvEventSource, tmp_path, content.encode()))


@QUIET
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path, content):
    for kind in (CsvEventSource, TomlEventSource, IcalendarEventSource):
        with suppress(EtalageError):  # the tests of each source hold what it says then
            hold_the_laws(read(kind, tmp_path, content))


@QUIET
@given(st.lists(st.tuples(st.sampled_from(["SUMMARY", "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "EXDATE", "LOCATION", "GEO", "URL", "STATUS", "SEQUENCE", "DTSTART;VALUE=DATE", "DTSTART;TZID=X", "CATEGORIES"]), st.one_of(WORDS, st.sampled_from(["20270112T201500", "20270112", "20270112T191500Z", "PT1H", "-PT1H", "FREQ=WEEKLY", "FREQ=DAILY;COUNT=3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "51;3", "A\\,B", "CANCELLED"]))), max_size=9))  # fmt: skip
def test_any_calendar(tmp_path, lines):
    safe = [f"{name}:{value}".replace("\n", " ") for name, value in lines]
    content = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *safe, "END:VEVENT", "END:VCALENDAR"])
    with suppress(EtalageError):
        hold_the_laws(read(IcalendarEventSource, tmp_path, content.encode()))


@QUIET
@given(
    st.dictionaries(
        st.sampled_from(
            [*FIELDS, "press", "credits", "pictures", "facts", "keys", "videos", "titel", "venue", "prices", *DATED]
        ),
        VALUES,
    )
)
def test_any_table(tmp_path, table):
    """TOML holds no nulls and no huge numbers; what remains is any value in any field."""
    source = TomlEventSource(id="x:lab", house=HOUSE, settings={"path": "x"}, content=tmp_path, today=TODAY)
    clerk = source.clerk()
    draft = source._draft(table | {"performance": [{"date": "2027-01-12", **table}]}, "production 1", clerk)
    record = clerk.register(draft, "production 1")
    hold_the_laws(Changes(records=(record,) if record else (), cursor="", complete=True, problems=clerk.problems))
