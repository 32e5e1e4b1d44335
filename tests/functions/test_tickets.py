"""What one gets by an order's link: tickets on paper, dates for a calendar, and the tickets once more."""

import io
from pathlib import Path

import icalendar
import pypdf
import pytest

from etalage.adapters.folder_mailer import FolderMailer
from functions.links import Links
from tests.functions.mailing import Mailing

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
