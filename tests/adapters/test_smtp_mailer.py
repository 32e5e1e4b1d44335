"""A real mail server keeps the laws of Mailer with us, and says no in every way that they do."""

import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from etalage.adapters.smtp_mailer import Account, SmtpMailer
from etalage.model.errors import Refused, Unavailable
from tests.laws.mailer import AN, LETTER, MailerLaws
from tests.servers.mail import PostOffice

pytestmark = pytest.mark.server


class SmtpLab:
    def __init__(self) -> None:
        self.office = PostOffice()
        self.mailers: list[SmtpMailer] = []

    def mailer(self) -> SmtpMailer:
        account = Account(host="127.0.0.1", port=self.office.port, from_="tickets@etalage.test", secure="none")
        self.mailers.append(SmtpMailer(account, timeout=5))
        return self.mailers[-1]

    def arrived(self) -> Sequence[EmailMessage]:
        return [mail for _, mail in self.office.letters]

    def reached(self) -> Sequence[str]:
        return [to for to, _ in self.office.letters]

    def close(self) -> None:
        self.office.close()

    def open(self) -> None:
        self.office.open()

    def end(self) -> None:
        for mailer in self.mailers:
            mailer.close()
        self.office.close()


@pytest.fixture
def lab() -> Iterator[SmtpLab]:
    made = SmtpLab()
    yield made
    made.end()


class TestSmtpMailer(MailerLaws):
    pass


def test_an_address_that_the_server_does_not_know_is_refused(lab: SmtpLab) -> None:
    lab.office.rcpt[AN] = "550 5.1.1 <an@voorbeeld.test> is unknown"
    mailer = lab.mailer()
    with pytest.raises(Refused) as no:
        mailer.send(LETTER, "co1/order")
    assert no.value.code == "mail_undeliverable" and AN not in str(no.value)
    mailer.send(replace(LETTER, to="bo@voorbeeld.test"), "co2/order")
    assert lab.reached() == ["bo@voorbeeld.test"]


@pytest.mark.parametrize(
    ("at", "said", "code"),
    [
        ("rcpt", "451 4.7.1 greylisted", "mail_closed"),
        ("rcpt", "450 4.2.1 mailbox busy", "mail_closed"),
        ("rcpt", "421 4.3.2 closing", "mail_closed"),
        ("rcpt", "550 5.7.1 relaying denied", "mail_locked"),
        ("data", "451 4.3.0 try again", "mail_closed"),
        ("data", "452 4.3.1 no space", "mail_closed"),
        ("data", "552 5.3.4 too big", "mail_locked"),
        ("data", "554 5.7.1 spam", "mail_locked"),
    ],
)
def test_every_other_no_keeps_the_letter_for_later(lab: SmtpLab, at: str, said: str, code: str) -> None:
    mailer = lab.mailer()
    if at == "rcpt":
        lab.office.rcpt[AN] = said
    else:
        lab.office.data = said
    with pytest.raises(Unavailable) as silent:
        mailer.send(LETTER, "co1/order")
    assert silent.value.code == code and AN not in str(silent.value) and lab.arrived() == []
    lab.office.rcpt.clear()
    lab.office.data = ""
    mailer.send(LETTER, "co1/order")
    assert len(lab.arrived()) == 1


def test_an_answer_that_is_lost_is_a_doubt_that_its_name_resolves(lab: SmtpLab) -> None:
    lab.office.lose = 1
    mailer = lab.mailer()
    with pytest.raises(Unavailable) as silent:
        mailer.send(LETTER, "co1/order")
    assert silent.value.code == "mail_closed"
    mailer.send(LETTER, "co1/order")
    first, second = lab.arrived()
    assert first["Message-ID"] == second["Message-ID"] and first.as_bytes() == second.as_bytes()


def test_letters_that_follow_one_another_go_over_one_line(lab: SmtpLab) -> None:
    mailer = lab.mailer()
    for number in range(5):
        mailer.send(LETTER, f"co{number}/order")
    assert lab.office.visits == 1 and len(lab.arrived()) == 5
    lab.office.close()
    lab.office.open()
    mailer.send(LETTER, "co9/order")
    assert lab.office.visits == 2 and len(lab.arrived()) == 6


def test_an_address_with_other_letters_goes_where_the_server_takes_them(
    lab: SmtpLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.mailer().send(replace(LETTER, to="zoë@voorbeeld.test"), "co1/order")
    assert lab.reached() == ["zoë@voorbeeld.test"]
    has = smtplib.SMTP.has_extn
    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda line, name: name != "smtputf8" and has(line, name))
    with pytest.raises(Refused) as no:
        lab.mailer().send(replace(LETTER, to="zoë@voorbeeld.test"), "co2/order")
    assert no.value.code == "mail_undeliverable"


@pytest.fixture
def office() -> Iterator[Callable[..., PostOffice]]:
    made: list[PostOffice] = []

    def open_one(**more: object) -> PostOffice:
        made.append(PostOffice(**more))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


def account(office: PostOffice, **more: str) -> Account:
    return Account(host="localhost", port=office.port, from_="tickets@etalage.test", **more)


def test_a_line_that_should_be_closed_to_others_is_never_open(office: Callable[..., PostOffice]) -> None:
    post = office()
    with pytest.raises(Unavailable) as silent:
        SmtpMailer(account(post, user="linde", password="geheim"), timeout=5).send(LETTER, "co1/order")
    assert silent.value.code == "mail_locked" and post.letters == []


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for "localhost" that nobody vouches for but itself, and its key."""
    folder = tmp_path_factory.mktemp("papers")
    paper, key = folder / "paper", folder / "key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(paper)],
        check=True, capture_output=True,
    )  # fmt: skip
    return paper, key


def test_letters_go_over_a_closed_line_to_a_server_that_is_vouched_for(
    office: Callable[..., PostOffice], papers: tuple[Path, Path]
) -> None:
    paper, key = papers
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(paper, key)
    post = office(tls=tls)
    with pytest.raises(Unavailable) as silent:
        SmtpMailer(account(post), timeout=5).send(LETTER, "co1/order")
    assert silent.value.code == "mail_locked" and post.letters == []
    trusting = SmtpMailer(account(post), timeout=5, trust=lambda: ssl.create_default_context(cafile=str(paper)))
    trusting.send(LETTER, "co1/order")
    trusting.close()
    assert len(post.letters) == 1


def test_we_log_in_with_our_account_and_a_wrong_one_is_for_staff(
    office: Callable[..., PostOffice], papers: tuple[Path, Path]
) -> None:
    paper, key = papers
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(paper, key)
    post = office(user="linde", password="geheim", tls=tls)
    trust = partial(ssl.create_default_context, cafile=str(paper))
    good = SmtpMailer(account(post, user="linde", password="geheim"), 5, trust)
    good.send(LETTER, "co1/order")
    good.close()
    good.examine()
    assert len(post.letters) == 1
    bad = SmtpMailer(account(post, user="linde", password="fout"), 5, trust)
    for ask in (bad.examine, lambda: bad.send(LETTER, "co2/order")):
        with pytest.raises(Unavailable) as silent:
            ask()
        assert silent.value.code == "mail_locked" and "fout" not in str(silent.value)
