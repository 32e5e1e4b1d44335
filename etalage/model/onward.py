"""Money of a house's share that the payment provider passes on to the house's own account: for joint money that is split."""

from datetime import datetime

import msgspec

from etalage.model.back import Way
from etalage.model.money import Money


class Onward(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """What of a share is passed on. Nobody waits for it: the tickets are there before.

    `reference`: ours, unique for ever. `made`: when it was decided; `at`: when its way last changed; `due`: when to ask the provider,
    None when it is over. `tries`: how often it refused.
    """

    reference: str
    amount: Money
    made: datetime
    at: datetime
    due: datetime | None = None
    way: Way = Way.WANTED
    tries: int = 0
    why: str = ""
    """Why the provider refused the last time, as a code."""

    @property
    def name(self) -> str:
        """What the provider knows it by: a new name after each refusal, for the amount may be another by then."""
        return f"{self.reference}-again-{self.tries}" if self.tries else self.reference

    @property
    def is_done(self) -> bool:
        """Whether the house has it."""
        return self.way is Way.DONE
