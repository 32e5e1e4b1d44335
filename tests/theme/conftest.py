"""A small site that is drawn with the real theme, page by page, without files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from etalage.catalogue.harvest import stamp
from etalage.catalogue.plan import Given, plan
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.house import Contact
from etalage.model.programme import Production
from etalage.model.site import Site, SiteKind, Text
from plugins import assets
from plugins.agenda.build import Build
from plugins.agenda.generator import Frame
from plugins.agenda.manifest import Manifest
from tests.make import NOON, ZAAL, house

THEMES = Path(__file__).parents[2] / "themes"
HOUSES = sorted(folder.name for folder in THEMES.iterdir() if (folder / "tokens.css").exists())
TEXTS = (
    Text(id="praktisch", title={"nl": "Praktisch", "fr": "Infos pratiques"}, body={"nl": "<h2>Met de trein</h2><p>Lijn 53.</p>"}, menu=True),
    Text(id="privacy", title={"nl": "Privacy"}, body={"nl": "<p>Geen cookies.</p>"}),
)  # fmt: skip


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The assets of the base theme."""
    return assets.prepare(THEMES, "base", tmp_path_factory.mktemp("assets"))


@pytest.fixture(scope="session")
def env(files: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> jinja2.Environment:
    """Jinja as pelicanconf.py sets it up; templates are compiled once for all tests."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in assets.template_folders(THEMES, "base")]),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
        bytecode_cache=jinja2.FileSystemBytecodeCache(str(tmp_path_factory.mktemp("jinja"))),
    )  # fmt: skip
    made.globals.update(asset=files.__getitem__, picture=lambda *_: None)
    return made


class Drawn:
    """A site with these productions; `page("agenda/")` is a drawn page as a tree, `production()` that of the first."""

    def __init__(self, env: jinja2.Environment, *productions: Production, **more: Any) -> None:
        lists, venues = more.pop("lists", ()), more.pop("venues", {ZAAL.id: ZAAL})
        entries = {one.id: Entry(production=one, stamp=stamp(one)) for one in productions}
        houses = {name: house(name) for one in productions for name in one.houses} or {"linde": house()}
        settings = {
            "id": "linde", "kind": SiteKind.HOUSE, "name": {"nl": "CC De Linde"}, "languages": ("nl", "fr"), "houses": tuple(houses),
            "url": "https://linde.example", "tagline": {"nl": "Onder de linde"}, "contact": Contact(email="info@linde.example", phone="052 12 34 56"),
        }  # fmt: skip
        self.site = Site(**(settings | more))
        catalogue = Catalogue(entries=entries, venues=venues, houses=houses)
        self.plan = plan(
            catalogue, self.site, Given(now=NOON, texts=TEXTS, lists=lists, former={"oud": next(iter(entries), "")})
        )
        build = Build(
            plan=self.plan, catalogue=catalogue, texts=TEXTS, lists=lists, now=NOON, manifest=Manifest(), translations=THEMES / "base" / "translations"
        )  # fmt: skip
        self.frames = {language: Frame(env, build, language) for language in self.site.languages}
        self.html = [page for page in self.plan.pages if page.path.endswith(".html")]

    def text(self, url: str) -> str:
        page = next(page for page in self.html if page.url == url)
        return self.frames[page.language].draw(page)

    def page(self, url: str) -> Tree:
        return Tree(self.text(url))

    def production(self) -> Tree:
        page = next(page for page in self.html if page.template == "production.html")
        return self.page(page.url)


@pytest.fixture
def drawn(env: jinja2.Environment) -> Callable[..., Drawn]:
    """A function that draws a site with the productions given."""
    return lambda *productions, **more: Drawn(env, *productions, **more)
