"""Lay out the Hugo site of the race in a folder of our own: the shared one may have its `layouts` link as a text file."""

import shutil
from pathlib import Path


def lay_out(peers: Path, data: Path, folder: Path) -> list[str]:
    """Copy `peers`/hugo-data with the layouts of `peers`/hugo, fed with `data`/events.json; give Hugo's arguments."""
    site = folder / "hugo-data"
    if not site.exists():
        shutil.copytree(peers / "hugo-data", site, ignore=shutil.ignore_patterns("layouts"))
        shutil.copytree(peers / "hugo" / "layouts", site / "layouts")
        for path in (site, *site.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    mounts = folder / "mounts.toml"
    pairs = ((str(site / "content"), "content"), (str(data / "events.json"), "data/events.json"))
    tables = "".join(f'[[module.mounts]]\nsource = "{source}"\ntarget = "{target}"\n' for source, target in pairs)
    mounts.write_text("[module]\n" + tables)
    return ["--source", str(site), "--config", f"{site / 'hugo.toml'},{mounts}", "--noBuildLock", "--quiet"]
