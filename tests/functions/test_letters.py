"""Letters as they arrive: in the order's language, with tickets that are good, once."""

import io
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import icalendar
import pypdf
import pytest
import zxingcpp
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser as Tree

from etalage.adapters.folder_mailer import FolderMailer
from etalage.adapters.smtp_mailer import Account, SmtpMailer
from etalage.model.checkout import Alert
from etalage.model.errors import Refused
from etalage.model.payment import Refunded
from etalage.model.shelf import Item
from etalage.sales.letters import letters_of
from etalage.sales.moves import plan
from tests.functions.mailing import BRUG, LINDE, SHOWN, Mailing
from tests.laws.mailer import body
from tests.sales.world import busy, no
from tests.servers.mail import PostOffice

MATINEE = "toml:linde/a/2"


class Box:
    """The letters in a folder, by the name of their key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def names(self) -> Sequence[str]:
        return sorted(path.stem for path in self.folder.glob("*.eml"))

    def read(self, name: str) -> EmailMessage:
        mail = message_from_bytes((self.folder / f"{name}.eml").read_bytes(), policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "mail")


@pytest.fixture
def region(tmp_path: Path, box: Box) -> Mailing:
    return Mailing(tmp_path, FolderMailer(box.folder, "tickets@regio.test"))


def test_who_is_moved_to_another_date_gets_new_tickets_and_hears_of_the_day_before(region: Mailing, box: Box) -> None:
    order = region.order(brug=0)
    region.wait(0.1)
    later = replace(
        SHOWN[LINDE],
        when="zondag 13 december 2026, 15:00",
        start="2026-12-13T15:00+01:00",
        end="2026-12-13T17:00+01:00",
    )
    wish = plan(order, LINDE, MATINEE, region.world.saga.houses, later)
    moved = region.world.saga.move("co1", wish.house, wish.lines, wish.shown)
    region.wait(0.1)
    mail = box.read("co1-moved-1")
    assert mail["subject"] == "Andere datum: Die Winterreise" and mail["to"] == "an@voorbeeld.test"
    text, sheets = body(mail, "plain"), " ".join(pages(mail))
    assert "de oude zijn niet meer geldig" in text and "13 december" in text and "5 december" not in text
    assert all(ticket.code in sheets for ticket in moved.shares[0].tickets)
    assert not any(ticket.code in sheets for ticket in order.shares[0].tickets)
    page = region.visitor.get(f"/sites/regio/order/{region.token()}").text
    assert "13 december" in page and "5 december" not in page
    region.travel(datetime(2026, 12, 6, 12, tzinfo=UTC))
    assert [name for name in box.names if "before" in name] == [], "nobody is told of the old date"
    region.travel(datetime(2026, 12, 12, 12, tzinfo=UTC))
    assert len([name for name in box.names if "before" in name]) == 1


def html(mail: EmailMessage) -> Tree:
    return Tree(body(mail, "html"))


def pages(mail: EmailMessage) -> Sequence[str]:
    """The tickets in the PDF of a letter, in words."""
    [pdf] = [one for one in mail.iter_attachments() if one.get_content_type() == "application/pdf"]
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf.get_content())).pages]


@pytest.mark.parametrize(
    ("language", "subject", "hello", "total"),
    [
        ("nl", "Je tickets: Die Winterreise (+1)", "Dag An Voorbeeld,", "In totaal: € 45"),
        ("fr", "Vos billets : Die Winterreise (+1)", "Bonjour An Voorbeeld,", "Total : 45 €"),
        ("de", "Ihre Tickets: Die Winterreise (+1)", "Guten Tag An Voorbeeld,", "Zusammen: 45 €"),
        ("en", "Your tickets: Die Winterreise (+1)", "Hello An Voorbeeld,", "In all: €45"),
    ],
)  # fmt: skip
def test_an_order_is_a_letter_with_its_tickets_in_its_language(
    region: Mailing, box: Box, language: str, subject: str, hello: str, total: str
) -> None:
    order = region.order(language=language)
    region.wait(0.1)
    mail = box.read("co1-order")
    assert mail["Subject"] == subject and mail["To"] == "an@voorbeeld.test" and mail["Content-Language"] == language
    assert str(mail["From"]) == "Regio <tickets@regio.test>" and mail["Reply-To"] == "onthaal@regio.test"
    page, plain = html(mail), body(mail, "plain")
    assert page.css_first("html").attributes["lang"] == language and page.css_first("h1").text() == subject
    for words in (
        hello,
        total,
        "zaterdag 5 december 2026, 20:00",
        "Zaal, De Linde, Oosterlo",
        "Oever & <water>",
        "onthaal@regio.test",
    ):
        assert words in page.text().replace("\xa0", " ") and words in plain.replace("\xa0", " ")
    assert f"https://regio.test/order/{region.token()}" in plain
    assert page.css_first(f'a[href="https://regio.test/order/{region.token()}"]') is not None
    title = next(one for one in page.css("h2") if one.text() == "Die Winterreise")
    assert title.attributes.get("lang") == ("de" if language != "de" else None)
    codes = [ticket.code for share in order.shares for ticket in share.tickets]
    assert [any(code in one for one in pages(mail)) for code in codes] == [True] * 3 and len(pages(mail)) == 3
    assert all(code not in plain + body(mail, "html") for code in codes), "a code is in the PDF and nowhere else"


def test_a_house_tells_the_way_where_it_wrote_it_down(region: Mailing, box: Box) -> None:
    region.order()
    region.wait(0.1)
    mail = box.read("co1-order")
    assert "Langs de kerk en dan links." in body(mail, "plain") and "Langs de kerk en dan links." in html(mail).text()
    linde, brug = pages(mail)[0], pages(mail)[2]
    assert "Langs de kerk en dan links." in linde and "Kerkplein 1, 0410 Oosterlo" in linde and "Tarief: Basis" in linde
    assert "Langs de kerk" not in brug


def test_the_dates_come_along_for_a_calendar(region: Mailing, box: Box) -> None:
    region.order()
    region.wait(0.1)
    [one] = [one for one in box.read("co1-order").iter_attachments() if one.get_content_type() == "text/calendar"]
    events = icalendar.Calendar.from_ical(one.get_content()).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Die Winterreise", "Oever & <water>"]
    assert events[0]["DTSTART"].dt == datetime(2026, 12, 5, 19, tzinfo=UTC)
    assert events[0]["URL"] == "https://regio.test/programma/winterreise/"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7*7 }}", "%(amount)s %s", '"><img src=x onerror=y>', "Zoë\u202e evaL"]
)
def test_a_name_is_only_a_name(region: Mailing, box: Box, name: str) -> None:
    region.order(name=name)
    region.wait(0.1)
    mail = box.read("co1-order")
    page = html(mail)
    assert name in page.text() and page.css("script, img") == [] and f"Dag {name}," in body(mail, "plain")


def test_what_a_house_could_not_give_is_in_the_letter_and_not_in_the_tickets(region: Mailing, box: Box) -> None:
    region.world.houses["brug"].always["confirm"] = Refused("sold_out", "no")
    region.order()
    region.wait(0.1)
    assert box.names == ["co1-order"]
    mail = box.read("co1-order")
    assert "De Brug had toch geen plaatsen meer: je krijgt € 15 terug." in body(mail, "plain").replace("\xa0", " ")
    assert len(pages(mail)) == 2 and all("Winterreise" in page for page in pages(mail))


def test_who_gets_a_share_back_hears_which_tickets_are_still_good(region: Mailing, box: Box) -> None:
    region.order()
    region.wait(0.1)
    region.world.saga.give_back("co1", ["linde"])
    region.wait(0.1)
    mail = box.read("co1-refund-1")
    assert mail["Subject"].replace("\xa0", " ") == "Je krijgt € 30 terug"
    plain = body(mail, "plain")
    assert (
        plain.index("niet meer geldig")
        < plain.index("Die Winterreise")
        < plain.index("blijven geldig")
        < plain.index("Oever")
    )
    assert len(pages(mail)) == 1 and "Oever" in pages(mail)[0]
    region.world.saga.give_back("co1")
    region.wait(0.1)
    last = box.read("co1-refund-2")
    assert last["Subject"].replace("\xa0", " ") == "Je krijgt € 45 terug" and list(last.iter_attachments()) == []


def test_a_ticket_that_went_back_while_the_post_was_closed_is_never_sent(region: Mailing, box: Box) -> None:
    region.order()
    region.world.saga.give_back("co1", ["linde"])
    region.world.saga.give_back("co1", ["brug"])
    region.wait(0.2)
    assert box.names == ["co1-refund-2"], "neither the tickets nor the first of two refunds is true any more"


def test_tickets_that_were_asked_for_again_are_those_that_are_good_now(region: Mailing, box: Box) -> None:
    region.order()
    region.world.saga.give_back("co1", ["brug"])
    region.post.again("co1")
    region.wait(0.1)
    mail = box.read("co1-again-2026112212")
    assert "Je vroeg je tickets nog eens op." in body(mail, "plain") and len(pages(mail)) == 2


def test_the_day_before_a_house_that_wants_it_writes(tmp_path: Path, box: Box) -> None:
    region = Mailing(tmp_path, FolderMailer(box.folder, "tickets@regio.test"), before=frozenset({"linde"}))
    region.order()
    region.wait(0.1)
    region.travel(datetime(2026, 12, 4, 9, tzinfo=UTC))
    region.travel(datetime(2026, 12, 5, 9, tzinfo=UTC))
    assert box.names == ["co1-before-toml-linde-a-1", "co1-order"]
    mail = box.read("co1-before-toml-linde-a-1")
    assert mail["Subject"] == "Morgen: Die Winterreise" and "Langs de kerk" in body(mail, "plain")
    assert "Oever" not in body(mail, "plain") and len(pages(mail)) == 2


@pytest.mark.parametrize(
    "now",
    [{"off": True, "start": "2026-12-05T20:00+01:00"}, {"start": "2026-12-19T20:00+01:00"}],
    ids=["cancelled", "moved"],
)
def test_nobody_is_expected_tomorrow_at_what_was_moved_or_cancelled(
    region: Mailing, box: Box, now: dict[str, object]
) -> None:
    region.order()
    region.wait(0.1)
    region.lay_out("nl", {LINDE: Item(id=LINDE, title="Die Winterreise", url="x/", **now)})
    region.travel(datetime(2026, 12, 4, 9, tzinfo=UTC))
    assert box.names == ["co1-order"]
    region.travel(datetime(2026, 12, 5, 14, 1, tzinfo=UTC))
    assert box.names == ["co1-before-toml-brug-a-1", "co1-order"]


def test_a_letter_before_that_comes_too_late_is_not_sent(region: Mailing, box: Box) -> None:
    region.order()
    region.wait(0.1)
    region.travel(datetime(2026, 12, 6, 14, 1, tzinfo=UTC))
    assert box.names == ["co1-order"]


def test_who_gave_tickets_back_is_not_expected(region: Mailing, box: Box) -> None:
    region.order()
    region.wait(0.1)
    region.world.saga.give_back("co1", ["linde"])
    region.travel(datetime(2026, 12, 4, 9, tzinfo=UTC))
    assert box.names == ["co1-order", "co1-refund-1"]


def test_a_site_that_is_being_built_keeps_letters_waiting(region: Mailing, box: Box) -> None:
    away = region.output.rename(region.output.with_suffix(".away"))
    region.order()
    region.wait(0.1)
    assert box.names == []
    away.rename(region.output)
    region.wait(0.2)
    assert box.names == ["co1-order"]


def test_a_language_that_no_site_speaks_is_english(region: Mailing, box: Box) -> None:
    for path in region.output.glob("regio/de/*"):
        path.unlink()
    for language in ("nl", "fr", "en"):
        path = region.output / "regio" / ("" if language == "nl" else language) / "shelf.json"
        path.write_text(path.read_text("utf-8").replace('"de",', ""), "utf-8")
    region.order(language="de")
    region.wait(0.1)
    assert box.read("co1-order")["Content-Language"] == "en"


def test_an_order_of_before_has_tickets_all_the_same(region: Mailing, box: Box) -> None:
    """It remembers nothing of what was shown."""
    made = region.world.draft()
    region.world.saga.begin(replace(made, back="https://regio.test/order/x"))
    region.world.saga.run("co1")
    region.world.pay()
    region.world.saga.run("co1")
    region.wait(0.1)
    assert len(pages(box.read("co1-order"))) == 3


@pytest.fixture
def office() -> Iterator[PostOffice]:
    made = PostOffice()
    yield made
    made.close()


@pytest.fixture
def distant(tmp_path: Path, office: PostOffice) -> Iterator[Mailing]:
    """The region with a real mail server."""
    mailer = SmtpMailer(
        Account(host="127.0.0.1", port=office.port, from_="tickets@regio.test", secure="none"), timeout=5
    )
    yield Mailing(tmp_path, mailer)
    mailer.close()


@pytest.mark.server
def test_mail_that_is_down_for_half_an_hour_loses_and_doubles_no_letter(distant: Mailing, office: PostOffice) -> None:
    """A30: 451 for thirty minutes, then nobody there at all for a while, then 250."""
    office.data = "451 4.3.0 try again later"
    start = distant.world.now
    for number in range(6):
        distant.order(f"co{number}")
        distant.wait(1 / 12)
    assert (distant.world.now - start).total_seconds() == 1800 and len(office.met) > 6 and office.letters == []
    assert distant.visitor.get(f"/sites/regio/order/{distant.token('co0')}").status_code == 200, (
        "the page works meanwhile"
    )
    assert distant.visitor.get(f"/order/{distant.token('co0')}/tickets.pdf").status_code == 200
    office.close()
    distant.wait(0.05)
    office.data = ""
    office.open()
    distant.wait(0.5)
    keys = [mail["Message-ID"] for _, mail in office.letters]
    assert len(keys) == len(set(keys)) == 6
    read = set()
    for _, mail in office.letters:
        [pdf] = [one for one in mail.iter_attachments() if one.get_content_type() == "application/pdf"]
        for page in pypdf.PdfReader(io.BytesIO(pdf.get_content())).pages:
            read.add(zxingcpp.read_barcodes(page.images[0].image)[0].text)
    orders = [distant.world.saga.read(f"co{number}") for number in range(6)]
    assert read == {ticket.code for order in orders for share in order.shares for ticket in share.tickets}


@pytest.mark.server
def test_no_log_names_who_gets_a_letter(
    distant: Mailing, office: PostOffice, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever goes wrong: a server that is away, one that knows no such address and says so with the address in its words."""
    caplog.set_level(logging.DEBUG)
    office.data = "451 4.3.0 <an@voorbeeld.test> later"
    order = distant.order()
    distant.wait(0.6)
    office.rcpt["an@voorbeeld.test"] = "550 5.1.1 <an@voorbeeld.test> An Voorbeeld is unknown"
    distant.wait(0.3)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]  # the server's own
    assert sum("letter_stuck" in one for one in ours) == sum("letter_undeliverable" in one for one in ours) == 1
    codes = [ticket.code for share in order.shares for ticket in share.tickets]
    text = "".join([*ours, *capfd.readouterr()])
    assert not [word for word in ("voorbeeld", "Voorbeeld", distant.token(), *codes) if word in text]


class Killed(BaseException):
    """The process is no more."""


@pytest.mark.server
def test_a_letter_that_the_server_took_while_we_died_bears_one_name(
    tmp_path: Path, distant: Mailing, office: PostOffice
) -> None:
    """SMTP has no way to ask whether a letter arrived: it comes twice, byte for byte, and mail programs show one."""

    def die(there: str) -> None:
        if there == "letter sent":
            raise Killed

    distant.order()
    with pytest.raises(Killed):
        distant.another_post(crossing=die).deliver()
    other = SmtpMailer(
        Account(host="127.0.0.1", port=office.port, from_="tickets@regio.test", secure="none"), timeout=5
    )
    distant.post.mailer = other
    distant.wait(0.5)
    other.close()
    first, second = (mail for _, mail in office.letters)
    assert first["Message-ID"] == second["Message-ID"] and first.as_bytes() == second.as_bytes()


@pytest.mark.server
def test_when_it_is_still_the_same_process_it_knows_what_the_server_took(distant: Mailing, office: PostOffice) -> None:
    def die(there: str) -> None:
        if there == "letter sent":
            raise Killed

    distant.order()
    with pytest.raises(Killed):
        distant.another_post(crossing=die).deliver()
    distant.wait(0.5)
    assert len(office.letters) == 1


def test_a_visit_is_told_by_day(region: Mailing) -> None:
    """The first to come on top, whatever house it is at."""
    made = region.order()
    later = {LINDE: replace(SHOWN[LINDE], start="2026-12-31T20:00+01:00"), BRUG: SHOWN[BRUG]}
    told = region.secretary.draft(
        next(iter(letters_of(region.world.records, made).values())), replace(made, shown=later)
    )
    assert told is not None and told.subject == "Je tickets: Oever & <water> (+1)"
    assert date.fromisoformat(later[BRUG].start[:10]) < date.fromisoformat(later[LINDE].start[:10])


def test_staff_who_want_it_hear_of_an_order_that_wants_a_look_and_nothing_of_its_buyer(
    region: Mailing, box: Box
) -> None:
    region.world.houses["brug"].always["confirm"] = busy()
    region.order()
    while region.world.saga.run("co1").alert != Alert.HOUSE_SILENT:
        region.world.pass_time(minutes=5)
    region.wait(0.1)
    assert [name for name in box.names if "alert" in name] == [], "nobody wants it"
    region.secretary = replace(region.secretary, alerts="kassa@regio.test")
    region.post = region.another_post()
    region.world.houses["brug"].always.clear()
    region.world.houses["brug"].before["confirm"] = [no("sold_out")]
    region.world.saga.run("co1")
    region.wait(0.1)
    (name,) = [name for name in box.names if "alert" in name]
    mail = box.read(name)
    text = body(mail, "plain")
    assert mail["to"] == "kassa@regio.test" and "not_completed" in mail["subject"]
    assert "Een bestelling vraagt aandacht" in mail["subject"] and "build.py orders show co1" in text
    assert "een huis had geen plaatsen meer" in text and "linde, brug" in text
    assert "Voorbeeld" not in mail.as_string() and "an@voorbeeld" not in mail.as_string()


def test_who_gets_one_ticket_back_hears_which_and_keeps_the_other(region: Mailing, box: Box) -> None:
    order = region.order()
    region.wait(0.1)
    first, second = region.world.codes("linde")
    region.world.ticket_back(first)
    region.wait(0.1)
    mail = box.read("co1-refund-1")
    text, sheets = body(mail, "plain").replace("\xa0", " "), " ".join(pages(mail))
    assert mail["Subject"].replace("\xa0", " ") == "Je krijgt € 15 terug"
    assert "CC De Linde: je krijgt € 15 terug. Deze tickets zijn niet meer geldig:" in text
    assert "1 ticket" in text.partition("blijven geldig")[0] and "werkdagen" in text
    assert second in sheets and first not in sheets and len(order.good) == 3
    page = region.visitor.get(f"/sites/regio/order/{region.token()}").text.replace("\xa0", " ")
    assert "Je krijgt € 15 terug, langs dezelfde weg als je betaalde. Dat duurt enkele werkdagen." in page
    assert (
        page.count("geannuleerd") == 1
        and f'<s class="till-code small">{first}</s>' in page
        and page.count("till-qr") == 2
    )
    told = region.visitor.get(f"/api/orders/{region.token()}").json()
    assert (
        told["refunded"] == 1500
        and sum(ticket["cancelled"] for line in told["lines"] for ticket in line["tickets"]) == 1
    )
    region.post.again("co1")
    region.wait(0.1)
    again = body(box.read(next(name for name in box.names if "again" in name)), "plain")
    assert "geen plaatsen meer" not in again, "no house was sold out: staff gave it back"


def test_money_that_does_not_go_is_never_called_gone(region: Mailing, box: Box) -> None:
    region.order()
    region.wait(0.1)
    cashier = region.world.let_provider_have_moods()

    def fail(made):
        region.world.refund_goes(made.reference, Refunded.FAILED)
        return replace(made, state=Refunded.FAILED)

    def page() -> str:
        return region.visitor.get(f"/sites/regio/order/{region.token()}").text.replace("\xa0", " ")

    cashier.lies["refund"] = fail
    region.world.ticket_back(region.world.codes("linde")[0])
    region.wait(0.1)
    mail = box.read("co1-refund-1")
    assert mail["Subject"] == "Je bestelling is gewijzigd"
    assert "nog € 15 terug" in body(mail, "plain").replace("\xa0", " ") and "werkdagen" not in body(mail, "plain")
    assert "Je krijgt nog € 15 terug" in page() and "langs dezelfde weg" not in page()
    for _ in range(8):
        region.world.pass_time(hours=18)
        region.world.saga.sweep()
    assert "Het huis neemt contact met je op." in page() and "Je tickets</h1>" in page()
    del cashier.lies["refund"]
    region.world.saga.give_back("co1")
    assert "Je krijgt € 45 terug, langs dezelfde weg" in page() and "Je geld komt terug" in page()
    region.world.pass_time(days=30)
    assert "Je kreeg € 45 terug, langs dezelfde weg" in page()
