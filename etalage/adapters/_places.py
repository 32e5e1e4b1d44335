"""Where something happens: the house's own venue when a source names one, else a venue of the source's."""

from collections.abc import Iterable, Mapping
from typing import Any

from etalage.adapters import _clean
from etalage.adapters._memo import Memo
from etalage.model.errors import Refused
from etalage.model.house import find_venue
from etalage.model.programme import Venue

_FIELDS = ("id", "name", "street", "postal", "city", "country", "latitude", "longitude")


class Places:
    """Finds venues by what a source writes. `known` are the house's; a source may have venues of its own to add."""

    def __init__(self, source: str, known: tuple[Venue, ...]) -> None:
        self.source, self.known = source, known
        self._found = Memo(self._look)

    def add(self, venues: Iterable[Venue]) -> None:
        """Know venues of the source's own too."""
        self.known = (*self.known, *venues)
        self._found.clear()

    def find(self, given: Any) -> tuple[Venue | None, str]:
        """A place by name ("CC Noord, Foyer") or as a table (`make` says of what): the venue and the hall, either may be missing."""
        told = tuple(given.items()) if isinstance(given, dict) else (("name", str(given)),)
        try:
            found: tuple[Venue | None, str] = self._found[told]
        except TypeError:
            raise Refused("field_unknown", f"a venue is told by texts and numbers: {', '.join(_FIELDS)}") from None
        return found

    def of_hall(self, name: str) -> Venue | None:
        """The venue of a hall; a house with one venue has all its halls there, named in house.toml or not."""
        return find_venue(self.known, name)[0] or (self.known[0] if len(self.known) == 1 else None)

    def _look(self, given: tuple[tuple[str, Any], ...]) -> tuple[Venue | None, str]:
        told = {name: value for name, value in given if value is not None and value != ""}
        name = _clean.lines(str(told.get("name") or ""))
        known, hall = find_venue(self.known, name)
        return (known, hall) if known or not name else (make(self.source, told), "")


def make(source: str, told: Mapping[str, Any]) -> Venue:
    """A venue of {id, name, street, postal, city, country, latitude, longitude}; without an id, one is made of its name and address."""
    unknown = [name for name in told if name not in _FIELDS]
    if unknown:
        raise Refused("field_unknown", f"a venue has no {unknown[0]!r}; it has {', '.join(_FIELDS)}")
    name, street, postal, city, country = (_clean.plain(str(told.get(field) or "")) for field in _FIELDS[1:6])
    part = _clean.identifier(str(told["id"])) if told.get("id") else _clean.slug(f"{name} {postal} {street}")
    return Venue(
        id=f"{source}/venue/{part}", name=name, street=street, postal=postal, city=city, country=country or "BE",
        latitude=_degrees(told.get("latitude"), 90), longitude=_degrees(told.get("longitude"), 180),
    )  # fmt: skip


def _degrees(given: Any, limit: int) -> float | None:
    if given in (None, ""):
        return None
    try:
        number = float(given)
    except ValueError:
        number = float("nan")
    if not abs(number) <= limit:
        raise Refused("place_unreadable", f"{str(given)[:30]!r} is no latitude or longitude in degrees")
    return number
