"""Letters through a mail server (RFC 5321), with the standard library.

A newcomer's trap: a server may take a letter and its answer be lost. Then nobody knows, and we say that it was not sent: a letter
that comes twice under one name is better than tickets that never come.
"""

import contextlib
import smtplib
import ssl
from collections import OrderedDict
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from threading import Lock

import msgspec

from etalage.adapters._envelope import address, recipient, seal
from etalage.model.errors import Refused, Unavailable
from etalage.model.letter import Letter

TIMEOUT = 15.0
"""Seconds in which a server answers one command."""
REMEMBERED = 5_000
"""Keys of letters that the server took, lately."""
_OVER = "the mail server does not answer, or asks to come back later"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server and our account there. `secure`: "starttls", "tls" from the first byte, or "none" on one's own machine."""

    host: str
    port: int
    from_: str
    secure: str = "starttls"
    user: str = ""
    password: str = ""


class SmtpMailer:
    """A mail server. Letters that follow one another go over one line. `trust` gives who vouches for the server, else the machine's own list."""

    def __init__(
        self, account: Account, timeout: float = TIMEOUT, trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ) -> None:  # fmt: skip
        address(account.from_)
        self.account, self.timeout, self.trust = account, timeout, trust
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._line: smtplib.SMTP | None = None
        self._lock = Lock()

    def send(self, letter: Letter, key: str) -> None:
        """Give the letter to the server; one that it is known to have is not given again."""
        mail = seal(letter, key, self.account.from_)
        with self._lock:
            if key in self._taken:
                return
            self._give(mail)
            self._taken[key] = None
            if len(self._taken) > REMEMBERED:
                self._taken.popitem(last=False)

    def examine(self) -> None:
        """Call the server and log in; raises Unavailable when that does not work."""
        with self._lock:
            try:
                with self._no_talk():
                    self._called()
            finally:
                self.close()

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def _give(self, mail: EmailMessage) -> None:
        try:
            with self._no_talk():
                self._called().send_message(mail, self.account.from_, [recipient(mail)])
        except (Refused, Unavailable):
            self.close()
            raise

    def _called(self) -> smtplib.SMTP:
        """The line to the server, open."""
        line = self._line
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if line.noop()[0] == 250:
                    return line
            self.close()
        account = self.account
        if account.secure == "tls":
            line = smtplib.SMTP_SSL(account.host, account.port, timeout=self.timeout, context=self.trust())
        else:
            line = smtplib.SMTP(account.host, account.port, timeout=self.timeout)
        self._line = line
        try:
            if account.secure == "starttls":
                line.starttls(context=self.trust())
            if account.user:
                line.login(account.user, account.password)
            line.ehlo_or_helo_if_needed()
        except smtplib.SMTPNotSupportedError:  # never in the clear instead
            say = "the mail server has no STARTTLS, or no login, where mail.toml asks for it"
            raise Unavailable("mail_locked", say) from None
        return line

    @contextlib.contextmanager
    def _no_talk(self) -> Iterator[None]:
        """Say what went wrong in our own words: a server's may hold the address."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as no:
            code, words = next(iter(no.recipients.values()))
            if _is_the_address(code, words):
                raise Refused(
                    "mail_undeliverable", f"the mail server says that this address does not exist ({code})"
                ) from None
            raise _closed(code) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("mail_undeliverable", "the mail server cannot send to an address with such signs") from None
        except smtplib.SMTPAuthenticationError as no:
            raise Unavailable("mail_locked", f"the mail server does not let us in ({no.smtp_code})") from None
        except smtplib.SMTPResponseException as no:
            raise _closed(no.smtp_code) from None
        except ssl.SSLCertVerificationError as error:
            raise Unavailable("mail_locked", f"the mail server's certificate: {error.verify_message}") from None
        except (OSError, smtplib.SMTPException):
            raise Unavailable("mail_closed", _OVER) from None


def _is_the_address(code: int, words: bytes) -> bool:
    """Whether a no is about the address (RFC 5321, 4.2.2; RFC 3463): one about us or our account is for staff, and is tried again."""
    return code in (550, 551, 553) and not words.startswith(b"5.7.")


def _closed(code: int) -> Unavailable:
    if code < 500:
        return Unavailable("mail_closed", f"{_OVER} ({code})")
    return Unavailable("mail_locked", f"the mail server does not take our letters ({code})")
