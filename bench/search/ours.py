"""Make our index of the race's agenda in a process of its own, and say what it cost: CPU seconds, peak memory, bytes and files."""

import json
import resource
import sys
import time
from pathlib import Path

from etalage.catalogue.plan import Given, plan
from etalage.config import Workspace, load, moment_now
from etalage.season import Season
from plugins.agenda.build import Build
from plugins.agenda.manifest import Manifest
from plugins.search.indexes import Indexes


def main(folder: Path, now: str) -> None:
    work = Workspace.at(folder)
    season = Season(load(work), moment_now(now))
    season.fetch(["race"])
    catalogue = season.catalogue()
    site = season.settings.site("race")
    site_plan = plan(catalogue, site, Given(now=season.now))
    build = Build(
        plan=site_plan, catalogue=catalogue, texts=(), now=season.now, manifest=Manifest(), translations=folder
    )
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    Indexes(build, work.output / "race", work.var / "search").make()
    cpu = time.process_time() - start
    files = list((work.output / "race" / "search").rglob("*.*"))
    print(
        json.dumps(
            {
                "cpu": cpu,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "before": before * 1024,
                "bytes": sum(path.stat().st_size for path in files),
                "files": len(files),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
