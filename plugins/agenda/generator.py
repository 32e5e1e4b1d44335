"""The Pelican generator that renders the plan."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from etalage.catalogue.presets import PRESETS
from etalage.model.site import Page, SiteKind
from plugins.agenda.advice import Advisor
from plugins.agenda.build import Build
from plugins.agenda.lean import LeanEnvironment
from plugins.agenda.speech import Speech
from plugins.agenda.structured import Structured
from plugins.agenda.subjects import SUBJECTS
from plugins.agenda.viewer import Viewer
from plugins.agenda.writing import write_pages
from plugins.pelican import Generator


class AgendaGenerator(Generator):  # type: ignore[misc]
    """Renders every page of the plan whose key changed, and removes the files of pages that are no more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.build: Build = self.settings["ETALAGE"]
        self.site = self.build.plan.site
        self.frames = {language: self._frame(language) for language in self.site.languages}

    def generate_output(self, writer: Any) -> None:
        """Pelican's call: draw what changed."""
        del writer
        build, output = self.build, Path(self.output_path)
        build.todo = build.manifest.to_draw(build.plan.pages, output)
        # lists first: they show the same cards, and one process makes those once
        todo = sorted(filter(is_html, build.todo), key=lambda page: not page.entries)
        build.written |= write_pages(todo, self.draw, output, build.workers, lambda done: build.step(done, len(todo)))
        build.step(len(todo), len(todo))
        for path in build.manifest.pages.keys() - {page.path for page in build.plan.pages}:
            remove(output, path)

    def draw(self, page: Page) -> bytes:
        """The bytes of one page."""
        return self.frames[page.language].draw(page).encode()

    def _frame(self, language: str) -> "Frame":
        return Frame(self.env, self.build, language)


class Frame:
    """One language of a site: its Jinja environment, its viewer, and what is the same on every page."""

    def __init__(self, env: jinja2.Environment, build: Build, language: str) -> None:
        site = build.plan.site
        self.build, self.site, self.language = build, site, language
        self.speech = Speech(language, site.languages, build.translations)
        picture: Any = env.globals["picture"]
        self.viewer = Viewer(build.catalogue, site, self.speech, build.plan.addresses, build.now, picture)
        self.advisor = Advisor(self.viewer, build.lists)
        self.structured = Structured(build.catalogue, site, self.speech)
        self.texts = {text.id: text for text in build.texts}
        self.menu = [(self.speech.say(t.title), self.viewer.addresses.text(t.id)) for t in build.texts if t.menu]
        self.footer = [(self.speech.say(t.title), self.viewer.addresses.text(t.id)) for t in build.texts if not t.menu]
        genres = {
            p.subject for p in build.plan.pages if p.template == "genre.html" and p.total and p.language == language
        }
        self.genres = sorted((self.viewer.genre(g) for g in genres), key=lambda genre: genre[1])
        self.env = self._environment(env)

    def _environment(self, env: jinja2.Environment) -> jinja2.Environment:
        """An environment of its own per language: gettext lives in the globals, which overlays would share."""
        own = LeanEnvironment(
            loader=env.loader, extensions=list(env.extensions), autoescape=True, undefined=env.undefined,
            trim_blocks=True, lstrip_blocks=True, auto_reload=False, cache_size=-1, bytecode_cache=env.bytecode_cache,
        )  # fmt: skip
        own.globals.update(env.globals)
        own.filters.update(env.filters)
        own.install_gettext_callables(self.speech.gettext, self.speech.ngettext, newstyle=True)  # type: ignore[attr-defined]
        speech, viewer = self.speech, self.viewer
        own.globals.update(
            language=self.language, site=SiteView(self), today=self.build.plan.today, card=viewer.card, a=viewer.addresses,
            once=_Once(), day=speech.day, day_short=speech.day_short, month=speech.month, month_name=speech.month_name,
        )  # fmt: skip
        return own

    def draw(self, page: Page) -> str:
        """One page as text."""
        root = "../" * page.url.count("/")
        context: dict[str, Any] = {"page": page, "root": root or "./"}
        about = SUBJECTS.get(page.template)
        if about:
            context.update(about(self, page))
        return self.env.get_template(page.template).render(context)


class _Once:
    """`{{ once(site_footer, root) }}`: a macro that gives the same for the same arguments is drawn once."""

    def __init__(self) -> None:
        self.drawn: dict[tuple[Any, ...], Markup] = {}

    def __call__(self, macro: Any, *arguments: Any) -> Markup:
        key = (macro.name, *arguments)
        try:
            drawn = self.drawn.get(key)
        except TypeError:  # an example of a component, which has no identity to remember it by
            return macro(*arguments)  # type: ignore[no-any-return]
        if drawn is None:
            drawn = self.drawn[key] = macro(*arguments)
        return drawn


class SiteView:
    """What every page of a site shows: its name, its menu, its houses, its ways to feeds."""

    def __init__(self, frame: Frame) -> None:
        site, viewer, say = frame.site, frame.viewer, frame.speech.say
        self.id, self.url, self.languages, self.contact = site.id, site.url, site.languages, site.contact
        self.is_cluster = site.kind is SiteKind.CLUSTER
        self.name, self.tagline = say(site.name), say(site.tagline)
        self.home, self.agenda = viewer.addresses.root(), viewer.addresses.agenda()
        self.search = viewer.addresses.search() if site.search else ""
        self.find = viewer.addresses.find()
        self.menu, self.footer = frame.menu, frame.footer
        self.houses = [(*viewer.houses[h], frame.build.homes.get(h, "")) for h in site.houses if h in viewer.houses]
        self.genres = frame.genres
        self.feed = viewer.addresses.prefix + "feed.xml"
        has_lists = frame.build.lists and any(page.template == "lists.html" for page in frame.build.plan.pages)
        self.lists = viewer.addresses.lists() if has_lists else ""
        self.last_minute = viewer.addresses.last_minute() if site.last_minute else ""
        self.calendar = viewer.addresses.prefix + "agenda.ics" if site.calendars else ""
        self.path = f"{urlsplit(site.url).path.rstrip('/')}/"
        self.shared = frame.build.shared.get(("", frame.language))
        self.feed_json = viewer.addresses.prefix + "feed.json" if site.sharing.lists else ""
        self.presets = presets(frame) if site.sharing.lists else []
        self.wishlist = viewer.addresses.wishlist() if site.wishlist else ""
        self.basket = viewer.addresses.basket() if site.sells else ""
        self.manifest = viewer.addresses.prefix + "manifest.webmanifest" if site.offline else ""
        self.webcal = f"webcal://{site.url.partition('://')[2]}/" if site.url else ""


def presets(frame: Frame) -> list[tuple[str, str]]:
    """The filters that have feeds of their own: name and folder."""
    folders = {
        p.name: p.feeds for p in frame.build.plan.pages if p.template == "feed.xml" and p.language == frame.language
    }
    names = [str(frame.speech.say(preset.name)) for preset in PRESETS]
    return [(name, folders[name]) for name in names if name in folders]


def is_html(page: Page) -> bool:
    """Whether it is drawn here; the feeds plugin draws the others."""
    return page.template.endswith(".html")


def remove(output: Path, path: str) -> None:
    """Remove a page's file and the folders it leaves empty."""
    file = output / path
    file.unlink(missing_ok=True)
    for folder in file.parents:
        if folder == output or not folder.is_relative_to(output):
            break
        try:
            folder.rmdir()
        except OSError:
            break
