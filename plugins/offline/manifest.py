"""manifest.webmanifest: the site as an app on a home screen (W3C Web Application Manifest)."""

from collections.abc import Mapping

import msgspec

from etalage.catalogue.addresses import Addresses
from etalage.model.site import Site
from plugins.agenda.speech import Speech

SHORTEST_NAME = 12
"""Letters of a name under an icon that no phone cuts off (web.dev, "Add a web app manifest")."""


def draw(site: Site, language: str, assets: Mapping[str, str], speech: Speech) -> bytes:
    """The manifest of one language. Its addresses are relative to itself, so the site may stand anywhere.

    Only its `id` is not: it counts from the root of the host, and is the same in every language, so that it stays one app.
    """
    here, up = Addresses(language, language == site.languages[0]), "" if language == site.languages[0] else "../"
    name, _ = str(speech.say(site.name)), speech.gettext
    ways = [(_("Agenda"), here.agenda()), *([(_("Wishlist"), here.wishlist())] if site.wishlist else [])]
    made = {
        "id": f"/?app={site.id}", "name": name, "lang": language, "dir": "ltr", "start_url": "./", "scope": up or "./",
        "display": "standalone", "background_color": assets["colour-page.light"], "theme_color": assets["colour-header.light"],
        "icons": [
            {"src": up + assets["icon.svg"], "sizes": "any", "type": "image/svg+xml"},
            {"src": up + assets["icon-192.png"], "sizes": "192x192", "type": "image/png"},
            {"src": up + assets["icon-512.png"], "sizes": "512x512", "type": "image/png"},
            {"src": up + assets["icon-maskable-512.png"], "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": [{"name": words, "url": up + address} for words, address in ways],
    }  # fmt: skip
    if len(name) <= SHORTEST_NAME:
        made["short_name"] = name
    if tagline := str(speech.say(site.tagline)):
        made["description"] = tagline
    return msgspec.json.format(msgspec.json.encode(made), indent=1)
