"""All that helps a visitor of one site choose, as of one day: tips, curated lists, the neighbours, and what to do instead.

Made once for all languages of a site; what nobody asks for is never computed.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from etalage.catalogue.ahead import Ahead
from etalage.catalogue.curation import Shelf, Standing, stand
from etalage.catalogue.harvest import stamp
from etalage.catalogue.homes import Home
from etalage.catalogue.region import near_and_soon
from etalage.catalogue.showing import Showing
from etalage.catalogue.sold_out import Referral
from etalage.catalogue.tips import NextOfGenre, Tips
from etalage.model.catalogue import Catalogue
from etalage.model.curation import CuratedList
from etalage.model.record import Problem
from etalage.model.site import Site
from etalage.model.tip import Choice, Tip


class Advice:
    """What the chapters of a plan ask. `slugs` and `former` are this site's addresses, `looks` the stamps of pictures."""

    def __init__(
        self, catalogue: Catalogue, site: Site, showing: Showing, homes: Mapping[str, Home], lists: Sequence[CuratedList],
        slugs: Mapping[str, str], former: Mapping[str, str], looks: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.catalogue, self.site, self.showing, self.homes, self.looks = catalogue, site, showing, homes, looks
        shelf = Shelf(catalogue, showing.found, slugs, former, homes) if lists else None
        self.lists: tuple[Standing, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        if shelf:
            self.lists, self.problems = stand(lists, shelf, showing.today)
        self._near: dict[str, tuple[Tip, ...]] = {}
        self._referrals: dict[str, Referral] = {}

    @cached_property
    def tips(self) -> Tips | NextOfGenre:
        """What is like a production, and what is not."""
        return self._tips if self.site.tips else self._next_of_genre()

    def _next_of_genre(self) -> NextOfGenre:
        own = {i: [genre.id for genre in found.production.genres] for i, found in self.showing.found.items()}
        return NextOfGenre(self.showing.lists[0], own)

    @cached_property
    def _tips(self) -> Tips:
        wishes = {i: found.tips for i, found in self.showing.found.items() if found.tips.pin or found.tips.ban}
        return Tips(Ahead(self.showing, self.site.languages[0]), wishes)

    @cached_property
    def chosen(self) -> Mapping[str, tuple[Choice, ...]]:
        """Production → where it is in the lists of today."""
        found: dict[str, tuple[Choice, ...]] = {}
        for one in self.lists:
            for entry, pick in zip(one.entries, one.picks, strict=True):
                found[entry.production] = (*found.get(entry.production, ()), Choice(one.list.id, pick))
        return found

    @cached_property
    def shown(self) -> tuple[Standing, ...]:
        """The lists that the front page and the overview name."""
        return tuple(one for one in self.lists if one.is_shown)

    def near(self, language: str) -> tuple[Tip, ...]:
        """What the neighbours show soon and near."""
        found = self._near.get(language)
        if found is None:
            found = near_and_soon(self.catalogue, self.site, self.homes, self.showing.today, language)
            self._near[language] = found
        return found

    def instead(self, identity: str, language: str) -> tuple[Tip, ...]:
        """Where to go when this is sold out; a site without tips does not say."""
        if not self.site.tips:
            return ()
        referral = self._referrals.get(language)
        if referral is None:
            referral = self._referrals[language] = Referral(
                self.catalogue, self.site, self.homes, self._tips, self.showing.today, language
            )
        return referral.of(self.showing.found[identity].production)

    def list_stamps(self, lists: Iterable[Standing]) -> list[str]:
        """What a page shows of these lists themselves."""
        found = []
        for one in lists:
            portrait = one.list.curator.picture
            found += [one.list.stamp, str(one.is_open), self.looks.get(portrait.src, "") if portrait else ""]
        return found

    def choice_stamps(self, chosen: Iterable[Choice]) -> list[str]:
        """What a production's page shows of the lists that have it: who chose it and why, and the list's name."""
        lists = {one.list.id: one.list for one in self.lists}
        return [
            stamp(one.list, of.title, of.curator.name, of.curator.role, of.picks[one.pick].because)
            for one in chosen
            for of in (lists[one.list],)
        ]  # fmt: skip

    def tip_stamps(self, tips: Iterable[Tip]) -> list[str]:
        """What a page shows of these tips beside what is in them: productions of any house, and their places."""
        found = []
        for tip in tips:
            entry = self.catalogue.entries[tip.production]
            places = [
                stamp(self.catalogue.venues.get(p.venue))
                for p in entry.production.performances
                if p.id == tip.performance
            ]
            found += [entry.stamp, *places]
        return found
