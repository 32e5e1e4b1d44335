"""Old addresses as real redirects (301), from the `_redirects` file that the build leaves in a site.

The file is the one that several hosts of static sites read too: `/old id=12 /new/ 301`, with the query that must be there in
between. A newcomer's trap: browsers keep a 301 for good, and a title may change back; so it is let go after an hour.
"""

from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from starlette.responses import RedirectResponse

NAME = "_redirects"
KEEP = "public, max-age=3600"
Rule = tuple[frozenset[tuple[str, str]], str]


def answer(root: Path, path: str, query: str, base: str) -> RedirectResponse | None:
    """Where the address leads now, for a site that is served from `base`; None for one that did not move."""
    try:
        stat = (root / NAME).stat()
    except FileNotFoundError:
        return None
    rules = _rules(root / NAME, stat.st_mtime_ns).get(_key(f"/{path}"), ())
    asked = set(parse_qsl(query, keep_blank_values=True)) if rules else set()
    for wanted, new in rules:
        if wanted <= asked:
            return RedirectResponse(
                base + new[1:] if new.startswith("/") else new, 301, headers={"cache-control": KEEP}
            )
    return None


@lru_cache(maxsize=64)
def _rules(file: Path, changed: int) -> dict[str, list[Rule]]:
    """Path → its rules, those that ask for most of the query first. `changed` makes a new file a new entry."""
    del changed
    found: dict[str, list[Rule]] = {}
    for line in file.read_text("utf-8").splitlines():
        old, *query, new, _status = line.split()
        wanted = frozenset(pair for part in query for pair in parse_qsl(part, keep_blank_values=True))
        found.setdefault(_key(unquote(old)), []).append((wanted, new))
    for rules in found.values():
        rules.sort(key=lambda rule: -len(rule[0]))
    return found


def _key(path: str) -> str:
    return path.removesuffix("index.html").rstrip("/") or "/"
