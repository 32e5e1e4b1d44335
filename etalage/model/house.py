"""Who shows something: a house, and a cluster of houses."""

from collections.abc import Mapping

import msgspec

from etalage.model.programme import Venue
from etalage.model.words import Words


class Contact(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How visitors reach a house; each may be empty."""

    street: str = ""
    postal: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""


class House(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A centre with its own ticketing, money and theme. The first of `languages` is the one its site opens in."""

    id: str
    name: Words
    languages: tuple[str, ...] = ("nl",)
    timezone: str = "Europe/Brussels"
    url: str = ""
    theme: str = "base"
    tagline: Words = {}
    contact: Contact = Contact()
    venues: tuple[Venue, ...] = ()
    genres: Mapping[str, str] = {}
    """The house's own genre names → our genre ids; anything else becomes a genre of its own."""


class Cluster(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Houses that share an agenda and may sell together."""

    id: str
    name: Words
    members: tuple[str, ...]
    languages: tuple[str, ...] = ("nl",)
    timezone: str = "Europe/Brussels"
    url: str = ""
    theme: str = "base"
    tagline: Words = {}
    contact: Contact = Contact()


def find_venue(venues: tuple[Venue, ...], text: str) -> tuple[Venue | None, str]:
    """Recognise a place as sources write it ("CC Noord, Foyer") among a house's venues: the venue and the hall, or ''.

    Nothing is guessed: a name, an alias or a hall must be there in full, whatever the case.
    """
    plain = " ".join(text.replace("\n", ", ").split()).casefold()
    if not plain:
        return None, ""
    for venue in venues:
        for name in (venue.name, venue.id, *venue.aliases):
            if name and (plain == name.casefold() or plain.startswith(name.casefold() + ",")):
                rest = text.replace("\n", ", ")[len(name) :].strip(" ,")
                known = [hall for hall in venue.halls if hall.casefold() == rest.casefold()]
                return venue, known[0] if known else rest
    for venue in venues:
        for hall in venue.halls:
            if plain == hall.casefold():
                return venue, hall
    return None, ""
