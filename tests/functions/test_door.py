"""At the door, with a phone and a link: is this ticket good, and for this date? No name is told, and nothing changes."""

import json
import logging
import sqlite3
from pathlib import Path

import pytest

from etalage.model.payment import Act
from etalage.sales.codes import CODE
from etalage.sales.doorkeepers import Doorkeepers
from functions import door
from tests.functions.guest import SITE
from tests.functions.test_counter_pages import Client
from tests.functions.test_sale import BRUG, LINDE, Till, till  # noqa: F401 - a fixture

MATINEE = "toml:linde/a/2"


@pytest.fixture
def guest(till: Till, tmp_path: Path) -> Client:
    shelf = tmp_path / "output" / "regio" / "shelf.json"
    known = json.loads(shelf.read_text("utf-8"))
    for one in (LINDE, BRUG):
        known["items"][one] |= {"title": "Avond", "sold": True}
    known["items"][MATINEE] = known["items"][LINDE] | {
        "id": MATINEE,
        "title": "Namiddag",
        "start": "2026-12-06T15:00+01:00",
    }
    shelf.write_text(json.dumps(known), "utf-8")
    return Client(till, tmp_path)


def sell(guest: Client, linde: int = 2, brug: int = 1) -> str:
    guest.put_in(LINDE, linde)
    if brug:
        guest.put_in(BRUG, brug)
    guest.world.sandbox.act(guest.check_out().headers["location"].rpartition("/")[2], Act.PAY)
    key = next(one.key for one in guest.orders() if one.state.value == "awaiting")
    guest.world.saga.run(key)
    guest.cookies.clear()
    return key


def codes(guest: Client, key: str, house: str) -> list[str]:
    return [one.code for one in guest.world.saga.read(key).share(house).tickets]


def doors(guest: Client) -> Doorkeepers:
    return Doorkeepers(guest.world.records, lambda: guest.world.now, lambda n: bytes([7]) * n)


def test_a_ticket_is_good_for_another_date_back_or_unknown(
    guest: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = sell(guest)
    way = f"door/{doors(guest).allow('linde')}"
    first = codes(guest, key, "linde")[0]
    before = guest.world.saga.read(key)

    def ask(code: str, performance: str = LINDE) -> str:
        page = guest.post(way, {"code": code, "p": performance})
        assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
        assert "Voorbeeld" not in page.text and first not in page.text and not page.headers.get("set-cookie")
        return page.text

    start = guest.get(way).text
    assert "Is this ticket good?" in start and start.count('name="code"') == 1, "tonight is the only date of its day"
    assert "<h1>Good for this performance</h1>" in ask(first)
    assert "<h1>Good for this performance</h1>" in ask(f" {first[:6].lower()} {first[6:].lower()} "), (
        "as somebody types it"
    )
    wrong = ask(first, MATINEE)
    assert "<h1>Not for this performance</h1>" in wrong and "Avond" in wrong
    assert "<h1>We do not know this ticket</h1>" in ask(codes(guest, key, "brug")[0]), "of another house"
    assert "<h1>We do not know this ticket</h1>" in ask("<script>alert(1)</script>" * 20)
    assert "Which date is it?" in guest.get(way + "?choose").text
    assert "Namiddag" in guest.get(f"{way}?p={MATINEE}").text
    assert guest.world.saga.read(key) == before, "nothing was changed"
    guest.world.saga.give_back(key, ("linde",))
    assert "<h1>Not good any more</h1>" in ask(first)
    assert first not in caplog.text
    doors(guest).forbid(way.rpartition("/")[2])
    assert guest.post(way, {"code": first}).status_code == 404


def test_the_index_keeps_no_code_and_is_written_with_the_confirmation(guest: Client, tmp_path: Path) -> None:
    key = sell(guest)
    given = codes(guest, key, "linde") + codes(guest, key, "brug")
    with sqlite3.connect(tmp_path / "records.db") as records:
        rows = records.execute("select kind, id, value from record").fetchall()
    noted = [(id, bytes(value)) for kind, id, value in rows if kind == CODE]
    assert len(noted) == len(given) == 3
    assert not [one for one in noted if any(code in one[0] or code.encode() in one[1] for code in given)]


def test_what_was_sold_before_there_were_notes_is_known_once_a_link_is_made(guest: Client) -> None:
    key = sell(guest, 1, 0)
    records = guest.world.records
    for record in list(records.walk(CODE)):
        records.put(CODE, record.id, b"", expect=record.version, expires=guest.world.now)  # as if it never was
    code = codes(guest, key, "linde")[0]
    assert doors(guest).ask("linde", code, LINDE).verdict == "unknown"
    doors(guest).allow("linde")
    assert doors(guest).ask("linde", code, LINDE).verdict == "good"


def test_what_the_house_took_back_in_its_own_system_is_not_good(guest: Client) -> None:
    key = sell(guest, 2, 0)
    way, (first, second) = f"door/{doors(guest).allow('linde')}", codes(guest, key, "linde")
    share = guest.world.saga.read(key).share("linde")
    guest.world.house("linde").cancel(share.reference, [share.tickets[0].line])
    said = {code: guest.post(way, {"code": code, "p": LINDE}).text for code in (first, second)}
    assert "<h1>Not good any more</h1>" in said[first] and "<h1>Good for this performance</h1>" in said[second]
    guest.world.broken.add("linde")
    assert "<h1>Good for" in guest.post(way, {"code": first, "p": LINDE}).text, "silent: what we sold is good"


def test_nobody_guesses_codes_or_links(guest: Client) -> None:
    key = sell(guest, 1, 0)
    way = f"door/{doors(guest).allow('linde')}"
    for number in range(door.MOST_MISSES):
        assert guest.post(way, {"code": f"GUESS{number}", "p": LINDE}).status_code == 200
    good = guest.post(way, {"code": codes(guest, key, "linde")[0], "p": LINDE})
    assert good.status_code == 429, "who guessed too often learns nothing of a right guess either"
    assert guest.visitor.get(f"{SITE}door/made-up").status_code == 429


def test_another_sites_form_is_refused_and_a_code_in_an_address_means_nothing(guest: Client) -> None:
    key = sell(guest, 1, 0)
    way, code = f"door/{doors(guest).allow('linde')}", codes(guest, key, "linde")[0]
    assert guest.post(way, {"code": code, "p": LINDE}, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert "Good for" not in guest.get(f"{way}?p={LINDE}&code={code}").text
