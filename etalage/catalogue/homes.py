"""Where each house shows its own productions."""

from collections.abc import Mapping

import msgspec

from etalage.catalogue.addresses import Addresses
from etalage.model.programme import Production
from etalage.model.site import Site


class Home(msgspec.Struct, frozen=True):
    """A house's own site, and the slug of each of its productions there."""

    site: Site
    addresses: Mapping[str, str]


def own_page(production: Production, homes: Mapping[str, Home], language: str) -> str:
    """The address of a production on its owner's own site, in this language where that site has it; "" when there is none."""
    home = homes.get(production.houses[0])
    if home is None or not home.site.url or production.id not in home.addresses:
        return ""
    language = language if language in home.site.languages else home.site.languages[0]
    there = Addresses(language, language == home.site.languages[0])
    return f"{home.site.url}/{there.production(home.addresses[production.id])}"
