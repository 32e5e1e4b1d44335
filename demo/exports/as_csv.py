"""GC 't Klokzeel: what Excel in Flanders calls CSV: semicolons, Windows-1252, Dutch columns, one row a date."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from demo.season import Announcement
from etalage.model.offer import Price, Stock
from etalage.model.programme import Kind, Opening, Performance, Production

COLUMNS = (
    "Productie", "Nr", "Titel", "Ondertitel", "Soort", "Genre", "Gezelschap", "Samenvatting", "Beschrijving", "Taal", "Leeftijd", "Duur", "Pauze",
    "Datum", "Uur", "Einduur", "Locatie", "Zaal", "Prijs", "Beschikbaarheid", "UiTPAS", "Opent", "Sluit", "Openingsuren",
    "Regisseur", "Land", "Jaar", "Kunstenaar", "Lesgever", "Niveau", "Opvang", "Meebrengen", "Inbegrepen", "Spreker", "Foto",
    "Foto-alt", "Sleutel work",
)  # fmt: skip
_KINDS = {
    Kind.SHOW: "voorstelling", Kind.FILM: "film", Kind.EXPO: "tentoonstelling", Kind.COURSE: "cursus", Kind.CAMP: "kamp",
    Kind.TALK: "lezing", Kind.WALKIN: "vrije inloop",
}  # fmt: skip
_STOCKS = {
    Stock.PLENTY: "beschikbaar",
    Stock.FEW: "laatste plaatsen",
    Stock.NONE: "volzet",
    Stock.UNKNOWN: "",
}
_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_FACTS = {
    "Regisseur": "director", "Land": "country", "Jaar": "year", "Kunstenaar": "artist", "Lesgever": "teacher", "Niveau": "level",
    "Opvang": "day_care", "Meebrengen": "bring", "Inbegrepen": "included", "Spreker": "speaker",
}  # fmt: skip


def write(found: Iterable[Announcement], genres: Mapping[str, str]) -> bytes:
    """The file; `genres` are the house's own names by genre id."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n", restval="")
    table.writeheader()
    for one in found:
        table.writerows(_rows(one, genres))
    return out.getvalue().encode("cp1252")


def _rows(one: Announcement, genres: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The first row of a production tells about the work, the others only of their date."""
    work = _work(one.production, genres)
    for performance in one.production.performances:
        yield {"Productie": one.production.id, **work, **_date(performance)}
        work = {"Titel": one.production.title["nl"]}
    if not one.production.performances:
        yield {"Productie": one.production.id, **work, "Locatie": "'t Klokzeel", "Zaal": one.hall}


def _work(it: Production, genres: Mapping[str, str]) -> dict[str, str]:
    alt = it.pictures[0].alt["nl"] if it.pictures else ""
    return {
        "Titel": it.title["nl"],
        "Ondertitel": it.subtitle.get("nl", ""),
        "Soort": _KINDS[it.kind],
        "Genre": ", ".join(genres.get(genre.id, genre.name["nl"]) for genre in it.genres),
        "Gezelschap": it.company,
        "Samenvatting": it.summary["nl"],
        "Beschrijving": it.description["nl"],
        "Taal": ", ".join(it.languages),
        "Leeftijd": _age(it),
        "Duur": f"{it.duration} min" if it.duration else "",
        "Pauze": "" if it.interval is None else f"{it.interval} min" if it.interval else "geen",
        "UiTPAS": "ja" if it.uitpas else "nee",
        "Opent": f"{it.opens:%d/%m/%Y}" if it.opens else "",
        "Sluit": f"{it.closes:%d/%m/%Y}" if it.closes else "",
        "Openingsuren": "; ".join(map(_opening, it.openings)),
        **{column: it.facts[fact]["nl"] for column, fact in _FACTS.items() if fact in it.facts},
        "Foto": it.pictures[0].src if it.pictures else "",
        "Foto-alt": alt,
        "Sleutel work": it.keys.get("work", ""),
    }


def _age(it: Production) -> str:
    if it.age_min is None:
        return ""
    return f"{it.age_min}-{it.age_max} jaar" if it.age_max else f"vanaf {it.age_min} jaar"


def _opening(opening: Opening) -> str:
    return f"{_DAYS[opening.weekday]} {opening.opens:%H.%M}-{opening.closes:%H.%M}"


def _date(it: Performance) -> dict[str, str]:
    return {
        "Nr": it.id,
        "Datum": f"{it.start:%d/%m/%Y}",
        "Uur": f"{it.start:%Hu%M}",
        "Einduur": f"{it.end:%Hu%M}" if it.end else "",
        "Locatie": it.venue,
        "Zaal": it.hall,
        "Prijs": "; ".join(map(_price, it.prices)),
        "Beschikbaarheid": _STOCKS[it.stock],
    }


def _price(price: Price) -> str:
    if not price.amount.cents:
        return "gratis"
    return f"{price.tariff['nl']}: {price.amount.cents // 100},{price.amount.cents % 100:02d} €"
