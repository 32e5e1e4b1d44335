"""The laws of etalage/ports/event_source.py as tests: one class, bound to every adapter.

An adapter conforms in three lines, in tests/adapters/test_<system>_event_source.py:

    class TestFiles(EventSourceLaws):
        @pytest.fixture
        def lab(self, tmp_path): return FilesLab(tmp_path)

What a newcomer would get wrong: a lab changes the *data*, never the adapter; and the laws read through a new source
object where they ask for a fresh full read, through the same one where they follow its changes.

A little over 250 lines, because the laws are read in one go.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from html.parser import HTMLParser
from typing import Protocol

import msgspec
import pytest

from etalage.adapters._clean import TAGS
from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.model.record import Changes, Record, Weight
from etalage.ports.event_source import EventSource


class Lab(Protocol):
    """What a law needs of one adapter's surroundings. Every lab starts with an empty programme, or with its own sample.

    Ids are record ids as the source gives them. After a change the data is as it is at the house: no sleeping,
    no rounding of clocks; a law may read at once.
    """

    def source(self) -> EventSource:
        """Make a new source object on the lab's data; two of them share nothing but the data."""
        ...

    def add_production(self, title: str, description: str = "") -> str:
        """Put a public production with one future performance on the programme; give its record id.

        Title and description go in as they are, hostile or not; a system without descriptions drops them.
        """
        ...

    def change_title(self, record: str, title: str) -> None:
        """Give that production another title in the system's own way."""
        ...

    def remove(self, record: str) -> None:
        """Take that production off the programme in the way a house would."""
        ...

    def break_record(self) -> None:
        """Add one production, or one row, that no reader can use; the others stay as they are."""
        ...

    def fall_silent(self) -> None:
        """From now on the other side does not answer (the file is away, the host is down)."""
        ...

    def answer_html(self) -> None:
        """From now on every answer is a web page."""
        ...

    def answer_half(self) -> None:
        """From now on every answer stops half-way."""
        ...

    def speak(self) -> None:
        """End `fall_silent`, `answer_html` and `answer_half`: the answers are whole again."""
        ...

    def while_reading(self, change: Callable[[], object]) -> None:
        """Make `change` once, in the middle of the next reading; at once when a reading has no middle (one small file)."""
        ...


TROUBLES = ("fall_silent", "answer_html", "answer_half")
HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE_TITLE = "Nacht\x07 <b>van</b> \u202eopera\u200b &amp; dans"
HOSTILE_TEXT = (
    "<p onclick='steal()'>Een <strong>avond</strong>\x00</p><script>steal()</script>"
    "<a href='javascript:steal()'>hier</a> <iframe src='https://example.org'></iframe>"
)


class EventSourceLaws:
    """The nine laws. The numbers are those of the port's docstring."""

    def test_1_a_read_without_a_cursor_is_complete(self, lab: Lab) -> None:
        added = {lab.add_production("Oom Wanja"), lab.add_production("De Meeuw")}
        everything = lab.source().changes_since(None)
        assert everything.complete
        assert added <= set(known(everything))
        assert not everything.gone

    def test_2_a_reader_who_follows_the_changes_knows_what_a_newcomer_knows(self, lab: Lab) -> None:
        stays, changes, goes = (lab.add_production(title) for title in ("Blijft", "Verandert", "Verdwijnt"))
        source = lab.source()
        first = source.changes_since(None)
        programme, cursor = known(first), first.cursor
        steps: list[Callable[[], object]] = [
            lambda: lab.change_title(changes, "Veranderd"),
            lambda: lab.add_production("Nieuw"),
            lambda: lab.remove(goes),
            lambda: lab.change_title(changes, "Nog eens veranderd"),
        ]
        for step in steps:
            step()
            answer = source.changes_since(cursor)
            programme, cursor = follow(programme, answer), answer.cursor
            assert programme == known(lab.source().changes_since(None))
        assert title_of(programme[changes]) == "Nog eens veranderd"
        assert stays in programme
        assert goes not in programme

    def test_2_a_reader_who_was_away_for_several_changes_catches_up(self, lab: Lab) -> None:
        changes, goes = lab.add_production("Verandert"), lab.add_production("Verdwijnt")
        first = lab.source().changes_since(None)
        lab.change_title(changes, "Veranderd")
        lab.remove(goes)
        lab.add_production("Nieuw")
        answer = lab.source().changes_since(first.cursor)
        assert follow(known(first), answer) == known(lab.source().changes_since(None))

    def test_3_without_a_change_there_is_no_news(self, lab: Lab) -> None:
        lab.add_production("Oom Wanja")
        source = lab.source()
        first = source.changes_since(None)
        for reader in (source, lab.source()):
            answer = reader.changes_since(first.cursor)
            assert not answer.gone
            assert follow(known(first), answer) == known(first)

    def test_4_ids_are_stable_unique_and_safe(self, lab: Lab) -> None:
        added = lab.add_production("Oom Wanja")
        source = lab.source()
        first = source.changes_since(None)
        lab.change_title(added, "Oom Vanja, in een andere spelling")
        second = lab.source().changes_since(None)
        ids = [part.id for record in second.records for part in parts(record)]
        assert set(known(first)) == set(known(second))
        assert len(second.records) == len(known(second))
        assert len(set(performance_ids(second))) == len(performance_ids(second))
        for id in ids:
            assert id.startswith(source.id)
            assert re.fullmatch(r"[A-Za-z0-9._:/-]+", id)
            assert ".." not in id

    def test_5_a_record_that_cannot_be_used_is_a_problem_and_the_others_are_there(self, lab: Lab) -> None:
        good = lab.add_production("Oom Wanja")
        source = lab.source()
        before = source.changes_since(None)
        lab.break_record()
        for after in (lab.source().changes_since(None), source.changes_since(before.cursor)):
            assert follow(known(before), after)[good] == known(before)[good]
            news = [p for p in after.problems if p.weight is Weight.RECORD and p not in before.problems]
            assert news
            for problem in news:
                assert problem.source == source.id
                assert problem.record
                assert problem.field
                assert re.fullmatch(r"[a-z][a-z0-9_]*", problem.code)
                assert problem.reason

    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_6_a_source_in_trouble_is_unavailable_and_nothing_is_lost(self, lab: Lab, trouble: str) -> None:
        added = lab.add_production("Oom Wanja")
        source = lab.source()
        first = source.changes_since(None)
        lab.change_title(added, "De Kersentuin")
        getattr(lab, trouble)()
        for cursor in (None, first.cursor):
            for reader in (source, lab.source()):
                with pytest.raises(Unavailable) as failure:
                    reader.changes_since(cursor)
                assert failure.value.code
                assert failure.value.say
        lab.speak()
        again = source.changes_since(first.cursor)
        assert title_of(follow(known(first), again)[added]) == "De Kersentuin"

    def test_7_what_comes_in_is_clean(self, lab: Lab) -> None:
        added = lab.add_production(HOSTILE_TITLE, HOSTILE_TEXT)
        everything = lab.source().changes_since(None)
        assert title_of(known(everything)[added]) == "Nacht van opera & dans"
        for record in everything.records:
            for name, value in leaves(record):
                assert_clean(name, value)
            for performance in record.production.performances:
                assert performance.end is None or performance.end >= performance.start

    def test_8_the_same_data_gives_the_same_records_in_the_same_order(self, lab: Lab) -> None:
        for title in ("Zomer", "Aarde", "Midwinter"):
            lab.add_production(title)
        first, second = lab.source().changes_since(None), lab.source().changes_since(None)
        assert first.records == second.records
        assert first.problems == second.problems

    def test_9_a_change_made_while_we_read_is_in_this_read_or_in_the_next(self, lab: Lab) -> None:
        changes, _ = lab.add_production("Verandert"), lab.add_production("Blijft")
        source = lab.source()
        lab.while_reading(lambda: (lab.change_title(changes, "Veranderd"), lab.add_production("Nieuw")))
        first = source.changes_since(None)
        programme = follow(known(first), source.changes_since(first.cursor))
        assert title_of(programme[changes]) == "Veranderd"
        assert programme == known(lab.source().changes_since(None))


def known(answer: Changes) -> dict[str, Record]:
    """The records of an answer by id."""
    return {record.production.id: record for record in answer.records}


def follow(programme: dict[str, Record], answer: Changes) -> dict[str, Record]:
    """What a reader knows after one more answer, as the harvest applies it."""
    if answer.complete:
        return known(answer)
    after = programme | known(answer)
    return {id: record for id, record in after.items() if id not in answer.gone}


def title_of(record: Record) -> str:
    """The title in the first language it has."""
    return next(iter(record.production.title.values()))


def parts(record: Record) -> Iterator[object]:
    """What has an id of the source's in a record: the production and its performances."""
    yield record.production
    yield from record.production.performances


def performance_ids(answer: Changes) -> list[str]:
    """The ids of all performances in an answer."""
    return [performance.id for record in answer.records for performance in record.production.performances]


def leaves(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every text, moment and amount in a record, with the name of the nearest field that holds it."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, Money):
        for field in msgspec.structs.fields(value):
            yield from leaves(getattr(value, field.name), field.name)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield f"key of {name}", key
            yield from leaves(inner, name)
    elif isinstance(value, tuple):
        for inner in value:
            yield from leaves(inner, name)
    else:
        yield name, value


def assert_clean(name: str, value: object) -> None:
    """Law 7 for one leaf."""
    if isinstance(value, datetime):
        assert value.tzinfo is not None, name
    elif isinstance(value, Money):
        assert value.cents >= 0, name
    elif isinstance(value, str):
        text = value.replace("\n", "") if name in ("description", "street", "directions") else value
        assert not HARMFUL.search(text), (name, value)
        if name in ("url", "purchase_url", "online_url") or (name == "src" and ":" in value):
            assert not value or re.match(r"https?://[^/]", value), (name, value)
        if name == "description":
            Allowed().feed(value)


class Allowed(HTMLParser):
    """Fails on a tag, an attribute or a link that no description may hold."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for attribute, value in attrs:
            assert attribute in ("href", "hreflang", "rel", "title", "lang"), attribute
            if attribute == "href":
                assert re.match(r"(https?|mailto|tel):", value or ""), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment in a description: {data}")
