"""The CSV source under the laws, and what spreadsheets and box offices make of CSV."""

import csv
import io
from datetime import date, datetime

import pytest

from etalage.adapters.csv_event_source import CsvEventSource
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.offer import Stock, TariffKind
from etalage.model.programme import Kind, Status
from tests.adapters.file_lab import FileLab, codes, read, told
from tests.laws.event_source import EventSourceLaws


class CsvLab(FileLab):
    kind, file = CsvEventSource, "programma.csv"

    def content(self) -> bytes:
        page = io.StringIO()
        writer = csv.writer(page, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(["Id", "Titel", "Datum", "Uur", "Beschrijving"])
        writer.writerows([key, title, "12/01/2027", "20:15", text] for key, (title, text) in self.rows.items())
        writer.writerows([f"stuk{number}", "Zonder datum", "", "", ""] for number in range(self.broken))
        return page.getvalue().encode()


class TestCsvFiles(EventSourceLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        return CsvLab(tmp_path)


TEMPLATE = """id;titel;ondertitel;datum;uur;einduur;deuren;zaal;locatie;soort;genre;prijs;beschrijving;gezelschap;leeftijd;duur;pauze;taal;beschikbaarheid;status;url;foto;foto-alt;tags;uitpas;regie
w1;Winterreis;Schubert;12/01/2027;20u15;22u;19u30;Foyer;Proefhuis;voorstelling;Klassiek;"Basis 18; -26 12; Kansentarief 3,60";"Eerste regel

Tweede alinea";Het Collectief;8+;90;geen;Nederlands;uitverkocht;geannuleerd;https://tickets.example/w1;images/w.jpg;Sneeuw;winter, lied;ja;Els
"""


def test_the_house_template_is_read(tmp_path):
    changes = read(CsvEventSource, tmp_path, TEMPLATE.encode())
    assert told(changes) == [("rij 1", "regie", "column_unknown", "doubt")]
    it = changes.records[0].production
    assert (it.id, it.title, it.subtitle) == ("x:lab/w1", {"nl": "Winterreis"}, {"nl": "Schubert"})
    assert (it.kind, [genre.id for genre in it.genres], it.company) == (Kind.SHOW, ["klassiek"], "Het Collectief")
    assert it.description == {"nl": "<p>Eerste regel</p><p>Tweede alinea</p>"}
    assert (it.age_min, it.duration, it.interval, it.languages, it.tags, it.uitpas) == (
        8,
        90,
        0,
        ("nl",),
        ("winter", "lied"),
        True,
    )
    assert (it.pictures[0].src, it.pictures[0].alt) == ("images/w.jpg", {"nl": "Sneeuw"})
    (one,) = it.performances
    assert one.start == datetime.fromisoformat("2027-01-12T20:15+01:00")
    assert one.end == datetime.fromisoformat("2027-01-12T22:00+01:00")
    assert one.doors == datetime.fromisoformat("2027-01-12T19:30+01:00")
    assert (one.venue, one.hall, one.stock, one.status) == ("lab", "Foyer", Stock.NONE, Status.CANCELLED)
    assert [price.amount.cents for price in one.prices] == [1800, 1200, 360]
    assert one.purchase_url == "https://tickets.example/w1"


def test_english_columns_in_any_order_are_read(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"Time,Price,Title,Date,Hall\n20:15,gratis,Winterreis,2027-01-12,Foyer\n")
    it = changes.records[0].production
    assert it.performances[0].prices[0].kind is TariffKind.FREE
    assert it.performances[0].prices[0].amount == Money(0)
    assert it.performances[0].hall == "Foyer"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_spreadsheets_csv_is_read(tmp_path, encoding, delimiter):
    text = 'titel;datum;genre\r\n"Café, de Ville";12/01/2027;Théâtre\r\n'.replace(";", delimiter)
    changes = read(CsvEventSource, tmp_path, text.encode(encoding))
    assert changes.records[0].production.title == {"nl": "Café, de Ville"}
    assert changes.records[0].production.genres[0].id == "theater"


def test_excels_sep_line_says_the_delimiter(tmp_path):
    changes = read(
        CsvEventSource, tmp_path, "sep=;\r\ntitel;datum\r\nÉén, twee, drie, vier;12/01/2027\r\n".encode("cp1252")
    )
    assert changes.records[0].production.title == {"nl": "Één, twee, drie, vier"}


def test_a_stray_quote_does_no_harm(tmp_path):
    changes = read(CsvEventSource, tmp_path, b'titel;datum\nEen 5" plaat;12/01/2027\n"Reis" naar huis;13/01/2027\n')
    assert [record.production.title["nl"] for record in changes.records] == ['Een 5" plaat', "Reis naar huis"]


def test_a_title_above_the_heading_is_no_row(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"Programma seizoen 26-27;;\n;;\ntitel;datum;uur\nA;12/01/2027;20:00\n")
    assert [record.production.title["nl"] for record in changes.records] == ["A"]
    assert not changes.problems


def test_a_file_without_our_columns_is_no_programme(tmp_path):
    with pytest.raises(Unavailable) as refusal:
        read(CsvEventSource, tmp_path, b"a;b\n1;2\n")
    assert refusal.value.code == "columns_unknown"


def test_rows_with_the_same_production_are_its_dates(tmp_path):
    content = """productie;id;titel;datum;uur;status;beschrijving
reis;;Winterreis;14/01/2027;15:00;;
reis;w2;Winterreis;12/01/2027;20:15;verplaatst van 11/01/2027 20:15;Lang
reis;;Een andere titel;12/01/2027;22:30;;
"""
    changes = read(CsvEventSource, tmp_path, content.encode())
    (record,) = changes.records
    assert [one.id for one in record.production.performances] == [
        "x:lab/reis/w2",
        "x:lab/reis/2027-01-12-2230",
        "x:lab/reis/2027-01-14-1500",
    ]
    assert record.production.performances[0].previous_start == datetime.fromisoformat("2027-01-11T20:15+01:00")
    assert record.production.description == {"nl": "<p>Lang</p>"}
    assert told(changes) == [("rij 4", "title", "group_differs", "doubt")]


def test_the_name_of_a_production_is_its_title_when_there_is_no_other(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"production,start\nWinterreis,2027-01-12 20:15\n")
    assert changes.records[0].production.title == {"nl": "Winterreis"}
    assert changes.records[0].production.id == "x:lab/winterreis"


def test_rows_may_be_grouped_by_title(tmp_path):
    content = b"titel;datum\nReis;12/01/2027\nReis;13/01/2027\n"
    assert len(read(CsvEventSource, tmp_path, content).records) == 2
    (record,) = read(CsvEventSource, tmp_path, content, group_by="title").records
    assert [one.timed for one in record.production.performances] == [False, False]


def test_a_row_without_an_id_is_called_by_its_title_and_date(tmp_path):
    changes = read(CsvEventSource, tmp_path, "titel;datum;uur\nÉté!;12/01/2027;20:15\nÉté!;12/01/2027;15:00\n".encode())
    assert [record.production.id for record in changes.records] == [
        "x:lab/ete-2027-01-12-2015",
        "x:lab/ete-2027-01-12-1500",
    ]


def test_two_languages_have_two_columns(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"titel;titel (fr);datum;title_en\nReis;Voyage;12/01/2027;Journey\n")
    assert changes.records[0].production.title == {"nl": "Reis", "fr": "Voyage", "en": "Journey"}


def test_prices_may_have_a_column_each(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"titel;datum;prijs basis;prijs: -26\nReis;12/01/2027;18;12,50\n")
    assert [
        (price.tariff["nl"], price.amount.cents) for price in changes.records[0].production.performances[0].prices
    ] == [
        ("basis", 1800),
        ("-26", 1250),
    ]


def test_an_expo_has_a_row_with_its_period(tmp_path):
    content = "titel;datum;soort;opent;sluit;openingsuren;prijs\nLicht;;expo;1/11/2026;1/2/2027;di-zo 10:00-18:00;5\n"
    changes = read(CsvEventSource, tmp_path, content.encode())
    it = changes.records[0].production
    assert (it.opens, it.closes, len(it.openings), it.performances) == (date(2026, 11, 1), date(2027, 2, 1), 6, ())
    assert codes(changes.problems) == {"field_needs_date"}


def test_an_unreadable_hour_leaves_the_day(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"id;titel;datum;uur;einduur\na;A;12/01/2027;'s avonds;22:00\n")
    (one,) = changes.records[0].production.performances
    assert (one.timed, one.start.date(), one.end) == (False, date(2027, 1, 12), None)
    assert told(changes) == [("a/1", "start", "time_unreadable", "field")]


def test_an_hour_that_the_clocks_skip_leaves_the_day(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"id;titel;datum;uur\na;A;28/03/2027;02:30\n")
    assert not changes.records[0].production.performances[0].timed
    assert told(changes) == [("a/1", "start", "time_skipped", "field")]


def test_an_end_before_the_start_is_left_out_unless_nights_are_expected(tmp_path):
    content = b"id;titel;datum;uur;einduur\na;A;12/01/2027;22:00;01:30\n"
    changes = read(CsvEventSource, tmp_path, content)
    assert changes.records[0].production.performances[0].end is None
    assert told(changes) == [("a/1", "end", "end_before_start", "field")]
    changes = read(CsvEventSource, tmp_path, content, end_rolls_over=True)
    assert changes.records[0].production.performances[0].end == datetime.fromisoformat("2027-01-13T01:30+01:00")


def test_a_missing_title_or_date_loses_only_that_row(tmp_path):
    content = b"id;titel;datum\na;;12/01/2027\nb;B;\nc;C;32/01/2027\nd;D;12/01/2027\n"
    changes = read(CsvEventSource, tmp_path, content)
    assert [record.production.id for record in changes.records] == ["x:lab/d"]
    assert told(changes) == [
        ("rij 2", "title", "title_missing", "record"),
        ("b", "date", "date_missing", "record"),
        ("c/1", "date", "date_unreadable", "record"),
    ]


@pytest.mark.parametrize(
    ("written", "cents", "code"),
    [
        ("gratis", [0], None),
        ("12,50 €", [1250], None),
        ("€ 1.250,00", [125000], None),
        ("10 tot 15", [], "price_unreadable"),
        ("op aanvraag", [], "price_unreadable"),
        ("-5", [], "price_negative"),
        ("18 -26 12", [], "price_unreadable"),
        ("Basis 18, -26 12", [], "price_unreadable"),
    ],
)
def test_a_price_is_one_clear_amount_or_told(tmp_path, written, cents, code):
    changes = read(CsvEventSource, tmp_path, f"id;titel;datum;prijs\na;A;12/01/2027;{written}\n".encode())
    assert [price.amount.cents for price in changes.records[0].production.performances[0].prices] == cents
    assert codes(changes.problems) == ({code} if code else set())


def test_the_second_of_two_with_the_same_id_is_told(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"id;titel;datum\na;Eerste;12/01/2027\na;Tweede;13/01/2027\n")
    assert [record.production.title["nl"] for record in changes.records] == ["Eerste"]
    assert told(changes) == [("rij 3", "id", "id_double", "record")]


@pytest.mark.parametrize("unsafe", ["../../etc/passwd", "a/b", "..", "een id"])
def test_an_id_that_could_leave_a_folder_loses_its_row(tmp_path, unsafe):
    changes = read(CsvEventSource, tmp_path, f"id;titel;datum\n{unsafe};A;12/01/2027\n".encode())
    assert not changes.records
    assert told(changes) == [("rij 2", "id", "id_unsafe", "record")]


def test_a_title_of_three_hundred_signs_is_shortened_and_told(tmp_path):
    changes = read(CsvEventSource, tmp_path, f"id;titel;datum\na;{'woord ' * 50};12/01/2027\n".encode())
    title = changes.records[0].production.title["nl"]
    assert len(title) <= 200
    assert title.endswith("woord…")
    assert told(changes) == [("a", "title", "title_long", "doubt")]


def test_a_file_that_stops_halfway_is_no_programme(tmp_path):
    for half in (b'titel;datum;beschrijving\nA;12/01/2027;"Een lange', b"titel;datum;genre\nA;12/01/2027;x\nB;13/0"):
        with pytest.raises(Unavailable) as refusal:
            read(CsvEventSource, tmp_path, half)
        assert refusal.value.code == "source_cut_off"


def test_two_columns_of_one_name_are_told(tmp_path):
    changes = read(CsvEventSource, tmp_path, b"titel;naam;datum\nA;B;12/01/2027\n")
    assert changes.records[0].production.title == {"nl": "A"}
    assert told(changes) == [("rij 1", "title", "column_double", "doubt")]


def test_a_venue_that_the_house_does_not_know_is_the_sources_own(tmp_path):
    changes = read(
        CsvEventSource,
        tmp_path,
        b"titel;datum;locatie\nA;12/01/2027;Sint-Pietersplein\nB;12/01/2027;Proefhuis, Foyer\n",
    )
    one, two = (record.production.performances[0] for record in changes.records)
    assert (one.venue, changes.records[0].venues[0].name) == ("x:lab/venue/sint-pietersplein", "Sint-Pietersplein")
    assert (two.venue, two.hall) == ("lab", "Foyer")


def test_a_setting_that_does_not_exist_is_refused_with_those_that_do(tmp_path):
    with pytest.raises(Refused) as refusal:
        read(CsvEventSource, tmp_path, b"x", scheiding=";")
    assert refusal.value.code == "settings_wrong"
    assert "scheiding" in refusal.value.say
    assert "group_by" in refusal.value.say
