"""The `[[discounts]]` tables of a house.toml: whose passes a house takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from etalage.model.errors import Refused
from etalage.payments import MODES, looks_secret

SYSTEMS = ("uitpas", "card")


class DiscountSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One system of passes. Secrets go by the names of variables.

    uitpas: `mode`, "test" or "live"; `client_env`, `secret_env`: the house's own account; `organizer`: its id in UiTdatabank; `url_env`: in test
    mode, where something stands in for UiTPAS. `at_desk`: who cannot be helped here may reserve at the house and pay at the desk.
    card: the house's own, `name`d for visitors; its numbers begin with `begins` and have so many `digits`, the last one checks them (Luhn);
    `percent` off, for `most` places of each performance. Numbers that begin with `group` are of groups, for `group_most` places. `lost`: numbers
    that count no more.
    """

    system: str
    mode: str = "test"
    client_env: str = ""
    secret_env: str = ""
    url_env: str = ""
    organizer: str = ""
    at_desk: bool = False
    name: str | Mapping[str, str] = ""
    begins: str = ""
    digits: int = 0
    percent: int = 0
    most: int = 1
    group: str = ""
    group_most: int = 20
    lost: tuple[str, ...] = ()


def examine(given: Sequence[DiscountSettings], path: Path) -> tuple[DiscountSettings, ...]:
    """The tables as they are; refuses `settings_wrong`."""
    wrong = next(filter(None, map(_wrong, given)), "")
    names = [one.system for one in given]
    if not wrong and len(names) != len(set(names)):
        wrong = "each system once: there are two tables of the same"
    if wrong:
        raise Refused("settings_wrong", f"discounts: {wrong}", where=str(path))
    return tuple(given)


def _wrong(given: DiscountSettings) -> str:
    if given.system not in SYSTEMS:
        return f"system = {given.system!r}: write one of {', '.join(SYSTEMS)}"
    return _wrong_card(given) if given.system == "card" else _wrong_uitpas(given)


def _wrong_uitpas(given: DiscountSettings) -> str:
    if not (given.client_env and given.secret_env):
        return (
            "client_env and secret_env are missing: the names of the variables with the house's own account at UiTPAS"
        )
    if given.mode not in MODES:
        return f"mode = {given.mode!r}: write one of {', '.join(MODES)}"
    if given.url_env and given.mode == "live":
        return "url_env is for something that stands in for UiTPAS, in test mode only"
    if looks_secret(given.client_env) or not given.secret_env.isidentifier():
        return "secret_env is the name of a variable, never the secret itself"
    if given.begins or given.digits or given.percent:
        return "begins, digits and percent are a card's: UiTPAS itself says what a pass may have"
    return ""


def _wrong_card(given: DiscountSettings) -> str:
    if not given.name:
        return "name is missing: what visitors call the card"
    if not (given.begins.isdigit() and len(given.begins) < given.digits <= 19):
        return "begins and digits: with which digits its numbers begin, and how many they have (19 at most)"
    if not 0 < given.percent <= 100:
        return f"percent = {given.percent}: write how much is off, from 1 to 100"
    if given.most < 1 or given.group_most < 1:
        return "most and group_most: for how many places of each performance, 1 or more"
    return ""
