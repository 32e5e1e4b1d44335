"""Live reload on the developer's own machine: a stream that says when a build is done, and the script that listens."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

SCRIPT = """const listen = new EventSource("/api/reload");
listen.addEventListener("built", () => location.reload());
"""


class Bell:
    """Rings for everybody who listens."""

    def __init__(self) -> None:
        self.waiting: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Tell every listener."""
        for event in self.waiting:
            event.set()


async def stream(request: Request) -> StreamingResponse:
    """Server-sent events: one "built" after each build."""
    bell: Bell = request.app.state.bell

    async def events() -> AsyncIterator[str]:
        rung = asyncio.Event()
        bell.waiting.add(rung)
        try:
            yield "retry: 1000\n\n"
            while not await request.is_disconnected():
                try:
                    await asyncio.wait_for(rung.wait(), timeout=15)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                rung.clear()
                yield "event: built\ndata: now\n\n"
        finally:
            bell.waiting.discard(rung)

    return StreamingResponse(events(), media_type="text/event-stream", headers={"cache-control": "no-store"})


def script(request: Request) -> Response:
    """The listener."""
    del request
    return Response(SCRIPT, media_type="text/javascript", headers={"cache-control": "no-store"})
