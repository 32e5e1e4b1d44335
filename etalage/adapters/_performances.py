"""The dates of a production: from drafts to performances with a time, a place, a status and an id."""

from collections.abc import Callable
from functools import partial
from typing import Any

from etalage.adapters import _clean, _fields, _terms, _when
from etalage.adapters._fields import Draft
from etalage.adapters._places import Places
from etalage.adapters._readers import Readers
from etalage.adapters._times import Times, TimeTable
from etalage.model.errors import Refused
from etalage.model.programme import Performance, Status, Venue
from etalage.model.record import Weight

Report = Callable[..., None]
"""Tells staff: record, field, refusal, and perhaps a weight."""


class Performances:
    """Reads performances for one source. `dated` names those without an id by their date; else they are numbered as written."""

    def __init__(self, readers: Readers, places: Places, report: Report, *, rolls_over: bool, dated: bool) -> None:
        self.readers, self.places, self.report = readers, places, report
        self.dated, self.zone = dated, readers.house.timezone
        self.times = TimeTable(self.zone, rolls_over=rolls_over)
        self.fields = _fields.bind({**_fields.PERFORMANCE, **_fields.BOTH}, readers)

    def read(
        self, draft: Draft, told: dict[str, Any], identity: str
    ) -> tuple[tuple[Performance, ...], tuple[Venue, ...]]:
        """All usable performances in order of start, and the venues of the production. Refuses `date_missing`.

        What is `told` of the production but belongs to its performances is moved there.
        """
        shared = {field: told.pop(field) for field in _fields.PERFORMANCE if field in told}
        inherited = {field: draft[field] for field in draft.keys() & _fields.PLACE_AND_TIME}
        drafts = draft.get("performances") or ([{}] if "date" in inherited or "start" in inherited else [])
        if not drafts:
            return (), self._undated(draft, inherited, shared, identity)
        found: dict[str, Performance] = {}
        venues: dict[str, Venue] = {}
        for number, given in enumerate(drafts, 1):
            whole = inherited | given if inherited else given
            if "venue" in given and "hall" not in given:  # the production's hall is in another house
                whole.pop("hall", None)
            one = self._one(whole, shared, identity, number, venues)
            if one and one.id in found:
                say = f"two dates have the id {one.id}; give each its own"
                self.report(one.id, "id", Refused("id_double", say), Weight.RECORD)
            elif one:
                found[one.id] = one
        performances = list(found.values())
        if len(performances) > 1:
            performances.sort(key=lambda one: (one.start, one.id))
        return tuple(performances), tuple(venues.values())

    def _undated(self, draft: Draft, inherited: Draft, shared: dict[str, Any], identity: str) -> tuple[Venue, ...]:
        """The venue of an expo, which has a period instead of dates."""
        if not draft.get("opens") and not draft.get("closes"):
            say = "there is no date; write one like 2026-10-12, or when an expo opens and closes"
            raise Refused("date_missing", say)
        for field in shared:
            say = f"{field} belongs to a date, and an expo has none; write it in the description"
            self.report(identity, field, Refused("field_needs_date", say), Weight.DOUBT)
        venues: dict[str, Venue] = {}
        self._place(inherited, identity, venues)
        return tuple(venues.values())

    def _one(self, given: Draft, shared: dict[str, Any], identity: str, number: int, venues: dict[str, Venue]) -> Performance | None:  # fmt: skip
        label, field = f"{identity}/{number}", "date"
        try:
            times = self.times.read(given)
            field = "id"
            label = self._label(given, times, identity, number)
        except Refused as refusal:
            self.report(label, field, refusal, Weight.RECORD)
            return None
        for field, complaint in times.complaints:
            self.report(label, field, complaint)
        venue, hall = self._place(given, label, venues)
        told = _fields.read(self.fields, given, partial(self.report, label))
        if "status" in given:
            told |= self._status(given, label)
        return Performance(
            id=label, start=times.start, timed=times.timed, end=times.end, doors=times.doors, venue=venue, hall=hall,
            **(shared | told),
        )  # fmt: skip

    def _label(self, given: Draft, times: Times, identity: str, number: int) -> str:
        own = given.get("id")
        if own is not None and own != "":
            return f"{identity}/{_clean.identifier(own)}"
        return f"{identity}/{times.name if self.dated else number}"

    def _place(self, given: Draft, label: str, venues: dict[str, Venue]) -> tuple[str, str]:
        """The venue's id and the hall; the venue is added to `venues`."""
        try:
            venue, hall = self.places.find(given["venue"]) if given.get("venue") else (None, "")
            hall = self.readers.text(given["hall"]) if given.get("hall") else hall
            venue = venue or self.places.of_hall(hall)
        except Refused as refusal:
            self.report(label, "venue", refusal)
            return "", ""
        if not venue:
            return "", hall
        venues.setdefault(venue.id, venue)
        return venue.id, hall

    def _status(self, given: Draft, label: str) -> dict[str, Any]:
        """The status, and for a moved performance when or where it was."""
        if not given["status"]:
            return {}
        try:
            status, origin = _terms.status(given["status"])
            start, venue = given.get("previous_start"), self.readers.text(given.get("previous_venue") or "")
            if origin and not start and not venue:
                start, venue = (origin, "") if origin[:1].isdigit() else (None, self.readers.text(origin))
            previous = _when.moment(start, self.zone)[0] if start else None
        except Refused as refusal:
            self.report(label, "status", refusal)
            return {}
        if status is Status.MOVED and not previous and not venue:
            say = 'it moved, but not from when or where; write "verplaatst van 12/10/2026 20:15"'
            self.report(label, "status", Refused("moved_from_unknown", say), Weight.DOUBT)
        return {"status": status, "previous_start": previous, "previous_venue": venue}
