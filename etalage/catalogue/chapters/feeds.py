"""What is read by other software: feeds and calendars of all that is coming, and of each list.

The seam for a new kind of list is `beside`: give its page `feeds=` the folder it stands in, and yield from `beside`.
"""

from collections.abc import Callable, Iterator, Sequence

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.chapters.front import ahead
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.presets import PRESETS, Preset
from etalage.model.programme import Performance, Production
from etalage.model.site import Entry, Page
from etalage.model.words import Words, pick


def draw(d: Drawing) -> Iterator[Page]:
    """One of each per language, and those of the filters that visitors pick most."""
    yield d.page("feed.xml", to(Addresses.root, "feed.xml"), indexed=False, entries=ahead(d))
    if d.site.calendars:
        every = tuple(d.showing.ahead)
        yield d.page("agenda.ics", to(Addresses.root, "agenda.ics"), indexed=False, entries=every)
    if d.site.sharing.lists:
        yield d.page("feed.json", to(Addresses.root, "feed.json"), indexed=False, entries=ahead(d))
        for preset in PRESETS:
            yield from _preset(d, preset)


def beside(d: Drawing, at: Callable[[Addresses], str], name: Words, ids: Sequence[str]) -> Iterator[Page]:
    """The feeds and the calendar that stand beside a list at `at`, of these productions, the soonest first."""
    if d.site.sharing.lists:
        wanted = set(ids)
        dates = tuple(entry for entry in d.showing.ahead if entry.production in wanted) if d.site.calendars else ()
        first = tuple(next_of(d, i) for i in ids[: d.site.page_size])
        yield from _three(d, at, name, first, dates)


def next_of(d: Drawing, identity: str) -> Entry:
    """A production at its next date; an expo as a whole."""
    return Entry(identity, d.showing.coming[identity][0].id if identity in d.showing.coming else "")


def _preset(d: Drawing, preset: Preset) -> Iterator[Page]:
    dates = tuple(entry for entry in d.showing.ahead if preset.keeps(*_both(d, entry)))
    soonest = {entry.production: entry for entry in reversed(dates)}
    first = tuple(soonest[i] for i in dict.fromkeys(entry.production for entry in dates))[: d.site.page_size]

    def at(addresses: Addresses) -> str:
        return addresses.preset(preset.word.get(addresses.language, preset.word["en"]))

    yield from _three(d, at, preset.name, first, dates)


def _both(d: Drawing, entry: Entry) -> tuple[Production, Performance]:
    production = d.showing.found[entry.production].production
    return production, next(p for p in production.performances if p.id == entry.performance)


def _three(
    d: Drawing, at: Callable[[Addresses], str], name: Words, first: tuple[Entry, ...], dates: tuple[Entry, ...]
) -> Iterator[Page]:
    here = at(d.here)
    called = pick(name, (d.language, *d.site.languages))[0]
    for kind, entries in (("feed.xml", first), ("feed.json", first), ("agenda.ics", dates)):
        if kind != "agenda.ics" or d.site.calendars:
            there = _file(at, kind)
            yield d.page(kind, there, indexed=False, entries=entries, feeds=here, name=called)


def _file(at: Callable[[Addresses], str], name: str) -> Callable[[Addresses], str]:
    return lambda addresses: at(addresses) + name
