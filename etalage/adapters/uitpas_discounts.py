"""UiTPAS: what a passholder may have of a ticket, asked per pass and ticket and never computed; registered just before it is paid.

Sources: publiq's API description 4.0 (operations /tariffs, /ticket-sales, /permissions) and its guides on registering ticket sales. An event goes
by its id in UiTdatabank, which sources give as the key `cdbid`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec

from etalage.adapters._luhn import is_checked, plain
from etalage.adapters._uitpas_line import UitpasLine
from etalage.model.discount import Claim, Entitlement, EntitlementKind, Registered, Told
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money

HOSTS: Mapping[str, tuple[str, str]] = {
    "test": ("https://api-test.uitpas.be", "https://account-test.uitid.be"),
    "live": ("https://api.uitpas.be", "https://account.uitid.be"),
}
"""Mode → where the API and the token server stand."""
DIGITS = 13
PAGE = 500
NEEDED = ("TARIFFS_READ", "TICKETSALES_REGISTER", "TICKETSALES_SEARCH")
_KINDS = {"SOCIALTARIFF": EntitlementKind.SOCIAL, "COUPON": EntitlementKind.COUPON}

T = TypeVar("T")


class _Tariff(msgspec.Struct, frozen=True):
    id: str
    name: str = ""
    price: Decimal | None = None
    type: str = ""
    remaining: int = 1


class _Tariffs(msgspec.Struct, frozen=True):
    available: tuple[_Tariff, ...] = ()
    endUserMessage: Mapping[str, str] = {}  # noqa: N815 - as publiq spells it


class _Sale(msgspec.Struct, frozen=True):
    """`regularPrice` and `uitpasNumber` are missing in some answers, and of a group pass it may be another number."""

    id: str
    tariff: _Tariff
    eventId: str = ""  # noqa: N815
    uitpasNumber: str = ""  # noqa: N815
    regularPrice: Decimal | None = None  # noqa: N815
    creationDate: datetime | None = None  # noqa: N815


class _Page(msgspec.Struct, frozen=True):
    member: tuple[_Sale, ...] = ()


class _Organizer(msgspec.Struct, frozen=True):
    id: str
    name: str = ""


class _Detail(msgspec.Struct, frozen=True):
    id: str


class _Permissions(msgspec.Struct, frozen=True):
    organizer: _Organizer
    permissions: tuple[str, ...] = ()
    permissionDetails: tuple[_Detail, ...] = ()  # noqa: N815


class _CardSystem(msgspec.Struct, frozen=True):
    id: int
    name: str = ""
    enabled: bool = True


class UitpasDiscounts:
    """One house's account at UiTPAS. `organizer`: its id in UiTdatabank, where staff wrote it."""

    name, key = "uitpas", "cdbid"

    def __init__(
        self, house: str, client: str, secret: str, *, api: str, accounts: str, clock: Callable[[], datetime], organizer: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self.house, self.organizer = house, organizer
        self._line = UitpasLine(house, client, secret, api, accounts, clock, transport)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def reads(self, given: str) -> str:
        """Thirteen digits, of which the last one is right. Nothing else is read in them."""
        number = plain(given)
        return number if len(number) == DIGITS and is_checked(number) else ""

    def entitlements(self, event: str, regular: Money, number: str) -> Told:
        """What UiTPAS offers now, its words beside it."""
        query = {"eventId": event, "uitpasNumber": number, "regularPrice": f"{regular.cents / 100:.2f}"}
        try:
            told = self._read(self._line.get("/tariffs", query), _Tariffs)
        except Refused as no:
            if no.code != "discount_refused":
                raise
            return Told(message=no.detail)
        found = [one for row in told.available if (one := _entitlement(row, regular))]
        found.sort(key=lambda one: (one.kind is not EntitlementKind.SOCIAL, one.price.cents))
        return Told(entitlements=tuple(found), message=_spoken(told.endUserMessage))

    def register(self, claims: Sequence[Claim]) -> Sequence[Registered]:
        """One batch; an answer that does not fit is in doubt."""
        rows = [
            {
                "regularPrice": _euros(one.regular), "regularPriceLabel": one.label or "Standaard", "tariff": {"id": one.entitlement},
                "eventId": one.event, "uitpasNumber": one.number,
            }
            for one in claims
        ]  # fmt: skip
        answer = self._line.post("/ticket-sales", rows)
        try:
            sales = list(msgspec.json.decode(answer, type=tuple[_Sale, ...], strict=False))
        except msgspec.DecodeError:
            sales = []
        made = [_take(sales, claim) for claim in claims] if len(sales) == len(claims) else []
        found = [_registered(sale, claim) for sale, claim in zip(made, claims, strict=False) if sale]
        if len(found) != len(claims) or len({one.id for one in found}) != len(claims):
            raise Unavailable("discount_unknown", "UiTPAS: the answer does not fit what was asked", where=self.house)
        return found

    def lookup(self, claims: Sequence[Claim], since: datetime) -> Sequence[Sequence[Registered]]:
        """What its list has of each number since then."""
        listed = {event: list(self._sales(event)) for event in dict.fromkeys(one.event for one in claims)}
        return [
            sorted(
                (
                    _registered(sale, claim)
                    for sale in listed[claim.event]
                    if sale.uitpasNumber == claim.number and _fits(sale, claim) and _at(sale) >= since
                ),
                key=lambda one: one.at or since,
            )
            for claim in claims
        ]  # fmt: skip

    def cancel(self, sale: str) -> None:
        """Take it back there."""
        self._line.delete(f"/ticket-sales/{quote(sale, safe='')}")

    def sold(self, event: str) -> Iterator[Registered]:
        """All that its list has."""
        for sale in self._sales(event):
            yield Registered(
                id=sale.id, event=event, entitlement=sale.tariff.id, price=_cents(sale.tariff.price), regular=_cents(sale.regularPrice),
                at=_at(sale),
            )  # fmt: skip

    def examine(self, event: str = "") -> tuple[str, ...]:
        """Whether the account is known and may do what it must; of an event, in which regions UiTPAS is on."""
        if event:
            return self._examine_event(event)
        rows = self._read(self._line.get("/permissions", {}), tuple[_Permissions, ...])
        mine = [one for one in rows if not self.organizer or one.organizer.id == self.organizer]
        if not mine:
            say = (
                f"the account may do nothing for organizer {self.organizer}"
                if self.organizer
                else "the account may do nothing for anybody"
            )
            raise Refused("discount_locked", say, where=self.house)
        for one in mine:
            may = {*one.permissions, *(detail.id for detail in one.permissionDetails)}
            if missing := [name for name in NEEDED if name not in may]:
                say = f"the account lacks {', '.join(missing)} for {one.organizer.name or one.organizer.id}"
                raise Refused("discount_locked", say, where=self.house)
        return tuple(one.organizer.name or one.organizer.id for one in mine)

    def _examine_event(self, event: str) -> tuple[str, ...]:
        systems = self._read(self._line.get(f"/events/{event}/card-systems", {}), tuple[_CardSystem, ...])
        found = tuple(one.name or str(one.id) for one in systems if one.enabled)
        if not found:
            raise Refused("discount_not_here", "UiTPAS is in no region on for this event", where=event)
        return found

    def _sales(self, event: str) -> Iterator[_Sale]:
        start = 0
        while True:
            query = {"eventId": event, "start": str(start), "limit": str(PAGE)}
            page = self._read(self._line.get("/ticket-sales", query), _Page).member
            yield from page
            if len(page) < PAGE:
                return
            start += PAGE

    def _read(self, answer: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(answer, type=kind, strict=False)
        except msgspec.DecodeError:
            raise Unavailable(
                "discount_busy", "UiTPAS answers in a form that we do not know", where=self.house
            ) from None


def _entitlement(row: _Tariff, regular: Money) -> Entitlement | None:
    """One that can be had; None of what makes no sense."""
    if row.price is None or not 0 <= row.price <= Decimal(regular.cents) / 100 or row.remaining < 1:
        return None
    kind = _KINDS.get(row.type, EntitlementKind.CARD)
    return Entitlement(
        id=row.id, name=row.name or "UiTPAS", price=_cents(row.price), kind=kind, remaining=row.remaining
    )


def _take(sales: list[_Sale], claim: Claim) -> _Sale | None:
    """The sale of a claim, out of what was answered: by its number if it is there, for answers come in any order."""
    fitting = [one for one in sales if _fits(one, claim)]
    best = next((one for one in fitting if one.uitpasNumber == claim.number), fitting[0] if fitting else None)
    if best:
        sales.remove(best)
    return best


def _fits(sale: _Sale, claim: Claim) -> bool:
    regular = sale.regularPrice is None or _cents(sale.regularPrice) == claim.regular
    return (sale.eventId or claim.event, sale.tariff.id) == (claim.event, claim.entitlement) and regular


def _registered(sale: _Sale, claim: Claim) -> Registered:
    return Registered(
        id=sale.id, event=claim.event, entitlement=claim.entitlement, price=_cents(sale.tariff.price), regular=claim.regular, at=_at(sale)
    )  # fmt: skip


def _at(sale: _Sale) -> datetime:
    """When it was made; long ago when nobody says."""
    at = sale.creationDate
    if at is None:
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _spoken(words: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in words.items() if language in ("nl", "fr", "de", "en")}


def _cents(amount: Decimal | None) -> Money:
    """Euros as whole cents."""
    return Money(int(((amount or Decimal(0)) * 100).to_integral_value()))


def _euros(amount: Money) -> Decimal:
    return Decimal(amount.cents) / 100
