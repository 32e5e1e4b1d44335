"""What staff wrote in content/, and the environment, as typed settings. Secrets go by name, never by value.

A mistake in a settings file is refused with the file, the key and what may stand there; no key is silently ignored.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from etalage.discounts import DiscountSettings
from etalage.discounts import examine as examine_discounts
from etalage.model.errors import Refused
from etalage.model.house import Cluster, Contact, House
from etalage.model.peak import Peak
from etalage.model.programme import Venue
from etalage.model.site import Sharing, Site, SiteKind
from etalage.model.words import Words
from etalage.payments import Account, PaymentSettings, accounts, in_turn
from etalage.payments import examine as examine_payments
from etalage.peaks import PeakTable, read_peaks

TICKETING_SYSTEMS = ("local", "pretix", "link")
SOLD_HERE = {"local": "", "pretix": "pretix:{house}/"}
"""Systems that are sold through, and how the ids begin of what they know ("" for any)."""
SOURCE_KINDS = ("toml", "csv", "xlsx", "icalendar", "json", "pretix")
FIELD_RULES = ("source", "editor", "once")
MAIL_SYSTEMS = ("folder", "smtp")
MAIL_LINES = ("starttls", "tls", "none")
DEFAULT_REQUIRED = ("picture", "alt", "genre", "age_min", "duration", "interval", "summary")


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """The folders of one Etalage: what staff edit, what visitors get, what we remember, how it looks."""

    content: Path
    output: Path
    var: Path
    themes: Path

    @classmethod
    def at(
        cls,
        root: Path,
        content: Path | None = None,
        output: Path | None = None,
        var: Path | None = None,
        themes: Path | None = None,
    ) -> "Workspace":
        """The usual folders below `root`, each of which may be elsewhere."""
        return cls(
            content=(content or root / "content").resolve(),
            output=(output or root / "output").resolve(),
            var=(var or root / "var").resolve(),
            themes=(themes or root / "themes").resolve(),
        )


class SourceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One `[[sources]]` table of a house.toml; `table` is what the adapter of that kind reads further."""

    id: str
    kind: str
    table: Mapping[str, Any]


class MergeRules(msgspec.Struct, frozen=True, kw_only=True):
    """Which source is believed first, per field where wanted, and which ids staff know to be the same."""

    order: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}
    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()


class TicketingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The `[ticketing]` table of a house.toml: the system, and how to reach it. The token goes by the name of a variable.

    `inventory`: the file of what a house sells itself, from its own folder; `postcode`: whether buyers are asked where they live.
    """

    system: str
    url: str = ""
    organizer: str = ""
    token_env: str = ""
    inventory: str = "inventory.toml"
    postcode: bool = False


class SchoolSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[schools]` table of a house.toml: whether teachers ask for places on the site, and who hears of it by mail ("": nobody)."""

    requests: bool = False
    mail: str = ""


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """content/mail.toml: who takes our letters to the post. Without that file they lie in var/mail.

    `sender`: the address that all letters come from; `alerts`: who reads there that an order wants a look, "" is nobody. `secure`: "starttls", "tls" from the first byte, or "none" on one's own machine.
    The account goes by the names of two variables.
    """

    system: str = "folder"
    sender: str = "tickets@etalage.example"
    alerts: str = ""
    host: str = ""
    port: int = 587
    secure: str = "starttls"
    user_env: str = ""
    password_env: str = ""


class WalletSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[wallet]` table of a house.toml or cluster.toml, by the names of two variables: of the path of the file that signs passes,
    and of the password of its key ("" for none).
    """

    certificate_env: str
    password_env: str = ""


class HouseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A house with where its programme comes from and how its overlays count."""

    house: House
    folder: Path
    sources: tuple[SourceSettings, ...] = ()
    merge: MergeRules = MergeRules()
    fields: Mapping[str, str] = {}
    required: tuple[str, ...] = DEFAULT_REQUIRED
    choices: Mapping[str, Any] = {}
    ticketing: TicketingSettings | None = None
    """Where it sells; None: on its own page."""
    peaks: tuple[Peak, ...] = ()
    before_visit: bool = False
    """Whether it writes to its visitors on the day before."""
    schools: SchoolSettings = SchoolSettings()
    payments: PaymentSettings | None = None
    """Who takes the money here; None: its cluster's, else the sandbox."""
    wallet: WalletSettings | None = None
    """What signs tickets for the wallet of a phone; None: there are none."""
    discounts: tuple[DiscountSettings, ...] = ()
    """Whose passes it takes."""


class ClusterSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster with its folder."""

    cluster: Cluster
    folder: Path
    choices: Mapping[str, Any] = {}
    peaks: tuple[Peak, ...] = ()
    payments: PaymentSettings | None = None
    wallet: WalletSettings | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything content/ says."""

    workspace: Workspace
    houses: Mapping[str, HouseSettings]
    clusters: Mapping[str, ClusterSettings]
    mail: MailSettings = MailSettings()

    def site(self, name: str, url: str = "") -> Site:
        """The site of that house or cluster; `url` overrides where it will stand ("{site}" is its name)."""
        here = url.replace("{site}", name).rstrip("/")
        if name in self.houses:
            who: House | Cluster = self.houses[name].house
            houses: tuple[str, ...]
            kind, houses, choices = SiteKind.HOUSE, (name,), self.houses[name].choices
        elif name in self.clusters:
            group = self.clusters[name]
            who, kind, houses, choices = group.cluster, SiteKind.CLUSTER, group.cluster.members, group.choices
        else:
            known = ", ".join((*self.houses, *self.clusters)) or "none yet"
            raise Refused("site_unknown", f"there is no house or cluster {name!r} in content/ (known: {known})")
        return Site(
            id=name, kind=kind, name=who.name, languages=who.languages, houses=houses, url=here or who.url.rstrip("/"),
            theme=who.theme, timezone=who.timezone, tagline=who.tagline, contact=who.contact, sells=self.sells,
            schools=tuple(name for name, given in self.houses.items() if given.schools.requests), **choices,
        )  # fmt: skip

    @property
    def sells(self) -> Mapping[str, str]:
        """Every house that sells through us → how the ids begin of the performances it sells: pretix knows only its own."""
        systems = {name: given.ticketing.system for name, given in self.houses.items() if given.ticketing}
        return {name: SOLD_HERE[system].format(house=name) for name, system in systems.items() if system in SOLD_HERE}

    @property
    def sites(self) -> tuple[str, ...]:
        """The names of all sites, houses first."""
        return (*self.houses, *self.clusters)

    @property
    def accounts(self) -> Mapping[str, Account | None]:
        """Site → the account that its visitors pay into, None for the sandbox; "" is where no site is named."""
        return accounts(
            {name: given.payments for name, given in self.houses.items()},
            {name: given.payments for name, given in self.clusters.items()},
            {name: given.cluster.members for name, given in self.clusters.items()},
            [name for name, given in self.houses.items() if given.ticketing and given.ticketing.system != "link"],
        )

    @property
    def in_turn(self) -> frozenset[str]:
        """The sites where visitors pay one house after the other; "" is where no site is named."""
        return in_turn(
            {name: given.payments for name, given in self.clusters.items()},
            {name: given.cluster.members for name, given in self.clusters.items()},
        )

    @property
    def wallets(self) -> Mapping[str, WalletSettings]:
        """Every house and cluster that signs tickets for phones → with what."""
        both = [(name, given.wallet) for group in (self.houses, self.clusters) for name, given in group.items()]
        return {name: wallet for name, wallet in both if wallet}

    @property
    def peaks(self) -> tuple[Peak, ...]:
        """Every moment at which somewhere only so many are admitted."""
        return tuple(peak for group in (self.houses, self.clusters) for one in group.values() for peak in one.peaks)


class _Venue(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: str
    street: str = ""
    postal: str = ""
    city: str = ""
    country: str = "BE"
    latitude: float | None = None
    longitude: float | None = None
    halls: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    directions: str | dict[str, str] = ""


class _Merge(msgspec.Struct, forbid_unknown_fields=True):
    order: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()


class _Contact(msgspec.Struct, forbid_unknown_fields=True):
    street: str = ""
    postal: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""


class _Share(msgspec.Struct, forbid_unknown_fields=True):
    lists: bool = True
    pictures: bool = True
    linked_data: bool = True
    screen: bool = True
    embed: bool = True


class _Site(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: str | dict[str, str]
    languages: tuple[str, ...] = ("nl",)
    timezone: str = "Europe/Brussels"
    url: str = ""
    theme: str = "base"
    tagline: str | dict[str, str] = ""
    contact: _Contact = msgspec.field(default_factory=_Contact)
    page_size: int = 60
    calendars: bool = True
    gallery: bool = False
    share: _Share = msgspec.field(default_factory=_Share)
    wishlist: bool = True
    offline: bool = True
    last_minute: int = 7
    search: bool = True
    tips: bool = True
    peaks: tuple[PeakTable, ...] = ()
    payments: PaymentSettings | None = None
    wallet: WalletSettings | None = None


class _Ticketing(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    system: str
    url: str = ""
    organizer: str = ""
    token_env: str = ""
    inventory: str = "inventory.toml"
    postcode: bool = False


class _Letters(msgspec.Struct, forbid_unknown_fields=True):
    before_visit: bool = False


class _House(_Site, forbid_unknown_fields=True, kw_only=True):
    ticketing: _Ticketing | None = None
    letters: _Letters = msgspec.field(default_factory=_Letters)
    schools: SchoolSettings = SchoolSettings()
    discounts: tuple[DiscountSettings, ...] = ()
    venues: tuple[_Venue, ...] = ()
    genres: dict[str, str] = {}
    sources: tuple[dict[str, Any], ...] = ()
    merge: _Merge = msgspec.field(default_factory=_Merge)
    fields: dict[str, str] = {}
    required: tuple[str, ...] = DEFAULT_REQUIRED
    near: bool = True


class _Cluster(_Site, forbid_unknown_fields=True, kw_only=True):
    members: tuple[str, ...]


_Table = TypeVar("_Table", bound=_Site | MailSettings)


def load(workspace: Workspace) -> Settings:
    """Read every house.toml and cluster.toml; refuse the first mistake with `settings_wrong`."""
    houses = {
        folder.name: _house(folder)
        for folder in _folders(workspace.content / "houses")
        if (folder / "house.toml").exists()
    }
    clusters = {
        folder.name: _cluster(folder, houses)
        for folder in _folders(workspace.content / "clusters")
        if (folder / "cluster.toml").exists()
    }
    both = houses.keys() & clusters.keys()
    if both:
        raise Refused("settings_wrong", f"{min(both)!r} is a house and a cluster; rename one of the two folders")
    if not houses:
        raise Refused("settings_wrong", f"no house in {workspace.content / 'houses'}; make houses/<name>/house.toml")
    mail = _mail(workspace.content / "mail.toml")
    made = Settings(workspace=workspace, houses=houses, clusters=clusters, mail=mail)
    _mixed(made)
    _ = made.accounts  # a mix of real money and play money is refused before anything is made
    return made


def _mixed(settings: Settings) -> None:
    """Refuse tickets for play money at the true UiTPAS, which would take away somebody's right, and the reverse."""
    for name, house in settings.houses.items():
        account = settings.accounts[name]
        money = account.settings.mode if account else "test"
        for one in house.discounts:
            if one.system == "uitpas" and one.mode != money:
                say = f"discounts: UiTPAS is in {one.mode} mode and the payments of {name} are in {money} mode; write the same mode in both"
                raise Refused("settings_wrong", say, where=str(house.folder / "house.toml"))


def secret(name: str) -> str:
    """The value of a secret that settings only name; refuses `secret_missing`."""
    value = os.environ.get(name, "")
    if not value:
        raise Refused(
            "secret_missing",
            f"the environment has no {name}; set it to the value that the settings only name",
        )
    return value


def moment_now(text: str | None, zone: str = "Europe/Brussels") -> datetime:
    """The moment a build is for: `--now`, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the clock."""
    from datetime import UTC

    from etalage.model import moments

    if text:
        try:
            given = datetime.fromisoformat(text)
        except ValueError as error:
            raise Refused(
                "now_unreadable", f"--now {text!r} is no ISO date; write 2026-11-21 or 2026-11-21T10:00"
            ) from error
        return given if given.tzinfo else moments.at(given.date(), given.time(), zone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)  # noqa: TID251 - the one clock
    return moments.local(now, zone)


def words(text: str | Mapping[str, str], language: str) -> Words:
    """A text in a settings file: one sentence in the house's first language, or a table by language."""
    if isinstance(text, str):
        return {language: text} if text else {}
    return dict(text)


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []


def _read(path: Path, kind: type[_Table]) -> _Table:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused("settings_wrong", f"this is not valid TOML: {error}", where=str(path)) from error
    except msgspec.ValidationError as error:
        raise Refused("settings_wrong", str(error), where=str(path)) from error


def _house(folder: Path) -> HouseSettings:
    path = folder / "house.toml"
    given = _read(path, _House)
    language = _languages(given, path)
    venues = tuple(
        Venue(**{**msgspec.structs.asdict(venue), "directions": words(venue.directions, language)})
        for venue in given.venues
    )
    house = House(
        id=folder.name, name=words(given.name, language), languages=given.languages, timezone=given.timezone, url=given.url,
        theme=given.theme, tagline=words(given.tagline, language), contact=Contact(**msgspec.structs.asdict(given.contact)),
        venues=venues, genres={name.casefold(): genre for name, genre in given.genres.items()},
    )  # fmt: skip
    if given.ticketing and given.ticketing.system not in TICKETING_SYSTEMS:
        say = f"ticketing.system = {given.ticketing.system!r}: write one of {', '.join(TICKETING_SYSTEMS)}"
        raise Refused("settings_wrong", say, where=str(path))
    if given.schools.mail and "@" not in given.schools.mail:
        raise Refused(
            "settings_wrong", f"schools.mail = {given.schools.mail!r}: write an e-mail address", where=str(path)
        )
    for name, rule in given.fields.items():
        if rule not in FIELD_RULES:
            raise Refused(
                "settings_wrong",
                f"fields.{name} = {rule!r}: write one of {', '.join(FIELD_RULES)}",
                where=str(path),
            )
    return HouseSettings(
        house=house, folder=folder, sources=_sources(folder.name, given.sources, path), fields=given.fields,
        merge=MergeRules(**msgspec.structs.asdict(given.merge)), required=given.required, choices=_choices(given, path),
        ticketing=TicketingSettings(**msgspec.structs.asdict(given.ticketing)) if given.ticketing else None,
        peaks=read_peaks(given.peaks, folder.name, (folder.name,), given.timezone, path),
        before_visit=given.letters.before_visit, schools=given.schools, wallet=given.wallet,
        payments=examine_payments(given.payments, path), discounts=examine_discounts(given.discounts, path),
    )  # fmt: skip


def _mail(path: Path) -> MailSettings:
    """How letters are sent, where staff wrote that down."""
    given = _read(path, MailSettings) if path.exists() else MailSettings()
    wrong = ""
    if given.system not in MAIL_SYSTEMS:
        wrong = f"system = {given.system!r}: write one of {', '.join(MAIL_SYSTEMS)}"
    elif given.secure not in MAIL_LINES:
        wrong = f"secure = {given.secure!r}: write one of {', '.join(MAIL_LINES)}"
    elif given.system == "smtp" and not given.host:
        wrong = "host is missing: the name of the mail server"
    elif bool(given.user_env) != bool(given.password_env):
        wrong = "user_env and password_env go together"
    elif given.alerts and "@" not in given.alerts:
        wrong = f"alerts = {given.alerts!r}: write an e-mail address"
    elif given.secure == "none" and given.user_env:
        wrong = 'a password goes over a closed line only: secure = "starttls" or "tls"'
    if wrong:
        raise Refused("settings_wrong", wrong, where=str(path))
    return given


def _choices(given: _Site, path: Path) -> dict[str, Any]:
    """What a site can choose, as etalage.model.site.Site has it."""
    plain = ("page_size", "calendars", "gallery", "wishlist", "offline", "search", "tips")
    return {name: getattr(given, name) for name in plain} | {
        "sharing": Sharing(**msgspec.structs.asdict(given.share)),
        "near": isinstance(given, _House) and given.near,
        "last_minute": _days(given, path),
    }


def _sources(house: str, tables: tuple[dict[str, Any], ...], path: Path) -> tuple[SourceSettings, ...]:
    sources: list[SourceSettings] = []
    for number, table in enumerate(tables, 1):
        kind, name = table.get("kind"), table.get("name", "")
        if kind not in SOURCE_KINDS:
            raise Refused("settings_wrong", f"sources[{number}].kind is {kind!r}: write one of {', '.join(SOURCE_KINDS)}", where=str(path))  # fmt: skip
        identity = f"{kind}:{house}.{name}" if name else f"{kind}:{house}"
        if identity in {source.id for source in sources}:
            raise Refused("settings_wrong", f"two sources are called {identity}; give one of them a name = \"...\"", where=str(path))  # fmt: skip
        rest = {key: value for key, value in table.items() if key not in ("kind", "name")}
        sources.append(SourceSettings(id=identity, kind=kind, table=rest))
    return tuple(sources)


def _cluster(folder: Path, houses: Mapping[str, HouseSettings]) -> ClusterSettings:
    path = folder / "cluster.toml"
    given = _read(path, _Cluster)
    language = _languages(given, path)
    unknown = [member for member in given.members if member not in houses]
    if unknown:
        raise Refused("settings_wrong", f"member {unknown[0]!r} is no house in content/houses", where=str(path))
    cluster = Cluster(
        id=folder.name, name=words(given.name, language), members=given.members, languages=given.languages,
        timezone=given.timezone, url=given.url, theme=given.theme, tagline=words(given.tagline, language),
        contact=Contact(**msgspec.structs.asdict(given.contact)),
    )  # fmt: skip
    return ClusterSettings(
        cluster=cluster, folder=folder, choices=_choices(given, path),
        peaks=read_peaks(given.peaks, folder.name, given.members, given.timezone, path), wallet=given.wallet,
        payments=examine_payments(given.payments, path, given.members),
    )  # fmt: skip


def _languages(given: _Site, path: Path) -> str:
    if not given.languages:
        raise Refused("settings_wrong", 'languages is empty; write languages = ["nl"]', where=str(path))
    return given.languages[0]


def _days(given: _Site, path: Path) -> int:
    """How far the last-minute page looks ahead; 0 for no such page."""
    if not 0 <= given.last_minute <= 31:
        raise Refused("settings_wrong", f"last_minute = {given.last_minute}: write 0 (no such page) to 31 days", where=str(path))  # fmt: skip
    return given.last_minute
