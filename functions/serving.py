"""How a visitor is served who wants something written: with all others of this moment where nobody outside is asked, else in a thread.

A newcomer's trap: the records take back all of a job that raises, and a refusal is no reason for that. What was written before it stays, as it
does in a thread; only what has to be begun anew is taken back.
"""

from asyncio import wrap_future
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from starlette.concurrency import run_in_threadpool

from etalage.model.errors import EtalageError
from etalage.ports.records import Records
from etalage.sales.queues import Outside, hurry

T = TypeVar("T")


class _No(NamedTuple):
    error: EtalageError


async def serve(records: Records, work: Callable[[], T]) -> T:
    """Do it as the records promise, where one commit has it with what others want; what finds there that it must ask outside begins anew."""

    def in_hurry() -> T | _No:
        if not records.inside():
            return work()
        try:
            return hurry(work)
        except EtalageError as no:
            return _No(no)

    try:
        found = await wrap_future(records.promise(in_hurry))
    except Outside:
        return await run_in_threadpool(work)
    if isinstance(found, _No):
        raise found.error
    return found
