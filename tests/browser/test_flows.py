"""The flows in a real browser, on a phone: a camp with the house's questions, a time slot, a show with a free atelier beside it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from etalage.model.checkout import Checkout, State
from functions.app import make_app
from functions.sale import Sale
from tests.browser.axe import axe
from tests.browser.helpers import HOSTILE, accessible, served
from tests.shop import ROOT, Shop
from tools.showroom import free_port

OpenPage = Callable[..., Any]
SITE = "langsdeelve"
ERRORS = "status of (4\\d\\d)"
CAMP, SHOW, ATELIER = "toml:meerstoel/theaterkamp/1", f"{inventory.SHOW}/2", f"{inventory.ATELIER}/2"


class Counter(NamedTuple):
    """Where the demo's cluster sells, what sells there, and its shelf."""

    url: str
    sale: Sale
    shelf: dict[str, Any]

    def free(self, id: str) -> int | None:
        return self.sale.houses("meerstoel").availability([id])[id].free

    def ended(self, url: str) -> Checkout:
        """The order of a page, when it is all done."""
        order = self.sale.saga.run(url.rpartition("/")[2].partition(".")[0])
        assert order.state is State.DONE
        return order


@pytest.fixture(scope="module")
def counter(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The demo's sites with a sale of its own, that lives on the day of the demo."""
    port, now = free_port(), moment_now(demo_shop.now)
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, tmp_path_factory.mktemp("sale"))
    sale = open_sale(workspace, f"http://127.0.0.1:{port}/sandbox/", lambda: now)
    shelf = json.loads((demo_shop.output / SITE / "shelf.json").read_text("utf-8"))
    with served(make_app(demo_shop.output, sale=sale), port):
        yield Counter(f"http://{SITE}.localhost:{port}/", sale, shelf)


class Visit:
    """A visitor with a phone; every page that is looked at is held to axe, in light and dark, and fits.

    Where the phone has no scripts, a `reader` that has them looks at what it shows.
    """

    def __init__(self, open_page: OpenPage, engine: str, *, javascript: bool = True) -> None:
        self.page, self.engine = open_page("phone", javascript=javascript, tolerate=ERRORS), engine
        self.reader = None if javascript else open_page("phone", tolerate=ERRORS)

    def look(self, *, french: bool = False) -> str:
        """What the page says; `french`: the same page in French is as accessible."""
        accessible(self.page, self.engine, self.reader)
        if french:
            other = self.page.context.new_page()  # of the same visitor
            other.goto(re.sub("(http://[^/]+/)", r"\1fr/", self.page.url))
            assert other.evaluate("document.documentElement.lang") == "fr" and axe(other) == []
            other.close()
        return str(self.page.inner_text("main"))

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def pay(self, email: str = "E-mailadres", name: str = "Naam", pay: str = "Betaal") -> None:
        self.page.get_by_label(email, exact=True).fill("an@voorbeeld.test")
        self.page.get_by_label(name, exact=True).fill("An Voorbeeld")
        self.press(pay)
        self.page.wait_for_url("**/sandbox/**")
        self.press("Betaal")
        self.page.wait_for_url("**/order/**")


def test_a_camp_for_two_children(counter: Counter, open_page: OpenPage, browser_name: str) -> None:
    visit = Visit(open_page, browser_name)
    page = visit.page
    page.goto(counter.url + counter.shelf["items"][CAMP]["url"])
    page.get_by_role("link", name="Schrijf je in").first.click()
    assert "8 tot 12 jaar" in visit.look(french=True)
    page.locator("select.till-number").first.select_option("2")
    visit.press("Schrijf je in")
    page.wait_for_url("**/checkout")
    assert visit.look(french=True).count("Op welk nummer bereiken we jou overdag?") == 2
    first, second = (page.get_by_role("group", name=f"Deelnemer {number}") for number in (1, 2))
    for child, name, age in ((first, "Lies", "9"), (second, "Jef", "13")):
        child.get_by_label("Naam van de deelnemer").fill(name)
        child.get_by_label("Leeftijd op de eerste dag").fill(age)
        child.get_by_label("Op welk nummer").fill("0400 00 00 99")
        child.get_by_label("Mag je kind alleen naar huis?").select_option("no")
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam", exact=True).fill("An Voorbeeld")
    visit.press("Betaal")
    page.wait_for_function("() => document.activeElement?.id == 'mistakes'")
    told = visit.look()
    assert "Deelnemer 2: Dit is gemaakt voor 8 tot 12 jaar." in told and "Deelnemer 1: " not in told
    page.locator("#mistakes a").click()
    assert page.evaluate("document.activeElement.value") == "13", "the summary leads to the field, as it was filled in"
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    visit.pay()
    assert [(who.name, who.age) for who in counter.ended(page.url).participants[CAMP]] == [("Lies", 9), ("Jef", 12)]
    assert "0400 00 00 99" not in page.content()


def test_what_a_parent_writes_is_only_words(counter: Counter, open_page: OpenPage) -> None:
    page = open_page("phone", tolerate=ERRORS)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{counter.url}choose?p={CAMP}")
    page.locator("select.till-number").first.select_option("1")
    page.get_by_role("button", name="Schrijf je in").click()
    page.wait_for_url("**/checkout")
    before = page.locator("*").count()
    for words in HOSTILE:
        for field in ("Naam van de deelnemer", "Leeftijd op de eerste dag", "Op welk nummer"):
            page.get_by_label(field).fill(words)
        page.get_by_role("button", name="Betaal").click()
        page.wait_for_function("() => document.activeElement?.id == 'mistakes'")
        assert page.get_by_label("Op welk nummer").input_value() == words
        assert page.locator("*").count() <= before + 20, "the summary and its links, and nothing of theirs"
        assert page.evaluate("window.hacked") is None and not dialogs


def test_a_course_in_french_without_scripts(counter: Counter, open_page: OpenPage, browser_name: str) -> None:
    visit = Visit(open_page, browser_name, javascript=False)
    page = visit.page
    course = next(one["performance"] for one in counter.shelf["enrolments"] if "bouger" in one["performance"])
    page.goto(f"{counter.url}fr/choose?p={course}")
    page.locator("select.till-number").first.select_option("1")
    visit.press("Inscrivez-vous")
    page.wait_for_url("**/fr/checkout")
    visit.look()
    visit.press("Payer")
    told = visit.look()
    assert "Participant 1: Écrivez le nom de la personne qui participe." in told and "Rosa veut savoir" in told
    page.get_by_label("Nom du participant").fill("Ann")
    page.get_by_label("Dans quelle langue").select_option("gelijk")
    visit.pay("Adresse e-mail", "Nom", "Payer")
    assert counter.ended(page.url).participants[course][0].answers == {"taal": "gelijk"}


@pytest.mark.parametrize(
    ("path", "words", "javascript"),
    [
        ("", ("12 plaatsen", "Een andere dag", "Toon deze dag", "Leg in het mandje", "Naar afrekenen", "Je tickets"), True),
        ("fr/", ("12 places", "Un autre jour", "Afficher ce jour", "Mettre dans le panier", "Vers le paiement", "Vos billets"), False),
    ],
)  # fmt: skip
def test_a_time_slot(
    counter: Counter, open_page: OpenPage, browser_name: str, path: str, words: tuple[str, ...], javascript: bool
) -> None:
    visit = Visit(open_page, browser_name, javascript=javascript)
    page, (left, other, show, put, on, tickets) = visit.page, words
    slots = max(counter.shelf["slots"], key=len)
    page.goto(f"{counter.url}{path}choose?p={slots[0]}")
    told = visit.look()
    assert left in told and "De dag dat de letters op waren" in told, "of what one needs a ticket to come in for free"
    assert page.locator(".till-slot").count() == 4
    page.get_by_label(other).select_option(index=1)
    visit.press(show)
    slot = page.locator(".till-slot", has_text=re.compile("15.00"))
    slot.locator("input").check()
    chosen = slot.locator("input").get_attribute("value")
    before = counter.free(chosen)
    page.locator("select.till-number[name=n]").first.select_option("2")
    visit.press(put)
    page.wait_for_url("**/basket")
    assert re.search("15.00", visit.look()) and counter.free(chosen) == before - 2
    page.get_by_role("link", name=on).click()
    visit.pay(*(("Adresse e-mail", "Nom", "Payer") if path else ()))
    counter.ended(page.url)
    page.reload()
    assert page.locator("h1").inner_text() == tickets and page.locator(".till-code").count() == 2
    assert re.search("15.00", visit.look()) and counter.free(chosen) == before - 2


def test_a_show_with_an_atelier_that_goes_when_the_ticket_goes(
    counter: Counter, open_page: OpenPage, browser_name: str
) -> None:
    visit = Visit(open_page, browser_name)
    page = visit.page
    page.goto(f"{counter.url}choose?p={ATELIER}")
    assert "Dit hoort bij een ticket voor:" in visit.look(french=True)
    page.locator("select[name=n]").first.select_option("1")
    visit.press("Meteen kopen")
    assert "Kies eerst dat ticket" in visit.look()
    page.get_by_role("link", name="De dag dat de letters op waren").first.click()
    assert "Hoort bij je ticket" in visit.look(french=True)
    page.locator("select[name=n]").first.select_option("2")
    page.get_by_label("Letters zetten").select_option("2")
    visit.press("Meteen kopen")
    page.wait_for_url("**/checkout")
    places = counter.free(SHOW), counter.free(ATELIER)
    assert places[1] == inventory.LAMPS - 2 and "Letters zetten" in visit.look(french=True)
    visit.pay()
    key = counter.ended(page.url).key
    assert (counter.free(SHOW), counter.free(ATELIER)) == places
    counter.sale.saga.give_back(key)
    assert (counter.free(SHOW), counter.free(ATELIER)) == (places[0] + 2, inventory.LAMPS)
    page.reload()
    assert "Je geld komt terug" in visit.look()
