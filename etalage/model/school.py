"""A teacher asks for places for a class: who comes, when they would like to, and how far the house is with an answer."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from etalage.model.checkout import Shown


class Stage(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    PROPOSED = "proposed"
    """The house named a date; the teacher says yes or no."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    """The house has no date for them, or it fell through."""
    WITHDRAWN = "withdrawn"
    """The teacher does not want it any more."""


ARROWS: Mapping[Stage, frozenset[Stage]] = {
    Stage.ASKED: frozenset({Stage.PROPOSED, Stage.DECLINED, Stage.WITHDRAWN}),
    Stage.PROPOSED: frozenset({Stage.PROPOSED, Stage.CONFIRMED, Stage.DECLINED, Stage.WITHDRAWN}),
    Stage.CONFIRMED: frozenset({Stage.DECLINED, Stage.WITHDRAWN}),
    Stage.DECLINED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
"""Stage → what may come after it. A proposal may be followed by another one."""


class SchoolRequest(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """One class that wants to come. It holds no seats.

    `key` names it and is no secret; `back` is the teacher's own link, in `language`. `dates` are the performances they prefer, the
    best first; `shown` is how the site showed them, and the one that is `proposed`. `say`: the house's own words with its answer.
    `step` counts the answers, so that who says yes says it to the proposal that they saw.
    """

    key: str
    site: str
    house: str
    production: str
    language: str
    back: str
    made: datetime
    school: str
    group: str
    pupils: int
    teachers: int
    dates: tuple[str, ...]
    shown: Mapping[str, Shown]
    name: str
    email: str
    phone: str = ""
    remark: str = ""
    stage: Stage = Stage.ASKED
    proposed: str = ""
    say: str = ""
    step: int = 0
    changed: datetime | None = None

    @property
    def title(self) -> str:
        """What they want to see."""
        return next(iter(self.shown.values())).title

    @property
    def last(self) -> datetime:
        """When the last of its dates is over; when it was made, where no date says so."""
        return max((one.last for one in self.shown.values() if one.last), default=self.made)

    def is_past(self, now: datetime) -> bool:
        """Whether the proposed date is over."""
        last = self.shown[self.proposed].last if self.proposed else None
        return last is not None and last <= now
