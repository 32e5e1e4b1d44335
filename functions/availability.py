"""GET /api/availability?p=ID&p=ID: what is left now, of many performances at once."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.basket import house_of
from etalage.model.errors import EtalageError, Refused
from etalage.model.sale import Availability
from etalage.ports.ticketing import Ticketing
from functions.sale import Sale, sale_of

MOST = 100
FRESH = 5.0
"""Seconds for which an answer is given again without asking the house."""
GOOD = 20
"""Seconds for which a browser believes an answer; a page that somebody looks at then asks again (themes/base/static/js/live.js)."""
PATIENCE = 2.0
"""Seconds for which we wait for a house; then its dates are "unknown", and no page waits."""
KEPT = 5_000


class Memory:
    """What houses said a moment ago. `ticks` gives seconds that only go forward."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._said: dict[str, tuple[float, Availability]] = {}
        self._lock = Lock()

    def fresh(self, performance: str) -> Availability | None:
        """What was said less than FRESH seconds ago."""
        known = self._said.get(performance)
        return known[1] if known and known[0] > self._ticks() - FRESH else None

    def keep(self, said: Mapping[str, Availability]) -> None:
        """Remember it, and forget everything when it is too much."""
        with self._lock:
            if len(self._said) > KEPT:
                self._said.clear()
            self._said.update({performance: (self._ticks(), one) for performance, one in said.items()})


async def availability(request: Request) -> Response:
    """Per id `state`, `free` and `as_of`; one that no house knows, or whose house is silent, is "unknown"."""
    asked = list(dict.fromkeys(request.query_params.getlist("p")))
    if len(asked) > MOST:
        raise Refused("too_many_ids", "Ask for at most %(number)s at once.", detail={"number": str(MOST)})
    sale, memory = sale_of(request), request.app.state.memory
    known = {one: said for one in asked if (said := memory.fresh(one))}
    told = await run_in_threadpool(what_is_left, sale, [one for one in asked if one not in known])
    memory.keep(told)
    now = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - functions live in the present
    answer = {one: _as_json((known | told).get(one), now) for one in asked}
    return JSONResponse(answer, headers={"cache-control": f"public, max-age={GOOD}"})


def what_is_left(sale: Sale, performances: Sequence[str]) -> dict[str, Availability]:
    """What each house says now, asked all at once; nothing of one that is silent, full or unknown."""
    by_house: dict[str, list[str]] = {}
    for one in performances:
        try:
            by_house.setdefault(house_of(one), []).append(one)
        except Refused:
            continue
    jobs: list[Future[Mapping[str, Availability]]] = []
    for house, ids in by_house.items():
        try:
            jobs.append(sale.quotes.ask(house, _left_of(ids)))
        except EtalageError:  # it is not sold here, or its queue is full
            continue
    told: dict[str, Availability] = {}
    for job in jobs:
        try:
            told |= job.result(timeout=PATIENCE)
        except (EtalageError, TimeoutError):
            job.cancel()  # its place in the queue is for who buys
    return told


def _left_of(performances: Sequence[str]) -> Callable[[Ticketing], Mapping[str, Availability]]:
    return lambda house: house.availability(performances)


def _as_json(said: Availability | None, now: str) -> dict[str, object]:
    if said is None:
        return {"state": "unknown", "free": None, "as_of": now}
    return {"state": said.state.value, "free": said.free, "as_of": said.as_of.isoformat(timespec="seconds")}
