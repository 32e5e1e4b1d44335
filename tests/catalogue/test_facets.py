"""What one can choose from on the search page: only what is still to come, and a key that follows it."""

from datetime import date

import msgspec

from etalage.catalogue.facets import facets
from etalage.catalogue.showing import Showing
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.genres import GENRES
from etalage.model.programme import Kind
from tests.catalogue.test_plan import SITE, planned
from tests.make import ZAAL, performance, price, production

JAZZ, DANS = GENRES["jazz"], GENRES["dans"]


def found(*productions, today=date(2026, 11, 22)):
    catalogue = Catalogue(
        entries={one.id: Entry(production=one, stamp="") for one in productions}, venues={ZAAL.id: ZAAL}
    )
    return facets(catalogue, Showing(catalogue, SITE, today), SITE.houses)


def test_what_is_over_leaves_nothing_to_choose():
    over = production("toml:linde/a", "Toen", "2026-03-05 20:00", genres=(JAZZ,), uitpas=True)
    coming = production("toml:linde/b", "Straks", "2026-12-05 20:00", genres=(DANS,))
    offered = found(over, coming)
    assert (offered.genres, offered.months, offered.uitpas) == (("dans",), ("2026-12",), False)
    assert (offered.venues, offered.towns, offered.houses) == (("de-linde",), ("Oosterlo",), ("linde",))


def test_an_open_expo_counts():
    expo = production(
        "toml:linde/x",
        "Expo",
        kind=Kind.EXPO,
        performances=(),
        opens=date(2026, 1, 1),
        closes=date(2027, 1, 1),
        genres=(JAZZ,),
    )
    assert found(expo).genres == ("jazz",)
    assert found(expo, today=date(2027, 2, 1)).genres == ()


def test_age_price_and_facilities_are_asked_only_where_somebody_says_them():
    bare = found(production("toml:linde/a"))
    assert not bare.ages and not bare.prices and bare.facilities == ()
    full = found(
        production(
            "toml:linde/a",
            "A",
            performance("1", prices=(price(900),), facilities=("captions",)),
            age_min=6,
            facilities=("wheelchair",),
        )
    )
    assert full.ages and full.prices and full.facilities == ("wheelchair", "captions")


def test_the_search_page_is_drawn_anew_only_when_the_choice_changes():
    def key(*productions, **more):
        return next(one.key for one in planned(*productions, **more).pages if one.template == "search.html")

    one = production("toml:linde/a", "Winterreis", genres=(JAZZ,))
    assert key(one) == key(production("toml:linde/a", "Zomerreis", genres=(JAZZ,)))
    assert key(one) != key(production("toml:linde/a", "Winterreis", genres=(JAZZ, DANS)))
    assert key(one) != key(production("toml:linde/a", "Winterreis", "2027-01-05 20:00", genres=(JAZZ,)))


def test_a_house_may_do_without_search():
    without = planned(production("toml:linde/a"), site=msgspec.structs.replace(SITE, search=False))
    assert not [one for one in without.pages if one.template == "search.html"]
