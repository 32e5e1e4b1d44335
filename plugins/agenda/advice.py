"""Tips and curated lists as templates show them, in the words of one language."""

from collections.abc import Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from etalage.catalogue.plan import genre_of
from etalage.model.curation import CuratedList
from etalage.model.site import Entry
from etalage.model.tip import Choice, Reason, Tip
from plugins.agenda.speech import Said
from plugins.agenda.viewer import Viewer


class TipView(msgspec.Struct):
    """A line that proposes something. `url` is relative to the site's root, or whole (`away`) on another house's site."""

    id: str
    title: Said
    url: str
    away: bool
    why: str
    when: str
    iso: str
    ends: str
    house: Said
    place: str
    km: str
    price: str
    status: str
    status_label: str
    stock: str
    stock_label: str


class ListView(msgspec.Struct):
    """A curated list, with whose it is."""

    id: str
    url: str
    title: Said
    summary: Said
    intro: Markup
    intro_attr: Markup
    curator: str
    role: Said
    picture: Any
    alt: Said


class ChoiceView(msgspec.Struct):
    """What a curator says of one thing, and the list it is in."""

    url: str
    title: Said
    curator: str
    role: Said
    because: Said


class Advisor:
    """Makes these views for one language of a site."""

    def __init__(self, viewer: Viewer, lists: Sequence[CuratedList]) -> None:
        self.viewer, self.speech, self.addresses = viewer, viewer.speech, viewer.addresses
        self.lists = {one.id: one for one in lists}
        self._words: dict[Reason, str] = {}

    def why(self, reason: Reason) -> str:
        """A reason in words; nothing where the heading says it already, or there is none."""
        if not reason.code:
            return ""
        words = self._words.get(reason)
        if words is None:
            words = self._words[reason] = self._why(reason)
        return words

    def _why(self, reason: Reason) -> str:
        _, what = self.speech.gettext, reason.what
        genre = self._genre(what) if what and reason.code not in ("maker", "person", "tag") else ""
        said = {
            "pin": _("A tip from the house"), "maker": _("Also by %(name)s"), "person": _("Also with %(name)s"),
            "tag": _("Also: %(subject)s"), "genre": _("Also %(genre)s"), "free": _("Free as well"),
            "genre_age": _("Also %(genre)s, from %(age)d years"), "age": _("Also for children from %(age)d years"),
            "other": _("Something else altogether: %(genre)s"),
            "other_week": _("Something else altogether, that week: %(genre)s"),
            "date": _("Another date"), "elsewhere": _("The same, somewhere else"),
        }  # fmt: skip
        return said.get(reason.code, "") % {"name": what, "subject": what, "genre": genre, "age": reason.number}

    def _genre(self, identity: str) -> str:
        name = str(self.speech.say(genre_of(identity, self.viewer.catalogue).name))
        return name if self.speech.language == "de" else name.lower()

    def tip(self, tip: Tip) -> TipView:
        """A proposal as a line: what, when, where, how far, and why."""
        catalogue, card = self.viewer.catalogue, self.viewer.card(Entry(tip.production, tip.performance))
        production = catalogue.entries[tip.production].production
        venue = next((catalogue.venues.get(p.venue) for p in production.performances if p.id == tip.performance), None)
        names = (venue.city if tip.url else venue.name, venue.city) if venue else ()  # the house beside it says enough
        place = ", ".join(dict.fromkeys(part for part in names if part))
        return TipView(
            id=tip.performance, title=card.title, url=tip.url or self._at(tip, card.url), away=bool(tip.url), why=self.why(tip.why),
            when=card.when, iso=card.iso, ends=card.ends, house=card.house, place=place, km=self.far(tip.km), price=card.price,
            status=card.status, status_label=card.status_label, stock=card.stock, stock_label=card.stock_label,
        )  # fmt: skip

    def _at(self, tip: Tip, url: str) -> str:
        """On this site: the page, and of another date of the same thing its place on that page."""
        if tip.why.code != "date":
            return url
        dates = self.viewer.catalogue.entries[tip.production].production.performances
        return f"{url}#d{next(n for n, p in enumerate(dates, 1) if p.id == tip.performance)}"

    def far(self, km: int | None) -> str:
        """A distance in words; nothing when it is not known."""
        if km is None:
            return ""
        return (
            self.speech.gettext("%(km)d km from here") % {"km": km} if km else self.speech.gettext("around the corner")
        )

    def list(self, identity: str) -> ListView:
        """A curated list."""
        say, one = self.speech.say, self.lists[identity]
        intro, portrait = say(one.intro), one.curator.picture
        return ListView(
            id=one.id, url=self.addresses.lists(one.id), title=say(one.title), summary=say(one.summary),
            intro=Markup(intro), intro_attr=intro.attr, curator=one.curator.name, role=say(one.curator.role),  # noqa: S704 - cleaned
            picture=self.viewer.picture(portrait, "card") if portrait else None, alt=say(portrait.alt if portrait else {}),
        )  # fmt: skip

    def choice(self, choice: Choice) -> ChoiceView:
        """One thing in a curated list."""
        say, one = self.speech.say, self.lists[choice.list]
        return ChoiceView(
            url=self.addresses.lists(one.id), title=say(one.title), curator=one.curator.name, role=say(one.curator.role),
            because=say(one.picks[choice.pick].because),
        )  # fmt: skip

    def at(self, entry: Entry) -> str:
        """Where a date is, as "51.5204,2.9051"; nothing when that is not known."""
        catalogue = self.viewer.catalogue
        dates = catalogue.entries[entry.production].production.performances
        venue = next((catalogue.venues.get(p.venue) for p in dates if p.id == entry.performance), None)
        if venue is None or venue.latitude is None or venue.longitude is None:
            return ""
        return f"{venue.latitude:.4f},{venue.longitude:.4f}"
