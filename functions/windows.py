"""The static sites: each on its own host (<site>.localhost), and all under /sites/<site>/.

A newcomer's trap: the same files are served at two depths, so pages link relatively; only 404.html, which is shown at any
depth, names its base, and that is set here.
"""

import html
import mimetypes
import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from etalage.model import headers
from functions import parcels, redirects

TYPES = {
    ".js": "text/javascript", ".webmanifest": "application/manifest+json", ".avif": "image/avif", ".webp": "image/webp",
    ".ics": "text/calendar", ".jsonld": "application/ld+json", ".xml": "application/xml", ".html": "text/html",
}  # fmt: skip
for ending, kind in TYPES.items():
    mimetypes.add_type(kind, ending)
BASE = re.compile(rb'<base href="/[^"]*">')


def on_host(request: Request) -> Response:
    """A site by the host's first part."""
    return _page(request, request.path_params["site"], request.path_params["path"], "/")


def under_path(request: Request) -> Response:
    """A site by its folder."""
    site = request.path_params["site"]
    return _page(request, site, request.path_params["path"], f"/sites/{site}/")


def to_folder(request: Request) -> Response:
    """A site's address without its closing slash."""
    return RedirectResponse(f"/sites/{request.path_params['site']}/")


def index(request: Request) -> Response:
    """The front page of the server: the sites it has."""
    output: Path = request.app.state.output
    names = (
        sorted(folder.name for folder in output.iterdir() if (folder / "index.html").exists())
        if output.is_dir()
        else []
    )
    items = "".join(f'<li><a href="/sites/{html.escape(name)}/">{html.escape(name)}</a></li>' for name in names)
    body = f"<ul>{items}</ul>" if items else "<p>Nothing is built yet: python build.py build</p>"
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Etalage</title><h1>Etalage</h1>{body}</html>"
    )


def _page(request: Request, site: str, path: str, base: str) -> Response:
    root: Path = request.app.state.output / site
    if "/" in site or site.startswith(".") or not root.is_dir():
        raise HTTPException(404, f"there is no site {site}")
    moved = redirects.answer(root, path, request.url.query, base)
    if moved:
        return moved
    file = _find(root, path)
    if file is None:
        if path and not path.endswith("/") and _find(root, path + "/"):
            return RedirectResponse(f"{base}{path}/")
        return _missing(request, root, path, base)
    if file.suffix == ".html" and request.app.state.reload:
        return HTMLResponse(_with_reload(file.read_bytes()), headers={"cache-control": headers.REVALIDATE})
    return parcels.send(request, request.app.state.shelf, file, path)


def _find(root: Path, path: str) -> Path | None:
    """The file of an address inside the site, or None; never anything outside it."""
    if "\0" in path:
        return None
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()):
        return None
    if path.endswith("/") or not path:
        file = file / "index.html"
    return file if file.is_file() else None


def _missing(request: Request, root: Path, path: str, base: str) -> Response:
    language = path.partition("/")[0]
    own = root / language / "404.html"
    page = own if len(language) == 2 and own.exists() else root / "404.html"
    content = page.read_bytes() if page.exists() else b"<!doctype html><title>404</title><p>404</p>"
    content = BASE.sub(lambda _: b'<base href="' + base.encode() + b'">', content, count=1)
    return HTMLResponse(_with_reload(content) if request.app.state.reload else content, status_code=404)


def _with_reload(content: bytes) -> bytes:
    """A page that listens for the next build; on the developer's own machine only."""
    return content.replace(b"</body>", b'<script type="module" src="/api/reload.js"></script></body>', 1)
