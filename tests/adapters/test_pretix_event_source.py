"""The pretix source under the laws: on the simulator, and on a real pretix of our own."""

from collections.abc import Callable
from itertools import count

import httpx
import pytest

from etalage.adapters.pretix_event_source import PretixEventSource
from etalage.model.house import House
from tests.laws.event_source import EventSourceLaws
from tests.servers.fixtures import pretix  # noqa: F401
from tests.servers.pretix import Pretix
from tests.servers.pretix_api import Api
from tests.simulators.pretix import BASE_URL, PretixSimulator
from tests.simulators.trouble import Trouble, half, page, silence

HOUSE = House(id="lab", name={"nl": "Proefhuis"}, languages=("nl", "fr", "en"))


class PretixLab:
    """An organizer that starts empty, reached through a transport that can be in trouble."""

    def __init__(self, base_url: str, token: str, inner: httpx.BaseTransport) -> None:
        self.base_url, self.token = base_url, token
        self.api = Api(httpx.Client(base_url=base_url, transport=inner, timeout=60), "lab", token)
        self.trouble = Trouble(inner)
        self.numbers = count(1)
        self.made: list[str] = []

    def source(self) -> PretixEventSource:
        return PretixEventSource(
            "pretix:lab",
            HOUSE,
            self.base_url,
            "lab",
            self.token,
            transport=self.trouble,
            sleep=lambda _: None,
        )

    def add_production(self, title: str, description: str = "") -> str:
        return self._add(f"stuk-{next(self.numbers)}", title, description)

    def change_title(self, record: str, title: str) -> None:
        self.api.send("PATCH", f"events/{record.removeprefix('pretix:lab/')}/", {"name": {"nl": title}})

    def remove(self, record: str) -> None:
        self.api.send("PATCH", f"events/{record.removeprefix('pretix:lab/')}/", {"live": False})

    def break_record(self) -> None:
        self._add("twee..punten", "Met een naam die geen adres kan zijn", "")

    def fall_silent(self) -> None:
        self.trouble.mood = silence

    def answer_html(self) -> None:
        self.trouble.mood = page

    def answer_half(self) -> None:
        self.trouble.mood = half

    def speak(self) -> None:
        self.trouble.mood = None

    def while_reading(self, change: Callable[[], object]) -> None:
        self.trouble.after(3, change)

    def clear(self) -> None:
        for slug in self.made:
            self.api.send("DELETE", f"events/{slug}/")
        self.api.client.close()

    def _add(self, slug: str, title: str, description: str) -> str:
        event = self.api.event(slug, title, "2030-11-08T20:00:00+01:00")
        self.made.append(slug)
        if description:
            event.settings(frontpage_text={"nl": description})
        event.quota("Zaal", 80, [event.item("Ticket", "12.00")])
        event.patch(live=True)
        return f"pretix:lab/{slug}"


class TestSimulatedPretix(EventSourceLaws):
    @pytest.fixture
    def lab(self) -> PretixLab:
        simulator = PretixSimulator()
        simulator.organizer("lab", "sesam")
        return PretixLab(BASE_URL, "sesam", simulator.transport())


@pytest.mark.server
@pytest.mark.timeout(600)
class TestRealPretix(EventSourceLaws):
    @pytest.fixture
    def lab(self, pretix: Pretix):
        lab = PretixLab(pretix.base_url, pretix.houses["lab"].token, httpx.HTTPTransport())
        yield lab
        lab.clear()
