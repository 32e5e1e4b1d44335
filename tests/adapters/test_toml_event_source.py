"""The TOML source under the laws, and every field of the model written by hand."""

from datetime import date, datetime, time

import pytest

from etalage.adapters.toml_event_source import TomlEventSource
from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.model.offer import Stock, TariffKind
from etalage.model.programme import Credit, Kind, Link, Opening, Picture, PressQuote, Status
from tests.adapters.file_lab import FileLab, codes, read, told
from tests.laws.event_source import EventSourceLaws


class TomlLab(FileLab):
    kind, file = TomlEventSource, "programma.toml"

    def content(self) -> bytes:
        tables = ["# programma"]
        for key, (title, description) in self.rows.items():
            tables.append(f"[[production]]\nid = {key!r}\ntitle = {quoted(title)}\ndescription = {quoted(description)}")
            tables.append("[[production.performance]]\ndate = 2027-01-12\nstart = 20:15:00")
        tables.extend(["[[production]]\nid = 'stuk'\ntitle = 'Zonder datum'"] * self.broken)
        return "\n".join(tables).encode()


def quoted(text: str) -> str:
    """A TOML basic string."""
    signs = [sign if sign >= " " and sign not in '"\\\x7f' else f"\\u{ord(sign):04x}" for sign in text]
    return '"' + "".join(signs) + '"'


class TestTomlFiles(EventSourceLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        return TomlLab(tmp_path)


RICH = """
[[venue]]
id = "tuin"
name = "Museumtuin"
street = "Kouter 1"
postal = "9000"
city = "Gent"
latitude = 51.05
longitude = 3.72
halls = ["Paviljoen"]
aliases = ["De tuin"]
facilities = ["rolstoel"]
directions = {nl = "Tram 1", fr = "Tram 1"}

[[production]]
id = "winterreis"
slug = "winterreis"
title = {nl = "Winterreis", fr = "Voyage d'hiver"}
ondertitel = "Schubert in de sneeuw"
summary = "Kort."
description = {nl = "<p>Lang <script>x</script></p>", fr = "<p>Longue</p>"}
company = "Het Collectief"
kind = "voorstelling"
genres = ["Toneel", "klassiek", "Poppenspel", {nl = "Hoorspel", fr = "Pièce radiophonique"}]
tags = ["winter", "lied"]
languages = ["Nederlands", "fr"]
surtitles = ["en"]
age = "8+"
duration = "1u30"
interval = "geen"
uitpas = true
organiser = "Stad Gent"
purchase_url = "https://tickets.example/winterreis"
credits = [{role = "zang", name = "Bo Simons"}, {role = {nl = "piano", fr = "piano"}, name = "An Maes"}]
pictures = [{src = "images/winter.jpg", alt = "Sneeuw", credit = "Jef", focus = [0.2, 0.8]}, "https://foto.example/2.jpg"]
press = [{text = "Prachtig", source = "De Krant", day = 2026-10-01, stars = 4, url = "https://krant.example/1"}]
videos = ["https://video.example/1", {url = "https://video.example/2", label = "Trailer"}]
links = "https://collectief.example"
facts = {director = "Els", cast = ["An", "Bo"]}
keys = {cdbid = "abc-1"}
facilities = ["ringleiding"]
hall = "Grote zaal"
prijs = "Basis 18; -26 12; Kansentarief 3,60"

[[production.performance]]
date = 2027-01-12
start = 20:15:00
end = 22:00:00
deuren = "19u30"
beschikbaarheid = "laatste tickets"
note = "Met inleiding"
seated = true
sale_from = 2026-12-01T10:00:00
sale_until = "2027-01-12 18:00"
facilities = ["tolk"]
online_url = "https://stream.example/1"
keys = {seat_plan = "7"}

[[production.performance]]
id = "matinee"
start = 2027-01-14T15:00:00
venue = "De tuin, Paviljoen"
status = "verplaatst van 13/01/2027 15:00"
purchase_url = "https://tickets.example/matinee"
prices = [{amount = 20, tariff = {nl = "Basis", fr = "Base"}, category = "Rang 1", note = "met soep", kind = "standard", id = "p1"}]

[[production]]
id = "licht"
title = "Licht"
kind = "expo"
opens = 2026-11-01
closes = 2027-02-01
openings = "di-vr 10:00-17:00; za, zo 13:00-18:00"
venue = "Museumtuin"
"""


@pytest.fixture
def rich(tmp_path):
    return read(TomlEventSource, tmp_path, RICH.encode())


def test_every_field_of_a_production_can_be_written(rich):
    assert not rich.problems
    it = rich.records[0].production
    assert it.id == "x:lab/winterreis"
    assert it.title == {"nl": "Winterreis", "fr": "Voyage d'hiver"}
    assert (it.subtitle, it.summary) == ({"nl": "Schubert in de sneeuw"}, {"nl": "Kort."})
    assert it.description == {"nl": "<p>Lang </p>", "fr": "<p>Longue</p>"}
    assert (it.company, it.kind, it.slug, it.organiser) == ("Het Collectief", Kind.SHOW, "winterreis", "Stad Gent")
    assert [genre.id for genre in it.genres] == ["theater", "klassiek", "poppenspel", "hoorspel"]
    assert it.genres[3].name == {"nl": "Hoorspel", "fr": "Pièce radiophonique"}
    assert (it.tags, it.languages, it.surtitles) == (("winter", "lied"), ("nl", "fr"), ("en",))
    assert (it.age_min, it.age_max, it.duration, it.interval, it.uitpas) == (8, None, 90, 0, True)
    assert it.credits == (
        Credit(name="Bo Simons", role={"nl": "zang"}),
        Credit(name="An Maes", role={"nl": "piano", "fr": "piano"}),
    )
    assert it.pictures == (
        Picture(src="images/winter.jpg", alt={"nl": "Sneeuw"}, credit="Jef", focus=(0.2, 0.8)),
        Picture(src="https://foto.example/2.jpg"),
    )
    assert it.press == (
        PressQuote(
            text={"nl": "Prachtig"}, source="De Krant", day=date(2026, 10, 1), stars=4, url="https://krant.example/1"
        ),
    )
    assert it.videos == (
        Link(url="https://video.example/1"),
        Link(url="https://video.example/2", label={"nl": "Trailer"}),
    )
    assert it.links == (Link(url="https://collectief.example"),)
    assert it.facts == {"director": {"nl": "Els"}, "cast": {"nl": "An, Bo"}}
    assert (it.keys, it.facilities) == ({"cdbid": "abc-1"}, ("hearing_loop",))
    assert it.purchase_url == "https://tickets.example/winterreis"


def test_every_field_of_a_performance_can_be_written(rich):
    first = rich.records[0].production.performances[0]
    assert first.id == "x:lab/winterreis/1"
    assert first.start == datetime.fromisoformat("2027-01-12T20:15+01:00")
    assert first.end == datetime.fromisoformat("2027-01-12T22:00+01:00")
    assert first.doors == datetime.fromisoformat("2027-01-12T19:30+01:00")
    assert (first.venue, first.hall, first.stock, first.seated) == ("lab", "Grote zaal", Stock.FEW, True)
    assert [(price.tariff["nl"], price.amount, price.kind) for price in first.prices] == [
        ("Basis", Money(1800), TariffKind.STANDARD),
        ("-26", Money(1200), TariffKind.REDUCTION),
        ("Kansentarief", Money(360), TariffKind.SOCIAL),
    ]
    assert first.sale_from == datetime.fromisoformat("2026-12-01T10:00+01:00")
    assert first.sale_until == datetime.fromisoformat("2027-01-12T18:00+01:00")
    assert (first.note, first.facilities, first.keys) == (
        {"nl": "Met inleiding"},
        ("sign_language",),
        {"seat_plan": "7"},
    )
    assert first.online_url == "https://stream.example/1"


def test_a_date_may_say_something_else_than_its_production(rich):
    second = rich.records[0].production.performances[1]
    assert second.id == "x:lab/winterreis/matinee"
    assert (second.venue, second.hall) == ("x:lab/venue/tuin", "Paviljoen")
    assert second.status is Status.MOVED
    assert second.previous_start == datetime.fromisoformat("2027-01-13T15:00+01:00")
    (price,) = second.prices
    assert (price.tariff, price.category, price.note, price.id) == (
        {"nl": "Basis", "fr": "Base"},
        {"nl": "Rang 1"},
        {"nl": "met soep"},
        "p1",
    )


def test_a_file_may_have_venues_of_its_own(rich):
    venue = {venue.id: venue for venue in rich.records[0].venues}["x:lab/venue/tuin"]
    assert (venue.name, venue.street, venue.latitude, venue.halls) == ("Museumtuin", "Kouter 1", 51.05, ("Paviljoen",))
    assert (venue.facilities, venue.directions) == (("wheelchair",), {"nl": "Tram 1", "fr": "Tram 1"})


def test_an_expo_has_a_period_and_hours_instead_of_dates(rich):
    expo = rich.records[1]
    assert (expo.production.opens, expo.production.closes) == (date(2026, 11, 1), date(2027, 2, 1))
    assert len(expo.production.openings) == 6
    assert expo.production.openings[-1] == Opening(weekday=6, opens=time(13), closes=time(18))
    assert [venue.id for venue in expo.venues] == ["x:lab/venue/tuin"]


def test_a_misspelled_field_is_named(tmp_path):
    changes = read(TomlEventSource, tmp_path, b"[[production]]\nid='a'\ntitle='A'\ngenrre='x'\ndate=2027-01-01")
    assert told(changes) == [("a", "genrre", "field_unknown", "field")]
    assert changes.records


def test_a_syntax_error_names_the_line_and_gives_nothing(tmp_path):
    with pytest.raises(Unavailable) as refusal:
        read(TomlEventSource, tmp_path, b"[[production]]\ntitle =\n")
    assert refusal.value.code == "source_unreadable"
    assert "line 2" in refusal.value.say


def test_bad_fields_are_left_out_and_told(tmp_path):
    bad = """
[[production]]
id = "a"
title = "A"
kind = "kermis"
languages = ["klingon"]
age = "oud"
duration = "lang"
press = [{text = "Zonder bron"}]
pictures = ["../../etc/passwd"]
videos = ["javascript:alert(1)"]
facilities = ["glijbaan"]
genres = 3.5
opens = 2027-02-01
closes = 2027-01-01
[[production.performance]]
date = 2027-01-01
stock = "veel"
status = "misschien"
prices = [{amount = -3}]
venue = {name = "X", stad = "Gent"}
"""
    changes = read(TomlEventSource, tmp_path, bad.encode())
    assert codes(changes.problems) == {
        "kind_unknown", "language_unknown", "age_unreadable", "duration_unreadable", "press_incomplete", "path_outside",
        "address_unsafe", "facility_unknown", "end_before_start", "stock_unknown", "status_unknown", "price_negative", "field_unknown",
    }  # fmt: skip
    assert all(problem.reason and problem.source == "x:lab" and problem.field for problem in changes.problems)
    assert len(changes.records[0].production.performances) == 1
