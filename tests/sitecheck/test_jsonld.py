"""Each thing that would keep an event out of a search engine is found."""

import copy
import json

import pytest

from sitecheck import jsonld
from sitecheck.jsonld import judge
from tests.sitecheck.conftest import EVENT, HEAD

S = "https://schema.org/"
CRUMBS = {
    "@context": "https://schema.org",
    "@type": "BreadcrumbList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Agenda", "item": "https://noord.example/"},
        {"@type": "ListItem", "position": 2, "name": "Kaas"},
    ],
}


def changed(thing, **changes):
    """Return a copy with fields replaced; `None` takes one away, `a__b` reaches inside."""
    thing = copy.deepcopy(thing)
    for path, value in changes.items():
        *outer, last = [int(step) if step.isdigit() else step.replace("at_", "@") for step in path.split("__")]
        place = thing
        for step in outer:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return thing


def codes(thing):
    return [code for code, _ in judge(thing if isinstance(thing, str) else json.dumps(thing))]


@pytest.mark.parametrize(
    "sound",
    [
        EVENT,
        CRUMBS,
        [EVENT, CRUMBS],
        changed(EVENT, startDate="2026-12-04T19:00:00Z"),
        changed(EVENT, endDate=None),
        changed(EVENT, at_type="ExhibitionEvent", startDate="2026-12-04", endDate="2027-02-01"),
        changed(EVENT, startDate="2026-12-04", endDate=None),
        changed(EVENT, eventStatus=f"{S}EventRescheduled", previousStartDate="2026-11-04T20:00:00+01:00"),
        changed(EVENT, eventStatus=f"{S}EventCancelled", offers=None),
        changed(
            EVENT,
            eventAttendanceMode=f"{S}OnlineEventAttendanceMode",
            location={"@type": "VirtualLocation", "url": "https://noord.example/live/"},
        ),
        changed(
            EVENT,
            offers={"@type": "AggregateOffer", "lowPrice": "8", "highPrice": "14.00", "priceCurrency": "EUR"},
        ),
        {
            "@context": "https://schema.org/",
            "@graph": [
                {k: v for k, v in EVENT.items() if k != "@context"} | {"location": {"@id": "#zaal"}},
                EVENT["location"] | {"@id": "#zaal"},
            ],
        },
    ],
)
def test_sound_data_passes(sound):
    assert list(judge(json.dumps(sound))) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"name": "Kaas &amp; wijn"}, "escaped"),
        ({"at_context": "https://schema.example"}, "context"),
        ({"at_type": "TheatreEvent"}, "unknown-type"),
        ({"location__at_type": None}, "no-type"),
        ({"startDate": None}, "startDate"),
        ({"startDate": "4 december 2026"}, "startDate"),
        ({"startDate": "2026-12-04"}, "startDate"),
        ({"startDate": "2026-12-04T20:00:00"}, "startDate"),
        ({"endDate": "2026-12-04T19:00:00+01:00"}, "endDate"),
        ({"endDate": "2026-12-04T22:00:00"}, "endDate"),
        ({"doorTime": "19:30"}, "doorTime"),
        ({"eventStatus": None}, "eventStatus"),
        ({"eventStatus": "EventScheduled"}, "eventStatus"),
        ({"eventStatus": f"{S}EventCanceled"}, "eventStatus"),
        ({"eventAttendanceMode": None}, "eventAttendanceMode"),
        ({"eventAttendanceMode": f"{S}OnlineEventAttendanceMode"}, "eventAttendanceMode"),
        ({"eventAttendanceMode": f"{S}Offline"}, "eventAttendanceMode"),
        ({"previousStartDate": "2026-11-04T20:00:00+01:00"}, "previousStartDate"),
        ({"eventStatus": f"{S}EventRescheduled"}, "previousStartDate"),
        ({"location": None}, "location"),
        ({"location": "Grote zaal"}, "location"),
        ({"location__address__addressLocality": None}, "address"),
        ({"location__address__addressCountry": "België"}, "address"),
        ({"location__name": ""}, "name"),
        ({"offers__0__price": None}, "price"),
        ({"offers__0__price": 12.5}, "price"),
        ({"offers__0__price": "12,50"}, "price"),
        ({"offers__0__price": "€ 12.50"}, "price"),
        ({"offers__0__priceCurrency": None}, "priceCurrency"),
        ({"offers__0__priceCurrency": "€"}, "priceCurrency"),
        ({"offers__0__availability": ""}, "availability"),
        ({"offers__0__availability": "InStock"}, "availability"),
        ({"offers__0__url": None}, "url"),
        ({"offers__0__url": "/kaas/"}, "url"),
        ({"offers__0__validFrom": "gisteren"}, "validFrom"),
        (
            {
                "offers": {
                    "@type": "AggregateOffer",
                    "priceCurrency": "EUR",
                    "lowPrice": "9",
                    "highPrice": "8",
                }
            },
            "price",
        ),
        ({"performer": {"@type": "PerformingGroup"}}, "name"),
    ],
)
def test_a_planted_defect_is_found(changes, code):
    assert codes(changed(EVENT, **changes)) == [code]


def test_a_place_without_an_address_helps_nobody():
    assert codes(changed(EVENT, location__address=None)) == ["location", "address"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"itemListElement": []}, "itemListElement"),
        ({"itemListElement__1__position": 3}, "position"),
        ({"itemListElement__1__name": None}, "name"),
        ({"itemListElement__0__item": None}, "item"),
        ({"itemListElement__0__item": "/"}, "item"),
    ],
)
def test_breadcrumbs_count_and_lead_somewhere(changes, code):
    assert codes(changed(CRUMBS, **changes)) == [code]


def test_a_product_is_for_sale():
    assert codes({"@context": "https://schema.org", "@type": "Product", "name": "Bon"}) == ["offers"]


def test_what_is_no_json_is_said_to_be_none():
    assert codes('{"name": &quot;Kaas&quot;}') == ["not-json"]


def test_pages_are_searched_for_it(region, plant):
    assert jsonld.check(region) == []
    plant(f'{HEAD}<script type="application/ld+json">{{</script></head></html>', "zuid/x/index.html")
    assert [(problem.file, problem.code) for problem in jsonld.check(region)] == [("zuid/x/index.html", "not-json")]
