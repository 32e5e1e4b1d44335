"""What goes wrong between us and another system, on command: a transport that stands before a real or a simulated one.

trouble = Trouble(httpx.HTTPTransport())
trouble.mood = silence                     # until told otherwise
trouble.next = [busy(after=7), fails]      # once each, in this order
trouble.after(2, change)                   # call `change` before the third request from now
"""

from collections.abc import Callable

import httpx

Ask = Callable[[], httpx.Response]
Mood = Callable[[httpx.Request, Ask], httpx.Response]
PAGE = "<!doctype html><html><head><title>Aanmelden</title></head><body><h1>Meld u aan</h1></body></html>"


class Trouble(httpx.BaseTransport):
    """Passes requests on, unless in a mood; `asked` remembers them all."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.mood: Mood | None = None
        self.next: list[Mood] = []
        self.asked: list[httpx.Request] = []
        self._planned: list[tuple[int, Callable[[], object]]] = []

    def after(self, requests: int, do: Callable[[], object]) -> None:
        """Do something once, when so many more requests have been answered."""
        self._planned.append((len(self.asked) + requests, do))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the mood is."""
        due = [do for when, do in self._planned if when <= len(self.asked)]
        self._planned = [(when, do) for when, do in self._planned if when > len(self.asked)]
        for do in due:
            do()
        self.asked.append(request)
        mood = self.next.pop(0) if self.next else self.mood
        return mood(request, lambda: self._ask(request)) if mood else self._ask(request)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        return self.inner.handle_request(request)


def silence(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Nobody listens."""
    raise httpx.ConnectError("Connection refused", request=request)


def dawdle(request: httpx.Request, ask: Ask) -> httpx.Response:
    """The answer comes too late."""
    raise httpx.ReadTimeout("", request=request)


def page(request: httpx.Request, ask: Ask) -> httpx.Response:
    """A web page, as from a login wall or a parked domain."""
    return httpx.Response(200, headers={"content-type": "text/html"}, text=PAGE)


def half(request: httpx.Request, ask: Ask) -> httpx.Response:
    """The answer stops half-way."""
    answer = ask()
    whole = answer.read()
    return httpx.Response(
        200, headers={"content-type": answer.headers["content-type"]}, content=whole[: len(whole) // 2]
    )


def fails(request: httpx.Request, ask: Ask) -> httpx.Response:
    """A bug at the other side."""
    return httpx.Response(500, headers={"content-type": "text/html"}, text="<h1>Server Error (500)</h1>")


def lost(request: httpx.Request, ask: Ask) -> httpx.Response:
    """It is done, and the answer gets lost."""
    ask()
    raise httpx.ReadTimeout("", request=request)


def dies(request: httpx.Request, ask: Ask) -> httpx.Response:
    """The worker is killed before anything is done."""
    raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def fails_after(request: httpx.Request, ask: Ask) -> httpx.Response:
    """It is done, and then something else breaks."""
    ask()
    return fails(request, ask)


def once(method: str, ending: str, mood: Mood) -> Mood:
    """In this mood for the next request of that kind to a path that ends so; all others pass."""
    left = [mood]

    def answer(request: httpx.Request, ask: Ask) -> httpx.Response:
        if left and request.method == method and request.url.path.endswith(ending):
            return left.pop()(request, ask)
        return ask()

    return answer


def first(do: Callable[[], object]) -> Mood:
    """Just before it arrives, somebody else does something."""

    def answer(request: httpx.Request, ask: Ask) -> httpx.Response:
        do()
        return ask()

    return answer


def busy(after: str) -> Mood:
    """Too many requests; come back after so many seconds, or at that moment."""
    headers = {"retry-after": after, "date": "Fri, 08 Nov 2030 12:00:00 GMT"}
    return lambda request, ask: httpx.Response(429, headers=headers, json={"detail": "Request was throttled."})


def answers(status: int, body: object = None, **headers: str) -> Mood:
    """This, whatever was asked."""
    return lambda request, ask: httpx.Response(status, headers=headers, json=body)
