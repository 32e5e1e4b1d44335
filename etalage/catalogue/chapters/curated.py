"""The overview of curated lists, and a page for each."""

from collections.abc import Iterator

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.model.site import Page
from etalage.model.tip import Choice


def draw(d: Drawing) -> Iterator[Page]:
    """A list that is over or has nothing left keeps its page, which says so; it is named nowhere else."""
    if not d.advice.lists:
        return
    shown = d.advice.shown
    yield d.page(
        "lists.html", to(Addresses.lists), chosen=tuple(Choice(one.list.id) for one in shown), total=len(shown),
        extra=d.advice.list_stamps(shown), indexed=bool(shown),
    )  # fmt: skip
    for one in d.advice.lists:
        yield d.page(
            "curated.html", to(Addresses.lists, one.list.id), subject=one.list.id, entries=one.entries, total=len(one.entries),
            chosen=tuple(Choice(one.list.id, pick) for pick in one.picks), extra=d.advice.list_stamps([one]), indexed=one.is_shown,
        )  # fmt: skip
