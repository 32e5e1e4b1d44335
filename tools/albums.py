"""Photograph the ways of buying, whole pages at phone size: seats, passes, courses, time slots, what goes with a ticket, schools, the door.

python -m tools.albums [name …]     var/portraits/<name>-<light|dark>.webp, the steps beside each other; nothing of it is committed
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import sync_playwright

from demo.uitpas import passes
from tools.browser import launch_args
from tools.phone import Phone, proposal, staff
from tools.purchase import HIGH, WIDE, seats_and_other
from tools.showroom import CLUSTER, ROOT, Address, open_doors

FOLDER = ROOT / "var" / "portraits"


def seats(phone: Phone) -> None:
    """Choose seats; check out where a house asks for the postcode."""
    numbered, _ = seats_and_other(phone.page, phone.home)
    phone.go(f"choose?p={numbered}")
    phone.page.get_by_text("Zelf je stoelen kiezen").click()
    free = phone.page.locator(".till-seat input:not([disabled])")
    for number in (3, 4):
        free.nth(number).check()
    phone.shoot()
    phone.press("Leg in het mandje", "**/basket")
    foelie = next(
        id for id, one in reversed(phone.shelf["items"].items())
        if one.get("sold") and id.startswith("json:foelie/") and "bouger" not in id and not one.get("off")
    )  # fmt: skip
    phone.go(f"choose?p={foelie}")
    phone.choose("1")
    phone.press("Meteen kopen", "**/checkout")
    phone.shoot()


def pass_(phone: Phone) -> None:
    """Type a number that gives nothing, then one that does; choose its price; what is bought says nothing of it."""
    performance = next(
        id for id, one in reversed(phone.shelf["items"].items())
        if one.get("sold") and id.startswith("json:foelie/") and one.get("keys", {}).get("cdbid") and not one.get("off")
    )  # fmt: skip
    phone.go(f"choose?p={performance}")
    phone.choose("2")
    phone.press("Leg in het mandje", "**/basket")
    for number in (passes.EXPIRED, passes.SOCIAL, passes.PARENT):
        asked = phone.page.locator("details.till-pass").first
        if asked.count():
            asked.locator("summary").click()
            phone.shoot()
        phone.page.get_by_label("Nummer op de pas").first.fill(number)
        phone.press("Toon mijn prijs", "**/pass")
        phone.shoot()
        if phone.page.get_by_role("button", name="Neem deze prijs").count():  # else this pass was here before
            break
    phone.press("Neem deze prijs", "**/basket")
    phone.shoot()
    phone.page.get_by_role("link", name="Naar afrekenen").click()
    phone.pay()
    phone.shoot()


def course(phone: Phone) -> None:
    """Enrol two children for a camp, one of them too old."""
    camp = next(one["performance"] for one in phone.shelf["enrolments"] if "theaterkamp" in one["performance"])
    phone.go(f"choose?p={camp}")
    phone.shoot()
    phone.choose("2")
    phone.press("Schrijf je in", "**/checkout")
    phone.shoot()
    for number, name, age in ((1, "Lies", "9"), (2, "Jef", "13")):
        child = phone.page.get_by_role("group", name=f"Deelnemer {number}")
        child.get_by_label("Naam van de deelnemer").fill(name)
        child.get_by_label("Leeftijd op de eerste dag").fill(age)
        child.get_by_label("Op welk nummer").fill("0400 00 00 99")
        child.get_by_label("Mag je kind alleen naar huis?").select_option("no")
    phone.press("Betaal")
    phone.page.wait_for_selector("#mistakes")
    phone.shoot()
    phone.page.get_by_role("group", name="Deelnemer 2").get_by_label("Leeftijd").fill("12")
    phone.pay()
    phone.shoot()


def sessions(phone: Phone) -> None:
    """A course of ten evenings."""
    bouger = next(one["performance"] for one in phone.shelf["enrolments"] if "bouger" in one["performance"])
    phone.go(f"choose?p={bouger}")
    phone.page.locator("main summary").first.click()
    phone.shoot()
    phone.choose("1")
    phone.press("Schrijf je in", "**/checkout")
    phone.shoot()


def slot(phone: Phone) -> None:
    """A time slot of an expo."""
    slots = max(phone.shelf["slots"], key=len)
    phone.go(f"choose?p={slots[0]}")
    phone.page.locator(".till-slot input:not([disabled])").last.check()  # earlier runs have bought too
    phone.shoot()
    phone.choose("2")
    phone.press("Leg in het mandje", "**/basket")
    phone.shoot()
    phone.page.get_by_role("link", name="Naar afrekenen").click()
    phone.pay()
    phone.shoot()


def beside(phone: Phone) -> None:
    """A free workshop, alone and with its show."""
    atelier = next(id for id in phone.shelf["items"] if "letters-zetten" in id)
    phone.go(f"choose?p={atelier}")
    phone.choose("1")
    phone.press("Meteen kopen")
    phone.page.get_by_role("alert").wait_for()
    phone.shoot()
    phone.page.get_by_role("link", name="De dag dat de letters op waren").first.click()
    phone.choose("2")
    phone.shoot()
    phone.press("Leg in het mandje", "**/basket")
    phone.shoot()
    phone.page.get_by_role("link", name="Letters zetten").first.click()
    phone.shoot()
    phone.choose("2")
    phone.press("Leg in het mandje", "**/basket")
    phone.shoot()


def school(phone: Phone) -> None:
    """A class asks, staff propose, the teacher confirms."""
    production = next(one["classes"] for one in phone.shelf["items"].values() if one.get("classes"))
    phone.go(f"request?p={production}")
    phone.shoot()
    phone.press("Verstuur de aanvraag")
    phone.page.wait_for_selector("#mistakes")
    phone.shoot()
    phone.fill(
        school="Basisschool De Sprong", group="5B", pupils="22", teachers="2", name="Els", email="els@sprong.test"
    )
    for number in (1, 2):
        phone.page.select_option(f"#date{number}", index=number)
    phone.press("Verstuur de aanvraag")
    phone.shoot()
    newest = staff("orders", "requests")["requests"][0]["request"]
    date = staff("orders", "requests", "show", newest)["request"]["dates"][-1]["date"]
    staff(
        "orders",
        "requests",
        "propose",
        newest,
        "--date",
        date,
        "--say",
        "Dan is er plaats, ook voor de rolstoel. De bus stopt voor de deur.",
    )
    phone.page.goto(proposal(newest))
    phone.shoot()
    phone.press("Bevestig deze datum")
    phone.page.locator("summary", has_text="?").last.click()
    phone.shoot()


def door(phone: Phone) -> None:
    """At the door of Foelie: a code that is good, one that nobody knows, and the choice of a date."""
    for id in [id for id, one in phone.shelf["items"].items() if one.get("sold") and not one.get("off")][::-1]:
        phone.go(f"choose?p={id}")
        if (
            phone.page.locator("select.till-number[name=n]").count()
            and not phone.page.get_by_role("button", name="Schrijf").count()
        ):
            break
    phone.choose("1")
    phone.press("Meteen kopen", "**/checkout")
    phone.pay()
    phone.shoot()
    code = phone.page.locator(".till-code").first.inner_text()
    link = staff("orders", "doorkeeper", "foelie")["url"]
    phone.go(f"door/{link.rpartition('/')[2]}?p={id}")
    phone.shoot()
    for words in (code, "NIET-VAN-ONS"):
        phone.fill(code=words)
        phone.press("Controleer")
        phone.page.locator(".door-answer").wait_for()
        phone.shoot()
    phone.page.get_by_role("link", name="Kies een andere datum").click()
    phone.shoot()


def offline(phone: Phone) -> None:
    """The order of a visitor who has no network at the door."""
    _, other = seats_and_other(phone.page, phone.home)
    phone.go(f"choose?p={other}")
    phone.choose("2")
    phone.press("Meteen kopen", "**/checkout")
    phone.pay()
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => new Promise(done => setTimeout(done, 300)))")
    phone.page.reload()
    phone.page.wait_for_timeout(500)
    phone.shoot()
    phone.page.context.set_offline(True)
    phone.page.reload()
    phone.shoot()


ALBUMS: Mapping[str, tuple[str, Callable[[Phone], None]]] = {
    "seats": (CLUSTER, seats), "pass": (CLUSTER, pass_), "course": (CLUSTER, course), "sessions": (CLUSTER, sessions), "slot": (CLUSTER, slot),
    "beside": (CLUSTER, beside), "school": ("foelie", school), "door": ("foelie", door), "offline": (CLUSTER, offline),
}  # fmt: skip


def take(browser: Any, address: Address, names: tuple[str, ...] = ()) -> None:
    """Make the albums of those names, else all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or tuple(ALBUMS):
        site, story = ALBUMS[name]
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": WIDE, "height": HIGH},
                color_scheme=scheme,
                locale="nl-BE",
                reduced_motion="reduce",
                is_mobile=True,
                has_touch=True,
            )
            phone = Phone(context.new_page(), address, site)
            story(phone)
            phone.sheet().save(FOLDER / f"{name}-{scheme}.webp", quality=80)
            print(f"{(FOLDER / f'{name}-{scheme}.webp').relative_to(ROOT)}: {len(phone.shots)} steps", flush=True)
            context.close()


def main(names: tuple[str, ...]) -> int:
    """Take the pictures of those names."""
    with open_doors() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_args("chromium", playwright))
        take(browser, address, names)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
