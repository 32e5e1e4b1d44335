"""What build.py hands to the plugins, under the setting ETALAGE."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from etalage.model.catalogue import Catalogue
from etalage.model.curation import CuratedList
from etalage.model.site import Page, SitePlan, Text
from plugins.agenda.manifest import Manifest


class Build(msgspec.Struct, kw_only=True):
    """One site's build: the plan, what it is about, what was made before, and what this build made so far."""

    plan: SitePlan
    catalogue: Catalogue
    texts: tuple[Text, ...]
    lists: tuple[CuratedList, ...] = ()
    now: datetime
    manifest: Manifest
    translations: Path
    workers: int = 2
    homes: Mapping[str, str] = {}
    """House → address of its own site."""
    step: Callable[[int, int], None] = lambda _done, _total: None
    shared: Mapping[tuple[str, str], Any] = {}
    """(Production, language) → its picture for who shares its page (plugins/sharing); ("", language): the site's."""
    todo: list[Page] = []
    written: dict[str, bool] = {}
    """Path → whether its bytes changed."""

    def report(self) -> dict[str, Any]:
        """Figures for people and machines."""
        changed = sorted(path for path, wrote in self.written.items() if wrote)
        return {"pages": len(self.plan.pages), "drawn": len(self.todo), "written": len(changed), "changed": changed}
