"""A teacher asks for places for a class in a real browser, on a phone and without JavaScript; staff propose, the teacher confirms."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from etalage.model.school import SchoolRequest, Stage
from etalage.sales.requests import Requests
from functions.app import make_app
from functions.sale import Sale, shown_of
from functions.shelves import Shelves
from tests.browser.helpers import HOSTILE, accessible, served
from tests.shop import ROOT, Shop
from tools.showroom import free_port

OpenPage = Callable[..., Any]
WORDS = {
    "": ("Vraag plaatsen aan voor je klas", "Verstuur de aanvraag", "Je aanvraag is binnen", "Bevestig deze datum", "Het is afgesproken", "Trek de aanvraag in",
         "Je hebt je aanvraag ingetrokken"),
    "fr/": ("Demander des places pour votre classe", "Envoyer la demande", "Votre demande est arrivée", "Confirmer cette date", "C’est convenu",
            "Retirer la demande", "Vous avez retiré votre demande"),
}  # fmt: skip


@dataclass
class House:
    """Foelie with its site, its staff and its letters."""

    address: str
    sale: Sale
    output: Path
    mail: Path

    def propose(self, say: str) -> str:
        """Staff propose the second date of the request that just came in; gives the link in the letter."""
        requests = Requests(self.sale.counter.records, self.sale.counter.clock)
        known: SchoolRequest = next(one for one in requests.all()[0] if one.stage is Stage.ASKED)
        date = known.dates[1]
        shown = shown_of(Shelves(self.output).shelf(known.site, known.language).items[date])
        requests.propose(known.key, date, shown, say)
        assert self.sale.post
        self.sale.post.deliver()
        (letter,) = self.mail.glob(f"*{known.key}*proposed*.eml")
        text = message_from_bytes(letter.read_bytes(), policy=default).get_body(("plain",)).get_content()
        return re.search(r"http://\S+/request/\S+", text)[0]


@pytest.fixture(scope="module")
def house(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    port, now, var = free_port(), moment_now(demo_shop.now), tmp_path_factory.mktemp("schools")
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, var)
    sale = open_sale(workspace, f"http://127.0.0.1:{port}/sandbox/", lambda: now)
    assert sale
    with served(make_app(demo_shop.output, sale=sale), port):
        yield House(f"http://foelie.localhost:{port}/", sale, demo_shop.output, var / "mail")


@pytest.mark.parametrize(("path", "javascript"), [("", False), ("fr/", True)])
def test_a_class_asks_and_comes(
    house: House, open_page: OpenPage, browser_name: str, path: str, javascript: bool
) -> None:
    ask, send, came_in, confirm, agreed, back, taken = WORDS[path]
    page = open_page("phone", javascript=javascript, tolerate="status of (422)")
    reader = None if javascript else open_page("phone")

    def see() -> None:
        accessible(page, browser_name, reader)
        levels = [int(one.evaluate("one => one.tagName[1]")) for one in page.query_selector_all("main :is(h1, h2, h3)")]
        assert (
            levels[0] == 1 and levels.count(1) == 1 and all(after <= before + 1 for before, after in pairwise(levels))
        )

    card = json.loads((house.output / "foelie" / path / "shelf.json").read_text("utf-8"))["items"]
    production = next(item["url"].partition("#")[0] for item in card.values() if item.get("classes"))
    page.goto(house.address + production)
    page.get_by_role("link", name=ask).click()
    assert page.locator("h1").inner_text() == ask
    see()
    page.fill("#school", "Athenée « Les Sprongs »")
    page.fill("#group", "5B")
    page.fill("#pupils", "een klas")
    page.select_option("#date1", index=1)
    page.get_by_role("button", name=send).click()
    see()
    page.locator("#mistakes a").first.click()
    assert page.url.endswith("#pupils") and page.input_value("#pupils") == "een klas"
    page.fill("#pupils", "22")
    page.fill("#teachers", "2")
    page.select_option("#date2", index=2)
    page.fill("#name", "Els")
    page.fill("#email", "els@sprong.test")
    page.get_by_role("button", name=send).click()
    assert page.locator("h1").inner_text() == came_in and "els@sprong" not in page.content()
    see()
    page.goto(house.propose("Le bus s’arrête devant la porte."))
    assert "devant la porte" in page.inner_text("main")
    see()
    page.get_by_role("button", name=confirm).click()
    assert page.locator("h1").inner_text() == agreed
    see()
    page.locator("summary", has_text="?").last.click()
    page.get_by_role("button", name=back).click()
    assert page.locator("h1").inner_text() == taken
    see()


def test_what_a_school_writes_is_only_words(house: House, open_page: OpenPage) -> None:
    card = json.loads((house.output / "foelie" / "shelf.json").read_text("utf-8"))["items"]
    production = next(item["classes"] for item in card.values() if item.get("classes"))
    page = open_page("phone", tolerate="status of (422)")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{house.address}request?p={production}")
    before = page.locator("*").count()
    fields = ("school", "group", "name", "phone", "remark")
    for words in HOSTILE:
        for field in fields:
            page.fill(f"#{field}", words)
        page.locator("form.till-form button").last.click()
        assert page.input_value("#school") == words == page.input_value("#remark")
        assert page.locator("*").count() <= before + 40, "the summary and its links, and nothing of theirs"
        assert page.evaluate("window.hacked") is None and not dialogs
    for field, text in {"pupils": "20", "teachers": "2", "email": "els@sprong.test", "phone": ""}.items():
        page.fill(f"#{field}", text)
    page.select_option("#date1", index=1)
    page.locator("form.till-form button").last.click()
    assert HOSTILE[-1] in page.inner_text("main") and page.evaluate("window.hacked") is None and not dialogs
