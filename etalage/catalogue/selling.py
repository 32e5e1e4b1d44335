"""Which dates a visitor buys on the site itself, because their house sells through us; and for which a teacher may ask."""

from etalage.model.basket import house_of
from etalage.model.errors import Refused
from etalage.model.offer import Stock
from etalage.model.programme import AS_A_WHOLE, Kind, Performance, Production, Status
from etalage.model.site import Site

_OTHERWISE = frozenset({Kind.WALKIN, Kind.SCHOOL})
"""No ticket is needed, or teachers reserve."""
_OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.REMOVED})


def enrolled_by(production: Production) -> Performance | None:
    """The date that is sold for all dates of a course or a camp: the first that goes on. None of another kind."""
    if production.kind not in AS_A_WHOLE:
        return None
    return next((one for one in production.performances if one.status not in _OFF), None)


def is_sold_here(site: Site, production: Production, one: Performance) -> bool:
    """Whether this date is sold through us at all; not whether it still is today.

    What has neither a price nor a way to buy is not for sale. Of a course only the date by which one enrols is. A house that sells through its pretix sells only what is in there.
    """
    if not site.sells or production.kind in _OTHERWISE or production.removed or one.status in _OFF:
        return False
    if production.kind in AS_A_WHOLE and one != enrolled_by(production):
        return False
    if not (one.prices or one.purchase_url or production.purchase_url):
        return False
    try:
        beginning = site.sells.get(house_of(one.id))
    except Refused:
        return False
    return beginning is not None and one.id.startswith(beginning)


def is_asked_here(site: Site, production: Production, one: Performance) -> bool:
    """Whether a teacher asks for places of this date on the site, because its house takes requests; not when it is full."""
    if not site.schools or production.kind is not Kind.SCHOOL or production.removed:
        return False
    if one.status in _OFF or one.stock is Stock.NONE:
        return False
    try:
        return house_of(one.id) in site.schools
    except Refused:
        return False
