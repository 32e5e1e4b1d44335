"""What one gets by an order's link: tickets on paper, dates for a calendar, and the tickets once more."""

import io
from datetime import datetime
from pathlib import Path

import icalendar
import pypdf
import pytest

from etalage.adapters.folder_mailer import FolderMailer
from etalage.adapters.fpdf_printer import FpdfPrinter
from etalage.model.shelf import Item
from functions.links import Links
from tests.functions.mailing import LINDE, Mailing

FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}


@pytest.fixture
def region(tmp_path: Path) -> Mailing:
    return Mailing(tmp_path, FolderMailer(tmp_path / "mail", "tickets@regio.test"))


@pytest.mark.parametrize("folder", ["/", "/fr/", "/sites/regio/", "/sites/regio/fr/"])
def test_the_link_of_an_order_gives_its_tickets(region: Mailing, folder: str) -> None:
    order = region.order()
    answer = region.visitor.get(f"{folder}order/{region.token()}/tickets.pdf")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-robots-tag"] == "noindex"
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert all(ticket.code in text for share in order.shares for ticket in share.tickets)


@pytest.mark.parametrize("number", [1, 7, 40])
def test_as_many_pages_as_tickets(region: Mailing, number: int) -> None:
    region.order(linde=number, brug=0)
    answer = region.visitor.get(f"/order/{region.token()}/tickets.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == number


def test_tickets_that_went_back_are_not_printed(region: Mailing) -> None:
    region.order()
    region.world.saga.give_back("co1", ["linde"])
    answer = region.visitor.get(f"/order/{region.token()}/tickets.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 1
    region.world.saga.give_back("co1")
    answer = region.visitor.get(f"/order/{region.token()}/tickets.pdf")
    assert answer.status_code == 422 and answer.json()["code"] == "tickets_none"


def test_what_is_not_paid_has_no_tickets(region: Mailing) -> None:
    region.world.basket()
    region.world.saga.run("co1")
    assert region.visitor.get(f"/order/{region.token()}/tickets.pdf").json()["code"] == "tickets_none"


def test_the_dates_go_into_a_calendar_and_what_went_back_is_cancelled(region: Mailing) -> None:
    region.order()
    region.world.saga.give_back("co1", ["brug"])
    answer = region.visitor.get(f"/order/{region.token()}.ics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(one["SUMMARY"]), str(one["STATUS"])) for one in events] == [
        ("Die Winterreise", "CONFIRMED"), ("Geannuleerd: Oever & <water>", "CANCELLED"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/order/{}/tickets.pdf", "/order/{}.ics"])
def test_without_the_link_there_is_nothing(region: Mailing, path: str) -> None:
    region.order()
    other = Links(["another secret"]).sign("order", "co1")
    for token in ("co1", other, region.token()[:-1], region.token("co2"), region.links.sign("form", "co1")):
        answer = region.visitor.get(path.format(token))
        assert answer.status_code == 404 and answer.json()["code"] == "order_unknown"
    assert region.visitor.get("/sites/elders" + path.format(region.token())).status_code == 404


def test_asking_again_sends_the_tickets_to_who_bought_them(region: Mailing, tmp_path: Path) -> None:
    region.order()
    region.wait(0.1)
    for _ in range(3):
        answer = region.visitor.post(f"/order/{region.token()}/resend", headers=FORM)
        assert answer.status_code == 202 and "zijn ze onderweg" in answer.text
    region.wait(0.1)
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["co1-again-2026112212.eml", "co1-order.eml"]


def test_who_asks_again_learns_nothing(region: Mailing) -> None:
    """Paid, not paid, given back, or made up: to the letter the same answer."""
    region.order("co1")
    region.order("co2")
    region.world.saga.give_back("co2")
    region.world.basket(key="co3")
    tokens = [*(region.token(f"co{number}") for number in (1, 2, 3, 4)), "nonsense", "co1"]
    answers = [region.visitor.post(f"/order/{token}/resend", headers=FORM) for token in tokens]
    assert {(one.status_code, one.text) for one in answers} == {(202, answers[0].text)}
    assert len({tuple(sorted(one.headers.items())) for one in answers}) == 1
    assert "voorbeeld" not in answers[0].text and "co1" not in answers[0].text


def test_another_sites_page_cannot_ask(region: Mailing, tmp_path: Path) -> None:
    region.order()
    answer = region.visitor.post(
        f"/order/{region.token()}/resend", headers=FORM | {"sec-fetch-site": "cross-site", "accept": "*/*"}
    )
    assert answer.status_code == 403 and answer.json()["code"] == "cross_site"
    region.wait(0.1)
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["co1-order.eml"]


def test_who_asks_too_often_waits(region: Mailing) -> None:
    answers = [region.visitor.post("/order/nonsense/resend", headers=FORM).status_code for _ in range(61)]
    assert answers[:60] == [202] * 60 and answers[60] == 429


def test_the_page_of_an_order_leads_to_its_tickets(region: Mailing) -> None:
    region.order()
    page = region.visitor.get(f"/sites/regio/fr/order/{region.token()}", headers={"accept": "text/html"}).text
    for end in ("/tickets.pdf", ".ics", "/resend"):
        assert f'"/sites/regio/fr/order/{region.token()}{end}"' in page
    region.world.saga.give_back("co1")
    assert (
        "/tickets.pdf"
        not in region.visitor.get(f"/sites/regio/order/{region.token()}", headers={"accept": "text/html"}).text
    )


def test_the_page_has_the_codes_to_scan_the_way_there_and_until_when_a_phone_may_keep_it(region: Mailing) -> None:
    region.lay_out("nl", {LINDE: Item(id=LINDE, title="Winterreise", url="", doors="19.30 uur")})
    order = region.order()
    way = f"/sites/regio/order/{region.token()}"
    page = region.visitor.get(way)
    assert page.headers["cache-control"] == "no-store", "nobody on the way keeps it"
    assert page.headers["x-keep-until"] == "2026-12-06T21:00:00+01:00", "six hours after the start of the last date"
    for share in order.shares:
        for ticket in share.tickets:
            assert f'aria-label="QR-code van dit ticket: {ticket.code}"><svg viewBox=' in page.text
            assert FpdfPrinter().picture(ticket.code) in page.text
    for words in ("Deuren open om 19.30 uur", "Kerkplein 1, 0410 Oosterlo", "Langs de kerk en dan links."):
        assert words in page.text
    assert "Voorbeeld" not in page.text and "Bewaar niet op dit toestel" in page.text


def test_what_went_back_is_kept_nowhere_and_shows_no_code_to_scan(region: Mailing) -> None:
    region.order()
    region.world.saga.give_back("co1", ["brug"])
    page = region.visitor.get(f"/sites/regio/order/{region.token()}")
    assert page.text.count("<svg viewBox=") == 2 and page.headers["x-keep-until"].startswith("2026-12-06T04:00")
    region.world.saga.give_back("co1")
    page = region.visitor.get(f"/sites/regio/order/{region.token()}")
    assert "<svg viewBox=" not in page.text and "x-keep-until" not in page.headers and "Bewaar" not in page.text


def test_when_it_is_over_there_is_nothing_to_keep(region: Mailing) -> None:
    region.order(brug=0)
    region.travel(datetime.fromisoformat("2026-12-06T03:00+01:00"))
    assert "x-keep-until" in region.visitor.get(f"/sites/regio/order/{region.token()}").headers
    region.travel(datetime.fromisoformat("2026-12-06T04:01+01:00"))
    assert "x-keep-until" not in region.visitor.get(f"/sites/regio/order/{region.token()}").headers


def test_who_does_not_want_it_kept_says_so_once_for_this_order_alone(region: Mailing) -> None:
    region.order()
    way = f"/sites/regio/order/{region.token()}"
    no = region.visitor.post(f"{way}/keep", headers=FORM, content="keep=no", follow_redirects=False)
    assert no.status_code == 303 and no.headers["location"] == way
    said = no.headers["set-cookie"]
    assert f"Path={way};" in said and "HttpOnly" in said and said.startswith("unkept=1;")
    page = region.visitor.get(way, headers={"cookie": "unkept=1"})
    assert "x-keep-until" not in page.headers and "om zonder internet te openen" in page.text
    again = region.visitor.post(f"{way}/keep", headers=FORM, content="keep=yes", follow_redirects=False)
    assert "Max-Age=0" in again.headers["set-cookie"]
    strange = FORM | {"sec-fetch-site": "cross-site"}
    assert region.visitor.post(f"{way}/keep", headers=strange, content="keep=no").status_code == 403
