"""A small season for a pretix, made through its public API: two houses of a winter that is still far away.

Dates are fixed (winter 2030–31), so what a reader should find is known to the minute, on both sides of a clock change.
The simulator is seeded with the same calls, and must then read the same.

    ccnoord   nachtjazz      one date; three variations, one with its own small quota; a programme booklet, a voucher-only and
                             an inactive item; nl, fr, en; genre, cdbid, image_url and other meta data
              oom-wanja      series: plain, few left, sold out by an order, with price overrides, in summer time; and one date
                             inactive, one called off, one not in the list
              strijkkwartet  numbered seats, two ranks, two seats blocked, one sold
              opendeur       free
              besloten       live but not public;  ontwerp: public but not live
    gczuid    poppenkast     quota of 5 for two items
              soepcafe       pay what you want
              dorpsrevue     series with a seating plan per date
    lab, kassa (empty)
"""

from typing import Any

import httpx

from tests.servers.pretix_api import Api, Event, plan

META = (
    *(
        "genre",
        "cdbid",
        "image_url",
        "image_alt",
        "status",
        "kind",
        "subtitle",
        "summary",
        "company",
        "age_min",
    ),
    *("duration", "interval", "language", "director", "uitpas"),
)
CDBID = "5b1a1f0e-7d7c-4a53-9d3c-0f4c0a1b2c3d"


def seed(client: httpx.Client, organizer: str, token: str) -> dict[str, Any]:
    """Give that house its season; the facts by event slug."""
    api = Api(client, organizer, token)
    for name in META:
        body = {"name": name, "default": "", "required": False, "protected": False, "choices": None}
        body |= {"filter_public": False, "filter_allowed": True, "public_label": None}
        api.send("POST", "event_meta_properties/", body)
    makers = {
        "ccnoord": (nachtjazz, oom_wanja, strijkkwartet, opendeur, unseen),
        "gczuid": (poppenkast, soepcafe, dorpsrevue),
    }
    return {event.slug: event.facts() for make in makers.get(organizer, ()) for event in make(api)}


def nachtjazz(api: Api) -> list[Event]:
    """One evening, three tariffs, three languages."""
    event = api.event(
        "nachtjazz",
        {"nl": "Nachtjazz in de foyer", "fr": "Jazz de nuit au foyer", "en": "Night jazz in the foyer"},
        *("2030-11-08T20:30:00+01:00", "2030-11-08T22:30:00+01:00"),
        date_admission="2030-11-08T20:00:00+01:00",
        presale_start="2030-09-01T10:00:00+02:00",
        presale_end="2030-11-08T19:30:00+01:00",
        location={"nl": "CC Noord, Foyer"},
        meta_data={
            "genre": "jazz",
            "cdbid": CDBID,
            "image_url": "https://beeld.huizen.invalid/nachtjazz.jpg",
            "image_alt": "Een piano in het donker",
            "subtitle": "Drie stemmen, één piano",
            "company": "Trio Maanlicht",
            "duration": "120",
            "interval": "20",
            "age_min": "12",
            "language": "zxx",
            "uitpas": "ja",
        },
    )
    event.settings(
        locales=["nl", "fr", "en"],
        locale="nl",
        frontpage_text={"nl": "Een **late** avond.\n\nMet drankje.", "fr": "Une soirée **tardive**."},
    )
    tariffs = {"Basis": "18.00", "-26": "12.00", "Kansentarief": "3.60"}
    ticket = event.item("Ticket", "18.00", tariffs, name={"nl": "Ticket", "fr": "Billet", "en": "Ticket"})
    booklet = event.item("Programmaboekje", "2.00", admission=False)
    friends = event.item("Vrienden van het huis", "9.00", hide_without_voucher=True)
    former = event.item("Vroegboek", "15.00", active=False)
    event.quota("Foyer", 120, [ticket, booklet, friends, former])
    event.quota("Kansentarief", 6, [ticket], only="Kansentarief")
    event.patch(live=True)
    return [event]


def oom_wanja(api: Api) -> list[Event]:
    """A series with a date of every sort."""
    event = api.event(
        "oom-wanja",
        {"nl": "Oom Wanja", "en": "Uncle Vanya"},
        "2030-12-12T20:00:00+01:00",
        has_subevents=True,
        location={"nl": "CC Noord, Schouwburg"},
        meta_data={"genre": "toneel", "director": "Iva Neel"},
    )
    standard, reduced = event.item("Standaard", "22.00"), event.item("Reductie", "18.00")
    overrides = [{"item": standard["id"], "price": "25.00"}]
    sizes = {
        event.date("2030-12-12T20:00:00+01:00", "2030-12-12T22:15:00+01:00"): 80,
        event.date("2030-12-13T20:00:00+01:00", name={"nl": "Oom Wanja met nagesprek"}): 4,
        event.date("2030-12-14T15:00:00+01:00"): 1,
        event.date("2030-12-27T20:00:00+01:00", item_price_overrides=overrides): 80,
        event.date("2031-05-16T20:00:00+02:00", location={"nl": "Openluchttheater\nParklaan 1\n9000 Gent"}): None,
        event.date("2031-01-09T20:00:00+01:00", active=False): 80,
        event.date("2031-01-16T20:00:00+01:00", active=False, meta_data={"status": "geannuleerd"}): 80,
        event.date("2031-01-17T20:00:00+01:00", is_public=False): 80,
    }
    for number, (date, size) in enumerate(sizes.items(), 1):
        event.quota(f"Zaal {number}", size, [standard, reduced], date)
    event.patch(live=True)
    event.order(standard, event.dates[2])
    return [event]


def strijkkwartet(api: Api) -> list[Event]:
    """Numbered seats: 4 rows of 10 on the floor, 2 of 8 on the balcony."""
    layout = plan("Theaterzaal", {"Parterre": ("rang1", 4, 10), "Balkon": ("rang2", 2, 8)})
    hall = api.send("POST", "seatingplans/", {"name": "Theaterzaal", "layout": layout})
    dates = "2030-12-22T20:00:00+01:00", "2030-12-22T22:00:00+01:00"
    event = api.event("strijkkwartet", "Strijkkwartet", *dates, location={"nl": "CC Noord, Theaterzaal"})
    first, second = (
        event.item("Rang 1", "30.00", {"Basis": "30.00", "-26": "20.00"}),
        event.item("Rang 2", "20.00"),
    )
    event.quota("Rang 1", 40, [first])
    event.quota("Rang 2", 16, [second])
    event.patch(seating_plan=hall["id"], seat_category_mapping={"rang1": first["id"], "rang2": second["id"]})
    api.send("POST", "events/strijkkwartet/seats/bulk_block/", {"seat_guids": ["Parterre-A-1", "Parterre-A-10"]})
    event.patch(live=True)
    event.order(second, seats=["Balkon-A-1"])
    return [event]


def opendeur(api: Api) -> list[Event]:
    """Free, with a ticket."""
    event = api.event("opendeur", "Opendeurdag", "2031-03-30T14:00:00+02:00", geo_lat=51.05, geo_lon=3.72)
    event.quota("Inkom", 200, [event.item("Gratis ticket", "0.00")])
    event.patch(live=True)
    return [event]


def unseen(api: Api) -> list[Event]:
    """What no visitor may see."""
    closed = api.event("besloten", "Besloten feest", "2031-02-01T20:00:00+01:00", is_public=False)
    closed.quota("Alles", 10, [closed.item("Ticket", "0.00")])
    closed.patch(live=True)
    return [closed, api.event("ontwerp", "Nog in ontwerp", "2031-02-02T20:00:00+01:00")]


def poppenkast(api: Api) -> list[Event]:
    """Five places for two items."""
    event = api.event("poppenkast", "Poppenkast", "2030-12-26T15:00:00+01:00", location={"nl": "GC Zuid, Kleine zaal"})
    event.quota("Kleine zaal", 5, [event.item("Kind", "8.00"), event.item("Volwassene", "10.00")])
    event.patch(live=True)
    return [event]


def soepcafe(api: Api) -> list[Event]:
    """Pay what you want, from five euro."""
    event = api.event("soepcafe", "Soepcafé", "2030-11-30T18:00:00+01:00", location={"nl": "GC Zuid"})
    event.quota("Tafels", 40, [event.item("Kom soep", "5.00", free_price=True)])
    event.patch(live=True)
    return [event]


def dorpsrevue(api: Api) -> list[Event]:
    """A seating plan per date; of the second date one row is left."""
    hall = api.send("POST", "seatingplans/", {"name": "Zaal", "layout": plan("Zaal", {"Zaal": ("zaal", 3, 6)})})
    event = api.event("dorpsrevue", "Dorpsrevue", "2031-01-24T20:00:00+01:00", has_subevents=True)
    seat = event.item("Plaats", "15.00")
    for day in (24, 25):
        seated = {"seating_plan": hall["id"], "seat_category_mapping": {"zaal": seat["id"]}}
        made = event.date(
            f"2031-01-{day}T20:00:00+01:00", name={"nl": "Dorpsrevue"}, location={"nl": "GC Zuid"}, **seated
        )
        event.quota(f"Zaal {day}", 18, [seat], made)
    event.patch(live=True)
    rows = [f"Zaal-{row}-{number}" for row in "AB" for number in range(1, 7)]
    event.order(seat, event.dates[1], seats=rows)
    return [event]
