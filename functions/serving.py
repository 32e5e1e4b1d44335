"""How a visitor is served who wants something written: with all others of this moment where nobody outside is asked, else in a thread."""

from asyncio import wrap_future
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from etalage.ports.records import Records
from etalage.sales.queues import Outside, hurry

T = TypeVar("T")


async def serve(records: Records, work: Callable[[], T]) -> T:
    """Do it as the records promise, where one commit has it with what others want; what finds there that it must ask outside begins anew."""
    try:
        return await wrap_future(records.promise(lambda: hurry(work) if records.inside() else work()))
    except Outside:
        return await run_in_threadpool(work)
