"""A proposal to a visitor, always with the reason for it: what to see next, elsewhere, or instead."""

import msgspec


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something is proposed: a code that the theme has words for, and what fills them ("Compagnie Grintweg", 6).

    Codes of likeness: pin, maker, person, tag, genre_age, genre, age, free. Of what is deliberately unlike: other, other_week.
    Of what is sold out: date, elsewhere, and those of likeness. Of the region: near.
    """

    code: str
    what: str = ""
    number: int = 0


class Tip(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A date of a production that one can still attend ("" for an expo), why, and how far it is in kilometres where known.

    `url` is the address on the owner's own site, when that is another than the site one looks at.
    """

    production: str
    performance: str = ""
    why: Reason
    km: int | None = None
    url: str = ""


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A curated list by its id, and which of its picks is meant (counted from 0; -1 for the list as a whole)."""

    list: str
    pick: int = -1


class Wishes(msgspec.Struct, frozen=True, omit_defaults=True):
    """What staff decide about the tips on one production's page: ids that come first, and ids that never come."""

    pin: tuple[str, ...] = ()
    ban: tuple[str, ...] = ()
