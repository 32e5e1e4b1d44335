"""A house's own words are for its staff: they go to the log without what is personal, and the visitor gets ours.

Why a house's system refuses may name a plugin, a quota or a field, in its own language; and it may repeat what it was sent.
"""

import logging
import re

from etalage.model.errors import EtalageError, Refused

HOUSE_REFUSED = "house_refused"
SAY = Refused(HOUSE_REFUSED, "This house cannot sell this now. Choose something else, or ask the house itself.").say
"""In a Refused, so that the translations are checked for it."""
LONGEST = 300
_PERSONAL = re.compile(r"[^\s'\"<>()\[\],;:=]+@[^\s'\"<>()\[\],;]+|[\w-]{16,}")
"""Addresses, and whatever is long enough to be a code or a token."""

log = logging.getLogger("etalage.house")


def for_visitors(error: EtalageError, house: str = "", name: str = "") -> EtalageError:
    """The error as a visitor may hear it; a house's own words are logged instead. `name`: who buys, to be left out there."""
    if error.code != HOUSE_REFUSED or error.say == SAY:
        return error
    log.warning("%s refuses for a reason of its own: %s", house or error.where, without_persons(error.say, name))
    return Refused(HOUSE_REFUSED, SAY, where=house)


def without_persons(text: str, name: str = "") -> str:
    """A text without addresses, codes and that name."""
    for part in name.split():
        text = re.sub(rf"\b{re.escape(part)}\b", "…", text, flags=re.IGNORECASE)
    return " ".join(_PERSONAL.sub("…", text).split())[:LONGEST]
