"""The JSON source under the laws, from a folder and over the web; the mapping language; two real feeds by mapping alone."""

import json
import resource
import shutil
import subprocess
import sys
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from etalage import hands, wiring
from etalage.adapters.json_event_source import ENOUGH_FOR_TWO, JsonEventSource
from etalage.config import Workspace, load
from etalage.model.errors import Refused, Unavailable
from etalage.model.offer import Stock, TariffKind
from etalage.model.programme import Credit, Kind, Picture
from etalage.model.record import pack, unpack
from tests.adapters.feed_server import serving
from tests.adapters.file_lab import HOUSE, PAGE, TODAY, FileLab, codes, read, told
from tests.laws.event_source import EventSourceLaws

ROOT = Path(__file__).parents[2]
FESTIVAL = ROOT.parent / "shared" / "data" / "gentse-feesten-2016-07-17.json"
MAPPING = {
    "items": "data.events",
    "production": {"id": "id", "title": "title", "description": "text"},
    "performance": {"start": "dates[].start"},
}


class JsonLab(FileLab):
    kind, file, settings = JsonEventSource, "feed.json", {"mapping": MAPPING}

    def content(self) -> bytes:
        events = [
            {"id": key, "title": title, "text": text, "dates": [{"start": "2027-01-12T20:15:00"}]}
            for key, (title, text) in self.rows.items()
        ]
        events += [{"id": f"stuk{number}", "title": "Zonder datum"} for number in range(self.broken)]
        return json.dumps({"data": {"events": events}}).encode()


class TestJsonFiles(EventSourceLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        return JsonLab(tmp_path)


class GroupedLab(JsonLab):
    """Each date is an item of its own, as many calendars give them."""

    settings: ClassVar[dict[str, Any]] = {
        "mapping": {
            "items": "data.events",
            "group_by": "of.work",
            "production": {"id": "of.work", "title": "title", "description": "text"},
            "performance": {"start": "start"},
        }
    }

    def content(self) -> bytes:
        events = [
            {"of": {"work": key}, "title": title, "text": text, "start": f"2027-01-{day}T20:15"}
            for day in (12, 13)
            for key, (title, text) in self.rows.items()
        ]
        events += [{"of": {"work": f"stuk{number}"}, "title": "Zonder datum"} for number in range(self.broken)]
        return json.dumps({"data": {"events": events}}).encode()


class TestGroupedJsonFiles(EventSourceLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        return GroupedLab(tmp_path)


class WebLab(JsonLab):
    """The same feed behind a web server that knows what its client has."""

    def __init__(self, folder, server):
        self.server = server
        super().__init__(folder)

    def source(self):
        settings = {"url": self.server.url + "/feed.json", **self.settings}
        return JsonEventSource(
            id="json:lab", house=HOUSE, settings=settings, content=self.folder, today=TODAY, sleep=lambda _: None
        )

    def write(self) -> None:
        self.server.script, self.server.cut_off = [], False
        self.server.body = self.content()
        self.server.headers = {"ETag": f'"{hash(self.server.body)}"'}

    def fall_silent(self) -> None:
        self.server.script = [(503, {}, b"")] * 100

    def answer_html(self) -> None:
        self.server.body, self.server.headers = PAGE, {}

    def answer_half(self) -> None:
        self.server.cut_off = True


class TestJsonOverTheWeb(EventSourceLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        with serving() as server:
            yield WebLab(tmp_path, server)


def reading(tmp_path, items, *, house=HOUSE, production=None, performance=None, **mapping):
    """What is read of some items through a mapping; title and date have their own names unless it says otherwise."""
    given = {
        "production": {"id": "id", "title": "title", **(production or {})},
        "performance": {"date": "date", **(performance or {})},
        **mapping,
    }
    whole = [
        {"id": str(number), "title": f"T{number}", "date": "2027-01-12", **item} for number, item in enumerate(items)
    ]
    settings = {name: given.pop(name) for name in ("markup", "end_rolls_over", "language") if name in given}
    return read(JsonEventSource, tmp_path, json.dumps(whole).encode(), house, mapping=given, **settings)


def first(changes):
    """The first production, which was read without a complaint."""
    assert not changes.problems
    return changes.records[0].production


def test_two_processes_read_what_one_reads_and_what_the_next_build_will_find(tmp_path, monkeypatch):
    """Else every page would be drawn anew the next time: what a page shows goes by name, and a name by its bytes."""
    if not hands.are_there():
        pytest.skip("this system cannot fork safely")
    items = [{"hall": f"Zaal {number % 3}", "genre": "toneel", "price": number % 5} for number in range(ENOUGH_FOR_TWO)]
    asked: dict[str, Any] = {
        "performance": {"venue": {"name": "hall", "city": "city"}, "prices": {"amount": "price"}},
        "production": {"genres": "genre"},
    }
    both = reading(tmp_path, items, **asked)
    assert len(both.packed) == len(items)
    assert [pack(one) for one in both.records] == list(both.packed) == [pack(unpack(one)) for one in both.packed]
    monkeypatch.setattr("etalage.adapters.json_event_source.ENOUGH_FOR_TWO", len(items) + 1)
    alone = reading(tmp_path, items, **asked)
    assert (alone.records, alone.cursor, alone.packed) == (both.records, both.cursor, ())


# The mapping language, sentence by sentence (docs/reference/sources.md)


def test_the_list_may_be_anywhere_and_may_be_a_table_by_name(tmp_path):
    for content, items in (({"a": {"b": [{"t": "T"}]}}, "a.b"), ({"a": {"k1": {"t": "T"}}}, "a"), ([{"t": "T"}], "")):
        mapping = {"items": items, "production": {"title": "t"}, "performance": {"date": {"value": "2027-01-12"}}}
        changes = read(JsonEventSource, tmp_path, json.dumps(content).encode(), mapping=mapping)
        assert first(changes).id == "x:lab/t-2027-01-12"


def test_a_path_goes_through_tables_lists_and_names_with_dots(tmp_path):
    item = {"a": {"b": "diep"}, "c": [{"d": "eerste"}, {"d": "tweede"}], "e.f": "punt", "g": ["x", "y"]}
    production = {"subtitle": "a.b", "summary": "c[1].d", "company": r"e\.f", "tags": "c[].d", "organiser": "g[-1]"}
    it = first(reading(tmp_path, [item], production=production))
    assert (it.subtitle, it.summary, it.company, it.tags, it.organiser) == (
        {"nl": "diep"}, {"nl": "tweede"}, "punt", ("eerste", "tweede"), "y",
    )  # fmt: skip


@pytest.mark.parametrize("nothing", [None, False, "", {}, {"a": None}])
def test_a_path_that_leads_nowhere_gives_nothing(tmp_path, nothing):
    production = {"subtitle": "x.y.z", "tags": "x[].y", "summary": "x[3].y", "kind": "x.kind"}
    it = first(reading(tmp_path, [{"x": nothing}], production=production))
    assert (it.subtitle, it.tags, it.summary, it.kind) == ({}, (), {}, Kind.SHOW)


def test_the_first_that_gives_something_counts(tmp_path):
    items = [{"a": False, "b": "b"}, {"a": "a", "b": "b"}, {}]
    changes = reading(
        tmp_path, items, production={"subtitle": ["a", "b", {"value": "vast"}], "summary": {"path": ["a", "b"]}}
    )
    assert [record.production.subtitle["nl"] for record in changes.records] == ["b", "a", "vast"]
    assert [record.production.summary.get("nl") for record in changes.records] == ["b", "a", None]


def test_what_the_feed_calls_empty_is_empty(tmp_path):
    it = first(
        reading(
            tmp_path, [{"a": "n.v.t.", "b": " - "}], production={"subtitle": "a", "summary": "b"}, empty=["n.v.t.", "-"]
        )
    )
    assert (it.subtitle, it.summary) == ({}, {})


def test_words_are_translated_and_others_may_stay_or_not(tmp_path):
    items = [{"soort": "Live"}, {"soort": "film"}, {"soort": 7}]
    kinds = {"path": "soort", "map": {"Live": "show", "7": "talk"}}
    assert [one.production.kind for one in reading(tmp_path, items, production={"kind": kinds}).records] == [
        Kind.SHOW,
        Kind.FILM,
        Kind.TALK,
    ]
    others = {"path": "soort", "map": {"Live": "show", "*": "camp"}}
    assert [one.production.kind for one in reading(tmp_path, items, production={"kind": others}).records] == [
        Kind.SHOW,
        Kind.CAMP,
        Kind.CAMP,
    ]


def test_a_condition_decides(tmp_path):
    items = [
        {"gratis": "1", "soort": 3},
        {"gratis": "0", "soort": 3},
        {"gratis": False, "soort": 4},
        {"gratis": True, "soort": 5},
    ]
    production = {
        "kind": [
            {"value": "walkin", "when": "gratis", "unless": {"soort": 5}},
            {"value": "expo", "when": {"soort": [4, 5]}},
            {"value": "talk"},
        ]
    }
    changes = reading(tmp_path, items, production=production)
    assert [one.production.kind for one in changes.records] == [Kind.WALKIN, Kind.TALK, Kind.EXPO, Kind.EXPO]


def test_texts_are_joined_and_split(tmp_path):
    items = [{"a": "Kouter", "b": 12, "c": "x; y|z", "d": ["p", "q"]}, {"a": "Kouter"}, {}]
    production = {
        "subtitle": {"text": "{a} {b}"},
        "tags": {"path": "c", "split": "[;|]"},
        "company": {"path": "d", "join": " & "},
    }
    one, two, three = (record.production for record in reading(tmp_path, items, production=production).records)
    assert (one.subtitle, one.tags, one.company) == ({"nl": "Kouter 12"}, ("x", "y", "z"), "p & q")
    assert (two.subtitle, three.subtitle) == ({"nl": "Kouter"}, {})


def test_a_text_may_be_in_several_languages(tmp_path):
    it = first(
        reading(
            tmp_path,
            [{"t": {"nl": "Reis", "fr": "Voyage"}}],
            production={"title": {"nl": "t.nl", "fr": "t.fr", "en": "t.en"}},
        )
    )
    assert it.title == {"nl": "Reis", "fr": "Voyage"}


def test_a_feed_may_be_in_another_language(tmp_path):
    assert first(reading(tmp_path, [{"title": "Voyage"}], language="fr")).title == {"fr": "Voyage"}


@pytest.mark.parametrize(
    ("value", "rule", "start"),
    [
        ("2027-01-12T20:15:00+01:00", {}, "2027-01-12T20:15+01:00"),
        ("2027-07-12T20:15:00Z", {}, "2027-07-12T22:15+02:00"),
        ("2027-07-12T20:15:00Z", {"offset": "ignore"}, "2027-07-12T20:15+02:00"),
        ("2027-01-12 20:15", {}, "2027-01-12T20:15+01:00"),
        ("12/01/2027 20:15", {}, "2027-01-12T20:15+01:00"),
        ("01/12/2027 08.15 PM", {"format": "%m/%d/%Y %I.%M %p"}, "2027-01-12T20:15+01:00"),
        (1799781300, {"format": "unix"}, "2027-01-12T20:15+01:00"),
        ("1799781300000", {"format": "unix-ms"}, "2027-01-12T20:15+01:00"),
    ],
)
def test_a_moment_may_be_written_in_many_ways(tmp_path, value, rule, start):
    it = first(reading(tmp_path, [{"at": value, "date": None}], performance={"start": {"path": "at", **rule}}))
    assert it.performances[0].start == datetime.fromisoformat(start)
    assert it.performances[0].timed


def test_day_and_hour_may_stand_apart(tmp_path):
    performance = {
        "date": {"path": "day", "format": "%d %m %Y"},
        "start": "van",
        "end": {"path": "tot", "format": "%Hh%M"},
    }
    it = first(reading(tmp_path, [{"day": "12 01 2027", "van": "20u15", "tot": "22h30"}], performance=performance))
    assert it.performances[0].end == datetime.fromisoformat("2027-01-12T22:30+01:00")


def test_the_second_of_local_midnight_is_that_day(tmp_path):
    """1468706400 is 2016-07-16 22:00 in Greenwich and the 17th in Ghent."""
    it = first(reading(tmp_path, [{"datum": "1468706400"}], performance={"date": {"path": "datum", "format": "unix"}}))
    assert (it.performances[0].start.isoformat(), it.performances[0].timed) == ("2016-07-17T00:00:00+02:00", False)


def test_a_date_in_another_format_is_told_and_never_guessed(tmp_path):
    changes = reading(
        tmp_path,
        [{"day": "11/12/2027 "}, {"day": "2027-12-11"}],
        performance={"date": {"path": "day", "format": "%d/%m/%Y"}},
    )
    assert [str(record.production.performances[0].start.date()) for record in changes.records] == ["2027-12-11"]
    assert told(changes) == [("1/1", "date", "date_unreadable", "record")]


def test_an_end_after_midnight_is_the_next_day_only_when_the_settings_say_so(tmp_path):
    item, performance = {"van": "22:00", "tot": "02:00"}, {"start": "van", "end": "tot"}
    assert codes(reading(tmp_path, [item], performance=performance).problems) == {"end_before_start"}
    it = first(reading(tmp_path, [item], performance=performance, end_rolls_over=True))
    assert it.performances[0].end == datetime.fromisoformat("2027-01-13T02:00+01:00")


def test_prices_are_a_list_or_apart_with_conditions_and_cents(tmp_path):
    item = {
        "tickets": [
            {"soort": "Basis", "cent": 1800},
            {"soort": "-26", "cent": "1250"},
            {"soort": "niets", "cent": None},
        ],
        "gratis": False,
        "prijs": "12.5",
        "vrienden": "op aanvraag",
        "uitleg": "met soep",
    }
    listed = {"amount": "tickets[].cent", "tariff": "tickets[].soort", "cents": True}
    apart = [
        {"amount": {"value": 0}, "when": "gratis"},
        {"amount": "prijs", "note": "uitleg", "unless": "gratis"},
        {"amount": "vrienden", "skip_unreadable": True},
    ]
    it = first(reading(tmp_path, [item], performance={"prices": listed}))
    assert [(price.tariff["nl"], price.amount.cents) for price in it.performances[0].prices] == [
        ("Basis", 1800),
        ("-26", 1250),
    ]
    it = first(reading(tmp_path, [item], performance={"prices": apart}))
    assert [(price.amount.cents, price.note) for price in it.performances[0].prices] == [(1250, {"nl": "met soep"})]
    it = first(reading(tmp_path, [{**item, "gratis": 1, "prijs": None}], performance={"prices": apart}))
    assert [(price.amount.cents, price.kind) for price in it.performances[0].prices] == [(0, TariffKind.FREE)]
    it = first(reading(tmp_path, [item], performance={"prices": "prijs"}))
    assert [price.amount.cents for price in it.performances[0].prices] == [1250]


def test_a_number_as_an_id_is_that_number_and_a_text_that_text(tmp_path):
    changes = reading(tmp_path, [{"id": 7}, {"id": 8.0}, {"id": "1.0"}, {"id": 0}])
    assert [record.production.id for record in changes.records] == ["x:lab/7", "x:lab/8", "x:lab/1.0", "x:lab/0"]


def test_a_price_of_zero_is_a_price(tmp_path):
    it = first(reading(tmp_path, [{"p": [{"a": 0}]}], performance={"prices": {"amount": "p[].a"}}))
    assert [price.amount.cents for price in it.performances[0].prices] == [0]


def test_dates_in_an_item_have_prices_of_their_own(tmp_path):
    item = {
        "date": None,
        "zaal": "Foyer",
        "data": [
            {"id": "a", "van": "2027-01-12T20:00", "prijzen": [{"n": "Basis", "p": 10}], "vrij": 4},
            {"id": "b", "van": "2027-01-13T20:00", "prijzen": {"n": "Basis", "p": 12}, "vrij": 0},
        ],
    }
    performance = {
        "date": None, "id": "data[].id", "start": "data[].van", "hall": "zaal", "stock": "data[].vrij",
        "prices": {"amount": "data[].prijzen[].p", "tariff": "data[].prijzen[].n"},
        "facilities": {"wheelchair": "zaal"},
    }  # fmt: skip
    performance.pop("date")
    given = {"production": {"id": "id", "title": "title"}, "performance": performance}
    it = first(read(JsonEventSource, tmp_path, json.dumps([{"id": 1, "title": "T", **item}]).encode(), mapping=given))
    assert [(one.id, one.hall, one.venue, one.stock) for one in it.performances] == [
        ("x:lab/1/a", "Foyer", "lab", Stock.FEW),
        ("x:lab/1/b", "Foyer", "lab", Stock.NONE),
    ]
    assert [one.prices[0].amount.cents for one in it.performances] == [1000, 1200]
    assert it.performances[0].facilities == ("wheelchair",)


def test_dates_may_be_bare_texts(tmp_path):
    mapping = {"production": {"id": "id", "title": "t"}, "performance": {"start": "dates[]"}}
    it = first(
        read(
            JsonEventSource,
            tmp_path,
            b'[{"id": 1, "t": "T", "dates": ["2027-01-12 20:00", "2027-01-13"]}]',
            mapping=mapping,
        )
    )
    assert [one.timed for one in it.performances] == [True, False]


def test_a_venue_has_an_address_and_a_place_on_earth(tmp_path):
    item = {"plek": {"nr": 5, "naam": "Kouter", "straat": "Kouter", "huis": 1, "gps": ["51.05", "3.72"]}}
    venue = {
        "id": "plek.nr",
        "name": "plek.naam",
        "street": {"text": "{plek.straat} {plek.huis}"},
        "latitude": "plek.gps[0]",
        "longitude": "plek.gps[1]",
    }
    changes = reading(tmp_path, [item], performance={"venue": venue})
    (found,) = changes.records[0].venues
    assert (found.id, found.street, found.latitude, found.longitude) == ("x:lab/venue/5", "Kouter 1", 51.05, 3.72)
    changes = reading(tmp_path, [{"plek": "Het Proefhuis, Foyer"}], performance={"venue": "plek"})
    assert first(changes).performances[0].hall == "Foyer"
    changes = reading(tmp_path, [{"plek": {"gps": ["gisteren"], "naam": "X"}}], performance={"venue": venue})
    assert codes(changes.problems) == {"place_unreadable"}


def test_credits_pictures_facts_and_keys_are_tables(tmp_path):
    item = {
        "team": [{"wie": "An", "wat": {"nl": "spel"}}, {"wie": "Bo"}, {"wat": {"nl": "niemand"}}],
        "foto": "https://foto.example/1.jpg", "door": "Jef", "regie": "Els", "cast": ["An", "Bo"], "cdbid": "abc",
    }  # fmt: skip
    production = {
        "credits": {"name": "team[].wie", "role": {"nl": "team[].wat.nl"}},
        "pictures": {"src": "foto", "credit": "door"},
        "facts": {"director": "regie", "cast": {"path": "cast", "join": ", "}},
        "keys": {"cdbid": "cdbid"},
    }
    it = first(reading(tmp_path, [item, {}], production=production))
    assert it.credits == (Credit(name="An", role={"nl": "spel"}), Credit(name="Bo"))
    assert it.pictures == (Picture(src="https://foto.example/1.jpg", credit="Jef"),)
    assert (it.facts, it.keys) == ({"director": {"nl": "Els"}, "cast": {"nl": "An, Bo"}}, {"cdbid": "abc"})


def test_a_list_with_nothing_in_it_gives_nothing(tmp_path):
    production = {"credits": {"name": "team[].wie", "role": "team[].wat"}}
    for team in (None, False, [], [None], ["An", {"wie": "Bo"}], [{"wie": None}], {"wie": "Bo"}):
        assert {one.name for one in first(reading(tmp_path, [{"team": team}], production=production)).credits} <= {"Bo"}


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"production": {"titel": "t"}, "performance": {}}, "titel"),
        ({"production": {}, "performance": {"uur": "t"}}, "uur"),
        ({"production": {"title": {"pad": "t"}}, "performance": {}}, "pad"),
        ({"production": {"title": {"path": "a", "value": "b"}}, "performance": {}}, "one of path, text and value"),
        ({"production": {"title": "a..b"}, "performance": {}}, "a..b"),
        ({"production": {}, "performance": {"start": "a[].x", "end": "b[].x"}}, "two lists"),
        ({"production": {"credits": {"name": "a", "rol": "b"}}, "performance": {}}, "rol"),
        ({"production": {}, "performance": {"venue": {"naam": "a"}}}, "naam"),
        ({"production": {}, "performance": {"facilities": {"lift": "a"}}}, "lift"),
        ({"production": {}, "performance": {}, "items": "a[].b"}, "names parted by dots"),
        ({"production": {}, "performance": {}, "groep": "a"}, "group_by"),
        ({"production": {}}, "performance"),
    ],
)
def test_a_mistake_in_a_mapping_is_refused_with_what_may_stand_there(tmp_path, mapping, says):
    with pytest.raises(Refused) as refusal:
        read(JsonEventSource, tmp_path, b"[]", mapping=mapping)
    assert refusal.value.code == "settings_wrong"
    assert says in refusal.value.say


# Bad feeds


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"data": {"events": [{"id": 1, "ti', "source_cut_off"),
        (b'{"data": {"events": [1,}', "source_unreadable"),
        (b'{"data": {"activities": []}}', "source_unreadable"),
        (b'{"data": {"events": "none"}}', "source_unreadable"),
        (b"[]", "source_unreadable"),
        (b"\xff\xfe{", "source_unreadable"),
        (b'{"data": {"events": ' + b"[" * 100_000, "source_unreadable"),
    ],
)
def test_what_is_not_the_expected_json_is_no_programme(tmp_path, content, code):
    with pytest.raises(Unavailable) as refusal:
        read(JsonEventSource, tmp_path, content, mapping=MAPPING)
    assert refusal.value.code == code


def test_items_that_cannot_be_used_are_told_and_the_others_are_there(tmp_path):
    events = [
        1,
        None,
        [],
        {"id": "../../etc", "title": "A"},
        {"id": "b", "title": "B", "dates": [{"start": "2027-01-12"}]},
        {"id": "b", "title": "B2", "dates": []},
        {"id": {"x": 1}, "title": "C"},
    ]
    changes = read(JsonEventSource, tmp_path, json.dumps({"data": {"events": events}}).encode(), mapping=MAPPING)
    assert [record.production.id for record in changes.records] == ["x:lab/b"]
    assert [(code, weight) for _, _, code, weight in told(changes)] == [
        *[("item_unreadable", "record")] * 3,
        ("id_unsafe", "record"),
        ("id_double", "record"),
        ("id_unsafe", "record"),
    ]


def test_a_group_whose_items_differ_is_told(tmp_path):
    items = [{"w": "a", "title": "Reis"}, {"w": "a", "title": "Reis, matinee", "date": "2027-01-13", "text": "Lang"}]
    changes = reading(tmp_path, items, production={"id": "w", "description": "text"}, group_by="w")
    (record,) = changes.records
    assert (record.production.title, record.production.description) == ({"nl": "Reis"}, {"nl": "<p>Lang</p>"})
    assert len(record.production.performances) == 2
    assert codes(changes.problems) == {"group_differs"}


def test_markdown_is_rendered_and_cleaned(tmp_path):
    it = first(
        reading(
            tmp_path,
            [{"t": "**Vet** <script>x</script> [l](javascript:x)"}],
            production={"description": "t"},
            markup="markdown",
        )
    )
    assert it.description == {"nl": '<p><strong>Vet</strong>  <a rel="noopener">l</a></p>'}


def test_what_changed_is_read_and_nothing_else(tmp_path):
    lab = JsonLab(tmp_path)
    a, b, c = (lab.add_production(title) for title in "ABC")
    source = lab.source()
    before = source.changes_since(None)
    lab.change_title(b, "B2")
    lab.remove(c)
    news = source.changes_since(before.cursor)
    assert [record.production.id for record in news.records] == [b]
    assert (news.gone, news.complete) == ((c,), False)
    assert not source.changes_since(news.cursor).records
    assert a in {record.production.id for record in before.records}


def test_a_problem_without_a_record_makes_the_next_reading_whole(tmp_path):
    """Else it would be forgotten, or stand for ever: nothing says that it was mended."""
    lab = JsonLab(tmp_path)
    lab.add_production("A")
    lab.break_record()
    source = lab.source()
    before = source.changes_since(None)
    assert codes(before.problems) == {"date_missing"}
    lab.broken = 0
    lab.add_production("B")
    after = source.changes_since(before.cursor)
    assert after.complete
    assert not after.problems


def test_a_cursor_of_another_time_is_none(tmp_path):
    lab = JsonLab(tmp_path)
    lab.add_production("A")
    for cursor in ("x", "{}", '["a"]', "[1,2,3]"):
        assert len(lab.source().changes_since(cursor).records) == 1


def test_the_doctor_sees_every_problem(tmp_path):
    lab = JsonLab(tmp_path)
    lab.break_record()
    assert codes(lab.source().examine()) == {"date_missing"}
    lab.fall_silent()
    assert codes(lab.source().examine()) == {"source_missing"}


@pytest.mark.slow
def test_a_hundred_thousand_items_are_read_in_bounded_time_and_memory(tmp_path):
    items = b",".join(
        b'{"id":%d,"title":"T","text":"Een avond","dates":[{"start":"2027-01-12T20:15:00"}]}' % number
        for number in range(100_000)
    )
    before = resource.getrusage(resource.RUSAGE_SELF)
    changes = read(JsonEventSource, tmp_path, b'{"data":{"events":[' + items + b"]}}", mapping=MAPPING)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert len(changes.records) == 100_000
    assert len(changes.cursor) < 4_000_000
    assert after.ru_utime - before.ru_utime < 60
    assert after.ru_maxrss - before.ru_maxrss < 600_000  # kB


# Two feeds of the world, by mapping alone


@pytest.fixture(scope="module")
def festival(tmp_path_factory):
    """The Gentse Feesten of 17 July 2016: the feed as published, and what is read of it."""
    root = tmp_path_factory.mktemp("festival")
    shutil.copytree(ROOT / "tests" / "festival", root / "content")
    folder = root / "content" / "houses" / "gentse-feesten"
    (folder / "source").mkdir()
    shutil.copy(FESTIVAL, folder / "source" / "activiteiten.json")
    house = load(Workspace.at(root)).houses["gentse-feesten"]
    (source,) = house.sources
    return json.loads(FESTIVAL.read_bytes()), wiring.source(source, house, date(2016, 7, 17)).changes_since(None)


festival_only = pytest.mark.skipif(not FESTIVAL.exists(), reason="the festival's data lies outside the project")


@festival_only
def test_every_activity_of_the_festival_is_there_once(festival):
    feed, changes = festival
    assert not changes.problems
    found = [one.id for record in changes.records for one in record.production.performances]
    assert sorted(found) == sorted(f"json:gentse-feesten/{item['activiteit_id']}/{item['id']}" for item in feed)
    assert len(changes.records) == 42


@festival_only
def test_every_activity_of_the_festival_has_its_time_place_and_price(festival):
    feed, changes = festival
    found = {
        one.id.rpartition("/")[2]: (record, one) for record in changes.records for one in record.production.performances
    }
    zone = ZoneInfo("Europe/Brussels")
    for item in feed:
        record, one = found[item["id"]]
        day = datetime.fromtimestamp(int(item["datum"]), zone)
        assert day.hour == 0
        hour, minute = (int(part) for part in (item["startuur"] or "0:0").split(":"))
        assert one.start == day.replace(hour=hour, minute=minute)
        assert one.timed == bool(item["startuur"])
        if item["einduur"]:
            hour, minute = (int(part) for part in item["einduur"].split(":"))
            assert one.end == day.replace(hour=hour, minute=minute)
        amounts = [price.amount.cents for price in one.prices]
        if item["gratis"]:
            assert amounts == [0]
            assert record.production.kind is Kind.WALKIN
        elif item["prijs"]:
            assert amounts[0] == round(float(item["prijs"]) * 100)
        else:
            assert amounts == []
            assert one.note["nl"] == item["prijs_omschrijving"]
        venue = {venue.id: venue for venue in record.venues}[one.venue]
        assert venue.name == item["locatie"].strip()
        assert venue.latitude == float(item["latitude"])
        assert record.production.title["nl"] == " ".join(item["titel"].split())
        assert ("wheelchair" in one.facilities) == bool(item["toegankelijk_rolstoel"])


@pytest.mark.slow
def test_the_race_programme_is_read_by_the_mapping_of_the_bench(tmp_path):
    script = ROOT.parent / "shared" / "peers" / "make_programme.py"
    if not script.exists():
        pytest.skip("the race track lies outside the project")
    subprocess.run([sys.executable, script, "300", tmp_path / "race"], check=True, capture_output=True)
    settings = tomllib.loads((ROOT / "bench" / "build" / "house.toml").read_text("utf-8"))["sources"][0]
    table = {name: value for name, value in settings.items() if name not in ("kind", "name", "path")}
    feed = json.loads((tmp_path / "race" / "events.json").read_bytes())
    changes = read(JsonEventSource, tmp_path, (tmp_path / "race" / "events.json").read_bytes(), **table)
    assert not changes.problems
    assert len(changes.records) == len(feed) == 300
    for item, record in zip(feed, changes.records, strict=True):
        it = record.production
        assert it.title["nl"] == item["title"]
        assert [f"{one.start:%H:%M} {one.hall}" for one in it.performances] == [
            f"{one['time']} {one['hall']}" for one in item["dates"]
        ]
        assert [one.start.date().isoformat() for one in it.performances] == [one["iso"][:10] for one in item["dates"]]
        prices = [price.amount.cents for price in it.performances[0].prices]
        assert prices == [round(float(price["amount"]) * 100) for price in item["prices"]]
        assert [(one.name, one.role["nl"]) for one in it.credits] == [
            (one["name"], one["role"]) for one in item["credits"]
        ]
        assert it.description["nl"].count("<li>") == item["description"].count("\n- ") + item["description"].startswith(
            "- "
        )
