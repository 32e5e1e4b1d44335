"""Curated lists on a site: which are shown today, what is left of them, and what their makers should mend.

A newcomer's trap: a list is written once and the programme moves on. What is past or gone drops out by itself; what no source
ever had is a mistake in the file, and is reported.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

import msgspec

from etalage.catalogue.attending import first_chance
from etalage.catalogue.homes import Home
from etalage.model.catalogue import Catalogue
from etalage.model.curation import CuratedList, Pick
from etalage.model.record import Problem, Weight
from etalage.model.site import Entry

LOW = 1
"""With so few left a list asks for its maker."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it stands today: what is left of it, in its maker's order, and which of its picks each is.

    `is_open`: it is within its own first and last day.
    """

    list: CuratedList
    entries: tuple[Entry, ...]
    picks: tuple[int, ...]
    is_open: bool

    @property
    def is_shown(self) -> bool:
        """Whether the front page and the overview name it."""
        return self.is_open and bool(self.entries)


class Shelf:
    """Where an item of a list is looked up: an id, or the address of a page on this site or on a house's own."""

    def __init__(
        self, catalogue: Catalogue, shown: Iterable[str], slugs: Mapping[str, str], former: Mapping[str, str],
        homes: Mapping[str, Home],
    ) -> None:  # fmt: skip
        self.catalogue, self.shown = catalogue, frozenset(shown)
        self.by_slug: dict[str, str] = {}
        for home in homes.values():
            self.by_slug.update((slug, i) for i, slug in home.addresses.items() if i in self.shown)
        self.by_slug.update(former)
        self.by_slug.update((slug, identity) for identity, slug in slugs.items())

    def find(self, item: str) -> str:
        """The production's id; "" when this site knows no such thing."""
        identity = self.catalogue.aliases.get(item, item)
        if identity in self.shown:
            return identity
        found = self.by_slug.get(urlsplit(item).path.rstrip("/").rpartition("/")[2], "")
        return found if found in self.shown else ""


def stand(lists: Sequence[CuratedList], shelf: Shelf, today: date) -> tuple[tuple[Standing, ...], tuple[Problem, ...]]:
    """Every list from its first day on, in the order staff gave; and what is to be mended in them."""
    problems: list[Problem] = []
    standing: list[Standing] = []
    for one in sorted(lists, key=lambda one: (one.order, one.id)):
        left: list[tuple[Entry, int]] = []
        for at, pick in enumerate(one.picks):
            identity = shelf.find(pick.item)
            if not identity:
                problems.append(_unknown(one, pick, at + 1))
                continue
            chance = first_chance(shelf.catalogue.entries[identity].production, today)
            if chance is not None and all(entry.production != identity for entry, _ in left):
                left.append((Entry(identity, chance), at))
        if one.opens is not None and one.opens > today:
            continue
        is_open = one.closes is None or one.closes >= today
        problems += _running_empty(one, len(left)) if is_open else ()
        shown = left if is_open else []
        standing.append(
            Standing(list=one, entries=tuple(e for e, _ in shown), picks=tuple(p for _, p in shown), is_open=is_open)
        )
    return tuple(standing), tuple(problems)


def _running_empty(one: CuratedList, left: int) -> Iterator[Problem]:
    if left == 0:
        reason = "nothing in it can still be attended: it left the front page; add to its items, or remove the file"
        yield _problem(one, "items", "list_empty", reason)
    elif left <= LOW < len(one.picks):
        reason = f"{left} of {len(one.picks)} items can still be attended; add some before it is empty"
        yield _problem(one, "items", "list_low", reason)


def _unknown(one: CuratedList, pick: Pick, at: int) -> Problem:
    reason = (
        f"{pick.item!r} is no production of this site (any more); write the id that `build.py plan` shows, "
        "or copy the address of its page; the rest of the list is shown"
    )
    return _problem(one, f"items[{at}]", "list_item_unknown", reason)


def _problem(one: CuratedList, field: str, code: str, reason: str) -> Problem:
    return Problem(source=f"list:{one.file}", record=one.id, field=field, code=code, reason=reason, weight=Weight.DOUBT)
