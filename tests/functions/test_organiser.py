"""A receptive organiser looks how their dates sell: figures, nobody's name, until the house takes the link back."""

from pathlib import Path

import pytest

from etalage.model.payment import Act
from etalage.sales.organisers import Organisers
from tests.functions.guest import SITE
from tests.functions.test_counter_pages import Client
from tests.functions.test_sale import BRUG, LINDE, Till, till  # noqa: F401 - a fixture
from tests.sales.world import PRICE


@pytest.fixture
def guest(till: Till, tmp_path: Path) -> Client:
    return Client(till, tmp_path)


def sell(guest: Client, linde: int, brug: int) -> str:
    guest.put_in(LINDE, linde)
    guest.put_in(BRUG, brug)
    guest.world.sandbox.act(guest.check_out().headers["location"].rpartition("/")[2], Act.PAY)
    key = guest.orders()[-1].key if len(guest.orders()) == 1 else next(
        one.key for one in guest.orders() if one.state.value == "awaiting"
    )  # fmt: skip
    guest.world.saga.run(key)
    guest.cookies.clear()
    return key


def test_figures_of_their_own_dates_and_nobodys_name(guest: Client) -> None:
    sell(guest, 2, 1)
    gone = sell(guest, 1, 1)
    guest.world.saga.give_back(gone, ("linde",))
    organisers = Organisers(guest.world.records, lambda: guest.world.now, bytes)
    token = organisers.allow([LINDE])
    (figures,) = organisers.look(token)
    assert (figures.sold, figures.revenue) == (2, 2 * PRICE), "what went back is not sold"
    page = guest.get(f"organiser/{token}")
    assert page.status_code == 200 and "noindex" in page.headers["x-robots-tag"]
    assert "<td>2</td><td>3</td>" in page.text and "30" in page.text
    assert "Voorbeeld" not in page.text and BRUG not in page.text
    organisers.forbid(token)
    assert guest.get(f"organiser/{token}").status_code == 404
    assert guest.visitor.get(f"{SITE}organiser/made-up").status_code == 404
