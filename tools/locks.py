"""Hold the lock files against pyproject.toml, without asking the internet anything.

A dependency that was added or raised and not locked is found here in no time; `make lock` locks it. It also sees to
it that a lock file holds no address: where a package was found is nobody's business, its hash is what counts.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def check(root: Path = ROOT) -> Iterator[str]:
    """Yield one sentence for each thing that is wrong."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    run = project["project"]["dependencies"]
    extras = project["project"].get("optional-dependencies", {})
    locks = {"run.lock": run, **{f"{name}.lock": [*run, *asked] for name, asked in extras.items()}}
    locks["dev.lock"] = [*run, *chain(*extras.values()), *project["dependency-groups"]["dev"]]
    for name, requirements in locks.items():
        text = (root / "requirements" / name).read_text(encoding="utf-8")
        pins = {canonicalize_name(package): version for package, version in PIN.findall(text)}
        for requirement in map(Requirement, requirements):
            version = pins.get(canonicalize_name(requirement.name))
            if version is None or not requirement.specifier.contains(version, prereleases=True):
                yield f"requirements/{name} has {version or 'nothing'} for {requirement}: run `make lock`"
    for name in (*(f"requirements/{name}" for name in locks), "package-lock.json"):
        if "://" in (root / name).read_text(encoding="utf-8"):
            yield f"{name} holds an address, and should hold only names, versions and hashes"


if __name__ == "__main__":
    wrong = list(check())
    print(*wrong, sep="\n")
    sys.exit(1 if wrong else 0)
