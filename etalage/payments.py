"""The `[payments]` table of a house.toml or cluster.toml: who takes visitors' money on that site. Keys go by the names of variables.

A house without that table uses its cluster's: then the cluster collects. Where nobody wrote one, the sandbox stands in and takes
nothing. Play money and real money never go over one counter: once one site is live all of them are, or nothing opens.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from etalage.model.errors import Refused
from etalage.model.payment import is_loopback

PROVIDERS = ("stripe", "mollie")
MODES = ("test", "live")
WAYS = ("collect", "split", "in_turn")
"""What becomes of joint money: one account collects it and settles up later; the provider passes each house's share on; or there is none,
for visitors pay one house after the other."""


class PaymentSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account. `mode`: "test" until it works, then "live"; the key must be of that mode.

    `key_env` and `webhook_env` name the variables with the secret key, and with what signs the provider's calls; Mollie signs none.
    `page`: where Stripe's page is, when the account has an address of its own for it.

    Of a cluster alone: `way`, one of WAYS; with "in_turn" there is no account, each house has its own. `houses`: with "split", house → its
    own account at the provider. `collector`: the house whose account it is; the cluster's own without.
    """

    provider: str = ""
    key_env: str = ""
    way: str = "collect"
    houses: Mapping[str, str] = {}
    collector: str = ""
    webhook_env: str = ""
    mode: str = "test"
    page: str = ""


class Account(NamedTuple):
    """An account and the house or cluster whose it is; `name` as it stands in addresses and records: "stripe-linde"."""

    owner: str
    settings: PaymentSettings

    @property
    def name(self) -> str:
        """The name of this account."""
        return f"{self.settings.provider}-{self.owner}"


def examine(
    given: PaymentSettings | None, path: Path, members: Collection[str] | None = None
) -> PaymentSettings | None:
    """The table as it is; `members`: of the cluster whose it is, None for a house. Refuses `settings_wrong`."""
    if given is None:
        return None
    wrong = _wrong_way(given, members)
    if wrong or given.way == "in_turn":
        pass
    elif given.provider not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        wrong = f"provider = {given.provider!r}: write one of {known}; without [payments] the sandbox stands in"
    elif not given.key_env:
        wrong = "key_env is missing: the name of the variable with the secret key"
    elif given.mode not in MODES:
        wrong = f"mode = {given.mode!r}: write one of {', '.join(MODES)}"
    elif given.provider == "stripe" and not given.webhook_env:
        wrong = "webhook_env is missing: the name of the variable with the signing secret of the webhook"
    elif given.provider == "mollie" and (given.webhook_env or given.page):
        wrong = "webhook_env and page are Stripe's: leave them out for Mollie"
    elif given.page and not given.page.startswith("https://"):
        wrong = f"page = {given.page!r}: write an address that begins with https://"
    elif looks_secret(given.key_env) or looks_secret(given.webhook_env):
        wrong = (
            "a secret stands in this file: write the name of a variable, and give the secret to nobody; make a new one"
        )
    if wrong:
        raise Refused("settings_wrong", f"payments.{wrong}", where=str(path))
    return given


def _wrong_way(given: PaymentSettings, members: Collection[str] | None) -> str:
    if members is None and (given.way != "collect" or given.houses or given.collector):
        return "way, houses and collector are a cluster's: write them in its cluster.toml"
    strange = sorted({*given.houses, *filter(None, [given.collector])} - set(members or ()))
    if strange:
        return f"{strange[0]!r} is no member of this cluster"
    if given.way not in WAYS:
        return f"way = {given.way!r}: write one of {', '.join(WAYS)}"
    if given.way == "in_turn" and (
        given.provider or given.key_env or given.webhook_env or given.houses or given.collector
    ):
        return 'way = "in_turn": each house has its own [payments] in its house.toml, and here stands nothing else'
    if given.way == "split" and not given.houses:
        return "houses is missing: [payments.houses] with each house's own account at the provider"
    if given.houses and given.way != "split":
        return 'houses: only with way = "split" is money passed on to the houses\' own accounts'
    return ""


def is_called(url: str) -> bool:
    """Whether a provider can call a site that stands there: not on this machine, and not in the clear."""
    return url.startswith("https://") and not is_loopback(url)


def looks_secret(given: str) -> bool:
    """Whether somebody wrote a key where its variable's name should be."""
    return given.startswith(("sk_", "rk_", "whsec_", "test_", "live_"))


def in_turn(clusters: Mapping[str, PaymentSettings | None], members: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The sites where visitors pay one house after the other: such clusters, their members, and where no site is named if nobody collects there."""
    there = {name for name, given in clusters.items() if given and given.way == "in_turn"}
    collecting = any(given and given.provider for given in clusters.values())
    unnamed = {""} if there and not collecting else set()
    return frozenset(there | {house for name in there for house in members[name]} | unnamed)


def accounts(
    houses: Mapping[str, PaymentSettings | None], clusters: Mapping[str, PaymentSettings | None],
    members: Mapping[str, tuple[str, ...]], sellers: Collection[str],
) -> Mapping[str, Account | None]:  # fmt: skip
    """Site → the account that its visitors pay into, None for the sandbox; "" is where no site is named.

    Refuses a mix of test and live among sites that sell something: `sellers` are the houses that do, and what they are members of.
    """
    found: dict[str, Account | None] = {}
    for name, given in clusters.items():
        found[name] = Account(name, given) if given and given.provider else None
    for name, given in houses.items():
        joint = (found[cluster] for cluster in clusters if name in members[cluster])
        found[name] = Account(name, given) if given else next((one for one in joint if one), None)
    turns = {name for name, given in clusters.items() if given and given.way == "in_turn"}  # its houses' accounts count
    open_ones = {*sellers, *(name for name, there in members.items() if not set(sellers).isdisjoint(there))} - turns
    alone = next(
        ((name, one) for name in turns for one in members[name] if one in sellers and not houses.get(one)), None
    )
    if alone and any(one and one.settings.mode == "live" for one in found.values()):
        say = f'in {alone[0]} visitors pay each house by itself, and {alone[1]} has no account: write [payments] with mode = "live" in its house.toml'
        raise Refused("settings_wrong", say)
    modes = {site: one.settings.mode if one else "test" for site, one in found.items() if one or site in open_ones}
    if "live" in modes.values() and "test" in modes.values():
        real, play = (next(site for site, mode in modes.items() if mode == kind) for kind in ("live", "test"))
        say = f'{real} takes real money and {play} does not; write [payments] with mode = "live" there too'
        raise Refused("settings_wrong", say)
    return {"": next((one for one in found.values() if one), None)} | found
