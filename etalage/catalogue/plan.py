"""Plan every page of a site: its address, template, language, alternates, and the key that tells whether to render it.

Pure: the same catalogue, day and settings give the same plan, and nothing is read or written. Templates decide nothing that
is decided here. The key of a page is made of the stamps of all that it shows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from etalage.catalogue.addresses import Addresses, settle
from etalage.catalogue.harvest import stamp
from etalage.catalogue.showing import Showing, by_day, is_past
from etalage.model.catalogue import Catalogue
from etalage.model.catalogue import Entry as Found
from etalage.model.genres import GENRES
from etalage.model.programme import Genre
from etalage.model.site import Day, Entry, Page, Site, SiteKind, SitePlan, Step, Text

RELATED = 4
_Part = TypeVar("_Part")


class Home(msgspec.Struct, frozen=True):
    """Where a house shows its own productions: its site, and the slug of each there."""

    site: Site
    addresses: Mapping[str, str]


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan needs beside the catalogue. `design` names the look (templates, styles, words); `looks` the pictures.

    `homes`: every house's own site, for canonical addresses. `known` and `former`: as the last plan gave them.
    """

    now: datetime
    texts: Sequence[Text] = ()
    homes: Mapping[str, Home] = {}
    known: Mapping[str, str] = {}
    former: Mapping[str, str] = {}
    design: str = ""
    looks: Mapping[str, str] = {}


def plan(catalogue: Catalogue, site: Site, given: Given) -> SitePlan:
    """Plan the site as it should stand on `given.now`."""
    showing = Showing(catalogue, site, given.now.date())
    addresses = settle(showing.found.values(), given.known, site.languages[0])
    former = _former(addresses, given)
    pages: list[Page] = []
    for language in site.languages:
        drawing = _Drawing(catalogue, site, given, showing, addresses, language)
        pages += drawing.pages()
        pages += drawing.redirects(former)
    return SitePlan(site=site, today=showing.today, pages=tuple(pages), addresses=addresses, former=former)


def _former(addresses: Mapping[str, str], given: Given) -> dict[str, str]:
    """Slugs given up, now or before, that nobody else has taken since."""
    former = dict(given.former)
    former.update((slug, i) for i, slug in given.known.items() if i in addresses and addresses[i] != slug)
    taken = set(addresses.values())
    return {slug: i for slug, i in former.items() if slug not in taken and i in addresses}


class _Drawing:
    """The plan of one language of a site."""

    def __init__(
        self, catalogue: Catalogue, site: Site, given: Given, showing: Showing, slugs: Mapping[str, str], language: str
    ) -> None:
        self.catalogue, self.site, self.given, self.showing, self.slugs = catalogue, site, given, showing, slugs
        self.language = language
        self.today = showing.today
        self.everywhere = {each: Addresses(each, each == site.languages[0]) for each in site.languages}
        self.here = self.everywhere[language]
        self.genres, self.houses, self.venues = showing.lists()
        self.frame = stamp(
            site, given.design, language, _names(catalogue, site), [(t.id, t.title, t.menu) for t in given.texts]
        )
        self.cards: dict[str, str] = {}
        self.place_stamps = {identity: stamp(venue) for identity, venue in catalogue.venues.items()}
        self.works = self._tours()
        self.positions = {g: {i: n for n, i in enumerate(ids)} for g, ids in self.genres.items()}

    def pages(self) -> Iterator[Page]:
        """All pages, home first."""
        yield from self._home()
        yield from self._agenda()
        for found in self.showing.found.values():
            yield from self._production(found)
        for genre in self._all_genres():
            yield from self._list("genre", genre, self.genres.get(genre, ()))
        for house in self.site.houses:
            yield from self._list("house", house, self.houses.get(house, ()))
        for venue in self._all_venues():
            yield from self._list("venue", venue, self.venues.get(venue, ()))
        for text in self.given.texts:
            yield from self._text(text)
        yield self._page("404.html", _to(Addresses.root, "404.html"), indexed=False)
        yield self._page("feed.xml", _to(Addresses.root, "feed.xml"), indexed=False, entries=self._ahead())
        if self.site.calendars:
            every = tuple(self.showing.ahead)
            yield self._page("agenda.ics", _to(Addresses.root, "agenda.ics"), indexed=False, entries=every)

    def redirects(self, former: Mapping[str, str]) -> Iterator[Page]:
        """Old addresses lead on."""
        for slug, identity in former.items():
            target = self.here.production(self.slugs[identity])
            yield self._page("redirect.html", _to(Addresses.production, slug), subject=target, indexed=False)

    def _home(self) -> Iterator[Page]:
        running = self.showing.open_between(self.today, self.today)
        yield self._page(
            "home.html", _to(Addresses.root), entries=self._ahead(), ongoing=running, steps=self._months("")
        )

    def _ahead(self) -> tuple[Entry, ...]:
        """The next productions, each once, at its next date."""
        soonest = self.showing.next[: self.site.page_size]
        return tuple(Entry(i, self.showing.coming[i][0].id) for i in soonest)

    def _agenda(self) -> Iterator[Page]:
        ahead = self.showing.ahead[: self.site.page_size]
        starts = {p: start for start, p, _ in self.showing.moments}
        days = by_day((starts[entry.performance], entry) for entry in ahead)
        running = self.showing.open_between(self.today, days[-1].day if days else self.today)
        months = self.showing.months
        last = f"{days[-1].day:%Y-%m}" if days else ""
        yield self._page(
            "agenda.html", _to(Addresses.agenda), days=days, ongoing=running, steps=self._months(""),
            next=self.here.agenda(last) if len(self.showing.ahead) > len(ahead) else "", total=len(ahead),
        )  # fmt: skip
        for month in months:
            yield from self._month(month, months[month])

    def _month(self, month: str, dates: Sequence[tuple[datetime, Entry]]) -> Iterator[Page]:
        first = date.fromisoformat(month + "-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        running = self.showing.open_between(first, last)
        for number, of, part in _parts(dates, self.site.page_size):
            yield self._page(
                "agenda.html", _to(Addresses.agenda, month, number), subject=month, days=by_day(part),
                ongoing=running if number == 1 else (), steps=self._months(month), number=number, of=of, total=len(dates),
                previous=self.here.agenda(month, number - 1) if number > 1 else "",
                next=self.here.agenda(month, number + 1) if number < of else "",
            )  # fmt: skip

    def _months(self, here: str) -> tuple[Step, ...]:
        """Ways to this month and those to come, and to the month one looks at."""
        now = f"{self.today:%Y-%m}"
        return tuple(
            Step(month, self.here.agenda(month), month == here)
            for month in self.showing.months
            if month >= now or month == here
        )

    def _production(self, found: Found) -> Iterator[Page]:
        production = found.production
        slug = self.slugs[production.id]
        related = self._related(found)
        today, now = self.today, self.given.now
        past = [p.id for p in production.performances if p.start.date() < today and is_past(p, today)]
        unsold = [p.id for p in production.performances if p.sale_from and p.sale_from > now]
        closed = production.closes is not None and production.closes < today
        tour = [self._card(i) for i in self.works.get(production.keys.get("work", ""), ()) if i != production.id]
        yield self._page(
            "production.html", _to(Addresses.production, slug), subject=production.id, entries=related,
            canonical=self._canonical(found), extra=(self._card(production.id), *past, "unsold", *unsold, str(closed), *tour),
            indexed=not production.removed,
        )  # fmt: skip
        if self.site.calendars and self.language == self.site.languages[0] and production.performances:
            yield self._page(
                "production.ics", _to(Addresses.calendar, slug), subject=production.id, indexed=False,
                extra=(self._card(production.id),),
            )  # fmt: skip

    def _related(self, found: Found) -> tuple[Entry, ...]:
        """The next of the same genre after this one, round the end of the list."""
        identity = found.production.id
        for genre in found.production.genres:
            row = self.genres.get(genre.id, ())
            if len(row) > 1:
                at = self.positions[genre.id].get(identity, -1)
                following = row[at + 1 : at + 1 + RELATED]
                if len(following) < RELATED:
                    following += row[: min(RELATED - len(following), len(row) - len(following))]
                return tuple([Entry(other) for other in following if other != identity])
        return ()

    def _tours(self) -> dict[str, list[str]]:
        """Work → the productions of it: each page names the others."""
        works: dict[str, list[str]] = {}
        for identity, found in self.showing.found.items():
            work = found.production.keys.get("work")
            if work:
                works.setdefault(work, []).append(identity)
        return works

    def _canonical(self, found: Found) -> str:
        """The owner's own page, where the owner has a site; else this one."""
        production = found.production
        home = self.given.homes.get(production.houses[0])
        if home is None or home.site.id == self.site.id or not home.site.url or production.id not in home.addresses:
            return ""
        language = self.language if self.language in home.site.languages else home.site.languages[0]
        there = Addresses(language, language == home.site.languages[0])
        return f"{home.site.url}/{there.production(home.addresses[production.id])}"

    def _list(self, name: str, subject: str, ids: Sequence[str]) -> Iterator[Page]:
        address = getattr(Addresses, name)
        if name == "house" and self.site.kind is SiteKind.HOUSE:
            ids = ids[: self.site.page_size]  # its whole programme is the agenda
        for number, of, part in _parts(ids, self.site.page_size):
            yield self._page(
                f"{name}.html", _to(address, subject, number), subject=subject, number=number, of=of, total=len(ids),
                entries=tuple(Entry(i, self.showing.coming[i][0].id if i in self.showing.coming else "") for i in part),
                previous=address(self.here, subject, number - 1) if number > 1 else "",
                next=address(self.here, subject, number + 1) if number < of else "",
                extra=(self.place_stamps.get(subject, ""),),
            )  # fmt: skip

    def _text(self, text: Text) -> Iterator[Page]:
        yield self._page("text.html", _to(Addresses.text, text.id), subject=text.id, extra=(text.stamp,))

    def _all_genres(self) -> list[str]:
        used = {genre.id for found in self.showing.found.values() for genre in found.production.genres}
        return sorted(used)

    def _all_venues(self) -> list[str]:
        used = {p.venue for found in self.showing.found.values() for p in found.production.performances if p.venue}
        own = {v.id for h in self.site.houses if h in self.catalogue.houses for v in self.catalogue.houses[h].venues}
        return sorted(used & self.catalogue.venues.keys() | own)

    def _card(self, identity: str) -> str:
        """The stamp of all that any page shows of a production: itself, its pictures, its places, its address."""
        card = self.cards.get(identity)
        if card is None:
            found = self.showing.found[identity]
            production = found.production
            looks = [self.given.looks.get(picture.src, "") for picture in production.pictures]
            places = [self.place_stamps.get(p.venue, "") for p in production.performances]
            card = self.cards[identity] = " ".join((found.stamp, self.slugs[identity], *looks, *places))
        return card

    def _page(
        self,
        template: str,
        at: Callable[[Addresses], str],
        *,
        extra: Sequence[str] = (),
        canonical: str = "",
        **more: Any,
    ) -> Page:
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
        days: Sequence[Day] = (), steps: Sequence[Step] = (), **more: Any,
    ) -> str:  # fmt: skip
        """The name of all that a page shows; what is `more` (numbers, ways on) counts as it is written."""
        shown.append(subject)
        for entry in (*entries, *ongoing):
            shown += (self._card(entry.production), entry.performance)
        for day in days:
            shown.append(day.day.isoformat())
            for entry in day.entries:
                shown += (self._card(entry.production), entry.performance)
        if steps:
            shown += (f"{step.label} {step.url} {step.here}" for step in steps)
            shown.append(self.today.isoformat())
        shown += map(str, more.values())
        return blake2b("\x1f".join(shown).encode(), digest_size=9).hexdigest()


def _to(method: Callable[..., str], *where: str | int) -> Callable[[Addresses], str]:
    """The way to a page in whichever language."""
    return lambda addresses: method(addresses, *where)


def _parts(whole: Sequence[_Part], size: int) -> Iterator[tuple[int, int, Sequence[_Part]]]:
    """Cut a list in pages: number, how many there are, and the part. An empty list is one empty page."""
    of = max(1, -(-len(whole) // size))
    for number in range(1, of + 1):
        yield number, of, whole[(number - 1) * size : number * size]


def _names(catalogue: Catalogue, site: Site) -> list[object]:
    """Names that stand in every page's frame."""
    return [catalogue.houses[h].name for h in site.houses if h in catalogue.houses]


def genre_of(identity: str, catalogue: Catalogue) -> Genre:
    """A genre by its id: from the shared list, else as a house named it."""
    if identity in GENRES:
        return GENRES[identity]
    for found in catalogue.entries.values():
        for genre in found.production.genres:
            if genre.id == identity:
                return genre
    return Genre(id=identity, name={"nl": identity})


def homes(catalogue: Catalogue, sites: Mapping[str, Site], known: Mapping[str, Mapping[str, str]]) -> dict[str, Home]:
    """Every house's own site with the slugs its productions have there, as its own plan will settle them."""
    found: dict[str, Home] = {}
    several = len(sites) > 1
    for house, site in sites.items():
        if several and site.kind is SiteKind.HOUSE:  # a house on its own needs no one to point at
            own = [entry for entry in catalogue.entries.values() if house in entry.production.houses]
            found[house] = Home(site, settle(own, known.get(house, {}), site.languages[0]))
    return found
