"""What a cold start costs: CPU milliseconds to import the module of each function in a fresh interpreter, median of five.

The bare interpreter's own start is taken off. `python` and `starlette` stand there to show what is not ours. Goal: at most 150 ms
for each function; a function on Lambda pays it once for each machine it is given.
"""

import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOAL, RUNS = 150, 5
FUNCTIONS = (
    "health", "openapi", "search", "dates", "availability", "quote", "checkout", "orders", "payment_webhook", "wishlist", "wishlist_pages",
    "search_page", "sandbox", "tickets", "windows", "on_lambda", "app",
)  # fmt: skip
HEAVY = (
    "boto3",
    "httpx",
    "whoosh",
    "PIL",
    "pelican",
    "lightningcss",
    "icalendar",
    "openpyxl",
    "jinja2",
    "fpdf",
    "segno",
    "smtplib",
    "stripe",
    "mollie",
)
"""What no function may need before it is asked."""
PROGRAM = """
import sys, time
started = time.process_time()
for name in sys.argv[1:]:
    __import__(name)
print((time.process_time() - started) * 1000, *sorted(sys.modules))
"""


def main(rest: Sequence[str]) -> int:
    """Print a table; 1 when something heavy came along. The milliseconds are for reading: a busy machine doubles them."""
    del rest
    wanting = 0
    print(f"{'module':<28}{'CPU ms':>8}{'least':>8}  {'goal':<11}heavy")
    for name in ("", "starlette.applications", *(f"functions.{name}" for name in FUNCTIONS)):
        costs, heavy = zip(*(cost(name) for _ in range(RUNS)), strict=True)
        ms = statistics.median(costs)
        wanting += len(heavy[0])
        above = f"above {GOAL}" if ms > GOAL else ""
        print(f"{name or 'python':<28}{ms:8.0f}{min(costs):8.0f}  {above:<11}{' '.join(heavy[0])}", flush=True)
    return int(wanting > 0)


def cost(name: str) -> tuple[float, tuple[str, ...]]:
    """The CPU milliseconds of importing a module, and what is heavy of all that came with it."""
    line = [sys.executable, "-c", PROGRAM, *([name] if name else [])]
    said = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return float(said[0]), tuple(one for one in HEAVY if one in said[1:])
