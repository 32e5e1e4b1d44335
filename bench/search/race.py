"""Race the search against Pagefind and MiniSearch on the same synthetic productions, with judged queries.

    bench/run search [--sizes 2000,10000] [--peers ../shared/peers]

PAGEFIND= names the binary (`pip install pagefind pagefind-bin-extended` into an environment of its own), MINISEARCH= the folder
`node_modules/minisearch` of an npm install of its own. One that is not named is left out, and the table says so.
"""

import argparse
import gzip
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.measure import run
from bench.search import visits
from plugins.assets.scripts import lean
from tests.search.judged.synthetic import queries
from tests.search.quality import Query, measure

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NOW = "2026-09-01T10:00:00+02:00"
FIRST = ("jazz", "kindertheater", "verhalen", "klasiek")
"""Questions whose first answer is weighed; the last one has a typing error."""
PREFIX = "json:race/"


class Track:
    """One size of the race: its data and the folders that are served."""

    def __init__(self, peers: Path, size: int, folder: Path) -> None:
        self.folder = folder / str(size)
        data = self.folder / "data"
        subprocess.run([sys.executable, str(peers / "make_programme.py"), str(size), str(data)], check=True)
        self.events: list[dict[str, Any]] = json.loads((data / "events.json").read_bytes())
        self.queries = queries(self.events, PREFIX)
        self.served = self.folder / "served"
        self.served.mkdir()
        for page in (HERE / "pages").iterdir():
            shutil.copy(page, self.served)
        shutil.copytree(ROOT / "themes" / "base" / "static" / "js", self.served / "js")
        for script in (self.served / "js").rglob("*.js"):  # as a build serves them
            script.write_text(lean(script.read_text("utf-8")), "utf-8")

    def ours(self) -> Mapping[str, float]:
        house = self.folder / "content" / "houses" / "race"
        (house / "source").mkdir(parents=True)
        toml = (ROOT / "bench" / "build" / "house.toml").read_text("utf-8")
        (house / "house.toml").write_text(
            "\n".join(line for line in toml.splitlines() if not line.startswith("search ="))
        )
        shutil.copy(self.folder / "data" / "events.json", house / "source" / "events.json")
        line = [sys.executable, "-m", "bench.search.ours", str(self.folder), NOW]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
        shutil.copytree(self.folder / "output" / "race" / "search" / "nl", self.served / "index")
        cost: Mapping[str, float] = json.loads(done.stdout)
        return cost

    def pagefind(self, binary: str) -> Mapping[str, float]:
        site = self.folder / "html"
        for event in self.events:
            page = site / str(event["id"]) / "index.html"
            page.parent.mkdir(parents=True)
            page.write_text(_page(event), "utf-8")
        command = [binary, "--site", str(site), "--output-path", str(self.served / "pagefind")]
        cost = run(command, env=dict(os.environ), weigh=True)
        files = [path for path in (self.served / "pagefind").rglob("*") if path.is_file()]
        return {
            "cpu": cost.cpu,
            "memory": cost.memory,
            "bytes": sum(p.stat().st_size for p in files),
            "files": len(files),
        }

    def minisearch(self, browser: Any, folder: str) -> Mapping[str, float]:
        shutil.copy(Path(folder) / "dist" / "es" / "index.js", self.served / "minisearch.js")
        documents = [_fields(event) for event in self.events]
        (self.served / "documents.json").write_text(json.dumps(documents), "utf-8")
        with visits.serving(self.served) as base:
            tab = visits.visit(browser, f"{base}/minisearch.html?make")
            text, milliseconds = tab.evaluate("window.made")
            tab.context.close()
        (self.served / "minisearch.json").write_text(text, "utf-8")
        return {
            "cpu": milliseconds / 1000,
            "memory": float("nan"),
            "bytes": len(gzip.compress(text.encode())),
            "files": 1,
        }

    def whoosh(self) -> dict[str, float]:
        """What the function answers, from the shelf that our index left."""
        from etalage import wiring
        from etalage.config import Workspace, moment_now
        from etalage.search.filters import Filters

        desk = wiring.desk(Workspace.at(self.folder), lambda: moment_now(NOW))

        def ask(query: Query) -> Sequence[str]:
            return [one["id"] for one in desk.find("race", "nl", query.text, Filters(), limit=10)[1].results]

        return measure(self.queries, ask)


def main(arguments: list[str]) -> int:
    """Run the race and print its tables."""
    from playwright.sync_api import sync_playwright

    from tools.browser import launch_args

    command = argparse.ArgumentParser(prog="bench/run search", description=__doc__.splitlines()[0])
    command.add_argument("--sizes", default="2000,10000")
    command.add_argument("--peers", type=Path, default=ROOT.parent / "shared" / "peers")
    command.add_argument("--folder", type=Path, help="where to build; a memory disk tells more than a noisy one")
    given = command.parse_args(arguments)
    pagefind, minisearch = os.environ.get("PAGEFIND") or shutil.which("pagefind_extended"), os.environ.get("MINISEARCH")
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(dir=given.folder or (memory if memory.is_dir() else None)) as folder,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_args("chromium", playwright))
        for size in map(int, given.sizes.split(",")):
            track = Track(given.peers, size, Path(folder))
            print(f"\n{size} productions, {len(track.queries)} judged queries")
            _report("Etalage", track, browser, "ours.html", track.ours())
            print("  Whoosh      ", _quality(track.whoosh()))
            if pagefind:
                _report("Pagefind", track, browser, "pagefind.html", track.pagefind(pagefind))
            else:
                print("  Pagefind: left out, PAGEFIND= names no binary")
            if minisearch:
                _report("MiniSearch", track, browser, "minisearch.html", track.minisearch(browser, minisearch))
            else:
                print("  MiniSearch: left out, MINISEARCH= names no folder")
            shutil.rmtree(track.folder)
        browser.close()
    return 0


def _report(name: str, track: Track, browser: Any, page: str, cost: Mapping[str, float]) -> None:
    found = visits.answers(browser, track.served, page, [query.text for query in track.queries], NOW)
    by_text = dict(zip([query.text for query in track.queries], found, strict=True))
    print(f"  {name:12}", _quality(measure(track.queries, lambda query: by_text[query.text])))
    firsts = [visits.first_answer(browser, track.served, page, text, NOW) for text in FIRST]
    shown = ", ".join(
        f"{text} {size / 1000:.0f} kB in {steps}" for text, (size, steps) in zip(FIRST, firsts, strict=True)
    )
    print(f"  {'':12} first answer: {shown}")
    typed = [
        query.text.lower() for query in track.queries if query.kind in ("form", "people", "genre", "typo", "compound")
    ]
    first, again = visits.keystrokes(browser, track.served, page, typed[::2], NOW)
    print(
        f"  {'':12} keystroke: p50 {again[0]:.1f} ms, p95 {again[1]:.1f} ms;"
        f" with fetching p50 {first[0]:.1f} ms, p95 {first[1]:.1f} ms"
    )
    print(
        f"  {'':12} index: {cost['cpu']:.1f} CPU-s, peak {cost['memory'] / 1e6:.0f} MB, {cost['bytes'] / 1e6:.2f} MB in {cost['files']:.0f} files",
        flush=True,
    )


def _quality(scores: Mapping[str, float]) -> str:
    kinds = ", ".join(f"{name} {value:.2f}" for name, value in scores.items() if name != "all")
    return f"nDCG@10 {scores['all']:.3f} ({kinds})"


def _fields(event: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may search in."""
    return {
        "id": f"{PREFIX}{event['id']}", "url": f"/{event['slug']}/", "title": event["title"], "genre": event["genre_label"],
        "people": " ".join([event["artist"], *(credit["name"] for credit in event["credits"])]), "tags": " ".join(event["tags"]),
        "place": " ".join([event["house_label"], event["city"], *sorted({d["hall"] for d in event["dates"]})]), "text": event["description"],
    }  # fmt: skip


def _page(event: Mapping[str, Any]) -> str:
    """A page as Pagefind likes it: headings weigh more, and so does what says so."""
    fields = {name: html.escape(str(value)) for name, value in _fields(event).items()}
    lines = "".join(f'<p data-pagefind-weight="4">{fields[name]}</p>' for name in ("genre", "people", "place", "tags"))
    return (
        f'<!doctype html><html lang="nl"><head><title>{fields["title"]}</title><meta data-pagefind-meta="id[content]" content="{fields["id"]}">'
        f"</head><body><main data-pagefind-body><h1>{fields['title']}</h1>{lines}<p>{fields['text']}</p></main></body></html>"
    )
