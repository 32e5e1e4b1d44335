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


class PaymentSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account. `mode`: "test" until it works, then "live"; the key must be of that mode.

    `key_env` and `webhook_env` name the variables with the secret key, and with what signs the provider's calls; Mollie signs none.
    `page`: where Stripe's page is, when the account has an address of its own for it.
    """

    provider: str
    key_env: str
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


def examine(given: PaymentSettings | None, path: Path) -> PaymentSettings | None:
    """The table as it is; refuses `settings_wrong`."""
    if given is None:
        return None
    wrong = ""
    if given.provider not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        wrong = f"provider = {given.provider!r}: write one of {known}; without [payments] the sandbox stands in"
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


def is_called(url: str) -> bool:
    """Whether a provider can call a site that stands there: not on this machine, and not in the clear."""
    return url.startswith("https://") and not is_loopback(url)


def looks_secret(given: str) -> bool:
    """Whether somebody wrote a key where its variable's name should be."""
    return given.startswith(("sk_", "rk_", "whsec_", "test_", "live_"))


def accounts(
    houses: Mapping[str, PaymentSettings | None], clusters: Mapping[str, PaymentSettings | None],
    members: Mapping[str, tuple[str, ...]], sellers: Collection[str],
) -> Mapping[str, Account | None]:  # fmt: skip
    """Site → the account that its visitors pay into, None for the sandbox; "" is where no site is named.

    Refuses a mix of test and live among sites that sell something: `sellers` are the houses that do, and what they are members of.
    """
    found: dict[str, Account | None] = {}
    for name, given in clusters.items():
        found[name] = Account(name, given) if given else None
    for name, given in houses.items():
        joint = (found[cluster] for cluster in clusters if name in members[cluster])
        found[name] = Account(name, given) if given else next((one for one in joint if one), None)
    open_ones = {*sellers, *(cluster for cluster, there in members.items() if not set(sellers).isdisjoint(there))}
    modes = {site: one.settings.mode if one else "test" for site, one in found.items() if one or site in open_ones}
    if "live" in modes.values() and "test" in modes.values():
        real, play = (next(site for site, mode in modes.items() if mode == kind) for kind in ("live", "test"))
        say = f'{real} takes real money and {play} does not; write [payments] with mode = "live" there too'
        raise Refused("settings_wrong", say)
    return {"": next((one for one in found.values() if one), None)} | found
