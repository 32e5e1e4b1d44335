"""How far places are, who the neighbours are, and what is on there soon.

A day further off weighs as much as five kilometres: one rule for "near and soon" everywhere (docs/explanation).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from etalage.catalogue.attending import chances
from etalage.catalogue.homes import Home, own_page
from etalage.model.catalogue import Catalogue
from etalage.model.distance import kilometres
from etalage.model.programme import Kind, Production, Venue
from etalage.model.site import Site, SiteKind
from etalage.model.tip import Reason, Tip

KM_A_DAY = 5
NOT_KNOWN = 15
"""A place in the region without a position counts as so many kilometres away."""
SOON = timedelta(days=21)
FAR = 50
"""What is further than so many kilometres is not near, and is not proposed in place of something else."""
NEIGHBOURS = 4
OF_ONE_HOUSE = 2


def distance(one: Venue | None, other: Venue | None) -> int | None:
    """Whole kilometres as the crow flies ; None when a place has no position."""
    if one is None or other is None or one.latitude is None or other.latitude is None:
        return None
    if one.longitude is None or other.longitude is None:
        return None
    return round(kilometres((one.latitude, one.longitude), (other.latitude, other.longitude)))


def effort(days: int, km: int | None) -> float:
    """What it asks to go there: less is better."""
    return days + (NOT_KNOWN if km is None else km) / KM_A_DAY


def home_of(house: str, catalogue: Catalogue) -> Venue | None:
    """A house's own place: the first that has a position."""
    venues = catalogue.houses[house].venues if house in catalogue.houses else ()
    return next((venue for venue in venues if venue.latitude is not None), venues[0] if venues else None)


def neighbours(catalogue: Catalogue, site: Site) -> tuple[str, ...]:
    """The other houses of the clusters that a house's site belongs to; none where the house does not want them."""
    if site.kind is not SiteKind.HOUSE or not site.near:
        return ()
    clusters = [cluster for cluster in catalogue.clusters.values() if site.id in cluster.members]
    every = dict.fromkeys(member for cluster in clusters for member in cluster.members)
    return tuple(member for member in every if member not in site.houses)


def near_and_soon(
    catalogue: Catalogue, site: Site, homes: Mapping[str, Home], today: date, language: str
) -> tuple[Tip, ...]:
    """A few things that the neighbours show in the coming weeks, the least effort first, of one house no more than two."""
    others = frozenset(neighbours(catalogue, site))
    if not others:
        return ()
    here = home_of(site.id, catalogue)
    found: list[tuple[float, str, Tip]] = []
    for production in _of_houses(catalogue, others, site):
        first = next(iter(chances(production, today)), None)
        url = own_page(production, homes, language)
        if first is None or not url or first.start.date() > today + SOON:
            continue
        km = distance(here, catalogue.venues.get(first.venue))
        if km is not None and km > FAR:
            continue
        tip = Tip(production=production.id, performance=first.id, why=Reason("near"), km=km, url=url)
        found.append((effort((first.start.date() - today).days, km), production.id, tip))
    found.sort(key=lambda one: one[:2])
    return _spread(catalogue, found)


def _of_houses(catalogue: Catalogue, houses: frozenset[str], site: Site) -> Iterator[Production]:
    """What these houses own, that this site does not show itself."""
    for entry in catalogue.entries.values():
        production = entry.production
        if production.houses[0] not in houses or not set(site.houses).isdisjoint(production.houses):
            continue
        if not production.removed and production.kind is not Kind.SCHOOL:
            yield production


def _spread(catalogue: Catalogue, found: list[tuple[float, str, Tip]]) -> tuple[Tip, ...]:
    """The first of a list, of one house no more than OF_ONE_HOUSE."""
    counts: dict[str, int] = {}
    tips: list[Tip] = []
    for _, identity, tip in found:
        house = catalogue.entries[identity].production.houses[0]
        counts[house] = counts.get(house, 0) + 1
        if counts[house] <= OF_ONE_HOUSE:
            tips.append(tip)
    return tuple(tips[:NEIGHBOURS])
