"""What one can still go to: only that is ever proposed. Known at build time; live availability may know better later."""

from collections.abc import Iterable
from datetime import date

from etalage.catalogue.showing import is_open, last_day
from etalage.model.offer import Stock
from etalage.model.programme import AS_A_WHOLE, Performance, Production, Status

_GOES_ON = (Status.SCHEDULED, Status.MOVED)


def goes_on(performance: Performance, today: date) -> bool:
    """Whether this date is still to come and not called off; there may be no places."""
    return performance.status in _GOES_ON and last_day(performance) >= today


def has_places(performance: Performance, today: date) -> bool:
    """Whether one can still come to this date, as far as the source says."""
    if performance.stock is Stock.NONE or not goes_on(performance, today):
        return False
    return performance.sale_until is None or performance.sale_until.date() >= today


def chances(production: Production, today: date) -> Iterable[Performance]:
    """The dates one can still choose; of a course only the first, for one enrols for all."""
    dates = production.performances[:1] if production.kind in AS_A_WHOLE else production.performances
    return (performance for performance in dates if has_places(performance, today))


def first_chance(production: Production, today: date) -> str | None:
    """The id of the first date one can attend; "" for an expo that is or will be open; None when there is no way any more."""
    if production.removed:
        return None
    for performance in chances(production, today):
        return performance.id
    return "" if production.closes is not None and is_open(production, today, date.max) else None


def is_sold_out(production: Production, today: date) -> bool:
    """Whether there are dates to come, and no places for any of them."""
    coming = [p for p in production.performances if goes_on(p, today)]
    return bool(coming) and not any(has_places(p, today) for p in coming)
