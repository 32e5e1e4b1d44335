"""A visitor with a phone buys at two houses in one basket: in any language, by touch or by keyboard alone, with scripts or without."""

import io
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

import pypdf
import pytest
from pdfua import validate

from functions.sale import Sale
from tests.browser.conftest import SCREENS
from tests.browser.helpers import accessible, live_on, tab_to

SAID = {
    "nl": ("Zelf je stoelen kiezen", "Leg in het mandje", "Meteen kopen", "Betaal", "Je tickets"),
    "fr": ("Choisir vos sièges", "Mettre dans le panier", "Acheter maintenant", "Payer", "Vos billets"),
}
MOST = 4
"""Screens from the first choice to the payment page, at the most."""


class Way(NamedTuple):
    """How somebody buys."""

    language: str = "nl"
    keys: bool = False
    scripts: bool = True
    engine: str = "chromium"

    def __str__(self) -> str:
        hand = "keyboard" if self.keys else "touch"
        return f"{self.engine}-{self.language}-{hand}{'' if self.scripts else '-without-scripts'}"


WAYS = (
    Way(), Way("fr"), Way(scripts=False), Way("fr", scripts=False), Way(keys=True), Way("fr", keys=True), Way(engine="firefox"),
    Way("fr", keys=True, engine="firefox"),
)  # fmt: skip


class Visitor:
    """Somebody at a site. `reader`: looks with axe at what is shown where there are no scripts."""

    def __init__(self, page: Any, site: str, way: Way, reader: Any = None) -> None:
        self.page, self.way, self.reader, self.screens = page, way, reader, 0
        self.site = site if way.language == "nl" else f"{site}{way.language}/"
        self.seats, self.put, self.at_once, self.pay, self.tickets = SAID[way.language]

    def look(self) -> None:
        """One more screen: it fits, and axe finds nothing in light and in dark."""
        self.screens += 1
        accessible(self.page, self.way.engine, self.reader)

    def press(self, name: str, then: str = "") -> None:
        """A button, a link, or what opens."""
        if self.way.keys:
            tab_to(self.page, lambda told, _: told.startswith(name))
            self.page.keyboard.press("Enter")
        elif then:
            self.page.get_by_role("button", name=name).first.click()
        else:
            self.page.get_by_text(name).click()
        if then:
            self.page.wait_for_url(then)

    def choose(self, date: str, number: int, *, seats: bool) -> None:
        """So many tickets of a date, perhaps with seats of one's own choice."""
        self.page.goto(f"{self.site}choose?p={date}")
        if self.way.keys:
            tab_to(self.page, self._is("select.till-number"))
            for _ in range(number):
                self.page.keyboard.press("ArrowDown")
        else:
            self.page.locator("select.till-number").first.select_option(str(number))
        if seats:
            self.press(self.seats)
            free = self.page.locator(".till-seat input:not([disabled])")
            for at in range(number):
                free.nth(at).check() if not self.way.keys else self._sit(at)
        self.look()

    def _sit(self, at: int) -> None:
        """Take the seat where the keyboard comes, then the next one."""
        if at == 0:
            tab_to(self.page, self._is(".till-seat input"))
        else:
            self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Space")

    def sign(self) -> None:
        """Say who one is."""
        for id, words in (("email", "an@voorbeeld.test"), ("name", "An Voorbeeld")):
            if self.way.keys:
                tab_to(self.page, self._is(f"#{id}"))
                self.page.keyboard.type(words)
            else:
                self.page.fill(f"#{id}", words)

    def _is(self, selector: str) -> Callable[[str, str], bool]:
        return lambda *_: self.page.evaluate("what => document.activeElement.matches(what)", selector)


def buy(visitor: Visitor, seated: str, other: str) -> tuple[str, list[str]]:
    """Two seats of the first date and a place of the other; gives the order's key and the codes."""
    visitor.choose(seated, 2, seats=True)
    visitor.press(visitor.put, "**/basket")
    visitor.look()
    visitor.choose(other, 1, seats=False)
    visitor.press(visitor.at_once, "**/checkout")
    visitor.look()
    visitor.sign()
    assert visitor.screens <= MOST
    visitor.press(visitor.pay, "**/sandbox/**")
    visitor.press("Betaal", "**/order/**")  # the page of the provider that takes no money is in Dutch
    page = visitor.page
    for _ in range(40):
        if page.locator(".till-code").count() == 3:
            break
        page.wait_for_timeout(300)
        page.reload()
    assert page.locator("h1").inner_text() == visitor.tickets
    visitor.look()
    return page.url.rpartition("/")[2].partition(".")[0], page.locator(".till-code").all_inner_texts()


def open_phone(way: Way, open_page: Callable[..., Any], request: pytest.FixtureRequest, *, day: str) -> Any:
    """A phone as that visitor has it; `day` as open_page takes it."""
    if way.engine == "chromium":
        return open_page("phone", javascript=way.scripts, day=day)
    context = request.getfixturevalue("firefox").new_context(
        viewport=SCREENS["phone"]["viewport"], locale="nl-BE", timezone_id="Europe/Brussels", reduced_motion="reduce", service_workers="block"
    )  # fmt: skip
    return (live_on(context, day) if day else context).new_page()


def read_letter(sale: Sale, mail: Path, order: str, folder: Path) -> tuple[str, list[str]]:
    """To whom the tickets of an order went, and the words of each page of the PDF, which passes the basic checks of PDF/UA."""
    assert sale.post
    sale.post.deliver()
    letter = message_from_bytes((mail / f"{order}-order.eml").read_bytes(), policy=default)
    (pdf,) = [one for one in letter.iter_attachments() if one.get_content_type() == "application/pdf"]
    path = folder / "tickets.pdf"
    path.write_bytes(pdf.get_content())
    assert [(one.rule_id, one.message) for one in validate(str(path)).findings] == []
    reader = pypdf.PdfReader(io.BytesIO(pdf.get_content()))
    return str(letter["To"]), [" ".join(one.extract_text().split()) for one in reader.pages]
