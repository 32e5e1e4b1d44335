"""Letters from the command line's side: where they go, what the doctor says, what staff see, and what lies in var/mail when a shop has sold."""

import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from commands.counter import open_sale
from etalage import config, wiring
from etalage.adapters.folder_mailer import FolderMailer
from etalage.adapters.smtp_mailer import SmtpMailer
from etalage.model.basket import Wish
from etalage.model.checkout import Shown
from etalage.model.errors import Refused
from etalage.model.letter import Owed, What
from etalage.model.payment import Act
from etalage.ports.records import ABSENT
from etalage.sales.counter import Order, Place
from etalage.sales.letters import LETTER, letters_of, owe
from functions.sale import Sale
from tests.commands.test_orders import BUYER, HOUSE, INVENTORY, Till
from tests.servers.mail import PostOffice
from tests.shop import Shop

SMTP = 'system = "smtp"\nhost = "mail.test"\n'
ACCOUNT = 'user_env = "POST_USER"\npassword_env = "POST_WORD"\n'


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path)
    yield made
    made.till.records.close()


def write(till: Till, mail: str) -> None:
    (till.shop.content / "mail.toml").write_text(mail, "utf-8")


def test_without_settings_letters_stay_on_the_machine(till: Till) -> None:
    mailer = wiring.mailer(config.load(till.workspace))
    assert isinstance(mailer, FolderMailer) and mailer.folder == till.workspace.var / "mail"


def test_an_account_goes_by_the_names_of_two_variables(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    write(till, SMTP + ACCOUNT + 'sender = "tickets@linde.test"\n')
    with pytest.raises(Refused, match="POST_USER"):
        wiring.mailer(config.load(till.workspace))
    monkeypatch.setenv("POST_USER", "linde")
    monkeypatch.setenv("POST_WORD", "geheim")
    mailer = wiring.mailer(config.load(till.workspace))
    assert isinstance(mailer, SmtpMailer)
    account = mailer.account
    assert (account.host, account.port, account.secure, account.user, account.password, account.from_) == (
        "mail.test", 587, "starttls", "linde", "geheim", "tickets@linde.test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mail", "named"),
    [
        ('system = "pigeon"', "folder, smtp"),
        ('system = "smtp"', "host"),
        (SMTP + 'secure = "ssl"', "starttls, tls, none"),
        (SMTP + 'user_env = "POST_USER"', "go together"),
        (SMTP + ACCOUNT + 'secure = "none"', "closed line"),
        (SMTP + 'password = "geheim"', "password"),
        ("port = ", "TOML"),
    ],
)
def test_a_mistake_in_the_settings_is_named(till: Till, mail: str, named: str) -> None:
    write(till, mail)
    with pytest.raises(Refused, match=named) as no:
        config.load(till.workspace)
    assert no.value.code == "settings_wrong" and no.value.where.endswith("mail.toml")


def test_who_sends_must_have_an_address(till: Till) -> None:
    write(till, 'sender = "tickets"')
    with pytest.raises(Refused, match="no address") as no:
        wiring.mailer(config.load(till.workspace))
    assert no.value.code == "settings_wrong"


@pytest.mark.server
def test_the_doctor_calls_the_mail_server_and_sends_nothing(till: Till) -> None:
    office = PostOffice()
    write(till, f'system = "smtp"\nhost = "127.0.0.1"\nport = {office.port}\nsecure = "none"\n')
    report = till.shop.run("doctor", status=None)
    assert not any("mail" in one for one in report.get("trouble", [])) and office.visits == 1 and office.letters == []
    office.close()
    report = till.shop.run("doctor", status=1)
    assert any(one.startswith("mail: ") and "does not answer" in one for one in report["trouble"])


def test_staff_see_each_letter_of_an_order_and_have_tickets_sent_again(till: Till) -> None:
    code = till.sell()
    told = till.shop.run("orders", "show", code)["order"]
    assert told["letters"] == [{"letter": "order", "state": "waiting", "sent": None, "tries": 0}]
    for _ in range(2):
        till.shop.run("orders", "resend", code)
    now = wiring.clock() + timedelta(minutes=1)
    due = [record.id.partition("/")[2][:5] for record in till.till.records.due(LETTER, now)]
    assert due.count("order") == 1 and set(due) == {"order", "again"} and len(due) <= 3  # an hour may end in between


def test_without_tickets_nothing_is_sent_again(till: Till) -> None:
    code = till.sell(None)
    assert "no tickets" in till.shop.run("orders", "resend", code, status=1)["trouble"][0]


BUILT = HOUSE + '\n[[sources]]\nkind = "csv"\npath = "source/programma.csv"\n'
ROWS = "productie;id;titel;datum;uur;locatie;genre;prijs;status\nwinter;1;Winterreis;12/12/2036;20:00;De Linde;Klassiek;Basis 18;\n"
WINTER = "csv:linde/winter/1"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.house("linde", BUILT, programma__csv=ROWS)
    inventory = INVENTORY.replace("toml:linde", "csv:linde")
    (made.content / "houses" / "linde" / "inventory.toml").write_text(inventory, "utf-8")
    made.build()
    return made


def sell(shop: Shop, folder: Path) -> tuple[Sale, str]:
    """Open the shop and sell one place."""
    sale = open_sale(
        config.Workspace.at(folder, shop.content, shop.output, folder / "var"), "http://127.0.0.1/sandbox/"
    )
    assert sale is not None
    place = Place(
        site="linde", back="https://linde.example/order/{token}", hook="https://linde.example/hook", provider="sandbox",
        shown={WINTER: Shown(title="Winterreis", start="2036-12-12T20:00+01:00", when="12 december 2036")},
    )  # fmt: skip
    order = Order(lines=(Wish(performance=WINTER),), buyer=BUYER)
    _, made = sale.counter.take(order, place, os.urandom(8).hex())
    assert sale.sandbox is not None
    sale.sandbox.act(made.payment, Act.PAY)
    sale.saga.run(made.key)
    return sale, made.key


def test_a_shop_that_sold_has_a_letter_in_its_folder(shop: Shop, tmp_path: Path) -> None:
    sale, key = sell(shop, tmp_path)
    assert sale.post is not None
    sale.post.deliver()
    [path] = (tmp_path / "var" / "mail").glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert path.name == f"{key}-order.eml" and mail["To"] == BUYER.email and mail["Subject"] == "Je tickets: Winterreis"
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf", "text/calendar"]
    before = letters_of(sale.counter.records, sale.saga.read(key))[f"before-{WINTER}"]
    assert before.since.date().isoformat() == "2036-12-11"
    sale.counter.records.close()


def test_with_wrong_settings_the_shop_sells_and_the_letter_waits(
    shop: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (shop.content / "mail.toml").write_text(SMTP + ACCOUNT, "utf-8")
    sale, key = sell(shop, tmp_path)
    assert sale.post is not None
    sale.post.deliver()
    assert letters_of(sale.counter.records, sale.saga.read(key))["order"].tries == 1
    assert any("no letter is sent" in one.message for one in caplog.records)
    assert any("letter_stuck" in one.message for one in caplog.records)
    sale.counter.records.close()


def test_whether_a_house_writes_before_a_visit_is_its_own_choice(shop: Shop, tmp_path: Path) -> None:
    for written, expected in (("", False), ("\n[letters]\nbefore_visit = true\n", True)):
        (shop.content / "houses" / "linde" / "house.toml").write_text(BUILT + written, "utf-8")
        sale, key = sell(shop, tmp_path)
        assert sale.secretary is not None
        owed = Owed(order=key, what=What.BEFORE, about=WINTER, since=wiring.clock())
        assert bool(sale.secretary.draft(owed, sale.saga.read(key))) is expected
        assert owe(owed, "x", owed.since, ABSENT).id == f"{key}/x"
        sale.counter.records.close()
