"""One web process of the bench's shop: what `build.py serve` does; "unguarded" makes the store forget its conditions."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from commands import counter
from etalage.adapters import sqlite_records
from etalage.ports.records import ANY, Decide, Key


def unguard() -> None:
    """Decide on what was read before, in no transaction, and write whatever stands there: how a shop oversells."""
    store: Any = sqlite_records.SqliteRecords

    def change(self: Any, keys: Sequence[Key], decide: Decide[Any]) -> Any:
        changes, answer = decide([self.get(*key) for key in keys])
        self.transact([replace(one, expect=ANY) for one in changes])
        return answer

    crowd = ThreadPoolExecutor(40)
    store.change = change
    store.together = lambda _, work: work()
    store.promise = lambda _, work: crowd.submit(work)


if __name__ == "__main__":
    folder, port, how = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if how:
        unguard()
    asked = {"root": folder, "now": None, "content": None, "output": None, "var": None, "themes": None}
    counter.open_shop(asked, port=port, reload=False, url="")
