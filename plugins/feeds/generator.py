"""The Pelican generator for what is not HTML. It comes last, and notes what the whole build made."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from feedgenerator import Atom1Feed

from etalage.catalogue.addresses import Addresses
from etalage.model.programme import Production
from etalage.model.site import Entry, Page
from plugins.agenda.build import Build
from plugins.agenda.foyer import Foyer
from plugins.agenda.generator import is_html
from plugins.agenda.speech import Speech
from plugins.agenda.viewer import Viewer
from plugins.agenda.writing import write_if_changed, write_pages
from plugins.feeds import shelf
from plugins.feeds.items import Items
from plugins.feeds.oslo import Oslo
from plugins.offline import manifest, worker
from plugins.pelican import Generator

if TYPE_CHECKING:
    from plugins.feeds.calendars import Calendars


class FeedsGenerator(Generator):  # type: ignore[misc]
    """Renders feeds and calendars of the plan, then the sitemap, which needs to know when each page last changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """What to draw with, from the settings."""
        self.build: Build = self.settings["ETALAGE"]
        self.site = self.build.plan.site
        self.paths = {(p.subject, p.language): p.path for p in self.build.plan.pages if p.template == "production.html"}
        self.drawers: dict[str, Callable[[Page], bytes]] = {
            "feed.xml": self.feed, "feed.json": self.items, "agenda.ics": self.calendar, "production.ics": self.dates,
            "month.jsonld": lambda page: self.linked().of_month(page), "catalogue.jsonld": lambda page: self.linked().of_all(page),
            "etalage-agenda.js": self.script, "screen.json": self.screen,
            "shelf.json": self.shelf, "sw.js": self.worker, "manifest.webmanifest": self.manifest,
        }  # fmt: skip
        """Template → what draws it."""
        self.voices: dict[str, tuple[Speech, Viewer]] = {}
        self.calendars: dict[str, Calendars] = {}

    def generate_output(self, writer: Any) -> None:
        """Pelican's call: draw what changed, and end the build's book-keeping."""
        del writer
        build, output = self.build, Path(self.output_path)
        build.manifest.note(build.plan.pages, build.written, build.plan.today)
        todo = [page for page in build.todo if not is_html(page)]
        build.written |= write_pages(todo, self.draw, output, build.workers, lambda _: None)
        files = {"sitemap.xml": self.sitemap(), "robots.txt": self.robots(), "_redirects": self.redirects()}
        for name, content in files.items():
            if content:
                build.written[name] = write_if_changed(str(output / name), content)
            else:
                (output / name).unlink(missing_ok=True)

    def draw(self, page: Page) -> bytes:
        """One feed or calendar."""
        return self.drawers[page.template](page)

    def calendar(self, page: Page) -> bytes:
        """Every date of a list, for one's own calendar."""
        return self.calendars_in(page.language).of_site(
            page.entries, lambda i: self.changed(i, page.language), page.name
        )

    def dates(self, page: Page) -> bytes:
        """The dates of one production, for one's own calendar."""
        production = self.build.catalogue.entries[page.subject].production
        return self.calendars_in(page.language).of_production(production, self.changed(page.subject, page.language))

    def items(self, page: Page) -> bytes:
        """A JSON feed of the next productions of a list."""
        speech, viewer = self.voice(page.language)
        return Items(self.site, speech, viewer, lambda i: self.changed(i, page.language)).of(page)

    def linked(self) -> Oslo:
        """Who writes the linked data; made for each document, of which there are few."""
        build, first = self.build, self.site.languages[0]
        viewer = self.voice(first)[1]

        def image(production: Production) -> str:
            card = viewer.card(Entry(production.id))
            return f"{self.site.url}/{card.picture.share}" if card.picture else ""

        return Oslo(build.catalogue, self.site, build.plan.addresses, lambda i: self.changed(i, first), image)

    def screen(self, page: Page) -> bytes:
        """The data of a foyer's screen."""
        speech, viewer = self.voice(page.language)
        return Foyer(self.build.catalogue, self.site, speech, viewer.labels).data(page, self.build.plan.today)

    def script(self, page: Page) -> bytes:
        """The embed's script as it stands in the theme: other sites name it, so it has no hash in its name."""
        del page
        return (Path(self.settings["THEME"]) / "embed" / "etalage-agenda.js").read_bytes()

    def shelf(self, page: Page) -> bytes:
        """What the wishlist's function must know."""
        speech, viewer = self.voice(page.language)
        return shelf.stock(self.site, speech, viewer, page)

    def worker(self, page: Page) -> bytes:
        """What keeps the site for when there is no network."""
        del page
        assets, themes = self.settings["ETALAGE_ASSETS"], self.settings["ETALAGE_THEMES"]
        return worker.draw(self.site, themes, Path(self.output_path), assets, lambda each: self.voice(each)[0])

    def manifest(self, page: Page) -> bytes:
        """The site as an app."""
        return manifest.draw(self.site, page.language, self.settings["ETALAGE_ASSETS"], self.voice(page.language)[0])

    def voice(self, language: str) -> tuple[Speech, Viewer]:
        """How this language speaks, made once."""
        made = self.voices.get(language)
        if made is None:
            build, site = self.build, self.site
            speech = Speech(language, site.languages, build.translations)
            viewer = Viewer(build.catalogue, site, speech, build.plan.addresses, build.now, self.env.globals["picture"])
            made = self.voices[language] = (speech, viewer)
        return made

    def calendars_in(self, language: str) -> "Calendars":
        """Who writes this language's calendars, made once; their library is brought along only when one is drawn."""
        made = self.calendars.get(language)
        if made is None:
            from plugins.feeds.calendars import Calendars

            build, site = self.build, self.site
            here = Addresses(language, language == site.languages[0])

            def address(identity: str) -> str:
                return f"{site.url}/{here.production(build.plan.addresses[identity])}"

            speech = self.voice(language)[0]
            made = self.calendars[language] = Calendars(build.catalogue, site, speech, address)
        return made

    def changed(self, identity: str, language: str) -> date:
        """The day a production's page last changed."""
        made = self.build.manifest.pages.get(self.paths.get((identity, language), ""))
        return made.changed if made else self.build.plan.today

    def feed(self, page: Page) -> bytes:
        """An Atom feed (RFC 4287) of the next productions of a list."""
        site, (speech, viewer) = self.site, self.voice(page.language)
        days = [self.changed(entry.production, page.language) for entry in page.entries]
        feed = Atom1Feed(
            title=f"{page.name} · {speech.say(site.name)}" if page.name else str(speech.say(site.name)),
            link=f"{site.url}/{viewer.addresses.root()}", language=page.language,
            description=str(speech.say(site.tagline)), feed_url=f"{site.url}/{page.url}", author_name=str(speech.say(site.name)),
        )  # fmt: skip
        latest = _moment(max(days, default=self.build.plan.today))
        feed.latest_post_date = lambda: latest
        for entry, day in zip(page.entries, days, strict=True):
            card = viewer.card(entry)
            url = f"{site.url}/{card.url}"
            text = " · ".join(part for part in (card.when, card.venue or str(card.house), str(card.summary)) if part)
            feed.add_item(
                title=str(card.title), link=url, description=escape(text), unique_id=url, pubdate=_moment(day),
                updateddate=_moment(day), author_name=str(card.house), categories=[str(genre[1]) for genre in card.genres],
            )  # fmt: skip
        return str(feed.writeString("utf-8")).encode()

    def sitemap(self) -> bytes:
        """Every page worth finding, with its languages (sitemaps.org, and Google's hreflang extension)."""
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        ]
        url = escape(self.site.url)
        for page in self.build.plan.pages:
            if not page.indexed or page.canonical != f"{self.site.url}/{page.url}":
                continue
            links = "".join(
                f'<xhtml:link rel="alternate" hreflang="{language}" href="{url}/{escape(there)}"/>'
                for language, there in page.alternates.items()
            )
            day = self.build.manifest.pages[page.path].changed.isoformat()
            lines.append(f"<url><loc>{url}/{escape(page.url)}</loc><lastmod>{day}</lastmod>{links}</url>")
        lines.append("</urlset>\n")
        return "\n".join(lines).encode()

    def redirects(self) -> bytes:
        """Old addresses as hosts of static sites read them, and our own functions (functions/redirects.py)."""
        under_path = bool(urlsplit(self.site.url).path.strip("/"))
        start = f"{self.site.url}/" if under_path else "/"
        lines = []
        for one in self.build.plan.redirects:
            new = one.new if "://" in one.new else start + one.new.removeprefix("./")
            query = [f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in one.query]
            lines.append(" ".join((quote(one.path), *query, quote(new, safe="/:#?&=%"), "301")))
        return "".join(f"{line}\n" for line in lines).encode()

    def robots(self) -> bytes:
        """Everybody may read everything."""
        return f"User-agent: *\nAllow: /\nSitemap: {self.site.url}/sitemap.xml\n".encode()


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
