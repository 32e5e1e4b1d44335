"""What the chapters of a plan draw with: one language of a site, what is on, and the page with its key."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.advice import Advice
from etalage.catalogue.harvest import stamp
from etalage.catalogue.homes import Home
from etalage.catalogue.selling import is_asked_here, is_sold_here
from etalage.catalogue.showing import Showing
from etalage.model.catalogue import Catalogue
from etalage.model.curation import CuratedList
from etalage.model.redirect import OldAddress
from etalage.model.site import Day, Entry, Page, Site, Step, Text
from etalage.model.tip import Choice, Reason

_Part = TypeVar("_Part")


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan needs beside the catalogue. `design` names the look (templates, styles, words), `examples` those of
    the gallery, `looks` the pictures.

    `moved`: old addresses that staff wrote down. `shared`: (production, language) → the name of its picture to share. `homes`: every house's own site, for canonical addresses. `known` and `former`: as the last plan gave them.
    """

    now: datetime
    texts: Sequence[Text] = ()
    lists: Sequence[CuratedList] = ()
    homes: Mapping[str, Home] = {}
    known: Mapping[str, str] = {}
    former: Mapping[str, str] = {}
    design: str = ""
    examples: str = ""
    looks: Mapping[str, str] = {}
    moved: Sequence[OldAddress] = ()
    shared: Mapping[tuple[str, str], str] = {}


class Drawing:
    """The plan of one language of a site, while it is drawn."""

    def __init__(
        self, catalogue: Catalogue, site: Site, given: Given, showing: Showing, slugs: Mapping[str, str], language: str,
        advice: Advice,
    ) -> None:  # fmt: skip
        self.catalogue, self.site, self.given, self.showing, self.slugs = catalogue, site, given, showing, slugs
        self.language, self.advice = language, advice
        self.today = showing.today
        self.everywhere = {each: Addresses(each, each == site.languages[0]) for each in site.languages}
        self.here = self.everywhere[language]
        self.genres, self.houses, self.venues = showing.lists
        self.frame = stamp(
            msgspec.structs.replace(site, sells={}, schools=()),  # of whom a house is that sells, its cards say
            bool(site.sells),
            given.design,
            language,
            _names(catalogue, site),
            [(t.id, t.title, t.menu) for t in given.texts],
            bool(advice.lists),
        )
        self.cards: dict[str, str] = {}
        self.place_stamps = {identity: stamp(venue) for identity, venue in catalogue.venues.items()}

    def card(self, identity: str) -> str:
        """The stamp of all that any page shows of a production: itself, its pictures, places and address, how many dates are left."""
        card = self.cards.get(identity)
        if card is None:
            found = self.showing.found[identity]
            production = found.production
            looks = [self.given.looks.get(picture.src, "") for picture in production.pictures]
            places = [self.place_stamps.get(p.venue, "") for p in production.performances]
            left = str(len(self.showing.coming.get(identity, ())))
            sold = [p.id for p in production.performances if is_sold_here(self.site, production, p)]
            sold += [f"class {p.id}" for p in production.performances if is_asked_here(self.site, production, p)]
            card = self.cards[identity] = " ".join((found.stamp, self.slugs[identity], left, *looks, *places, *sold))
        return card

    def page(
        self,
        template: str,
        at: Callable[[Addresses], str],
        *,
        extra: Sequence[str] = (),
        canonical: str = "",
        **more: Any,
    ) -> Page:
        """A page of this language at its address; `extra` are further stamps of what it shows, `more` goes on the page."""
        url = at(self.here)
        several = len(self.everywhere) > 1
        alternates = {language: at(addresses) for language, addresses in self.everywhere.items()} if several else {}
        canonical = canonical or f"{self.site.url}/{url}"
        path = url + "index.html" if not url or url[-1] == "/" else url
        key = self._key([self.frame, template, url, canonical, *alternates.values(), *extra], **more)
        return Page(
            url=url, path=path, template=template, language=self.language, alternates=alternates, canonical=canonical, key=key,
            **more,
        )  # fmt: skip

    def _key(
        self, shown: list[str], *, subject: str = "", entries: Sequence[Entry] = (), ongoing: Sequence[Entry] = (),
        days: Sequence[Day] = (), steps: Sequence[Step] = (), reasons: Sequence[Reason] = (), chosen: Sequence[Choice] = (), **more: Any,
    ) -> str:  # fmt: skip
        """The name of all that a page shows; what is `more` (numbers, ways on) counts as it is written.

        What it shows of `chosen` lists comes as stamps of their words: where a pick stands in its file is nothing to see.
        """
        del chosen
        shown.append(subject)
        for entry in (*entries, *ongoing):
            shown += (self.card(entry.production), entry.performance)
        for day in days:
            shown.append(day.day.isoformat())
            for entry in day.entries:
                shown += (self.card(entry.production), entry.performance)
        for why in reasons:
            shown += (why.code, why.what, str(why.number)) if why.number else (why.code, why.what)
        if steps:
            shown += (f"{step.label} {step.url} {step.here}" for step in steps)
            shown.append(self.today.isoformat())
        shown += map(str, more.values())
        return blake2b("\x1f".join(shown).encode(), digest_size=9).hexdigest()


def to(method: Callable[..., str], *where: str | int) -> Callable[[Addresses], str]:
    """The way to a page in whichever language."""
    return lambda addresses: method(addresses, *where)


def parts(whole: Sequence[_Part], size: int) -> Iterator[tuple[int, int, Sequence[_Part]]]:
    """Cut a list in pages: number, how many there are, and the part. An empty list is one empty page."""
    of = max(1, -(-len(whole) // size))
    for number in range(1, of + 1):
        yield number, of, whole[(number - 1) * size : number * size]


def _names(catalogue: Catalogue, site: Site) -> list[object]:
    """Names that stand in every page's frame."""
    return [catalogue.houses[h].name for h in site.houses if h in catalogue.houses]
