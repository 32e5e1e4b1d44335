"""A simulated UiTPAS on a wire, and our adapter at the other end of it."""

import threading
from datetime import UTC, datetime
from typing import Any

from demo.uitpas.region import CardSystem, Client, Coupon, Event, Organizer, Pass, Region, Social, number
from demo.uitpas.simulator import Uitpas
from demo.uitpas.wire import Mood, UitpasWire
from etalage.adapters.uitpas_discounts import UitpasDiscounts
from tests.adapters.stripe_lab import Line

HERE, THERE = 1, 2
CONCERT, PLAY = "5a0967f9-0000-4000-8000-000000000001", "5a0967f9-0000-4000-8000-000000000002"
FOREIGN = "5a0967f9-0000-4000-8000-000000000003"
"""An event of an organizer that our client does not act for."""
SOCIAL, GROUP = number("090000000001"), number("090000000011")
EXPIRED, REGULAR, UNKNOWN = number("090000000021"), number("090000000030"), number("090000000099")
ELSEWHERE, COUPONS, BLOCKED = number("090000000041"), number("090000000050"), number("090000000061")
SUSPENDED, NOBODYS, SISTER = number("090000000071"), number("090000000080"), number("090000000091")
BOTH = number("090000000111")
"""A pass with a lapsed social tariff and a coupon."""


def region() -> Region:
    """Two regions, two organizers, and a pass of every sort."""
    five = Coupon("COUPON5", "Cultuurbon van 5 euro", 500)
    return Region(
        systems=(CardSystem(HERE, "UiTPAS Zilverland"), CardSystem(THERE, "UiTPAS Koperland")),
        organizers=(Organizer("org-linde", "De Linde", (HERE,)), Organizer("org-brug", "De Brug", (HERE,))),
        clients=(Client("linde", "geheim", ("org-linde",)), Client("brug", "stil", ("org-brug",))),
        events=(
            Event(CONCERT, "Winterreise", "org-linde"), Event(PLAY, "Wachtlijn", "org-linde"), Event(FOREIGN, "Elders", "org-brug"),
        ),
        passes=(
            Pass(SOCIAL, HERE, Social.ACTIVE), Pass(SISTER, HERE, Social.ACTIVE), Pass(GROUP, HERE, Social.ACTIVE, group=3),
            Pass(EXPIRED, HERE, Social.EXPIRED), Pass(REGULAR, HERE), Pass(ELSEWHERE, THERE, Social.ACTIVE),
            Pass(COUPONS, HERE, coupons=(five, Coupon("COUPON2", "2 euro korting", 200))), Pass(BOTH, HERE, Social.EXPIRED, (five,)),
            Pass(BLOCKED, HERE, Social.ACTIVE, status="BLOCKED"), Pass(SUSPENDED, HERE, Social.SUSPENDED),
            Pass(NOBODYS, HERE, Social.ACTIVE, registered=False),
        ),
    )  # fmt: skip


class UitpasLab:
    event, other = CONCERT, PLAY
    number, group, without, unknown = SOCIAL, GROUP, REGULAR, UNKNOWN
    is_outside = True

    def __init__(self, line: Line) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.line = line
        self.uitpas = Uitpas(region(), lambda: self.now)
        self.wire = UitpasWire(self.uitpas)
        line.app = self.wire.app
        self.open: list[UitpasDiscounts] = []

    def hang_up(self) -> None:
        for one in self.open:
            one.close()

    def discounts(self, client: str = "linde", secret: str = "", **more: Any) -> UitpasDiscounts:
        secret = secret or {"linde": "geheim", "brug": "stil"}[client]
        made = UitpasDiscounts(
            client, client, secret, api=self.line.base, accounts=self.line.base, clock=lambda: self.now, **more
        )
        self.open.append(made)
        return made

    def lose(self) -> None:
        self.wire.moods.append(Mood("lost", "POST /ticket-sales"))

    def silence(self, requests: int = 1) -> None:
        self.wire.moods[:] = [Mood("down")] * requests

    def mood(self, *what: str, where: str = "") -> None:
        self.wire.moods += [Mood(one, where) for one in what]


def at_once(number: int, work: Any) -> list[Any]:
    """What so many threads get that begin together."""
    barrier, told = threading.Barrier(number), []

    def one() -> None:
        barrier.wait()
        told.append(work())

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
