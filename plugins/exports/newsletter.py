"""The block of a newsletter: chosen productions as HTML that any mail program shows, and the same as plain text.

What a newcomer would get wrong: mail programs know tables and inline styles and little else, some turn colours round in the dark,
and pictures may not be shown. So every cell says its ground and its ink, and nothing is in a picture alone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.brochure import dates_of
from etalage.model.catalogue import Catalogue
from etalage.model.programme import Production
from etalage.model.site import Entry, SitePlan
from plugins.agenda.speech import Speech
from plugins.agenda.viewer import Viewer
from plugins.agenda.views import CardView
from plugins.assets import template_folders, tokens
from plugins.pictures import Gallery


class Item(msgspec.Struct):
    """One production: its card, its address in full, its picture's, and what to do."""

    card: CardView
    url: str
    picture: str
    width: int
    height: int


class Newsletter:
    """Writes blocks in one language of a site. `gallery`: what its pictures were made into."""

    def __init__(
        self, catalogue: Catalogue, plan: SitePlan, language: str, now: Any, themes: Path, gallery: Gallery
    ) -> None:
        site = self.site = plan.site
        self.speech = Speech(language, site.languages, themes / "base" / "translations")
        self.viewer = Viewer(catalogue, site, self.speech, plan.addresses, now, gallery.picture)
        self.here = Addresses(language, language == site.languages[0])
        folders = [folder for folder in dict.fromkeys((themes / "base", themes / site.theme)) if folder.is_dir()]
        found = tokens.read(folders)
        names = ("page", "ink", "ink-quiet", "action", "on-action", "line")
        self.colours = {name.replace("-", "_"): found.pair(f"colour-{name}")[0] for name in names}
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader([*template_folders(themes, site.theme)]), autoescape=True,
            undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
        )  # fmt: skip
        self.env.install_gettext_callables(self.speech.gettext, self.speech.ngettext, newstyle=True)  # type: ignore[attr-defined]

    def html(self, chosen: Sequence[Production], first: Any, last: Any) -> str:
        """The block, to paste into a mail."""
        template = self.env.get_template("mail/newsletter.html")
        return template.render(
            items=self._items(chosen, first, last), colour=self.colours, language=self.speech.language, agenda=self._agenda(),
            name=self.speech.say(self.site.name),
        )  # fmt: skip

    def text(self, chosen: Sequence[Production], first: Any, last: Any) -> str:
        """The same without any form."""
        blocks = []
        for item in self._items(chosen, first, last):
            card = item.card
            where = ", ".join(part for part in (card.venue or str(card.house), card.city) if part)
            parts = (
                str(card.title).upper(),
                " · ".join(p for p in (card.when, where, card.price) if p),
                str(card.summary),
                item.url,
            )
            blocks.append("\n".join(part for part in parts if part))
        return "\n\n".join([*blocks, self._agenda()]) + "\n"

    def _items(self, chosen: Sequence[Production], first: Any, last: Any) -> list[Item]:
        items = []
        for production in chosen:
            dates = dates_of(production, first, last)
            card = self.viewer.card(Entry(production.id, dates[0].id if dates else ""))
            picture = card.picture
            items.append(
                Item(card, f"{self.site.url}/{card.url}", f"{self.site.url}/{picture.src}" if picture else "",
                     280, round(280 * picture.height / picture.width) if picture else 0)
            )  # fmt: skip
        return items

    def _agenda(self) -> str:
        return f"{self.site.url}/{self.here.agenda()}"
