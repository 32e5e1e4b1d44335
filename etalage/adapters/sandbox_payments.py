"""A payment provider that takes no money: for the demo, for trying out, and for tests. It does what real ones do, on demand.

Its payments live in Records, like a provider's in its own house: we know of them only what the port says. functions/sandbox.py is
its page (pay, fail, cancel, let expire, pay late) and sends its calls: once, twice, late or never.
"""

import hmac
from base64 import b32encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from threading import local
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from etalage.model.back import read_name
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.payment import Act, Asked, Hint, Payment, PaymentState, Refund, Refunded, Request, Transfer
from etalage.ports.records import ANY, Change, Put, Record, Records

if TYPE_CHECKING:
    from http.client import HTTPConnection

PAYMENT, REFERENCE, CALL = "sandbox-payment", "sandbox-reference", "sandbox-call"
TOLERANCE = timedelta(minutes=5)
"""A signature that is older is not believed, as with real providers."""
SIGNATURE = "sandbox-signature"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call to our webhook that is still to be made."""

    id: str
    payment: str
    hook: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Asked).decode
_decode_call = msgspec.json.Decoder(Call).decode


Send = Callable[[str, Mapping[str, str], bytes], None]
"""Posts a body to an address."""


def post(url: str, headers: Mapping[str, str], body: bytes) -> None:
    """Make a call; one that is lost is lost, as with real providers, and the sweep finds out."""
    from http.client import HTTPException

    there = urlsplit(url)
    line = _line(there.scheme, there.netloc)
    for _ in range(2):  # a line that was kept may have been hung up meanwhile
        try:
            line.request("POST", there.path, body, dict(headers))
            line.getresponse().read()
        except (OSError, HTTPException):
            line.close()  # the next request opens it again
        else:
            return


def _line(scheme: str, place: str) -> "HTTPConnection":
    """This thread's line there, kept: to open one takes longer than a call."""
    from http.client import HTTPConnection, HTTPSConnection

    known: dict[str, HTTPConnection] = _kept.__dict__
    name = f"{scheme}://{place}"
    if name not in known:
        known[name] = (HTTPSConnection if scheme == "https" else HTTPConnection)(place, timeout=10)
    return known[name]


_kept = local()


class SandboxPayments:
    """The provider. `secret` signs its calls; `home`: where its page stands, ending in "/"; `rng` gives ids.

    `splits`: the houses that have an account of their own here.
    """

    name = "sandbox"
    ours = True
    closes = True
    shortest = timedelta(0)

    def __init__(
        self, records: Records, clock: Callable[[], datetime], rng: Callable[[int], bytes], secret: bytes, home: str,
        send: Send = post, splits: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.splits = splits
        self.records, self.clock, self.rng, self.secret, self.home, self.send = records, clock, rng, secret, home, send
        here = urlsplit(home)
        self.pages: tuple[str, ...] = (f"{here.scheme}://{here.netloc}",)

    def start(self, request: Request) -> Payment:
        """Ask for a payment; the same reference is the same payment."""
        if request.amount.cents <= 0 or sum(share.amount.cents for share in request.shares) != request.amount.cents:
            raise Refused("payment_wrong", "The shares of a payment add up to its amount, and that is not nothing.")
        id = f"sb_{int(self.clock().timestamp() * 1000):012x}{self.rng(10).hex()}"

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], str | Asked]:
            if found[0]:
                return [], found[0].value.decode()
            made = Payment(
                id=id, reference=request.reference, state=PaymentState.OPEN, amount=request.amount, url=self.home + id,
                shares=request.shares, made=self.clock(),
            )  # fmt: skip
            kept = Asked(payment=made, request=request)
            return [
                Put(kind=REFERENCE, id=request.reference, value=id.encode(), expect=ANY),
                Put(kind=PAYMENT, id=id, value=_encode(kept), expect=ANY),
            ], kept

        keys = [(REFERENCE, request.reference), (PAYMENT, id)]
        known = self.records.change(keys, decide)
        kept = self.kept(known) if isinstance(known, str) else known
        if kept.request != request:
            raise Refused("reference_used", "This reference stands for another payment.", where=request.reference)
        return kept.payment

    def status(self, id: str) -> Payment:
        """A payment as it is now."""
        return self.kept(id).payment

    def find(self, reference: str, since: datetime | None = None) -> Payment | None:
        """The payment of our reference, whenever it began."""
        del since
        found = self.records.get(REFERENCE, reference)
        return self.status(found.value.decode()) if found else None

    def since(self, moment: datetime) -> Iterator[Payment]:
        """Every payment begun since."""
        for record in self.records.walk(PAYMENT):
            payment = self._aged(_decode(record.value)).payment
            if payment.made is not None and payment.made >= moment:
                yield payment

    def cancel(self, id: str) -> Payment:
        """Let nobody pay any more."""
        return self.act(id, Act.CANCEL)

    def refund(self, id: str, reference: str, amount: Money, house: str, onward: str = "") -> Refund:
        """Give back of a house's share; this provider is quick, so it is done at once."""

        def change(kept: Asked) -> Asked:
            payment = kept.payment
            if any(one.reference == reference for one in payment.refunds):
                return kept
            if payment.paid_at is None:
                raise Refused("not_paid", "This was not paid, so nothing goes back.", where=id)
            if amount.cents <= 0 or payment.back.cents + amount.cents > payment.amount.cents:
                raise Refused("refund_too_large", "More cannot go back than was paid.", where=id)
            made = Refund(
                reference=reference,
                id=f"{id}_r{len(payment.refunds) + 1}",
                amount=amount,
                house=house,
                state=Refunded.DONE,
            )
            base = read_name(reference)[0]
            new = all(read_name(one.reference)[0] != base for one in payment.refunds)  # one that failed took it back
            transfers = _taken_back(payment, onward, amount) if onward and new else payment.transfers
            return _with(kept, refunds=(*payment.refunds, made), transfers=transfers)

        kept = self._change(id, change)
        made = next(one for one in kept.payment.refunds if one.reference == reference)
        if (made.amount, made.house) != (amount, house):
            raise Refused("reference_used", "This reference stands for another refund.", where=reference)
        return made

    def passes_on(self, house: str) -> bool:
        """Whether a house has an account here."""
        return house in self.splits

    def pass_on(self, id: str, reference: str, amount: Money, house: str) -> Transfer:
        """Pass a house's share on."""

        def change(kept: Asked) -> Asked:
            payment = kept.payment
            if any(one.reference == reference for one in payment.transfers):
                return kept
            if not self.passes_on(house):
                raise Refused("account_unknown", "This house has no account of its own here.", where=house)
            if payment.paid_at is None:
                raise Refused("not_paid", "This was not paid, so nothing is passed on.", where=id)
            if (
                amount.cents <= 0
                or sum(one.amount.cents for one in payment.transfers) + amount.cents > payment.amount.cents
            ):
                raise Refused("transfer_too_large", "More cannot be passed on than was paid.", where=id)
            name = f"{id}_t{len(payment.transfers) + 1}"
            made = Transfer(reference=reference, id=name, amount=amount, house=house)
            return _with(kept, transfers=(*payment.transfers, made))

        kept = self._change(id, change)
        made = next(one for one in kept.payment.transfers if one.reference == reference)
        if (made.amount, made.house) != (amount, house):
            raise Refused("reference_used", "This reference stands for another transfer.", where=reference)
        return made

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Hint:
        """Read a call of ours; refuses `webhook_forged`."""
        given = {name.lower(): value for name, value in headers.items()}.get(SIGNATURE, "")
        parts = dict(part.partition("=")[::2] for part in given.split(","))
        stamp = parts.get("t", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            raise _forged()
        if not hmac.compare_digest(parts.get("v1", "").encode(), self._sign(stamp, body).encode()):
            raise _forged()
        if abs(self.clock().timestamp() - int(stamp)) > TOLERANCE.total_seconds():
            raise _forged()
        try:
            return msgspec.json.decode(body, type=Hint)
        except msgspec.MsgspecError as error:
            raise _forged() from error

    # --- the provider's own side -----------------------------------------------------------------------------------

    def kept(self, id: str) -> Asked:
        """A payment with what was asked; one whose time is over says so."""
        found = self.records.get(PAYMENT, id)
        if found is None:
            raise Refused("payment_absent", "There is no such payment.", where=id)
        return self._aged(_decode(found.value))

    def act(self, id: str, act: Act) -> Payment:
        """Do what the visitor chose. What is over stays as it is, but for money that comes late."""

        def change(kept: Asked) -> Asked:
            payment = self._aged(kept).payment
            if act is Act.PAY_LATE and payment.state in (
                PaymentState.EXPIRED,
                PaymentState.CANCELLED,
                PaymentState.OPEN,
            ):
                return _with(kept, state=PaymentState.PAID, paid_at=self.clock(), url="")
            if payment.state is not PaymentState.OPEN or act is Act.PAY_LATE:
                return kept
            paid_at = self.clock() if act is Act.PAY else None
            return _with(kept, state=_AFTER[act], paid_at=paid_at, url="")

        return self._aged(self._change(id, change)).payment

    def call(self, id: str) -> tuple[str, dict[str, str], bytes]:
        """A signed call about a payment: where it goes, its headers, its body."""
        kept = self.kept(id)
        body = msgspec.json.encode(Hint(id=id, reference=kept.payment.reference))
        stamp = str(int(self.clock().timestamp()))
        signature = f"t={stamp},v1={self._sign(stamp, body)}"
        return kept.request.hook, {SIGNATURE: signature, "content-type": "application/json"}, body

    def tell(self, id: str) -> None:
        """Call our webhook about a payment."""
        self.send(*self.call(id))

    def call_later(self, id: str, moment: datetime) -> None:
        """Let a call wait for its moment."""
        name = b32encode(self.rng(10)).decode()
        call = Call(id=name, payment=id, hook=self.kept(id).request.hook)
        self.records.put(CALL, name, _encode(call), expect=ANY, due=moment, expires=moment + timedelta(days=3))

    def calls_due(self) -> Sequence[str]:
        """The payments about which a call is due now; each is given once."""
        waiting = self.records.due(CALL, self.clock())
        for one in waiting:
            self.records.put(CALL, one.id, one.value, expect=one.version, expires=self.clock())
        return [_decode_call(one.value).payment for one in waiting]

    def _aged(self, kept: Asked) -> Asked:
        if kept.payment.state is PaymentState.OPEN and kept.request.expires <= self.clock():
            return _with(kept, state=PaymentState.EXPIRED, url="")
        return kept

    def _change(self, id: str, change: Callable[[Asked], Asked]) -> Asked:
        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], Asked]:
            if found[0] is None:
                raise Refused("payment_absent", "There is no such payment.", where=id)
            known = _decode(found[0].value)
            after = change(known)
            return ([] if after == known else [Put(kind=PAYMENT, id=id, value=_encode(after), expect=ANY)]), after

        return self.records.change([(PAYMENT, id)], decide)

    def _sign(self, stamp: str, body: bytes) -> str:
        return hmac.new(self.secret, stamp.encode() + b"." + body, "sha256").hexdigest()


_AFTER = {
    Act.PAY: PaymentState.PAID, Act.FAIL: PaymentState.FAILED, Act.CANCEL: PaymentState.CANCELLED, Act.EXPIRE: PaymentState.EXPIRED
}  # fmt: skip


def _taken_back(payment: Payment, onward: str, amount: Money) -> tuple[Transfer, ...]:
    found = next((one for one in payment.transfers if one.reference == onward), None)
    if found is None:
        raise Refused("transfer_absent", "Nothing was passed on under this reference.", where=onward)
    if found.back.cents + amount.cents > found.amount.cents:
        raise Refused("refund_too_large", "More cannot come back than was passed on.", where=onward)
    after = msgspec.structs.replace(found, back=Money(found.back.cents + amount.cents))
    return tuple(after if one is found else one for one in payment.transfers)


def _with(kept: Asked, **changed: Any) -> Asked:
    return msgspec.structs.replace(kept, payment=msgspec.structs.replace(kept.payment, **changed))


def _forged() -> Refused:
    return Refused("webhook_forged", "This call is not signed by who it says it is.")
