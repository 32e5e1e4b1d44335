"""A house's statement as who does its accounts sees it: on a screen, on a phone, in their language, in both colour schemes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commands.statement_page import Page
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.entry import Account, Entry, Posting, What
from etalage.model.shelf import Shelf
from etalage.model.statement import read_period
from etalage.sales import ledger
from etalage.sales.statements import Statements
from tests.browser.helpers import accessible
from tests.theme.test_translations import translated

pytestmark = pytest.mark.browser
BEGIN = datetime(2026, 10, 2, 19, tzinfo=UTC)
JOINT, OWN, LINDE = "stripe-regio", "mollie-linde", (Account.HOUSE, "linde")
NAMES = {"linde": {"nl": "De Linde"}, "regio": {"nl": "Cultuurregio Zuiderleie", "fr": "Région du Lys du Sud"}}


def entry(day: int, what: What, account: str, *lines: tuple[int, int | None]) -> Entry:
    """What happened to De Linde's money on a day: cents and VAT rates."""
    postings = [Posting(*LINDE[:1], -cents, "linde", rate) for cents, rate in lines]
    came = sum(cents for cents, _ in lines)
    return Entry(
        order=f"co{day}", name=what.value, what=what, at=BEGIN + timedelta(days=day), lines=(Posting(Account.PROVIDER, came, account), *postings)
    )  # fmt: skip


ENTRIES = [
    entry(0, What.PAID, JOINT, (123450, 600), (2400, 2100)), entry(1, What.PAID, OWN, (98000, 600)), entry(1, What.BACK, JOINT, (-1800, 600)),
    entry(4, What.PAID, JOINT, (5000, None)), entry(9, What.CHARGED_BACK, JOINT, (-3600, None)), entry(12, What.PASSED_ON, JOINT, (-50000, None)),
    entry(20, What.PAID, JOINT, (8000, 0)),
    Entry(order="co1", name="fee", what=What.FEE, at=BEGIN, lines=(Posting(Account.FEES, 145, OWN), Posting(Account.PROVIDER, -145, OWN))),
]  # fmt: skip


def page_of(folder: Path, language: str, entries: list[Entry]) -> str:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    records = SqliteRecords(folder / "records.db", lambda: now)
    for one in entries:
        records.transact([ledger.put(one, one.at)])
    owner = {JOINT: "regio", OWN: "linde"}.__getitem__
    drawn = Statements(records, owner, now).close("linde", read_period("2026-10"), "Europe/Brussels")
    words = {} if language == "en" else {key[0]: texts for key, texts in translated(language).items()}
    shelf = Shelf(site="linde", name="De Linde", language=language, languages=(language,), timezone="Europe/Brussels", wishlist="", words=words, items={})  # fmt: skip
    return Page(drawn, shelf, NAMES, owner).draw()


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_a_statement_can_be_read_by_everybody(
    open_page: Callable[..., Any], tmp_path: Path, browser_name: str, language: str
) -> None:
    html = page_of(tmp_path, language, ENTRIES)
    for screen in ("phone", "desktop"):
        page = open_page(screen)
        page.set_content(html)
        accessible(page, browser_name)
    if language == "nl":
        owed = page.locator(".owed").inner_text().replace("\u00a0", " ")
        assert owed == "Cultuurregio Zuiderleie betaalt jullie € 834,50."
        assert page.locator("table").count() == 4, "two accounts, VAT, and the days"


def test_nothing_was_sold(open_page: Callable[..., Any], tmp_path: Path, browser_name: str) -> None:
    page = open_page("phone")
    page.set_content(page_of(tmp_path, "nl", []))
    accessible(page, browser_name)
    assert "In deze dagen is niets verkocht." in page.inner_text("main") and page.locator("table").count() == 0
