"""A letter as mail (RFC 5322): the same letter and key give the same bytes, on every try."""

import contextlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from etalage.model.errors import Refused
from etalage.model.letter import Letter

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_LONE = re.compile(r"[\ud800-\udfff]")


def seal(letter: Letter, key: str, from_: str) -> EmailMessage:
    """The mail; refuses `mail_undeliverable` for what is no address. `from_`: the address that all our letters come from."""
    mail = EmailMessage(policy=SMTP)
    ours, theirs = address(from_), address(letter.to)
    mail["From"] = Address(_line(letter.sender), ours.username, ours.domain)
    mail["To"] = theirs
    with contextlib.suppress(Refused):  # what staff wrote wrong keeps no tickets from anybody
        if letter.reply:
            mail["Reply-To"] = address(letter.reply)
    mail["Subject"] = _line(letter.subject)
    mail["Date"] = format_datetime(letter.written)
    mail["Message-ID"] = name(key, ours.domain)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers
    mail.set_content(_plain(letter.text), cte="quoted-printable")
    mail.add_alternative(_plain(letter.html), subtype="html", cte="quoted-printable")
    for one in letter.enclosures:
        main, _, sub = one.kind.partition("/")
        mail.add_attachment(one.content, maintype=main, subtype=sub, filename=_line(one.name))
    if letter.language:  # now: what is added first would go into its parts
        mail["Content-Language"] = _line(letter.language)
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"={number}={_digest(key)}")
    return mail


def name(key: str, domain: str) -> str:
    """The Message-ID of a key. The key itself is not in it: it names an order."""
    return f"<{_digest(key)}@{domain}>"


def recipient(mail: EmailMessage) -> str:
    """Whom it goes to."""
    to: str = mail["To"].addresses[0].addr_spec
    return to


def as_bytes(mail: EmailMessage) -> bytes:
    """The mail as a file; with an address of other letters than ASCII it is one of RFC 6532."""
    return mail.as_bytes(policy=SMTP.clone(utf8=not recipient(mail).isascii()))


def address(given: str) -> Address:
    """Read an address, its domain as servers write it (RFC 5891); refuses `mail_undeliverable`."""
    user, _, domain = given.strip().rpartition("@")
    no = Refused("mail_undeliverable", "This is no address that mail can reach.")  # who reads a log need not see it
    if not (user and domain) or _CONTROL.search(given) or any(sign in given for sign in ' ",;:<>()[]\\'):
        raise no
    try:
        return Address(username=user, domain=domain.encode("idna").decode("ascii"))
    except (ValueError, UnicodeError):
        raise no from None


def _digest(key: str) -> str:
    return sha256(f"letter\0{key}".encode()).hexdigest()[:40]


def _line(text: str) -> str:
    """Words for a header: one line, of signs that can be sent."""
    return " ".join(_LONE.sub("\ufffd", _CONTROL.sub(" ", text)).split())


def _plain(text: str) -> str:
    """Words for a body."""
    return _LONE.sub("\ufffd", text.replace("\0", ""))
