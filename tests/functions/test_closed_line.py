"""A basket in which one date cannot be bought any more: it is named, the rest can be taken out and bought, and so can it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser as Tree

from tests.functions.test_counter_pages import Client
from tests.functions.test_sale import BRUG, LINDE, open_till
from tests.sales.world import busy

EVENING = "toml:linde/a/2"
TITLES = {LINDE: "Winterreis", EVENING: "Avondlied", BRUG: "Oever"}


@pytest.fixture
def guest(tmp_path: Path) -> Client:
    """Two dates of De Linde and one of De Brug are in the basket."""
    till = open_till(tmp_path)
    path = tmp_path / "output" / "regio" / "shelf.json"
    shelf = json.loads(path.read_text("utf-8"))
    soon = {"start": "2026-12-05T20:00+01:00", "url": "programma/a/"}
    shelf["items"] |= {id: {"id": id, "title": title, "house": id[5:10], **soon} for id, title in TITLES.items()}
    shelf["items"][LINDE]["start"] = "2026-11-22T20:00+01:00"
    path.write_text(json.dumps(shelf), "utf-8")
    made = Client(till, tmp_path)
    for id in TITLES:
        made.put_in(id, 1)
    return made


def close(guest: Client, id: str) -> None:
    house = guest.world.houses["linde"]._house
    usual = house.offering
    house.offering = lambda one: replace(usual(one), closes=guest.world.now) if one == id else usual(one)


def lines(guest: Client) -> list[tuple[str, bool]]:
    """Each line's title, and whether it is said why it cannot be had."""
    found = Tree(guest.get("basket").text).css(".till-line")
    return [(line.css_first("h3").text(strip=True), line.css_first(".notice-bad") is not None) for line in found]


def free(guest: Client) -> tuple[int, int, int]:
    return guest.world.free("linde"), guest.world.free("linde", 2), guest.world.free("brug")


def remove(guest: Client, title: str) -> int:
    at = [name for name, _ in lines(guest)].index(title)
    return guest.post("basket", {"act": "remove", "line": str(at)}).status_code


def test_a_closed_line_stands_in_nobodys_way(guest: Client) -> None:
    close(guest, LINDE)
    assert lines(guest) == [("Winterreis", True), ("Avondlied", False), ("Oever", False)]
    page = guest.get("basket").text
    assert "Take out what cannot be bought now" in page and "To checkout" not in page
    assert remove(guest, "Oever") == 303 and free(guest)[1:] == (4, 5)
    assert remove(guest, "Avondlied") == 303 and free(guest)[1:] == (5, 5)
    assert guest.put_in(BRUG, 1).status_code == 409, "what is put in is refused until the closed one is out"
    assert remove(guest, "Winterreis") == 303 and "nothing in your basket" in guest.get("basket").text


def test_the_rest_of_the_same_house_stays_kept_and_is_bought(guest: Client) -> None:
    close(guest, LINDE)
    assert remove(guest, "Winterreis") == 303
    assert lines(guest) == [("Avondlied", False), ("Oever", False)] and free(guest)[1:] == (4, 4)
    assert "kept until" in guest.get("basket").text
    assert "/sandbox/" in guest.check_out().headers["location"]


def test_two_closed_lines_go_one_by_one(guest: Client) -> None:
    close(guest, LINDE)
    close(guest, EVENING)
    assert remove(guest, "Winterreis") == remove(guest, "Avondlied") == 303
    assert lines(guest) == [("Oever", False)] and free(guest)[2] == 4


def test_a_date_that_is_past_is_named_and_goes(guest: Client) -> None:
    """Also when the house still sells, and when the site does not show it any more."""
    guest.world.now += timedelta(hours=10)
    assert lines(guest) == [("Winterreis", True), ("Avondlied", False), ("Oever", False)]
    path = guest.folder / "output" / "regio" / "shelf.json"
    shelf = json.loads(path.read_text("utf-8"))
    del shelf["items"][LINDE]
    path.write_text(json.dumps(shelf), "utf-8")
    assert lines(guest)[0] == ("A date that is not in our agenda any more", True)
    assert not Tree(guest.get("basket").text).css_first(".till-line").css("a"), "there is nowhere to go"
    assert remove(guest, "Oever") == 303
    assert remove(guest, "A date that is not in our agenda any more") == 303
    assert lines(guest) == [("Avondlied", False)]


def test_a_house_that_is_silent_keeps_nothing_in_the_basket(guest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: str) -> None:
        raise busy()

    monkeypatch.setattr(guest.world.houses["linde"]._house, "tariffs", silent)
    assert lines(guest) == [("Winterreis", True), ("Avondlied", True), ("Oever", False)]
    assert remove(guest, "Oever") == 303 and free(guest) == (4, 4, 5), "what the silent house keeps, it keeps"
    assert remove(guest, "Winterreis") == remove(guest, "Avondlied") == 303 and free(guest) == (5, 5, 5)
