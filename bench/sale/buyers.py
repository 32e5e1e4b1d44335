"""Buyers over HTTP: each a visitor with an address of their own (127.x.y.z), for the shop counts how often one address asks.

A crowd comes by as many kept connections as ask at once, as by the front server that every shop has for its certificate; it says
in X-Forwarded-For whose request it brings.
"""

import asyncio
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from bench.sale.shop import Shop

PATIENCE = 120.0
"""Seconds for an answer."""
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"set-cookie: ([\w-]+)=([^;\r]*)", re.IGNORECASE)
_JSON = re.compile(rb"content-type: \S*json", re.IGNORECASE)


@dataclass
class Tally:
    """What came of it: how many of each answer, and how long each good one took in seconds."""

    answers: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    wall: float = 0.0

    def spread(self) -> str:
        """p50, p95 and p99 in ms."""
        if len(self.times) < 2:
            return "–"
        cuts = statistics.quantiles(self.times, n=100)
        return " / ".join(f"{1000 * cuts[at]:.0f}" for at in (49, 94, 98)) + " ms"

    def rate(self) -> float:
        """Good ones per second."""
        return len(self.times) / self.wall if self.wall else 0.0


class Wire(asyncio.Protocol):
    """A connection to a web process of the shop, for one question at a time."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        self.port, self.address = port, address
        self._line: asyncio.Transport | None = None
        self._heard = b""
        self._answer: asyncio.Future[tuple[bytes, bytes]] | None = None

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """The answer's head and its body, whose length every answer of the shop tells."""
        if self._line:
            with suppress(
                ConnectionResetError
            ):  # the other side hung up just now, for nobody asked for a while: every browser asks again
                return await self._exchange(self._line, request)
        made, _ = await asyncio.get_running_loop().create_connection(
            lambda: self, "127.0.0.1", self.port, local_addr=(self.address, 0)
        )
        return await self._exchange(made, request)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be connected."""
        self._line = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hear some of the answer, mostly all of it."""
        self._heard += data
        head, end, body = self._heard.partition(b"\r\n\r\n")
        if end and self._answer and not self._answer.done():
            length = _LENGTH.search(head)
            if len(body) >= (int(length[1]) if length else 0):
                self._answer.set_result((head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Be hung up on."""
        del exc
        self._line = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(EOFError() if self._heard else ConnectionResetError())

    async def _exchange(self, line: asyncio.Transport, request: bytes) -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        self._heard, self._answer = b"", loop.create_future()
        end = loop.call_later(PATIENCE, self._give_up)
        line.write(request)
        try:
            return await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            end.cancel()

    def _give_up(self) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(TimeoutError())

    def close(self) -> None:
        """Hang up."""
        if self._line:
            self._line.close()
        self._line = None


class Buyer:
    """One visitor, with an address, a key and cookies of their own. `wires`: the kept connections that they come by, by port."""

    wires: dict[int, Wire] | None = None

    def __init__(self, shop: Shop, number: int) -> None:
        self.port = shop.ports[number % len(shop.ports)]
        self.address = f"127.{1 + number // 62500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}"
        self.number = number
        self.cookies: dict[bytes, bytes] = {}

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        """Ask over a kept connection, else over one of its own; the status, and the JSON or None."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if self.cookies:
            words = b"; ".join(b"=".join(pair) for pair in self.cookies.items())
            lines.append(f"Cookie: {words.decode()}")
        if self.wires is None:
            wire = Wire(self.port, self.address)
            lines.append("Connection: close")
        else:
            wire = self.wires.setdefault(self.port, Wire(self.port))
            lines.append(f"X-Forwarded-For: {self.address}")
        try:
            head, content = await wire.ask("\r\n".join([*lines, "", ""]).encode() + body)
        finally:
            if self.wires is None:
                wire.close()
        self.cookies |= dict(_COOKIE.findall(head))
        status = int(head.split(b" ", 2)[1])
        return status, json.loads(content) if _JSON.search(head) else None

    async def take(self, line: dict[str, Any]) -> tuple[int, Any]:
        """Take a basket with one line, as far as the page to pay on."""
        body = {
            "lines": [line],
            "buyer": {"email": f"koper{self.number}@voorbeeld.test", "name": "Koper"},
            "language": "nl",
        }
        return await self.ask(
            "POST", "/api/checkout", json.dumps(body).encode(), content_type="application/json", idempotency_key=f"koper-{self.number:08}"
        )  # fmt: skip

    async def buy(self, line: dict[str, Any]) -> tuple[int, Any]:
        """Take it, pay on the sandbox's page, and look at the order until it is over."""
        status, made = await self.take(line)
        return await self.pay(made) if status == 201 else (status, made)

    async def pay(self, made: Any) -> tuple[int, Any]:
        """Pay what was taken, and look at the order until it is over."""
        await self.ask(
            "POST",
            urlsplit(made["pay_url"]).path,
            b"act=pay&tell=once",
            content_type="application/x-www-form-urlencoded",
        )
        for turn in range(10):
            status, order = await self.ask("GET", f"/api/orders/{made['order']}")
            if status != 200 or order["state"] in ("done", "undone"):
                return status, order
            await asyncio.sleep(0.1 * 2**turn)
        return 599, None


async def crowd(
    buyers: Iterable[Buyer], at_once: int, act: Callable[[Buyer], Awaitable[tuple[int, Any]]], seconds: float = 0
) -> Tally:
    """Let them act, so many at a time; with `seconds`, until then."""
    tally, queue, end = Tally(), iter(buyers), time.monotonic() + seconds

    async def one_after_the_other() -> None:
        wires: dict[int, Wire] = {}
        try:
            await served_by(wires)
        finally:
            for wire in wires.values():
                wire.close()

    async def served_by(wires: dict[int, Wire]) -> None:
        for buyer in queue:
            if seconds and time.monotonic() > end:
                return
            buyer.wires = wires
            began = time.monotonic()
            try:
                status, answer = await act(buyer)
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                tally.answers[type(error).__name__] += 1
                continue
            good = status in (200, 201)
            tally.answers[str(status) if good else f"{status} {(answer or {}).get('code', '')}"] += 1
            if good:
                tally.times.append(time.monotonic() - began)

    began = time.monotonic()
    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    tally.wall = time.monotonic() - began
    return tally


def lines(performance: str, seats: Sequence[str] = (), quantity: int = 1) -> dict[str, Any]:
    """A line of a basket."""
    line: dict[str, Any] = {"performance": performance, "quantity": len(seats) or quantity}
    return line | ({"seats": list(seats)} if seats else {})
