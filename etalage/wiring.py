"""The one place where an adapter is chosen. What only some need is imported when it is needed: an SDK costs start-up time."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from etalage.config import HouseSettings, Settings, SourceSettings, WalletSettings, Workspace, secret, words
from etalage.discounts import DiscountSettings
from etalage.model.errors import Refused
from etalage.payments import Account
from etalage.ports.discounts import Discounts
from etalage.ports.editorial import Editorial
from etalage.ports.event_source import EventSource
from etalage.ports.files import Files
from etalage.ports.mailer import Mailer
from etalage.ports.payment import Payments
from etalage.ports.pictures import Pictures
from etalage.ports.printer import Printer
from etalage.ports.records import ANY, Records
from etalage.ports.ticketing import Cap, Ticketing
from etalage.ports.wallet import Wallet

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from etalage.adapters.mollie_payments import MolliePayments
    from etalage.adapters.sandbox_payments import SandboxPayments
    from etalage.adapters.stripe_payments import StripePayments
    from etalage.sales.passes import Passes
    from etalage.sales.quote import Quotes
    from etalage.sales.saga import Saga
    from etalage.sales.wishlists import Wishlists
    from etalage.search.desk import Desk

RECORDS = "records.sqlite"
"""The file of records, in var/."""


def files(workspace: Workspace) -> Files:
    """Where harvests are kept."""
    from etalage.adapters.folder_files import FolderFiles

    return FolderFiles(workspace.var)


def editorial(settings: Settings) -> Editorial:
    """Where staff write."""
    from etalage.adapters.markdown_editorial import MarkdownEditorial

    houses = {name: given.house for name, given in settings.houses.items()}
    clusters = {name: given.cluster for name, given in settings.clusters.items()}
    return MarkdownEditorial(settings.workspace.content, houses, clusters)


def desk(workspace: Workspace, clock: Callable[[], datetime]) -> Desk:
    """Where visitors without JavaScript, and scripts, ask what is on."""
    from etalage.adapters.whoosh_search_index import WhooshSearchIndex
    from etalage.search.desk import Desk

    def open_index(site: str, language: str) -> WhooshSearchIndex:
        return WhooshSearchIndex(workspace.var / "whoosh" / site / language)

    return Desk(files(workspace), open_index, clock)


def pictures(workspace: Workspace) -> Pictures:
    """What makes pictures ready for the web."""
    from etalage.adapters.pillow_pictures import PillowPictures

    return PillowPictures(workspace.var / "pictures")


def clock() -> datetime:
    """Now, for what answers visitors; a build is given its moment."""
    return datetime.now(UTC)  # noqa: TID251 - functions live in the present


def records(workspace: Workspace, now: Callable[[], datetime] = clock) -> Records:
    """What must be remembered for certain: sales and shared wishlists. ETALAGE_RECORDS says where; else a file in var/.

    What expires does so by `now`: a sale that lives on another day keeps its baskets for a day of its own.
    """
    table = records_table()
    if table:
        from etalage.adapters._dynamodb_table import connect
        from etalage.adapters.dynamodb_records import DynamoRecords

        return DynamoRecords(connect(), table, now)
    from etalage.adapters.sqlite_records import SqliteRecords

    return SqliteRecords(workspace.var / RECORDS, now)


def records_table() -> str:
    """The DynamoDB table that ETALAGE_RECORDS names ("dynamodb:<table>"), "" for the file; refuses `records_unknown`."""
    given = os.environ.get("ETALAGE_RECORDS", "sqlite")
    system, _, table = given.partition(":")
    if given != "sqlite" and not (system == "dynamodb" and table):
        say = f"ETALAGE_RECORDS is {given!r}; write sqlite, or dynamodb: and the name of the table"
        raise Refused("records_unknown", say)
    return table


def examine_records(workspace: Workspace) -> None:
    """Write a word in the store and read it again; raises what is wrong with it."""
    store, now = records(workspace), clock()
    store.put("doctor", "word", b"well", expect=ANY, expires=now + timedelta(minutes=1))
    store.get("doctor", "word")


def copy_records(workspace: Workspace, to: Path) -> int:
    """Copy the file of records while it is in use; how many documents are in it. Refuses `backup_elsewhere` for DynamoDB."""
    from etalage.adapters import _sqlite_copies

    return _sqlite_copies.save(_file_of_records(workspace), to)


def restore_records(workspace: Workspace, copy: Path) -> int:
    """Put a copy back in place of the file of records; refuses while any process has it open."""
    from etalage.adapters import _sqlite_copies

    return _sqlite_copies.restore(_file_of_records(workspace), copy)


def _file_of_records(workspace: Workspace) -> Path:
    if records_table():
        say = "the records are in DynamoDB: its point-in-time recovery is the backup; reconcile afterwards all the same"
        raise Refused("backup_elsewhere", say)
    return workspace.var / RECORDS


def wishlists(workspace: Workspace, now: Callable[[], datetime] = clock) -> Wishlists:
    """Shared wishlists."""
    from etalage.sales.wishlists import Wishlists

    return Wishlists(records(workspace, now), now, os.urandom)


class Till(NamedTuple):
    """All that sells, over one store."""

    quotes: Quotes
    saga: Saga
    houses: Callable[[str], Ticketing]
    providers: Mapping[str, Payments]
    records: Records
    sandbox: SandboxPayments
    pays: Mapping[str, str]
    """Site → the name of who takes the money there; "" is where no site is named."""


def till(settings: Settings, home: str, now: Callable[[], datetime] = clock) -> Till:
    """What sells for these houses; `home`: where the sandbox's page stands.

    A house whose settings are wrong sells nothing: its staff read why in the log.
    """
    from etalage.adapters.sandbox_payments import SandboxPayments
    from etalage.sales.queues import Here, Queue
    from etalage.sales.quote import Quotes
    from etalage.sales.saga import Saga

    kept = records(settings.workspace, now)
    known: dict[str, tuple[Ticketing, Executor]] = {}
    for name, given in settings.houses.items():
        try:
            made = _ticketing(given, kept, now)
        except Refused as no:
            logging.getLogger("etalage.house").warning("%s sells nothing: %s", name, no)
            continue
        if made:
            known[name] = made, Queue(name) if Cap.OWN_BOOKS in made.caps else Here()

    def seller(name: str) -> tuple[Ticketing, Executor]:
        if name not in known:
            raise Refused("not_sold_here", "This house sells on its own page.", where=name[:100])
        return known[name]

    def houses(name: str) -> Ticketing:
        return seller(name)[0]

    def pool(name: str) -> Executor:
        return seller(name)[1]

    secret_words = secrets(settings.workspace)
    sandbox = SandboxPayments(kept, now, os.urandom, secret_words[0].encode(), home)
    accounts = settings.accounts
    passes = _passes(settings, kept, now, secret_words)
    providers: Mapping[str, Payments] = {sandbox.name: sandbox} | {
        one.name: _provider(one, now) for one in accounts.values() if one
    }
    pays = {site: one.name if one else sandbox.name for site, one in accounts.items()}
    saga = Saga(kept, houses, providers, now, pool, passes=passes)
    return Till(Quotes(houses, pool, passes.notes if passes else None), saga, houses, providers, kept, sandbox, pays)


def _passes(
    settings: Settings, kept: Records, now: Callable[[], datetime], secret_words: tuple[str, ...]
) -> Passes | None:
    """Whose passes these houses take; None when nobody's. One whose settings are wrong is not taken: its staff read why in the log."""
    from etalage.sales.pass_notes import Notes
    from etalage.sales.passes import Passes
    from etalage.sales.queues import Here, Queue

    known: dict[str, dict[str, Discounts]] = {}
    for name, given in settings.houses.items():
        for one in given.discounts:
            if is_stand_in_away(one):
                continue
            try:
                known.setdefault(name, {})[one.system] = discounts(given, one, kept, secret_words, now)
            except Refused as no:
                logging.getLogger("etalage.house").warning("%s takes no %s: %s", name, one.system, no)
    if not known:
        return None
    from etalage.adapters.fernet_seal import FernetSeal

    pools: dict[tuple[str, str], Executor] = {
        (house, system): Queue(f"{house}-{system}") if made.key else Here()
        for house, systems in known.items()
        for system, made in systems.items()
    }
    return Passes(Notes(kept, now), known, FernetSeal(secret_words), os.urandom, lambda *name: pools[name])


def is_stand_in_away(given: DiscountSettings) -> bool:
    """Whether a system is to be stood in for, and nothing does now."""
    return bool(given.url_env) and not os.environ.get(given.url_env)


def discounts(
    house: HouseSettings, given: DiscountSettings, kept: Records, secret_words: Sequence[str], now: Callable[[], datetime] = clock
) -> Discounts:  # fmt: skip
    """One system of passes of a house; refuses `secret_missing`.

    The oldest secret word marks the cards, so that a new one does not make them new too.
    """
    id = house.house.id
    if given.system == "uitpas":
        from etalage.adapters.uitpas_discounts import HOSTS, UitpasDiscounts

        api, accounts = (secret(given.url_env).rstrip("/"),) * 2 if given.url_env else HOSTS[given.mode]
        return UitpasDiscounts(
            id, secret(given.client_env), secret(given.secret_env), api=api, accounts=accounts, organizer=given.organizer, clock=now
        )  # fmt: skip
    from etalage.adapters.local_discounts import Card, LocalDiscounts

    card = Card(
        name=words(given.name, house.house.languages[0]), begins=given.begins, digits=given.digits, percent=given.percent,
        most=given.most, group=given.group, group_most=given.group_most, lost=given.lost,
    )  # fmt: skip
    return LocalDiscounts(id, card, kept, secret_words[-1].encode(), now, os.urandom)


def examine_payments(account: Account, now: Callable[[], datetime] = clock) -> tuple[str, ...]:
    """Ask a provider whether it knows our key; nothing is paid. Raises what is wrong with it. The ways to pay, where it tells them."""
    return _account(account, now).examine()


def examine_houses(account: Account, now: Callable[[], datetime] = clock) -> Mapping[str, str | None]:
    """House → what is wrong with its own account, where its share is passed on: "" when nothing is, None where the provider does not say.

    Raises what is wrong with the account that collects.
    """
    return _account(account, now).examine_houses()


def _provider(account: Account, now: Callable[[], datetime]) -> Payments:
    """Who takes the money; with wrong settings nobody, and staff read why."""
    try:
        return _account(account, now)
    except Refused as no:
        from etalage.adapters.closed_payments import ClosedPayments

        logging.getLogger("etalage.house").warning("%s: nobody can pay: %s", account.name, no)
        return ClosedPayments(account.name, str(no))


def _account(account: Account, now: Callable[[], datetime]) -> StripePayments | MolliePayments:
    """An account at a provider; refuses `secret_missing`, and `settings_wrong` a key of the other mode."""
    given = account.settings
    if find_spec(given.provider) is None:
        say = f"what speaks with {given.provider} is not installed: pip install --require-hashes -r requirements/payments.lock"
        raise Refused("settings_wrong", say, where=account.owner)
    made: StripePayments | MolliePayments
    if given.provider == "mollie":
        from etalage.adapters.mollie_payments import MolliePayments

        made = MolliePayments(secret(given.key_env), now, name=account.name, destinations=given.houses)
    else:
        from etalage.adapters.stripe_payments import StripePayments

        page = given.page or StripePayments.page
        made = StripePayments(
            secret(given.key_env),
            secret(given.webhook_env),
            now,
            name=account.name,
            page=page,
            destinations=given.houses,
        )
    if made.live is not (given.mode == "live"):
        say = (
            f"payments.mode is {given.mode}, and the key in {given.key_env} is not: a mix of play money and real money"
        )
        raise Refused("settings_wrong", say, where=account.owner)
    return made


def examine_discounts(settings: Settings, house: str, given: DiscountSettings) -> tuple[str, ...]:
    """Ask a system of passes whether it knows a house's account; raises what is wrong with it."""
    kept = records(settings.workspace)
    return discounts(settings.houses[house], given, kept, secrets(settings.workspace)).examine()


def mailer(settings: Settings) -> Mailer:
    """Who takes letters to the post; refuses `settings_wrong` and `secret_missing`."""
    given, where = settings.mail, str(settings.workspace.content / "mail.toml")
    try:
        if given.system == "folder":
            from etalage.adapters.folder_mailer import FolderMailer

            return FolderMailer(settings.workspace.var / "mail", given.sender)
        from etalage.adapters.smtp_mailer import Account, SmtpMailer

        user, password = (secret(name) if name else "" for name in (given.user_env, given.password_env))
        return SmtpMailer(
            Account(
                host=given.host, port=given.port, from_=given.sender, secure=given.secure, user=user, password=password
            )
        )
    except Refused as no:
        if no.code == "mail_undeliverable":
            raise Refused("settings_wrong", f"sender = {given.sender!r} is no address", where=where) from no
        raise


def closed_mailer(why: str) -> Mailer:
    """A post that takes nothing, so that letters wait."""
    from etalage.adapters.closed_mailer import ClosedMailer

    return ClosedMailer(why)


def examine_mail(settings: Settings) -> None:
    """Knock at the post without sending anything; raises what is wrong with it."""
    mailer(settings).examine()


def printer() -> Printer:
    """What makes tickets of paper."""
    from etalage.adapters.fpdf_printer import FpdfPrinter

    return FpdfPrinter()


@cache
def printer_beside() -> Printer:
    """The same, in a process of its own: for one that sells meanwhile."""
    from etalage.adapters.fpdf_printer import FpdfPrinter
    from etalage.adapters.spawned_printer import SpawnedPrinter

    return SpawnedPrinter(FpdfPrinter)


def wallet(given: WalletSettings, now: datetime) -> Wallet:
    """What signs tickets for phones; refuses `secret_missing`, `wallet_wrong`, `wallet_lapsed` and `wallet_library`."""
    from etalage.adapters import _apple_papers
    from etalage.adapters.apple_wallet import AppleWallet

    password = secret(given.password_env) if given.password_env else ""
    return AppleWallet(_apple_papers.read(Path(secret(given.certificate_env)), password, now))


def wallets(settings: Settings, now: datetime) -> Mapping[str, Wallet]:
    """House or cluster → what signs its tickets for phones. Where that is not well there is none: its staff read why in the log."""
    made = {}
    for name, given in settings.wallets.items():
        try:
            made[name] = wallet(given, now)
        except Refused as no:
            logging.getLogger("etalage.house").warning("%s has no tickets for phones: %s", name, no)
    return made


def secrets(workspace: Workspace) -> tuple[str, ...]:
    """What signs links, the newest first: ETALAGE_SECRETS, words parted by commas; else one that is made once in var/."""
    given = tuple(word for word in os.environ.get("ETALAGE_SECRETS", "").split(",") if word)
    if given:
        return given
    path = workspace.var / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(os.urandom(32).hex(), "utf-8")
    return (path.read_text("utf-8"),)


def _ticketing(given: HouseSettings, kept: Records, now: Callable[[], datetime]) -> Ticketing | None:
    table = given.ticketing
    if table is None or table.system == "link":
        return None
    if table.system == "pretix":
        from etalage.adapters.pretix_ticketing import PretixTicketing

        return PretixTicketing(given.house, table.url, table.organizer, secret(table.token_env), kept)
    from etalage.adapters import toml_inventory
    from etalage.adapters.local_ticketing import LocalTicketing

    stock = toml_inventory.read(given.folder / table.inventory, given.house)
    return LocalTicketing(given.house.id, kept, stock.find, now, os.urandom)


def source(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    """The adapter for a `[[sources]]` table; refuses what its settings lack."""
    return _SOURCES[given.kind](given, house, today)


def fingerprint(given: SourceSettings, house: HouseSettings) -> str:
    """Changes when the same data would be read otherwise: other settings, or other code of ours."""
    here = Path(__file__).parent
    code = [path.read_bytes() for folder in ("adapters", "model") for path in sorted((here / folder).glob("*.py"))]
    parts = [msgspec.json.encode([given.id, given.table, house.house]), *code]
    return blake2b(b"".join(parts), digest_size=9).hexdigest()


def _toml(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.toml_event_source import TomlEventSource

    return TomlEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _csv(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.csv_event_source import CsvEventSource

    return CsvEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _xlsx(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.xlsx_event_source import XlsxEventSource

    return XlsxEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _icalendar(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.icalendar_event_source import IcalendarEventSource

    return IcalendarEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _json(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.json_event_source import JsonEventSource

    return JsonEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


class _Pretix(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    url: str
    organizer: str
    token_env: str
    since: date | None = None


def _pretix(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.pretix_event_source import PretixEventSource

    del today
    try:
        table = msgspec.convert(dict(given.table), _Pretix)
    except msgspec.ValidationError as error:
        raise Refused("settings_wrong", f"{given.id}: {error}", where=str(house.folder / "house.toml")) from error
    return PretixEventSource(
        id=given.id, house=house.house, base_url=table.url, organizer=table.organizer, token=secret(table.token_env),
        since=table.since,
    )  # fmt: skip


_SOURCES: Mapping[str, Callable[[SourceSettings, HouseSettings, date], EventSource]] = {
    "toml": _toml, "csv": _csv, "xlsx": _xlsx, "icalendar": _icalendar, "json": _json, "pretix": _pretix,
}  # fmt: skip
