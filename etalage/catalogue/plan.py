"""Plan every page of a site: its address, template, language, alternates, and the key that tells whether to render it.

Pure: the same catalogue, day and settings give the same plan, and nothing is read or written. Templates decide nothing that
is decided here. The key of a page is made of the stamps of all that it shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec

from etalage.catalogue.addresses import Addresses, settle
from etalage.catalogue.advice import Advice
from etalage.catalogue.chapters import CHAPTERS
from etalage.catalogue.drawing import Drawing, Given, to
from etalage.catalogue.homes import Home
from etalage.catalogue.names import genre_of
from etalage.catalogue.redirects import settle as settle_redirects
from etalage.catalogue.showing import Showing
from etalage.model.catalogue import Catalogue
from etalage.model.record import Problem
from etalage.model.redirect import Redirect, file_of
from etalage.model.site import Page, Site, SiteKind, SitePlan

__all__ = ["Given", "Home", "genre_of", "homes", "plan"]


def plan(catalogue: Catalogue, site: Site, given: Given) -> SitePlan:
    """Plan the site as it should stand on `given.now`."""
    showing = Showing(catalogue, site, given.now.date())
    addresses = settle(showing.found.values(), given.known, site.languages[0])
    former = _former(addresses, given)
    advice = Advice(catalogue, site, showing, given.homes, given.lists, addresses, former, given.looks)
    drawings = [Drawing(catalogue, site, given, showing, addresses, each, advice) for each in site.languages]
    pages: list[Page] = []
    for drawing in drawings:
        for chapter in CHAPTERS:
            pages += chapter(drawing)
        pages += _redirects(drawing, former)
    old, problems = _moved(site, given, pages, addresses)
    renamed = tuple(
        Redirect(path=f"/{page.url}", new=page.subject) for page in pages if page.template == "redirect.html"
    )
    pages += _old_pages(drawings[0], old)
    return SitePlan(
        site=site, today=showing.today, pages=tuple(pages), addresses=addresses, former=former,
        redirects=(*renamed, *old), problems=(*problems, *advice.problems),
    )  # fmt: skip


def _moved(
    site: Site, given: Given, pages: Sequence[Page], slugs: Mapping[str, str]
) -> tuple[tuple[Redirect, ...], tuple[Problem, ...]]:
    """What staff wrote of old addresses, settled against the pages there are."""
    here = Addresses(site.languages[0], True)
    productions = {identity: here.production(name) for identity, name in slugs.items()}
    return settle_redirects(given.moved, [page.url for page in pages], productions, urlsplit(site.url).path)


def _old_pages(d: Drawing, old: Sequence[Redirect]) -> Iterator[Page]:
    """A page for each old address that a static host can answer: the path alone, and of a kind that browsers show."""
    for one in old:
        file = "" if one.query else file_of(one.path)
        if file:
            url = file.removesuffix("index.html")
            page = d.page("redirect.html", to(Addresses.root, url), subject=one.new, indexed=False)
            yield msgspec.structs.replace(page, alternates={}, path=file)


def _former(addresses: Mapping[str, str], given: Given) -> dict[str, str]:
    """Slugs given up, now or before, that nobody else has taken since."""
    former = dict(given.former)
    former.update((slug, i) for i, slug in given.known.items() if i in addresses and addresses[i] != slug)
    taken = set(addresses.values())
    return {slug: i for slug, i in former.items() if slug not in taken and i in addresses}


def _redirects(d: Drawing, former: Mapping[str, str]) -> Iterator[Page]:
    """Old addresses lead on."""
    for slug, identity in former.items():
        target = d.here.production(d.slugs[identity])
        yield d.page("redirect.html", to(Addresses.production, slug), subject=target, indexed=False)


def homes(catalogue: Catalogue, sites: Mapping[str, Site], known: Mapping[str, Mapping[str, str]]) -> dict[str, Home]:
    """Every house's own site with the slugs its productions have there, as its own plan will settle them."""
    found: dict[str, Home] = {}
    several = len(sites) > 1
    for house, site in sites.items():
        if several and site.kind is SiteKind.HOUSE:  # a house on its own needs no one to point at
            own = [entry for entry in catalogue.entries.values() if house in entry.production.houses]
            found[house] = Home(site, settle(own, known.get(house, {}), site.languages[0]))
    return found
