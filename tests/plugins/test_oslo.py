"""The programme as linked data: every document holds to OSLO Cultuurparticipatie's shapes, as publiq published them."""

import json
from datetime import date

import pytest

from etalage.model.offer import TariffKind
from etalage.model.programme import Genre, Kind, Picture, Status
from tests.make import performance, price, production
from tests.plugins.oslo_shapes import SHAPES, WHY_NOT, Unknown, expanded, judge

pytestmark = pytest.mark.skipif(not SHAPES.exists(), reason=WHY_NOT)
ACTIVITY = "http://www.cidoc-crm.org/cidoc-crm/E7_Activity"
CP = "https://data.vlaanderen.be/ns/cultuurparticipatie#"
FULL = {
    "summary": {"nl": "Schubert in de winter.", "fr": "Schubert en hiver."}, "genres": (Genre(id="klassiek", name={"nl": "Klassiek"}),),
    "tags": ("lied",), "pictures": (Picture(src="a.jpg", credit="Mo"),), "purchase_url": "https://tickets.example/w", "uitpas": True,
}  # fmt: skip
PRICES = (price(1850), price(370, "Kansentarief", kind=TariffKind.SOCIAL))


def shown():
    return (
        production("toml:linde/winter", "Winterreis", performance("toml:linde/winter/1", prices=PRICES, hall="Foyer"),
                   performance("toml:linde/winter/2", "2027-01-09 20:00", status=Status.CANCELLED), **FULL),
        production("toml:linde/expo", "Mist", kind=Kind.EXPO, opens=date(2026, 12, 1), closes=date(2027, 2, 1), performances=()),
        production("toml:linde/thuis", "Thuis", performance("toml:linde/thuis/1", venue="", online_url="https://kijk.example/x"), kind=Kind.ONLINE),
        production("toml:linde/af", "Af", performance("toml:linde/af/1", status=Status.CANCELLED)),
    )  # fmt: skip


def activities(content):
    return {
        node["http://purl.org/dc/terms/title"][0]["@value"]: node
        for node in expanded(content)
        if node.get("@type") == ACTIVITY
    }


def test_every_document_holds_to_the_shapes(fed):
    site = fed(*shown())
    months = [path for path in site.paths(".jsonld") if "catalogue" not in path]
    assert len(months) == 2
    for path in months:
        nodes = expanded(site.file(path))
        assert judge(nodes) == []
        assert {node["@type"] for node in nodes if "@type" in node} >= {
            ACTIVITY,
            f"{CP}Organisator",
            "http://purl.org/dc/terms/Location",
        }


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"titel"', '"label"', "title occurs 0 times"), ("+01:00", "", "no offset"), ('"verwerktOp"', '"aangepastOp"', "verwerktOp"),
        ('"@type": "Periode"', '"@type": "Adres"', "wanted http://data.europa.eu/m8g/PeriodOfTime"), ('"bron"', '"locatie"', "bron"),
    ],
)  # fmt: skip
def test_the_shapes_would_have_found_something(fed, old, new, says):
    text = fed(*shown()).file("linked-data/2026-12.jsonld").decode()
    head, graph = text.split('"inhoud": [', 1)
    assert old in graph
    assert any(says in words for words in judge(expanded((head + '"inhoud": [' + graph.replace(old, new)).encode())))


def test_a_word_without_a_meaning_is_no_linked_data(fed):
    text = fed(*shown()).file("linked-data/2026-12.jsonld")
    with pytest.raises(Unknown):
        expanded(text.replace(b'"trefwoord": [', b'"steekwoord": ['))


def test_an_activity_says_what_when_where_and_how_much(fed):
    winter = activities(fed(*shown()).file("linked-data/2026-12.jsonld"))["Winterreis"]
    assert winter["@id"] == "https://linde.example/programma/winterreis/#activiteit"
    assert {(v["@language"], v["@value"]) for v in winter["http://purl.org/dc/terms/description"]} == {
        ("nl", "Schubert in de winter."), ("fr", "Schubert en hiver."),
    }  # fmt: skip
    assert winter["http://purl.org/dc/terms/type"] == [{"@id": "https://taxonomy.uitdatabank.be/terms/0.50.4.0.0"}]
    volumes = winter[f"{CP}Activiteit.ruimtetijd"]
    when = volumes[0]["http://www.cidoc-crm.org/cidoc-crm/P160_has_temporal_projection"][0]
    assert when["http://data.europa.eu/m8g/startTime"][0]["@value"] == "2026-12-05T20:00:00+01:00"
    amounts = [
        p["https://schema.org/price"][0]["https://schema.org/value"][0]["@value"]
        for p in winter[f"{CP}Activiteit.prijs"]
    ]
    assert amounts == ["18.50", "3.70"] and len(volumes) == 2
    places = volumes[0]["http://www.cidoc-crm.org/cidoc-crm/P161_has_spatial_projection"]
    assert places == [{"@id": "https://linde.example/locatie/de-linde/#locatie"}]


def test_a_page_points_to_the_document_of_its_next_date(fed):
    site = fed(*shown())
    linked = {page.subject: page.linked for page in site.plan.pages if page.template == "production.html"}
    assert linked["toml:linde/winter"] == "linked-data/2026-12.jsonld"
    assert linked["toml:linde/expo"] == "linked-data/2026-12.jsonld"
    later = fed(*shown(), now=performance("x", "2026-12-20 12:00").start)
    assert "linked-data/2027-01.jsonld" in {p.linked for p in later.plan.pages if p.subject == "toml:linde/winter"}
    paths = {page.path for page in later.plan.pages}
    assert {page.linked for page in later.plan.pages if page.linked} <= paths


def test_the_catalogue_names_every_month(fed):
    catalogue = json.loads(fed(*shown()).file("linked-data/catalogue.jsonld"))
    assert [d["toegang"].rpartition("/")[2] for d in catalogue["distributie"]] == ["2026-12.jsonld", "2027-01.jsonld"]
    assert catalogue["titel"] == {"nl": "CC De Linde", "fr": "CC Le Tilleul"}


def test_what_is_cancelled_is_still_described_and_says_so(fed):
    off = activities(fed(*shown()).file("linked-data/2026-12.jsonld"))["Af"]
    assert off[f"{CP}Activiteit.status"] == [{"@value": "geannuleerd"}]
