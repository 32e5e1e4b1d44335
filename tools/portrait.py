"""Take the pictures of docs/pictures: the main pages of cluster and houses, and the steps of buying, in light and dark.

python -m tools.portrait      builds the demo, serves it, photographs it; look at what it made before you commit

The other ways of buying (tools/albums.py) go to var/portraits, which is not committed: they are there to be looked at.
"""

from __future__ import annotations

import io
import sys
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

from tools import albums, purchase
from tools.browser import launch_args
from tools.showroom import CLUSTER, HOUSES, ROOT, Address, open_doors

FOLDER = ROOT / "docs" / "pictures"
PRODUCTIONS = {CLUSTER: "zeshonderd-spiegels", "meerstoel": "wachtlijn", "klokzeel": "herstelcafe", "foelie": "zout"}
SITES = (CLUSTER, *HOUSES)
GAP, GROUND = 20, "#8f8d88"
QUALITY = 72


class Screen(NamedTuple):
    """A screen, how much smaller its picture is, and which pages are on its sheet."""

    width: int
    height: int
    scale: float
    paths: tuple[str, ...]


SCREENS = {
    "phone": Screen(360, 740, 0.8, ("", "agenda/", "programma/{production}/")),
    "desktop": Screen(1280, 860, 0.42, ("", "agenda/", "programma/{production}/")),
}


def sheet(browser: Any, address: Address, screen: Screen, scheme: str) -> Image.Image:
    """One row a page, one column a site."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        device_scale_factor=1,
        color_scheme=scheme,
        locale="nl-BE",
    )
    page = context.new_page()
    wide, high = round(screen.width * screen.scale), round(screen.height * screen.scale)
    size = ((wide + GAP) * len(SITES) + GAP, (high + GAP) * len(screen.paths) + GAP)
    made = Image.new("RGB", size, GROUND)
    for row, path in enumerate(screen.paths):
        for column, site in enumerate(SITES):
            page.goto(f"{address(site)}/{path.format(production=PRODUCTIONS[site])}", wait_until="networkidle")
            shot = (
                Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize((wide, high), Image.Resampling.LANCZOS)
            )
            made.paste(shot, (GAP + column * (wide + GAP), GAP + row * (high + GAP)))
    context.close()
    return made


def main() -> int:
    """Make the sheets: the pages of four sites, and the steps of buying."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open_doors() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_args("chromium", playwright))
        for name, screen in SCREENS.items():
            for scheme in ("light", "dark"):
                target = FOLDER / f"{name}-{scheme}.webp"
                sheet(browser, address, screen, scheme).save(target, quality=QUALITY, method=6)
                print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB", flush=True)
        for scheme in ("light", "dark"):
            target = FOLDER / f"counter-{scheme}.webp"
            purchase.sheet(browser, address, scheme).save(target, quality=QUALITY, method=6)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB", flush=True)
        albums.take(browser, address)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
