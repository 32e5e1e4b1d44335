"""The fields of a draft: our names, the names houses write, and how each is read. The reference is docs/reference/sources.md."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from etalage.adapters import _clean, _terms, _when
from etalage.adapters._readers import Readers, remembering
from etalage.model.errors import Refused

Draft = dict[str, Any]
Read = Callable[[Readers, Any], Any]
Report = Callable[[str, Refused], None]

PRODUCTION: Mapping[str, Read] = {
    "subtitle": Readers.words,
    "summary": Readers.words,
    "description": Readers.prose,
    "company": Readers.text,
    "kind": lambda _, given: _terms.kind(given),
    "genres": Readers.genres,
    "tags": Readers.texts,
    "languages": Readers.languages,
    "surtitles": Readers.languages,
    "age_min": lambda _, given: _terms.ages(str(given))[0],
    "age_max": lambda _, given: _terms.ages(str(given))[0],
    "duration": lambda _, given: _when.minutes(given),
    "interval": lambda _, given: _when.minutes(given),
    "facts": Readers.facts,
    "credits": Readers.credits,
    "pictures": Readers.pictures,
    "press": Readers.press,
    "videos": Readers.links,
    "links": Readers.links,
    "opens": lambda _, given: _when.day(given),
    "closes": lambda _, given: _when.day(given),
    "openings": Readers.openings,
    "uitpas": lambda _, given: _terms.yes(given),
    "organiser": Readers.text,
    "slug": lambda _, given: _clean.slug(str(given)),
}
BOTH: Mapping[str, Read] = {
    "facilities": Readers.facilities,
    "purchase_url": Readers.url,
    "keys": Readers.keys,
}
"""Fields that a production has, and each performance may have its own."""
PERFORMANCE: Mapping[str, Read] = {
    "note": Readers.words,
    "prices": Readers.prices,
    "stock": lambda _, given: _terms.stock(given),
    "seated": lambda _, given: _terms.yes(given),
    "sale_from": lambda readers, given: _when.moment(given, readers.house.timezone)[0],
    "sale_until": lambda readers, given: _when.moment(given, readers.house.timezone)[0],
    "online_url": Readers.url,
}
_NEVER_THE_SAME = frozenset(
    "title subtitle summary description slug credits pictures press videos links keys purchase_url online_url".split()
)
PLACE_AND_TIME = frozenset("date start end end_date doors venue hall status previous_start previous_venue".split())
"""Fields of a performance that are read together."""
OF_PERFORMANCE = frozenset(PERFORMANCE) | PLACE_AND_TIME
OF_PRODUCTION = frozenset(PRODUCTION) | {"id", "title", "age"}

_NAMES = """
id: nr nummer code
title: titel naam name
subtitle: ondertitel
summary: samenvatting kort inleiding
description: beschrijving omschrijving tekst text
company: gezelschap artiest uitvoerder artist
kind: soort type
genres: genre
tags: tag trefwoorden
languages: language taal talen
surtitles: boventiteling
age: leeftijd
age_min: leeftijd_vanaf
age_max: leeftijd_tot
duration: duur
interval: pauze
credits: medewerkers cast_en_crew
pictures: picture photo image foto afbeelding
photo_alt: foto_alt alt
photo_credit: foto_credit fotograaf
press: pers
videos: video trailer
links: link website
opens: opent
closes: sluit
openings: openingsuren openingstijden opening_hours
uitpas: uitpas
organiser: organisator organizer
slug: slug
production: productie
date: datum
start: uur beginuur startuur aanvang begin tijd time
end: einduur einde
end_date: einddatum
doors: deuren
venue: locatie plaats location
hall: zaal ruimte
prices: price prijs prijzen
stock: beschikbaarheid availability
status: toestand
previous_start: vorige_datum
previous_venue: vorige_locatie
note: opmerking nota
seated: genummerd
sale_from: verkoop_vanaf
sale_until: verkoop_tot
purchase_url: url tickets ticketlink
online_url: online_link
facilities: toegankelijkheid
facts: feiten
keys: sleutels
facts.director: director regisseur
facts.cast: cast
facts.country: country land
facts.year: year jaar
facts.version: version versie
facts.artist: kunstenaar
facts.curator: curator
facts.guided_tours: guided_tours rondleidingen
facts.teacher: teacher lesgever docent
facts.level: level niveau
facts.bring: bring meebrengen
facts.included: included inbegrepen
facts.day_care: day_care opvang
facts.grades: grades leerjaren
facts.teaching_material: teaching_material lesmateriaal
facts.max_group: max_group groepsgrootte
facts.speaker: speaker spreker
facts.moderator: moderator
facts.platform: platform
facts.replay: replay
"""
FIELD_OF: Mapping[str, str] = {
    name: field
    for field, _, names in (row.partition(":") for row in _NAMES.split("\n") if row)
    for name in (field, *names.split())
}
"""Every name a column or key may have → our field."""
_KEY = re.compile(r"(?:key|sleutel|keys)[_. ](.+)")
_SUFFIX = re.compile(r"(.+?)_(nl|fr|en|de)")


@lru_cache(maxsize=1_000)
def field_of(name: str) -> tuple[str, str]:
    """Our field for a column's or key's name, and the language it is in ("Titel (fr)"); ("", "") for one we do not know."""
    folded = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9.]+", "_", folded).strip("_")
    if plain in FIELD_OF:
        return FIELD_OF[plain], ""
    if (found := _SUFFIX.fullmatch(plain)) and found[1] in FIELD_OF:
        return FIELD_OF[found[1]], found[2]
    if found := _KEY.fullmatch(plain):
        return f"keys.{found[1]}", ""
    return "", ""


def bind(table: Mapping[str, Read], readers: Readers) -> Mapping[str, Callable[[Any], Any]]:
    """The table for one source; readers of values that come again and again remember them."""
    return {
        field: partial(read, readers) if field in _NEVER_THE_SAME else remembering(partial(read, readers))
        for field, read in table.items()
    }


def read(table: Mapping[str, Callable[[Any], Any]], draft: Draft, report: Report) -> dict[str, Any]:
    """Read the fields of a bound table that the draft has; what cannot be read is reported and left out."""
    told: dict[str, Any] = {}
    for field, value in draft.items():
        reader = table.get(field)
        if reader is None or value is None or value == "":
            continue
        try:
            told[field] = reader(value)
        except Refused as refusal:
            report(field, refusal)
    return told
