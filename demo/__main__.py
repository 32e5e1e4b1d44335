"""Write the demo season: export files in content/houses/*/source/, posters in content/houses/*/images/generated/.

`python -m demo` writes it around today; `--now 2026-11-22` around another day. A whole week later, all of it is a week later.
"""

import argparse
import sys
from pathlib import Path

from demo import inventory, posters, region
from etalage.config import moment_now

ROOT = Path(__file__).parent.parent


def main(arguments: list[str]) -> int:
    """Write what is missing or out of date, and say so."""
    command = argparse.ArgumentParser(prog="python -m demo", description="Write the demo season, relative to today.")
    command.add_argument("--now", help="the day (or ISO moment) that counts as today")
    command.add_argument("--content", type=Path, default=ROOT / "content", help="the content folder to write into")
    command.add_argument("--no-pictures", action="store_true", help="leave the posters out")
    given = command.parse_args(arguments)
    today = moment_now(given.now).date()
    written = [*region.write(given.content, today), *inventory.write(given.content, today)]
    drawn = [] if given.no_pictures else list(posters.hang(region.posters(given.content, today)))
    sys.stdout.write(f"demo: {len(written)} files written, {len(drawn)} posters drawn, season of {today}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
