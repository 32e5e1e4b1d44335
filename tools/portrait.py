"""Take the README's picture: the cluster and the three houses on a phone, side by side.

Run `make demo` in another terminal, then `python -m tools.portrait`; it writes docs/demo.png.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tools.browser import launch_args

SITES = ("langsdeelve", "meerstoel", "klokzeel", "foelie")
GAP, GROUND = 24, "#e9e6e0"


def main(port: str) -> int:
    """Open the four front pages and put them next to each other."""
    shots = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_args("chromium", playwright))
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, device_scale_factor=1.5, color_scheme="light", locale="nl-BE"
        )
        page = context.new_page()
        for site in SITES:
            page.goto(f"http://{site}.localhost:{port}/", wait_until="networkidle")
            shots.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        browser.close()
    width, height = shots[0].size
    sheet = Image.new("RGB", ((width + GAP) * len(shots) + GAP, height + 2 * GAP), GROUND)
    for number, shot in enumerate(shots):
        sheet.paste(shot, (GAP + number * (width + GAP), GAP))
    target = Path(__file__).parent.parent / "docs" / "demo.png"
    sheet.quantize(256).save(target, optimize=True)
    sys.stdout.write(f"{target.name}: {target.stat().st_size // 1024} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "8000"))
