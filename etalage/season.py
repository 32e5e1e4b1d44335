"""One round from the sources to a plan, for whoever asks: the command line, the dev server, a test.

It keeps what must be kept between rounds (harvests, what overlays covered, addresses) in the workspace's var folder.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import msgspec

from etalage import wiring
from etalage.catalogue import completeness, foyer
from etalage.catalogue.enrich import Seen, enrich
from etalage.catalogue.harvest import FORMAT, Harvest, harvest, recall
from etalage.catalogue.merge import Rules, merge
from etalage.catalogue.plan import Given, Home, homes, plan
from etalage.config import HouseSettings, Settings, SourceSettings
from etalage.model.catalogue import Catalogue
from etalage.model.curation import CuratedList
from etalage.model.errors import Refused
from etalage.model.overlay import Overlay
from etalage.model.record import Problem, Weight
from etalage.model.redirect import OldAddress
from etalage.model.site import Site, SitePlan, Text

_SEEN = f"enrich/seen-{FORMAT}.json"  # another format of ours is no change of theirs


class Season:
    """What one round knows. `harvests` by source id; the catalogue is made of all houses, harvested now or before."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self.settings, self.now = settings, now
        self.files = wiring.files(settings.workspace)
        self.editorial = wiring.editorial(settings)
        self.harvests: dict[str, Harvest] = {}
        self.problems: list[Problem] = []

    def houses_of(self, sites: Iterable[str]) -> tuple[str, ...]:
        """The houses whose programme these sites show."""
        return tuple(dict.fromkeys(house for name in sites for house in self.settings.site(name).houses))

    def fetch(
        self, houses: Sequence[str], accept: bool = False, step: Callable[[str, int, int], None] = lambda *_: None
    ) -> None:
        """Ask the sources of these houses what changed; others are remembered. Each house's systems are asked in turn."""
        jobs = [(house, source) for house in houses for source in self.settings.houses[house].sources]

        def ask(job: tuple[str, SourceSettings]) -> Harvest:
            house, source = job
            return self._ask(self.settings.houses[house], source, accept)

        if len(jobs) == 1:
            found: Iterable[Harvest] = map(ask, jobs)
        else:
            pool = ThreadPoolExecutor(max_workers=4)
            found = pool.map(ask, jobs)
        for done, result in enumerate(found, 1):
            self.harvests[result.source] = result
            step(result.source, done, len(jobs))

    def _ask(self, house: HouseSettings, given: SourceSettings, accept: bool) -> Harvest:
        try:
            source = wiring.source(given, house, self.now.date())
        except Refused as refused:
            known = recall(given.id, self.files)
            problem = Problem(
                source=given.id, record="", field="", code=refused.code, reason=refused.say, weight=Weight.RECORD
            )  # fmt: skip
            return msgspec.structs.replace(known, problems=(*known.problems, problem), failure=refused.say)
        return harvest(source, self.files, self.now, wiring.fingerprint(given, house), accept)

    def catalogue(self) -> Catalogue:
        """Everything all houses show: merged, and with staff's overlays on it."""
        everything = {
            source.id: self.harvests.get(source.id) or recall(source.id, self.files)
            for house in self.settings.houses.values()
            for source in house.sources
        }
        houses = {name: given.house for name, given in self.settings.houses.items()}
        rules = {name: Rules(**msgspec.structs.asdict(given.merge)) for name, given in self.settings.houses.items()}
        merged = merge(everything.values(), houses, rules)
        merged = msgspec.structs.replace(
            merged, clusters={name: given.cluster for name, given in self.settings.clusters.items()}
        )
        overlays: list[Overlay] = []
        for name in self.settings.houses:
            found, problems = self.editorial.overlays(name)
            overlays += found
            self.problems += problems
        memory = self._seen()
        fields = {name: given.fields for name, given in self.settings.houses.items()}
        enriched, seen = enrich(merged, overlays, memory, fields)
        if seen != memory:
            self.files.write(_SEEN, msgspec.json.encode(seen))
        self.problems += enriched.problems
        return enriched

    def _seen(self) -> Mapping[str, Mapping[str, Seen]]:
        content = self.files.read(_SEEN)
        return msgspec.json.decode(content, type=dict[str, dict[str, Seen]]) if content else {}

    def texts(self, site: str) -> Sequence[Text]:
        """A site's pages of text."""
        texts, problems = self.editorial.texts(site)
        self.problems += problems
        return texts

    def redirects(self, site: str) -> Sequence[OldAddress]:
        """A site's old addresses."""
        found, problems = self.editorial.redirects(site)
        self.problems += problems
        return found

    def lists(self, site: str) -> Sequence[CuratedList]:
        """A site's curated lists."""
        lists, problems = self.editorial.lists(site)
        self.problems += problems
        return lists

    def missing(self, catalogue: Catalogue) -> tuple[Problem, ...]:
        """What staff should still fill in."""
        required = {name: given.required for name, given in self.settings.houses.items()}
        return completeness.examine(catalogue, required, self.now.date()) + self.gaps(catalogue)

    def gaps(self, catalogue: Catalogue) -> tuple[Problem, ...]:
        """What the foyer's screens cannot say of the coming week."""
        screens = frozenset(name for name, given in self.settings.houses.items() if given.choices["sharing"].screen)
        return foyer.gaps(catalogue, screens, self.now.date())

    def homes(self, catalogue: Catalogue, known: Mapping[str, Mapping[str, str]], url: str = "") -> Mapping[str, Home]:
        """Where each house shows its own productions; `known`: site → production → slug."""
        return homes(catalogue, {name: self.settings.site(name, url) for name in self.settings.houses}, known)

    @staticmethod
    def plan(catalogue: Catalogue, site: Site, given: Given) -> SitePlan:
        """Plan one site."""
        return plan(catalogue, site, given)

    def failures(self) -> list[Problem]:
        """What kept a source from being read: the command must end with an error."""
        return [
            problem
            for found in self.harvests.values()
            if found.failure
            for problem in found.problems
            if not problem.record and problem.weight is Weight.RECORD
        ]
