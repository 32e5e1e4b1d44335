"""Where somebody can go who finds it sold out: another date, the same elsewhere in the region, else something like it.

What is known at build time; the live availability of a later day may hide or show the whole block (see the theme's `instead`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from etalage.catalogue.attending import chances, goes_on, has_places
from etalage.catalogue.homes import Home, own_page
from etalage.catalogue.region import FAR, distance, effort, neighbours
from etalage.catalogue.tips import Tips
from etalage.model.catalogue import Catalogue
from etalage.model.offer import Stock
from etalage.model.programme import Performance, Production
from etalage.model.site import Site
from etalage.model.tip import Reason, Tip

DATES = 3
ELSEWHERE = 3
LIKELY = 2

_Weighed = tuple[float, datetime, Tip]
"""How much it asks to go there, when it is, and the tip."""


class Referral:
    """Refers from what is sold out, in one language of a site."""

    def __init__(
        self, catalogue: Catalogue, site: Site, homes: Mapping[str, Home], tips: Tips, today: date, language: str
    ) -> None:
        self.catalogue, self.site, self.homes, self.tips = catalogue, site, homes, tips
        self.today, self.language = today, language
        self.around = frozenset((*site.houses, *neighbours(catalogue, site)))
        self.works = self._works()

    def of(self, production: Production) -> tuple[Tip, ...]:
        """What to do instead; nothing when no date is sold out."""
        full = [p for p in production.performances if p.stock is Stock.NONE and goes_on(p, self.today)]
        if not full or production.removed:
            return ()
        first = full[0]
        dates = [self._tip(production, p, first, Reason("date")) for p in chances(production, self.today)]
        found = [*_nearest(dates)[:DATES], *_nearest(self._elsewhere(production, first))[:ELSEWHERE]]
        return tuple(tip for *_, tip in found) or tuple(
            tip for *_, tip in _nearest(self._likely(production, first))[:LIKELY]
        )

    def _elsewhere(self, production: Production, first: Performance) -> Iterator[_Weighed]:
        """The same work at other houses, where they say that it is the same."""
        for other in self.works.get(production.keys.get("work", ""), ()):
            if other.id == production.id or other.kind is not production.kind:
                continue
            chance = next(iter(chances(other, self.today)), None)
            shown_here = not set(other.houses).isdisjoint(self.site.houses)
            url = "" if shown_here else own_page(other, self.homes, self.language)
            if chance is not None and (url or shown_here):
                yield self._tip(other, chance, first, Reason("elsewhere"), url)

    def _likely(self, production: Production, first: Performance) -> Iterator[_Weighed]:
        """Of what is like it, what asks least."""
        for entry, why in self.tips.of(production.id):
            other = self.catalogue.entries[entry.production].production
            chance = next((p for p in other.performances if p.id == entry.performance), None)
            if chance is not None and has_places(chance, self.today) and not why.code.startswith("other"):
                weighed = self._tip(other, chance, first, why)
                if weighed[2].km is None or weighed[2].km <= FAR:
                    yield weighed

    def _tip(
        self, production: Production, at: Performance, first: Performance, why: Reason, url: str = ""
    ) -> _Weighed:  # fmt: skip
        km = distance(self.catalogue.venues.get(first.venue), self.catalogue.venues.get(at.venue))
        away = abs((at.start.date() - first.start.date()).days)
        shown = None if at.venue == first.venue else km
        return effort(away, km), at.start, Tip(production=production.id, performance=at.id, why=why, km=shown, url=url)

    def _works(self) -> dict[str, list[Production]]:
        """Work key → what of it is shown here or at the neighbours."""
        works: dict[str, list[Production]] = {}
        for entry in self.catalogue.entries.values():
            production = entry.production
            work = production.keys.get("work")
            if work and not production.removed and not self.around.isdisjoint(production.houses):
                works.setdefault(work, []).append(production)
        return works


def _nearest(tips: Iterable[_Weighed]) -> list[_Weighed]:
    return sorted(tips, key=lambda one: (one[0], one[1], one[2].performance))
