"""The Printer port in a process of its own, beside a shop that sells.

Tickets on paper take some fifty milliseconds of reckoning, for each file has a cut of its fonts in it; done in the shop's own process they
stand in the way of everybody who buys. The process beside it starts with the first tickets, yields to whoever sells (nice), and ends when
its shop does, for then there is nobody to read from. Killed it is replaced; where none can be started we print ourselves.
"""

import os
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from threading import Lock
from typing import BinaryIO, cast

import msgspec

from etalage.model.booklet import Booklet
from etalage.ports.printer import Printer

YIELDS = 10
"""How much later than the shop it has its turn at the processor (nice(1))."""
TRIES = 2

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Booklet).decode


class SpawnedPrinter:
    """One booklet after the other, as a printer of this kind does it."""

    def __init__(self, kind: type[Printer]) -> None:
        self._kind, self._here = kind, kind()
        self._turn = Lock()
        self._beside: subprocess.Popen[bytes] | None = None

    def print(self, booklet: Booklet) -> bytes:
        """The PDF of these tickets."""
        with self._turn, suppress(UnicodeEncodeError):  # half a sign, which cannot be sent
            for _ in range(TRIES):
                try:
                    return self._ask(_encode(booklet))
                except (OSError, EOFError):
                    self._end()
        return self._here.print(booklet)

    def picture(self, code: str) -> str:
        """The QR of a code: quicker drawn than asked for."""
        return self._here.picture(code)

    def close(self) -> None:
        """End the process; the next tickets start another."""
        with self._turn:
            self._end()

    def _ask(self, booklet: bytes) -> bytes:
        if self._beside is None:
            # it needs to find us and no secret; Ctrl-C is told to the shop alone
            self._beside = subprocess.Popen(
                [sys.executable, "-m", "etalage.adapters.spawned_printer", self._kind.__module__, self._kind.__name__],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": os.pathsep.join(sys.path)}, start_new_session=True,
            )  # fmt: skip
        _write(cast("BinaryIO", self._beside.stdin), booklet)
        return _read(cast("BinaryIO", self._beside.stdout))

    def _end(self) -> None:
        if self._beside:
            self._beside.kill()
            with suppress(OSError):  # half a booklet may be left to write
                self._beside.communicate()
        self._beside = None


def main(printer: Printer, given: BinaryIO, told: BinaryIO) -> None:
    """Print what is given until nobody is there any more."""
    with suppress(EOFError, BrokenPipeError):
        while True:
            _write(told, printer.print(_decode(_read(given))))


def _write(to: BinaryIO, content: bytes) -> None:
    to.write(len(content).to_bytes(4) + content)
    to.flush()


def _read(given: BinaryIO) -> bytes:
    """What was written; EOFError when nobody is there any more."""
    size = given.read(4)
    content = given.read(int.from_bytes(size))
    if len(size) < 4 or len(content) < int.from_bytes(size):
        raise EOFError
    return content


if __name__ == "__main__":
    os.nice(YIELDS)
    main(getattr(import_module(sys.argv[1]), sys.argv[2])(), sys.stdin.buffer, sys.stdout.buffer)
