"""How far it is: which venues a filter on place reaches."""

from etalage.model.distance import kilometres
from etalage.search.filters import Filters
from etalage.search.table import Table


def near(table: Table, filters: Filters) -> list[bool] | None:
    """Per venue whether it is near enough; None when nobody asks. A town without `km` means: in the town itself."""
    if not filters.town and filters.here is None:
        return None
    wanted = {position for position, (town, _) in enumerate(table.towns) if town in filters.town}
    inside = [venue.town in wanted for venue in table.venues]
    away = distances(table, filters)
    if filters.km is None or away is None:
        return inside if filters.town else None
    return [within or far <= filters.km for within, far in zip(inside, away, strict=True)]


def distances(table: Table, filters: Filters) -> list[float] | None:
    """Per venue how many kilometres from `here`, else from the nearest of the towns; None when that is not known."""
    centres = [filters.here] if filters.here else [c for c in (_centre(table, town) for town in filters.town) if c]
    if not centres:
        return None
    return [
        min(kilometres(centre, (v.latitude, v.longitude)) for centre in centres)
        if v.latitude is not None and v.longitude is not None
        else float("inf")
        for v in table.venues
    ]


def _centre(table: Table, town: str) -> tuple[float, float] | None:
    """The middle of a town's venues."""
    points = [
        (v.latitude, v.longitude)
        for v in table.venues
        if v.latitude is not None and v.longitude is not None and v.town >= 0 and table.towns[v.town][0] == town
    ]
    if not points:
        return None
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
