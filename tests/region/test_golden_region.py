"""The golden region: its plan and a dozen of its pages, reviewed like code. `make snapshot` writes them anew."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.shop import Shop

SNAPSHOTS = Path(__file__).parent / "snapshots"
_HASH = re.compile(r"(?<=[a-z0-9-]\.)[0-9a-f]{10}(?=\.(?:css|js|svg|woff2|png)\b)|(?<=share/)[0-9a-f]{16}(?=\.jpg)")

PAGES = {
    "home": "meerstoel/index.html",
    "agenda": "klokzeel/agenda/index.html",
    "cluster-home": "langsdeelve/fr/index.html",
    "cluster-month": "langsdeelve/agenda/2026-12/index.html",
    "house": "langsdeelve/huis/klokzeel/index.html",
    "genre": "meerstoel/genre/klassiek/index.html",
    "venue": "foelie/en/venue/foelie/index.html",
    "production": "meerstoel/programma/de-laatste-overzet/index.html",
    "sold-out": "meerstoel/programma/wachtlijn/index.html",
    "list": "foelie/fr/listes/zonder-woorden/index.html",
    "lists": "langsdeelve/lijsten/index.html",
    "last-minute": "langsdeelve/last-minute/index.html",
    "cancelled": "langsdeelve/fr/programme/alles-onder-controle/index.html",
    "text": "foelie/fr/uitpas/index.html",
    "not-found": "klokzeel/404.html",
    "feed": "klokzeel/feed.xml",
}


def normalised(text: str) -> str:
    """Without what changes with a style sheet: the hashes of assets."""
    return _HASH.sub("HASH", text)


def held(name: str, text: str) -> None:
    """Compare with the snapshot, or write it when ETALAGE_SNAPSHOT is set."""
    path = SNAPSHOTS / name
    if os.environ.get("ETALAGE_SNAPSHOT"):
        path.write_text(text, "utf-8")
    assert path.exists(), f"{name} has no snapshot; run make snapshot and read what it wrote"
    assert text == path.read_text("utf-8"), (
        f"{name} differs from its snapshot; if that is right, run make snapshot and read the diff"
    )


def test_the_plan_is_as_reviewed(golden_region: Shop) -> None:
    report = golden_region.run("plan")
    lines = []
    for site, made in report["sites"].items():
        for page in made["pages"]:
            days = sum(len(day["entries"]) for day in page.get("days", []))
            seen = (site, page["language"], page["template"], "/" + page["url"], page.get("subject", ""), page["canonical"],
                    len(page.get("entries", [])) + days, len(page.get("alternates", {})))  # fmt: skip
            lines.append(json.dumps(seen, ensure_ascii=False))
    held("plan.json", "[\n" + ",\n".join(lines) + "\n]\n")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_reviewed(golden_region: Shop, name: str) -> None:
    held(name + Path(PAGES[name]).suffix, normalised(golden_region.page(PAGES[name])))


def test_what_staff_must_mend_is_as_reviewed(golden_region: Shop) -> None:
    report = golden_region.build("--offline")
    said = sorted(
        {f"{p['weight']} {p['source']} {p['record']} {p['field']} {p['code']}" for p in report["problems"]}
        - _pictures(report)
    )
    missing = sorted(
        f"missing {p['record']} {p['field']}" for p in report["missing"] if p["field"] not in ("picture", "alt")
    )
    held("report.txt", "\n".join([*said, *missing]) + "\n")


def _pictures(report: dict[str, list[dict[str, str]]]) -> set[str]:
    """The golden region is built without its posters, which is reported and is no news."""
    return {
        f"{p['weight']} {p['source']} {p['record']} {p['field']} {p['code']}"
        for p in report["problems"]
        if "picture" in p["field"]
    }
