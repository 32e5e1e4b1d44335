"""`build.py serve` of a golden region, in which what sells lives on the golden day too: whatever day the tests are run, no date is over."""

import sys
from datetime import UTC, datetime

from commands import counter
from etalage.config import moment_now
from tests.shop import GOLDEN_DAY, ROOT, Shop

if __name__ == "__main__":
    shop = Shop(ROOT / sys.argv[1])
    opened, noon = datetime.now(UTC), moment_now(f"{GOLDEN_DAY}T12:00")
    folders = {name: shop.folder / name for name in ("content", "output", "var")}
    counter.open_shop(
        {"root": ROOT, "now": shop.now, "themes": None, **folders}, port=int(sys.argv[2]), reload=False, url="",
        now=lambda: noon + (datetime.now(UTC) - opened),
    )  # fmt: skip
