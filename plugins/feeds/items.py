"""JSON Feed 1.1 (jsonfeed.org/version/1.1): a list as data, for feed readers and for our own embed.

What a reader does not know stands in `_etalage`, as the format asks: the moment of the date that the line stands for, where it
is, what it costs, in the words that a card on the site has. A newcomer's trap: `date_published` is when we told of it, not when
it is on.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from etalage.model.site import Entry, Page, Site
from plugins.agenda.speech import Speech
from plugins.agenda.viewer import Viewer
from plugins.agenda.views import CardView

VERSION = "https://jsonfeed.org/version/1.1"


class Items:
    """Writes JSON feeds in one language of a site. `changed` gives the day a production last changed."""

    def __init__(self, site: Site, speech: Speech, viewer: Viewer, changed: Callable[[str], date]) -> None:
        self.site, self.speech, self.viewer, self.changed = site, speech, viewer, changed

    def of(self, page: Page) -> bytes:
        """The feed that a page of the plan asks for."""
        site, say = self.site, self.speech.say
        name = str(say(site.name))
        feed: dict[str, Any] = {
            "version": VERSION, "title": f"{page.name} · {name}" if page.name else name,
            "home_page_url": f"{site.url}/{self.viewer.addresses.root()}", "feed_url": f"{site.url}/{page.url}",
            "language": self.speech.language, "authors": [{"name": name, "url": f"{site.url}/"}],
            "items": [self.item(entry) for entry in page.entries],
            "_etalage": {"about": "docs/reference/feeds.md", "agenda": f"{site.url}/{self.viewer.addresses.agenda()}",
                         "words": self.words()},
        }  # fmt: skip
        if site.tagline:
            feed["description"] = str(say(site.tagline))
        return msgspec.json.format(msgspec.json.encode(feed), indent=1) + b"\n"

    def item(self, entry: Entry) -> dict[str, Any]:
        """One production at the date that the line stands for."""
        card, site = self.viewer.card(entry), self.site
        url, day = f"{site.url}/{card.url}", _moment(self.changed(card.id))
        item: dict[str, Any] = {
            "id": url, "url": url, "title": str(card.title), "content_text": said(card), "date_published": day,
            "date_modified": day, "tags": [str(name) for _, name, _ in card.genres], "_etalage": facts(card),
        }  # fmt: skip
        if card.summary:
            item["summary"] = str(card.summary)
        if card.picture:
            item["image"] = f"{site.url}/{card.picture.share}"
            item["_etalage"]["picture"] = f"{site.url}/{card.picture.src}"
        return item

    def words(self) -> dict[str, str]:
        """What the embed says around the list."""
        _ = self.speech.gettext
        return {"all": _("The whole agenda"), "none": _("There is nothing on the programme here.")}


def said(card: CardView) -> str:
    """The line in words, as a reader shows it."""
    place = ", ".join(dict.fromkeys(part for part in (card.venue, card.city) if part)) or str(card.house)
    parts = (card.status_label, card.when, card.more, place, card.price, str(card.summary))
    return "\n".join(part for part in parts if part)


def facts(card: CardView) -> dict[str, Any]:
    """What a card knows and a feed has no field for; what is not known is left out."""
    known = {
        "production": card.id, "start": card.iso, "ends": card.ends, "when": card.when, "more": card.more, "clock": card.clock,
        "subtitle": str(card.subtitle), "company": card.company, "kind": card.kind, "house": str(card.house), "venue": card.venue,
        "hall": card.hall, "city": card.city, "price": card.price, "status": card.status, "status_label": card.status_label,
        "stock": card.stock, "stock_label": card.stock_label, "genres": [identity for identity, _, _ in card.genres],
        "uitpas": card.uitpas, "alt": str(card.alt),
    }  # fmt: skip
    return {key: value for key, value in known.items() if value not in ("", [], False)}


def _moment(day: date) -> str:
    return datetime.combine(day, time(), tzinfo=UTC).isoformat().replace("+00:00", "Z")
