"""A list per genre, per house and per venue."""

from collections.abc import Iterator, Sequence

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.chapters import feeds
from etalage.catalogue.drawing import Drawing, parts, to
from etalage.catalogue.names import genre_of
from etalage.model.site import Entry, Page, SiteKind
from etalage.model.words import Words


def draw(d: Drawing) -> Iterator[Page]:
    """Every list, also one that is empty for now."""
    for genre in _all_genres(d):
        yield from _list(d, "genre", genre, d.genres.get(genre, ()))
    for house in d.site.houses:
        yield from _list(d, "house", house, d.houses.get(house, ()))
    for venue in _all_venues(d):
        yield from _list(d, "venue", venue, d.venues.get(venue, ()))


def _list(d: Drawing, name: str, subject: str, ids: Sequence[str]) -> Iterator[Page]:
    address = getattr(Addresses, name)
    if name == "house" and d.site.kind is SiteKind.HOUSE:
        ids = ids[: d.site.page_size]  # its whole programme is the agenda
    beside = address(d.here, subject) if d.site.sharing.lists else ""
    for number, of, part in parts(ids, d.site.page_size):
        yield d.page(
            f"{name}.html", to(address, subject, number), subject=subject, number=number, of=of, total=len(ids),
            entries=tuple(Entry(i, d.showing.coming[i][0].id if i in d.showing.coming else "") for i in part),
            previous=address(d.here, subject, number - 1) if number > 1 else "",
            next=address(d.here, subject, number + 1) if number < of else "",
            extra=(d.place_stamps.get(subject, ""),), feeds=beside,
        )  # fmt: skip
    yield from feeds.beside(d, to(address, subject), _called(d, name, subject), ids)


def _called(d: Drawing, kind: str, subject: str) -> Words:
    """The name of a genre, a house or a venue."""
    if kind == "genre":
        return genre_of(subject, d.catalogue).name
    if kind == "house":
        return d.catalogue.houses[subject].name if subject in d.catalogue.houses else {}
    return {"": d.catalogue.venues[subject].name} if subject in d.catalogue.venues else {}


def _all_genres(d: Drawing) -> list[str]:
    used = {genre.id for found in d.showing.found.values() for genre in found.production.genres}
    return sorted(used)


def _all_venues(d: Drawing) -> list[str]:
    used = {p.venue for found in d.showing.found.values() for p in found.production.performances if p.venue}
    own = {v.id for h in d.site.houses if h in d.catalogue.houses for v in d.catalogue.houses[h].venues}
    return sorted(used & d.catalogue.venues.keys() | own)
