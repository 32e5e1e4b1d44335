"""Pages of functions in the look of the site they belong to: the build's frame with a template of ours in it."""

import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from etalage.model.errors import Refused
from etalage.model.shelf import FRAME, HERE, Shelf
from functions import shelves
from functions.shelves import Voice

if TYPE_CHECKING:
    import jinja2

_ACCEPTED = re.compile(r"([a-z]{2})(?:-[a-z0-9]+)*\s*(?:;\s*q=([01](?:\.\d+)?))?", re.IGNORECASE)


class Place(msgspec.Struct, frozen=True):
    """Where a visitor is: the site in one language, and `base`, the way to its root."""

    shelf: Shelf
    base: str

    def way(self, path: str, language: str = "") -> str:
        """The address of a function's page, in this language or another."""
        first = self.shelf.languages[0]
        language = language or self.shelf.language
        return f"{self.base}{'' if language == first else f'{language}/'}{path}"


def place_of(request: Request, site: str = "", *, strict: bool = True) -> Place:
    """The site of a request: by its host or its path, else the one named; its language by its path, else as the visitor reads.

    A language that the site has not is refused with `site_unknown`; not `strict`, the site's first one does.
    """
    here = request.path_params.get("site", "")
    named = here or site
    base = f"/sites/{named}/" if not here or request.url.path.startswith("/sites/") else "/"
    given = request.path_params.get("language", "")
    wanted = given or (spoken(request) if "/api/" in request.url.path else "")
    shelf = shelves.of(request).shelf(named, wanted)
    if strict and given and (shelf.language != given or given == shelf.languages[0]):
        raise Refused("site_unknown", "There is no such site here.")
    return Place(shelf, base)


def spoken(request: Request) -> str:
    """The language a visitor likes best (RFC 9110, 12.5.4), of two letters; "" when they do not say."""
    liked = [
        (float(weight or 1), code.lower())
        for code, weight in _ACCEPTED.findall(request.headers.get("accept-language", ""))
    ]
    return max(liked, key=lambda one: one[0], default=(0.0, ""))[1]


def page(
    request: Request,
    place: Place,
    template: str,
    status: int,
    headers: Mapping[str, str],
    *,
    heading: str,
    head: object = "",
    **more: object,
) -> Response:
    """Draw a template in the site's frame. `heading` is the page's name; the template knows it, the words and the place.

    `head`: HTML for the page's head.
    """
    voice = Voice(place.shelf)
    main = templates().get_template(template).render(
        _=voice.say, ngettext=voice.count, place=place, heading=heading, base=place.base, **more
    )  # fmt: skip
    page = _dress(request, place, heading, main).replace("</head>", f"{head}</head>", 1)
    return HTMLResponse(page, status_code=status, headers=dict(headers))


@cache
def templates(folder: Path = Path(__file__).parent / "templates") -> "jinja2.Environment":
    """The templates of a folder. Jinja comes with the first page: who asks for JSON need not wait for it."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _dress(request: Request, place: Place, heading: str, main: str) -> str:
    """Put it in the frame: its links lead from the root, and its other languages to this same page."""
    frame = shelves.of(request).frame(place.shelf)
    path = request.url.path.removeprefix(place.base).removeprefix(shelves.prefix(place.shelf))
    if request.url.query and request.method == "GET":
        path += f"?{request.url.query}"
    for language in place.shelf.languages:
        folder = "" if language == place.shelf.languages[0] else f"{language}/"
        frame = frame.replace(f'"./{folder}{FRAME}"', f'"{html.escape(place.way(path, language))}"')
    frame = frame.replace('="./', f'="{place.base}')
    frame = frame.replace("<title>", f"<title>{html.escape(heading)} · ", 1)
    return frame.replace(HERE, main, 1)
