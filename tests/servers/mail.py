"""A real mail server for tests: it speaks SMTP on a port of this machine, and says what it was told to say."""

import re
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope


class PostOffice:
    """Answers 250, but for `rcpt` and `data`: what it answers to an address, or to a letter. `lose`: so many answers are lost after the letter was taken."""

    def __init__(self, *, user: str = "", password: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.rcpt: dict[str, str] = {}
        self.data = ""
        self.lose = 0
        self.visits = 0
        """How often somebody called."""
        self.met: list[str] = []
        """The answers other than 250."""
        self._account = (user.encode(), password.encode())
        self._options: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None}
        if user:
            self._options |= {"authenticator": self._check, "auth_required": True}
        self.port = 0
        self.open()

    def open(self) -> None:
        """Open on the same port as before."""
        self._server = _Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._server.start()
        self.port = self._server.server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Nobody is there any more."""
        if self._server.server is not None:
            self._server.stop()

    async def handle_EHLO(  # noqa: N802 - its name at aiosmtpd
        self, server: SMTP, session: Any, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.visits += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if no := self.rcpt.get(address, ""):
            self.met.append(no)
            return no
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            self.met.append(self.data)
            return self.data
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(re.sub(rb"\r?\n", b"\r\n", envelope.content), policy=default)
        assert isinstance(mail, EmailMessage)
        self.letters += [(to, mail) for to in envelope.rcpt_tos]
        if self.lose:
            self.lose -= 1
            self.met.append("lost")
            server.transport.abort()
        return "250 2.0.0 taken"

    def _check(self, server: SMTP, session: Any, envelope: Envelope, *how: Any) -> AuthResult:
        given = how[-1]
        return AuthResult(success=(given.login, given.password) == self._account, handled=False)


class _Controller(Controller):
    """Finds a port by itself."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
