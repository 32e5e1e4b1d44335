"""A site's feeds, drawn without files."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from etalage.catalogue.harvest import stamp
from etalage.catalogue.plan import Given, plan
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.programme import Production, Venue
from etalage.model.site import Site, SiteKind
from plugins.agenda.build import Build
from plugins.agenda.manifest import Manifest
from plugins.feeds.generator import FeedsGenerator
from tests.make import NOON, ZAAL, house

THEME = Path(__file__).parents[2] / "themes" / "base"


class Fed:
    """A site with these productions; `file("genre/jazz/feed.json")` is what stands there."""

    def __init__(
        self, *productions: Production, now: Any = NOON, venues: tuple[Venue, ...] = (ZAAL,), **more: Any
    ) -> None:
        names = tuple(dict.fromkeys(name for one in productions for name in one.houses)) or ("linde",)
        settings = {
            "id": "linde", "kind": SiteKind.HOUSE, "name": {"nl": "CC De Linde", "fr": "CC Le Tilleul"}, "languages": ("nl",),
            "houses": names, "url": "https://linde.example",
        }  # fmt: skip
        self.site = Site(**(settings | more))
        catalogue = Catalogue(
            entries={one.id: Entry(production=one, stamp=stamp(one)) for one in productions},
            venues={venue.id: venue for venue in venues},
            houses={name: house(name, url=f"https://{name}.example") for name in names},
        )
        self.plan = plan(catalogue, self.site, Given(now=now))
        build = Build(
            plan=self.plan, catalogue=catalogue, texts=(), now=now, manifest=Manifest(), translations=THEME / "translations",
        )  # fmt: skip
        self.generator = FeedsGenerator.__new__(FeedsGenerator)
        self.generator.env = SimpleNamespace(globals={"picture": lambda *_: None})
        self.generator.settings = {"ETALAGE": build, "THEME": str(THEME)}
        self.generator.prepare()

    def file(self, path: str) -> bytes:
        page = next(page for page in self.plan.pages if page.path == path)
        return self.generator.draw(page)

    def paths(self, ending: str) -> list[str]:
        return [page.path for page in self.plan.pages if page.path.endswith(ending)]


@pytest.fixture
def fed() -> Callable[..., Fed]:
    """A function that draws the feeds of a site with the productions given."""
    return Fed
