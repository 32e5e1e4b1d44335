"""What a page is about, as its template knows it: one function per template. A new kind of page adds a line to SUBJECTS."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from etalage.model.site import Entry, Page
from plugins.agenda.search_page import search

if TYPE_CHECKING:
    from plugins.agenda.generator import Frame

Subject = dict[str, Any]


def production(frame: "Frame", page: Page) -> Subject:
    """A production: its view, the picture to share, and what search engines read."""
    view = frame.viewer.production(Entry(page.subject))
    work = frame.build.catalogue.entries[page.subject].production
    image = f"{frame.site.url}/{view.card.picture.share}" if view.card.picture else ""
    return {"production": view, "image": image, "jsonld": frame.structured.of(work, view, page, image)}


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
    """An old address: where it leads now."""
    del frame
    return {"target": page.subject}


SUBJECTS: Mapping[str, Callable[["Frame", Page], Subject]] = {
    "production.html": production,
    "genre.html": genre,
    "venue.html": venue,
    "house.html": house,
    "text.html": text,
    "search.html": search,
    "redirect.html": redirect,
}
