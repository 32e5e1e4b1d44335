"""At the door of a house with a phone: codes are typed, or read by a device that types; what one sees says it in large words."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from etalage.model.basket import Wish
from etalage.model.checkout import Shown
from etalage.model.payment import Act
from etalage.model.sale import Buyer
from etalage.model.seating import best
from etalage.sales.counter import Order, Place
from etalage.sales.doorkeepers import Doorkeepers
from functions.app import make_app
from tests.browser.helpers import accessible, served
from tests.shop import ROOT, Shop
from tools.showroom import free_port

HOUSE = "foelie"
ANSWERS = ("good", "other", "void", "unknown")


@pytest.fixture(scope="module")
def door(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The page for the door of Foelie, and a code for each answer."""
    port, now = free_port(), moment_now(demo_shop.now)
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, tmp_path_factory.mktemp("door"))
    sale = open_sale(workspace, f"http://127.0.0.1:{port}/sandbox/", lambda: now)
    assert sale is not None and sale.sandbox is not None
    shelf = json.loads((demo_shop.output / HOUSE / "shelf.json").read_text("utf-8"))
    coming = sorted((one for one in shelf["items"].values() if one.get("sold")), key=lambda one: one["start"])
    tonight, later = [one for one in coming if sale.houses(HOUSE).tariffs(one["id"])][-2:]
    codes = {"unknown": "NIET-VAN-ONS"}
    for number, (answer, item) in enumerate((("good", tonight), ("other", later), ("void", tonight))):
        hall = sale.houses(HOUSE).seatmap(item["id"])
        seats = best(hall, 1, hall[0].tariffs[0]) if hall else ()
        shown = {item["id"]: Shown(title=item["title"], when=item["when"], place=item["place"])}
        place = Place(site=HOUSE, back="http://x/order/{token}", hook="http://x/hook", provider="sandbox", shown=shown)
        order = Order(
            lines=(Wish(performance=item["id"], seats=seats),),
            buyer=Buyer(email="an@voorbeeld.test", name="An Voorbeeld"),
        )
        _, made = sale.counter.take(order, place, f"key-number-{number}")
        if made.payment:
            sale.sandbox.act(made.payment, Act.PAY)
        codes[answer] = sale.saga.run(made.key).shares[0].tickets[0].code
        if answer == "void":
            sale.saga.give_back(made.key)
    token = Doorkeepers(sale.counter.records, lambda: now, lambda n: bytes([9]) * n).allow(HOUSE)
    with served(make_app(demo_shop.output, sale=sale), port):
        yield f"http://{HOUSE}.localhost:{port}/door/{token}?p={tonight['id']}", codes


WORDS = {
    "": {"good": "Geldig voor deze voorstelling", "other": "Niet voor deze voorstelling", "void": "Niet meer geldig", "unknown": "Dit ticket kennen we niet",
         "another": "Kies een andere datum", "which": "Welke datum is het?"},
    "fr/": {"good": "Valable pour cette représentation", "other": "Pas pour cette représentation", "void": "Plus valable",
            "unknown": "Nous ne connaissons pas ce ticket", "another": "Choisir une autre date", "which": "Quelle date ?"},
}  # fmt: skip


@pytest.mark.parametrize(("path", "javascript"), [("", True), ("fr/", False)])
def test_a_code_is_typed_and_the_answer_said_in_words(
    door: tuple[str, dict[str, str]], open_page: Callable[..., Any], path: str, javascript: bool, browser_name: str
) -> None:
    page, words = open_page("phone", javascript=javascript), WORDS[path]
    page.set_viewport_size({"width": 320, "height": 640})
    reader = None if javascript else open_page("phone")
    url, codes = door
    page.goto(url.replace("/door/", f"/{path}door/"))
    for answer in ANSWERS:
        page.locator("#code:focus").wait_for()  # the next code can be typed at once
        page.keyboard.type(codes[answer])
        page.keyboard.press("Enter")
        page.locator(f".door-{answer}").wait_for()
        assert page.locator("h1").inner_text() == words[answer] and page.title().startswith(words[answer])
        assert (
            codes[answer] not in page.url and codes[answer] not in page.content() and "Voorbeeld" not in page.content()
        )
        accessible(page, browser_name, reader)
    page.get_by_role("link", name=words["another"]).click()
    assert page.locator("h1").inner_text() == words["which"] and page.locator(".till-line").count() > 1
    accessible(page, browser_name, reader)


EYE = """
window.BarcodeDetector = class { async detect(video) { return video.videoWidth ? [{ rawValue: "%s" }] : []; } };
navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 9, 9);
    setInterval(() => canvas.getContext("2d").fillRect(0, 0, 9, 9), 50);
    return canvas.captureStream(20);
};
"""
"""A phone whose camera sees this code: what no test machine has."""


def test_a_phone_that_can_reads_the_code_itself(
    door: tuple[str, dict[str, str]], open_page: Callable[..., Any]
) -> None:
    page = open_page("phone")
    url, codes = door
    page.goto(url)
    press = page.get_by_role("button", name="Lees met de camera")
    assert not press.is_visible(), "a browser that cannot does not offer it"
    page.add_init_script(EYE % codes["good"])
    answer = page.goto(url)
    assert answer.headers["permissions-policy"] == "camera=(self)"
    press.click()
    page.locator(".door-good").wait_for()
    assert codes["good"] not in page.url and page.locator("video").count() == 0, (
        "the next ticket wants a press of its own"
    )
