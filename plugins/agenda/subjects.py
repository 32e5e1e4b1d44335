"""What a page is about, as its template knows it: one function per template. A new kind of page adds a line to SUBJECTS."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from etalage.model.site import Entry, Page
from plugins.agenda.foyer import Foyer
from plugins.agenda.gallery import gallery
from plugins.agenda.lean import Bag
from plugins.agenda.search_page import search

if TYPE_CHECKING:
    from plugins.agenda.generator import Frame

Subject = dict[str, Any]


def production(frame: "Frame", page: Page) -> Subject:
    """A production: its view, the picture to share, and what search engines read."""
    view = frame.viewer.production(Entry(page.subject))
    work = frame.build.catalogue.entries[page.subject].production
    image = f"{frame.site.url}/{view.card.picture.share}" if view.card.picture else ""
    advisor = frame.advisor
    subject = {
        "production": view, "image": image, "jsonld": frame.structured.of(work, view, page, image),
        "why": [advisor.why(reason) for reason in page.reasons], "instead": [advisor.tip(tip) for tip in page.instead],
        "chosen": [advisor.choice(one) for one in page.chosen],
    }  # fmt: skip
    poster = frame.build.shared.get((page.subject, page.language))
    if poster is None and (own := view.card.picture):
        poster = Bag(url=own.share, width=own.share_width, height=own.share_height, alt=view.card.alt)
    return {**subject, "shared": poster} if poster else subject


def home(frame: "Frame", page: Page) -> Subject:
    """The front page: curated lists, and what the neighbours show."""
    return {"lists": _teasers(frame, page), "near": [frame.advisor.tip(tip) for tip in page.near]}


def lists(frame: "Frame", page: Page) -> Subject:
    """The overview of curated lists."""
    return {"lists": _teasers(frame, page)}


def curated(frame: "Frame", page: Page) -> Subject:
    """A curated list: itself, and each thing in it with the curator's reason."""
    reasons = [frame.advisor.choice(one).because for one in page.chosen]
    return {"list": frame.advisor.list(page.subject), "picks": list(zip(page.entries, reasons, strict=True))}


def last_minute(frame: "Frame", page: Page) -> Subject:
    """What still has places: where each is, and what the neighbours have."""
    return {"near": [frame.advisor.tip(tip) for tip in page.near], "at": frame.advisor.at}


def _teasers(frame: "Frame", page: Page) -> list[Any]:
    return [frame.advisor.list(one.list) for one in page.chosen]


def genre(frame: "Frame", page: Page) -> Subject:
    """A genre: id and name."""
    return {"genre": frame.viewer.genre(page.subject)}


def venue(frame: "Frame", page: Page) -> Subject:
    """A venue: where it is, how to get there, what it has."""
    place = frame.build.catalogue.venues[page.subject]
    facilities = [frame.viewer.labels.facility(name) for name in place.facilities]
    return {"venue": place, "directions": frame.speech.say(place.directions), "facilities": facilities}


def house(frame: "Frame", page: Page) -> Subject:
    """A house: its name and what it says of itself."""
    own = frame.build.catalogue.houses[page.subject]
    return {"house": own, "name": frame.speech.say(own.name), "tagline": frame.speech.say(own.tagline)}


def text(frame: "Frame", page: Page) -> Subject:
    """A page of text that staff wrote."""
    written = frame.texts[page.subject]
    body = frame.speech.say(written.body)
    return {"title": frame.speech.say(written.title), "body": Markup(body), "body_attr": body.attr}  # noqa: S704 - cleaned


def redirect(frame: "Frame", page: Page) -> Subject:
    """An old address: where it leads now, from the page and in full."""
    if "://" in page.subject:
        return {"target": page.subject, "whole": page.subject}
    return {"target": "../" * page.url.count("/") + page.subject or "./", "whole": f"{frame.site.url}/{page.subject}"}


def screen(frame: "Frame", page: Page) -> Subject:
    """What hangs in the foyer."""
    foyer = Foyer(frame.build.catalogue, frame.site, frame.speech, frame.viewer.labels)
    return {"screen": foyer.screen(page, frame.build.plan.today)}


SUBJECTS: Mapping[str, Callable[["Frame", Page], Subject]] = {
    "production.html": production,
    "genre.html": genre,
    "venue.html": venue,
    "house.html": house,
    "text.html": text,
    "home.html": home,
    "lists.html": lists,
    "curated.html": curated,
    "last-minute.html": last_minute,
    "search.html": search,
    "redirect.html": redirect,
    "gallery.html": gallery,
    "screen.html": screen,
}
