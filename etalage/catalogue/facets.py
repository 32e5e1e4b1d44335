"""What visitors can filter by on a site: the genres, places, houses and facilities of what is still to come.

The names of filters and what they mean are in etalage/search/filters.py; here is only which values there are to choose from.
"""

from datetime import date

import msgspec

from etalage.catalogue.showing import Showing
from etalage.model.catalogue import Catalogue
from etalage.model.programme import FACILITIES


class Facets(msgspec.Struct, frozen=True):
    """Ids of genres, houses and venues, names of towns, facilities in their fixed order, months ("2026-12") from this one on."""

    genres: tuple[str, ...]
    houses: tuple[str, ...]
    venues: tuple[str, ...]
    towns: tuple[str, ...]
    facilities: tuple[str, ...]
    months: tuple[str, ...]
    uitpas: bool
    ages: bool
    prices: bool


def facets(catalogue: Catalogue, showing: Showing, houses: tuple[str, ...]) -> Facets:
    """Look through all that is still to come, open expos included."""
    genres: set[str] = set()
    there: set[str] = set()
    venues: set[str] = set()
    facilities: set[str] = set()
    uitpas = ages = prices = False
    open_ones = (entry.production for entry in showing.open_between(showing.today, date.max))
    for identity in dict.fromkeys((*showing.coming, *open_ones)):
        production = showing.found[identity].production
        ahead = showing.coming.get(identity, ())
        genres.update(genre.id for genre in production.genres)
        there.update(production.houses)
        venues.update(one.venue for one in ahead if one.venue in catalogue.venues)
        facilities.update(production.facilities, *(one.facilities for one in ahead))
        uitpas = uitpas or production.uitpas
        ages = ages or production.age_min is not None
        prices = prices or any(one.prices for one in ahead)
    places = [catalogue.venues[venue] for venue in venues]
    facilities.update(*(place.facilities for place in places))
    now = f"{showing.today:%Y-%m}"
    return Facets(
        genres=tuple(sorted(genres)), houses=tuple(house for house in houses if house in there), venues=tuple(sorted(venues)),
        towns=tuple(sorted({place.city for place in places if place.city})), facilities=tuple(f for f in FACILITIES if f in facilities),
        months=tuple(sorted(month for month in showing.months if month >= now)), uitpas=uitpas, ages=ages, prices=prices,
    )  # fmt: skip
