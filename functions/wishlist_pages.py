"""The wishlist for people, also without JavaScript: a list that somebody shared, one in an address, and their calendars."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

import msgspec
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from etalage.model import icalendar
from etalage.model import wishlist as rules
from etalage.model.errors import Refused
from etalage.model.shelf import Item
from etalage.model.wishlist import Wishlist
from functions import clocks, frames, letterbox, wishlist
from functions.answers import PRIVATE
from functions.frames import Place
from functions.shelves import Voice


class MakeForm(msgspec.Struct, forbid_unknown_fields=True):
    """Share the list of an address."""

    p: tuple[str, ...] = ()
    act: str = "make"


class SharedForm(msgspec.Struct, forbid_unknown_fields=True):
    """What one does on a shared list: `act` is join, leave, copy or delete."""

    act: str
    p: tuple[str, ...] = ()
    name: str = ""
    key: str = ""
    secret: str = ""


class Line(msgspec.Struct, frozen=True):
    """An item as a template shows it."""

    id: str
    title: str
    lang: str
    url: str
    start: str
    end: str
    when: str
    place: str
    house: str
    state: str
    off: bool
    sold: bool
    doors: str
    classes: str
    keys: Mapping[str, str]
    over: bool


def draft(request: Request) -> Response:
    """GET /wishlist?p=ID&p=ID: a list that stands in the address. Without one, one's own, which the site has."""
    place = frames.place_of(request)
    ids = request.query_params.getlist("p")[: rules.LONGEST]
    if not ids:
        return RedirectResponse(f"{place.base}{place.shelf.wishlist}", 303)
    items = wishlist.on_shelf(place.shelf, list(dict.fromkeys(ids)))
    if not items:
        raise Refused("performance_unknown", "One of these dates is not in our agenda.")
    heading = Voice(place.shelf).say("A wishlist")
    feed = f"{place.way('wishlist.ics')}?{urlencode([('p', item.id) for item in items])}"
    more = {"items": lines(items, wishlist.desk(request).clock(), place), "feed": feed, "mine": place.shelf.wishlist}
    return frames.page(request, place, "draft.html", 200, PRIVATE, heading=heading, **more)


async def make(request: Request) -> Response:
    """POST /wishlist: share the list of an address."""
    letterbox.from_our_page(request)
    form = await letterbox.read_form(request, MakeForm)
    place = frames.place_of(request)
    made = await wishlist.share(request, place, rules.snapshot(form.p))
    thanks = Voice(place.shelf).say("Your list is shared. Send the link to your friends.")
    return shared_page(request, place, made.token, made.wishlist, thanks=thanks, secret=made.secret)


async def shared(request: Request) -> Response:
    """GET /wishlist/{token}: a list that somebody shared."""
    place = frames.place_of(request)
    return shared_page(request, place, request.path_params["token"], await wishlist.find(request))


async def act(request: Request) -> Response:
    """POST /wishlist/{token}: tick, withdraw, take over, take away."""
    letterbox.from_our_page(request)
    form = await letterbox.read_form(request, SharedForm)
    place, token = frames.place_of(request), request.path_params["token"]
    voice = Voice(place.shelf)
    if form.act == "copy":
        asked = urlencode([("p", one) for one in rules.snapshot(form.p)])
        return RedirectResponse(f"{place.way('wishlist')}?{asked}", 303)
    if form.act == "delete":
        await wishlist.delete(request, form.secret)
        return frames.page(request, place, "gone.html", 200, PRIVATE, heading=voice.say("The shared list is removed."))
    if form.act == "leave":
        known = await wishlist.withdraw(request, form.key)
        return shared_page(request, place, token, known, thanks=voice.say("You are off this list."))
    if form.act != "join" or not form.key:
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": "act, key"})
    known = await wishlist.tick(request, form.key, form.p, form.name)
    thanks = voice.say("Noted: you would join.")
    return shared_page(request, place, token, known, thanks=thanks, key=form.key)


def draft_calendar(request: Request) -> Response:
    """GET /wishlist.ics?p=ID: the dates of an address for one's own calendar."""
    place = frames.place_of(request)
    ids = request.query_params.getlist("p")[: rules.LONGEST]
    items = wishlist.on_shelf(place.shelf, list(dict.fromkeys(ids)))
    return _calendar(request, place, items, wishlist.desk(request).clock())


async def shared_calendar(request: Request) -> Response:
    """GET /wishlist/{token}.ics: a shared list as a calendar that follows it."""
    known = await wishlist.find(request)
    place = frames.place_of(request)
    return _calendar(request, place, wishlist.on_shelf(place.shelf, known.performances), known.made)


def shared_page(
    request: Request, place: Place, token: str, known: Wishlist, *, thanks: str = "", key: str = "", secret: str = ""
) -> Response:  # fmt: skip
    """The page of a list. A tick is answered with the page itself, so that its key stands in no address; sent twice it counts once."""
    voice, desk = Voice(place.shelf), wishlist.desk(request)
    items = wishlist.on_shelf(place.shelf, known.performances)
    more = {
        "items": lines(items, desk.clock(), place), "unknown": len(known.performances) - len(items), "thanks": thanks,
        "joins": _names(known, voice), "until": _day(known.expires, place.shelf.language), "key": key or desk.word(),
        "joined": bool(key), "secret": secret, "url": wishlist.address(request, place, token), "mine": place.shelf.wishlist,
        "here": place.way(f"wishlist/{token}"), "feed": place.way(f"wishlist/{token}.ics"), "longest": rules.LONGEST_NAME,
    }  # fmt: skip
    status = 201 if secret else 200
    return frames.page(request, place, "shared.html", status, PRIVATE, heading=voice.say("A wishlist"), **more)


def lines(items: Sequence[Item], now: datetime, place: Place) -> list[Line]:
    """The items in order of date, what is over at the end."""
    made = []
    for item in items:
        last = clocks.last_moment(item, place.shelf.timezone)
        made.append(Line(**msgspec.structs.asdict(item), over=last is not None and last < now))
    return sorted(made, key=lambda line: (line.over, line.start))


def _names(known: Wishlist, voice: Voice) -> dict[str, str]:
    """Id → who would join, in words."""
    words: dict[str, str] = {}
    for one, names in wishlist.friends(known).items():
        shown = [name for name in names if name]
        others = len(names) - len(shown)
        nameless = [voice.count("%(num)s person", "%(num)s people", others)] if others else []
        words[one] = ", ".join([*shown, *nameless])
    return words


def _calendar(request: Request, place: Place, items: Sequence[Item], stamp: datetime) -> Response:
    address = f"{request.url.scheme}://{request.url.netloc}{place.base}"
    name = f"{Voice(place.shelf).say('A wishlist')} · {place.shelf.name}"
    content = icalendar.write(name, place.shelf.site, items, address, stamp)
    return Response(content, headers=PRIVATE, media_type="text/calendar")


def _day(moment: datetime, language: str) -> str:
    sign = "." if language == "de" else "/"
    return sign.join((str(moment.day), str(moment.month), str(moment.year)))


class _Language(Convertor[str]):
    regex = "[a-z]{2}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("language", _Language())


def routes(root: str = "") -> list[Route]:
    """The pages of a site, in its first language and in each of the others; `root` is the way to a site under a path."""
    return [
        route
        for folder in (root, f"{root}/{{language:language}}")
        for route in (
            Route(f"{folder}/wishlist", draft, methods=["GET"]),
            Route(f"{folder}/wishlist", make, methods=["POST"]),
            Route(f"{folder}/wishlist.ics", draft_calendar),
            Route(f"{folder}/wishlist/{{token}}.ics", shared_calendar),
            Route(f"{folder}/wishlist/{{token}}", shared, methods=["GET"]),
            Route(f"{folder}/wishlist/{{token}}", act, methods=["POST"]),
        )
    ]
