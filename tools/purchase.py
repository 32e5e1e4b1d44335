"""Buy tickets of two houses in the demo and photograph every step: what `make portraits` shows of the counter.

A newcomer's trap: what the demo still sells changes by the day, so the dates are looked up in what the cluster's site shows.
"""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

from PIL import Image

from tools.showroom import CLUSTER, Address

GAP, GROUND = 20, "#8f8d88"
WIDE, HIGH, SCALE = 360, 740, 0.8


def sheet(browser: Any, address: Address, scheme: str) -> Image.Image:
    """The steps beside each other, in two rows."""
    context = browser.new_context(
        viewport={"width": WIDE, "height": HIGH},
        color_scheme=scheme,
        locale="nl-BE",
        reduced_motion="reduce",
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    shots = [
        Image.open(io.BytesIO(shot)).convert("RGB").resize((round(WIDE * SCALE), round(HIGH * SCALE)), Image.Resampling.LANCZOS)
        for shot in _steps(page, f"{address(CLUSTER)}/")
    ]  # fmt: skip
    context.close()
    columns = -(-len(shots) // 2)
    wide, high = round(WIDE * SCALE) + GAP, round(HIGH * SCALE) + GAP
    made = Image.new("RGB", (columns * wide + GAP, 2 * high + GAP), GROUND)
    for at, shot in enumerate(shots):
        made.paste(shot, (GAP + at % columns * wide, GAP + at // columns * high))
    return made


def _steps(page: Any, site: str) -> Iterator[bytes]:
    """A picture after each step."""
    seats, other = seats_and_other(page, site)
    page.goto(f"{site}choose?p={seats}")
    page.locator("select.till-number").first.select_option("2")
    yield page.screenshot()
    page.get_by_text("Zelf je stoelen kiezen").click()
    page.locator(".till-plan").scroll_into_view_if_needed()
    yield page.screenshot()
    page.get_by_role("button", name="Leg in het mandje").click()
    page.wait_for_url("**/basket")
    page.goto(f"{site}choose?p={other}")
    page.locator("select.till-number").first.select_option("1")
    page.get_by_role("button", name="Leg in het mandje").click()
    page.wait_for_url("**/basket")
    yield page.screenshot()
    page.get_by_role("link", name="Naar afrekenen").click()
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_function("() => document.activeElement?.id == 'mistakes'")
    yield page.screenshot()
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam").fill("An Voorbeeld")
    page.get_by_label("Naam").scroll_into_view_if_needed()
    yield page.screenshot()
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url("**/sandbox/**")
    yield page.screenshot()
    page.get_by_role("link", name="Terug naar de winkel").click()
    page.wait_for_url("**/order/**")
    yield page.screenshot()
    page.get_by_role("link", name="Betaal").click()
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url("**/order/**")
    for _ in range(20):
        if page.locator(".till-code").count():
            break
        page.wait_for_timeout(300)
        page.reload()
    yield page.screenshot()


def seats_and_other(page: Any, site: str) -> tuple[str, str]:
    """A date with numbered seats, and one at another house."""
    with urllib.request.urlopen(
        f"{site.replace(f'{CLUSTER}.localhost', '127.0.0.1')}sites/{CLUSTER}/shelf.json"
    ) as answer:
        items = json.load(answer)["items"]
    found: dict[str, str] = {}
    for id in sorted(items, key=lambda one: items[one].get("start", ""), reverse=True):
        house = id.partition(":")[2].partition("/")[0].partition(".")[0]
        if house in found or not items[id].get("sold"):
            continue
        page.goto(f"{site}choose?p={id}")
        if page.locator("select.till-number").count() and (found or page.locator(".till-plan").count()):
            found[house] = id
        if len(found) == 2:
            return tuple(found.values())  # type: ignore[return-value]
    raise LookupError("the demo sells no seats, or at one house only")
