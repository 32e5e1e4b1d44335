"""Letters as a mail program shows them: on a phone, in both colour schemes, and with every hostile name that a buyer can have."""

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from etalage.adapters.folder_mailer import FolderMailer
from tests.browser.axe import axe
from tests.browser.helpers import set_scheme
from tests.functions.mailing import Mailing
from tests.laws.mailer import body

pytestmark = pytest.mark.browser
NAMES = [
    "An Voorbeeld",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}<svg onload=alert(1)>",
    "x" * 120,
]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every kind of letter, and one for each name."""
    folder = tmp_path_factory.mktemp("letters")
    region = Mailing(folder, FolderMailer(folder / "mail", "tickets@regio.test"))
    for number, name in enumerate(NAMES):
        region.order(f"co{number}", name=name)
    region.wait(0.1)
    region.world.saga.give_back("co1", ["brug"])
    region.post.again("co0")
    region.wait(0.1)
    region.travel(datetime(2026, 12, 4, 9, tzinfo=UTC))
    return {path.stem: html_of(path) for path in sorted((folder / "mail").glob("*.eml"))}


def html_of(path: Path) -> str:
    mail: Any = message_from_bytes(path.read_bytes(), policy=default)
    return body(mail, "html")


def test_every_letter_can_be_read_by_everybody(
    open_page: Callable[..., Any], letters: dict[str, str], browser_name: str
) -> None:
    page = open_page("phone")
    for name in ("co0-order", "co0-again-2026112212", "co1-refund-1", "co0-before-toml-linde-a-1"):
        for scheme in ("light", "dark"):
            page.set_content(letters[name])
            set_scheme(page, scheme, browser_name)
            assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.locator("h1").count() == 1


def test_a_name_draws_nothing_and_asks_nobody(open_page: Callable[..., Any], letters: dict[str, str]) -> None:
    page = open_page("phone")
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    shapes = set()
    for number, name in enumerate(NAMES):
        page.set_content(letters[f"co{number}-order"])
        assert name in page.locator("body").inner_text()
        shapes.add(page.evaluate("[...document.querySelectorAll('*')].map(one => one.localName).join()"))
    assert (asked, said, len(shapes)) == ([], [], 1), "the same elements whatever the name"
