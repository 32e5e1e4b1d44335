"""sw.js: themes/base/worker/sw.js with what this site's shell is; or gone.js, when the site wants no worker.

A newcomer's trap: browsers find out that a worker is new by its bytes. So the shell's names stand in it, and those hold the
hashes of this build's look; nothing else in it may change from build to build.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from etalage.catalogue.addresses import Addresses
from etalage.model.site import Site
from plugins.agenda.speech import Speech

FOLDER = "base/worker"
ALWAYS = (
    "css/main.css",
    "js/main.js",
    "js/wish-list.js",
    "icons.svg",
    "icon.svg",
    "logo.svg",
    "fonts/text.woff2",
    "fonts/display.woff2",
)
_IMPORTED = re.compile(r"""["']\./([^"'/]+\.js)["']""")


def draw(site: Site, themes: Path, output: Path, assets: Mapping[str, str], voice: Callable[[str], Speech]) -> bytes:
    """The worker of a site; `assets`: name → path from the site's root."""
    if not site.offline:
        return (themes / FOLDER / "gone.js").read_bytes()
    shell = {
        "assets": sorted(set(_needed(assets, output))),
        "languages": [_language(site, language, voice(language)) for language in site.languages],
    }
    return b"const SHELL = " + msgspec.json.encode(shell) + b";\n" + (themes / FOLDER / "sw.js").read_bytes()


def _needed(assets: Mapping[str, str], output: Path) -> Iterator[str]:
    """What every page asks for, and the scripts that those bring along."""
    waiting, seen = [assets[name] for name in ALWAYS if name in assets], set[str]()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            yield path
            if path.endswith(".js"):
                text = (output / path).read_text("utf-8")
                waiting += [f"{path.rpartition('/')[0]}/{found}" for found in _IMPORTED.findall(text)]


def _language(site: Site, language: str, speech: Speech) -> dict[str, object]:
    here = Addresses(language, language == site.languages[0])
    pages = [here.root(), here.agenda(), *([here.wishlist()] if site.wishlist else []), here.root("offline/")]
    words = speech.gettext("You are offline. This is a copy of %(when)s.")
    return {
        "prefix": here.prefix, "language": language, "zone": site.timezone, "pages": pages, "offline": here.root("offline/"),
        "words": words,
    }  # fmt: skip
