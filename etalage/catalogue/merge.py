"""Join what several sources know of the same thing, by explicit key or by rule; report doubts, never guess.

A newcomer's trap: joining is between sources. Two records of one source are never joined: the source says they are two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import msgspec
from msgspec.structs import replace

from etalage.catalogue.combine import combine
from etalage.catalogue.harvest import Harvest, Kept
from etalage.catalogue.likeness import folded, is_same_title, resembles
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.house import House
from etalage.model.programme import Performance, Production, Status, Venue
from etalage.model.record import Problem, Weight

WORK_KEY = "work"
"""This key says that two productions are the same work on tour; it relates them, it does not join them."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What staff decided: whom to believe first, per field where wanted, and what is (or is not) the same."""

    order: Sequence[str] = ()
    fields: Mapping[str, str] = {}
    same: Sequence[Sequence[str]] = ()
    different: Sequence[Sequence[str]] = ()


def merge(harvests: Iterable[Harvest], houses: Mapping[str, House], rules: Mapping[str, Rules]) -> Catalogue:
    """Make one catalogue of all harvests; `rules` by house id."""
    order = _order(harvests, rules)
    kept: dict[str, Kept] = {i: one for harvest in order for i, one in harvest.kept.items()}
    source_of = {i: harvest.source for harvest in order for i in harvest.kept}
    rank = {harvest.source: n for n, harvest in enumerate(order)}
    venues = _venues(kept.values(), houses)
    problems: list[Problem] = []
    groups, paired = _join(kept, source_of, rank, venues, houses, rules, problems) if len(order) > 1 else ({}, {})
    entries: dict[str, Entry] = {}
    aliases: dict[str, str] = {}
    for identity, one in kept.items():
        group = groups.get(identity)
        if group is None:
            entries[identity] = _alone(one)
        elif group[0] == identity:
            first = one.record.production.houses[0]
            entry = combine(
                [kept[i] for i in group],
                [source_of[i] for i in group],
                paired,
                rules.get(first, Rules()).fields,
            )
            entries[identity] = entry
            aliases.update(dict.fromkeys(group[1:], identity))
    return Catalogue(
        entries=entries, venues=venues, houses=houses, problems=tuple(problems), aliases=aliases
    )  # fmt: skip


def _order(harvests: Iterable[Harvest], rules: Mapping[str, Rules]) -> list[Harvest]:
    """Sources as they are believed: a house's own order first, then as settings name them."""
    wanted = [source for rule in rules.values() for source in rule.order]
    return sorted(harvests, key=lambda h: wanted.index(h.source) if h.source in wanted else len(wanted))


def _alone(one: Kept) -> Entry:
    production = one.record.production
    return Entry(production=vanished(production) if one.gone else production, stamp=one.stamp)


def vanished(production: Production) -> Production:
    """A production that its source no longer has: its page stays and says so."""
    performances = tuple(
        p if p.status is Status.CANCELLED else replace(p, status=Status.REMOVED) for p in production.performances
    )
    return replace(production, removed=True, performances=performances)


def _venues(kept: Iterable[Kept], houses: Mapping[str, House]) -> dict[str, Venue]:
    """All venues by id; what a house says of its own place wins over what a source says."""
    venues: dict[str, Venue] = {}
    for one in kept:
        for venue in one.record.venues:
            venues[venue.id] = venue
    for house in houses.values():
        venues.update((venue.id, venue) for venue in house.venues)
    return venues


def _join(
    kept: Mapping[str, Kept], source_of: Mapping[str, str], rank: Mapping[str, int], venues: Mapping[str, Venue],
    houses: Mapping[str, House], rules: Mapping[str, Rules], problems: list[Problem],
) -> tuple[dict[str, list[str]], dict[str, str]]:  # fmt: skip
    """Groups of productions that are the same (each in order of belief), and performances paired across them."""
    parted = {frozenset(pair) for rule in rules.values() for group in rule.different for pair in combinations(group, 2)}
    union = _Union()
    for group in [group for rule in rules.values() for group in rule.same]:
        known = [i for i in group if i in kept]
        problems += [_unknown(i) for i in group if i not in kept]
        for other in known[1:]:
            union.join(known[0], other)
    for holders in _by_key(kept).values():
        for one, other in combinations(holders, 2):
            if source_of[one] != source_of[other] and frozenset((one, other)) not in parted:
                union.join(one, other)
    for one, other, a, b in _meetings(kept, source_of, venues):
        if union.same(one, other) or frozenset((one, other)) in parted:
            continue
        titles = _titles(kept[one]), _titles(kept[other])
        if any(is_same_title(x, y) for x in titles[0] for y in titles[1]):
            union.join(one, other)
        elif _is_same_hall(a, b) or any(resembles(x, y) for x in titles[0] for y in titles[1]):
            problems.append(_doubt(kept, source_of, one, other, a))
    position = {identity: n for n, identity in enumerate(kept)}
    groups: dict[str, list[str]] = {}
    for members in union.groups():
        members.sort(key=lambda i: (not _is_at_home(kept[i], houses), rank[source_of[i]], position[i]))
        groups.update(dict.fromkeys(members, members))
    paired = _pair(groups, kept, source_of, venues, problems)
    return groups, paired


def _is_at_home(one: Kept, houses: Mapping[str, House]) -> bool:
    """Whether the house that gave this record is the one that owns the place: it is then the house to believe."""
    production = one.record.production
    house = houses.get(production.houses[0])
    own = {venue.id for venue in house.venues} if house else set()
    return any(performance.venue in own for performance in production.performances)


def _by_key(kept: Mapping[str, Kept]) -> dict[tuple[str, str], list[str]]:
    """Productions by the explicit keys they carry (a cdbid, a code of the planning system)."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for identity, one in kept.items():
        for name, value in one.record.production.keys.items():
            if name != WORK_KEY and value:
                holders[name, value].append(identity)
    return holders


def _meetings(
    kept: Mapping[str, Kept], source_of: Mapping[str, str], venues: Mapping[str, Venue]
) -> Iterable[tuple[str, str, Performance, Performance]]:
    """Pairs of performances of different sources at the same moment in the same place."""
    at: dict[tuple[object, str], list[tuple[str, Performance]]] = defaultdict(list)
    for identity, one in kept.items():
        if one.gone:
            continue
        for performance in one.record.production.performances:
            if performance.venue:
                at[performance.start.timestamp(), _place(performance.venue, venues)].append((identity, performance))
    for meeting in at.values():
        for (first, a), (second, b) in combinations(meeting, 2):
            if source_of[first] != source_of[second]:
                yield first, second, a, b


def _place(venue: str, venues: Mapping[str, Venue]) -> str:
    """What makes two venues the same place: the id, or the name and the postal code written alike."""
    known = venues.get(venue)
    return folded(f"{known.name} {known.postal}") if known else venue


def _pair(
    groups: Mapping[str, Sequence[str]], kept: Mapping[str, Kept], source_of: Mapping[str, str],
    venues: Mapping[str, Venue], problems: list[Problem],
) -> dict[str, str]:  # fmt: skip
    """Within a group: performance id → id of the believed source's performance at the same moment and place."""
    paired: dict[str, str] = {}
    for members in {id(group): group for group in groups.values()}.values():
        believed: list[tuple[str, Performance]] = []
        for member in members:
            mine = kept[member].record.production.performances
            for performance in mine:
                match = next((p for _, p in believed if _is_same(p, performance, venues)), None)
                if match is not None:
                    paired[performance.id] = match.id
                    continue
                near = next((p for _, p in believed if _is_near(p, performance)), None)
                if near is not None:
                    problems.append(_times_differ(source_of[member], performance, near))
            believed += [(member, p) for p in mine if p.id not in paired]
    return paired


def _is_same(one: Performance, other: Performance, venues: Mapping[str, Venue]) -> bool:
    if one.keys and any(other.keys.get(name) == value for name, value in one.keys.items()):
        return True
    if one.timed != other.timed:
        return one.start.date() == other.start.date()
    places = not (one.venue and other.venue) or _place(one.venue, venues) == _place(other.venue, venues)
    return one.start == other.start and places


def _is_near(one: Performance, other: Performance) -> bool:
    return one.start != other.start and abs((one.start - other.start).total_seconds()) <= 2 * 3600


def _is_same_hall(one: Performance, other: Performance) -> bool:
    return bool(one.hall) and one.hall.casefold() == other.hall.casefold()


def _titles(one: Kept) -> Iterable[str]:
    return [title for title in one.record.production.title.values() if title]


def _doubt(kept: Mapping[str, Kept], source_of: Mapping[str, str], one: str, other: str, at: Performance) -> Problem:
    first, second = next(iter(_titles(kept[one])), one), next(iter(_titles(kept[other])), other)
    return Problem(
        source=source_of[other], record=other, field="title", code="perhaps_the_same", weight=Weight.DOUBT,
        reason=f"{second!r} and {first!r} ({one}) are at the same hour ({at.start:%Y-%m-%d %H:%M}) in the same place; "
        "write them under [merge] same = [[…]] or different = [[…]]",
    )  # fmt: skip


def _times_differ(source: str, performance: Performance, near: Performance) -> Problem:
    return Problem(
        source=source, record=performance.id, field="start", code="times_differ", weight=Weight.DOUBT,
        reason=f"{performance.start:%Y-%m-%d %H:%M} here, {near.start:%H:%M} at {near.id}: both are shown until one is mended",
    )  # fmt: skip


def _unknown(identity: str) -> Problem:
    return Problem(
        source="", record=identity, field="merge.same", code="merge_unknown", weight=Weight.DOUBT,
        reason="[merge] same names an id that no source has; take it out or mend it",
    )  # fmt: skip


class _Union:
    """Which productions belong together (disjoint sets)."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def root(self, one: str) -> str:
        while (up := self.parent.setdefault(one, one)) != one:
            self.parent[one] = self.parent[up]
            one = up
        return one

    def join(self, one: str, other: str) -> None:
        self.parent[self.root(other)] = self.root(one)

    def same(self, one: str, other: str) -> bool:
        return one in self.parent and other in self.parent and self.root(one) == self.root(other)

    def groups(self) -> Iterable[list[str]]:
        together: dict[str, list[str]] = defaultdict(list)
        for one in self.parent:
            together[self.root(one)].append(one)
        return [group for group in together.values() if len(group) > 1]
