"""Which seats somebody gets who does not choose, and what is told of a seat before one chooses it."""

import pytest

from etalage.model.errors import Refused
from etalage.model.sale import Seat, SeatState
from etalage.model.seating import best, labels, rows

PILLAR = {"nl": "Achter een pilaar", "fr": "Derrière un pilier"}


def hall(*plan: str, zone: str = "zaal") -> list[Seat]:
    """Rows from the front: "." is free, "x" taken, "w" for a wheelchair, "c" beside it, "p" behind a pillar."""
    return [
        Seat(
            id=f"{chr(65 + depth)}{at}", zone=zone, row=chr(65 + depth), number=str(at), wheelchair=kind == "w", companion=kind == "c",
            state=SeatState.TAKEN if kind == "x" else SeatState.FREE, note=PILLAR if kind == "p" else {},
        )
        for depth, row in enumerate(plan)
        for at, kind in enumerate(row, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "number", "seats"),
    [
        (["....."], 1, ["A3"]),
        (["xxxxx", "....."], 2, ["B2", "B3"]),
        ([".x.x.", "....."], 2, ["B2", "B3"]),
        (["..x..", ".x.x."], 3, ["A1", "A2", "A4"]),  # nowhere three together
        (["wc..."], 2, ["A3", "A4"]),
        (["wc.", "..."], 2, ["B1", "B2"]),
        (["pp...", "....."], 3, ["A3", "A4", "A5"]),
        ([".p.", "xxx"], 2, ["A1", "A3"]),  # not beside each other, but without the pillar
        (["pp.", "xxx"], 2, ["A1", "A2"]),  # nothing else is left for two
    ],
)
def test_the_best_seats_beside_each_other(plan: list[str], number: int, seats: list[str]) -> None:
    assert list(best(hall(*plan), number, "basis")) == seats


def test_the_places_of_wheelchairs_and_companions_are_given_to_nobody_who_did_not_choose_them() -> None:
    with pytest.raises(Refused) as told:
        best(hall("wc.", "wcx"), 2, "basis")
    assert told.value.code == "sold_out"


def test_a_seat_that_is_not_for_this_price_parts_a_row() -> None:
    dear = [Seat(id=f"A{at}", row="A", number=str(at), tariffs=("dear",) if at == 2 else ()) for at in range(1, 5)]
    assert best(dear, 2, "basis") == ("A3", "A4")


def test_what_one_should_know_of_some_seats_is_told_by_row_and_in_a_language() -> None:
    front, back = rows(hall("..", "pp."))
    assert front.notes("nl") == [] and back.notes("nl") == [("1, 2", "Achter een pilaar")]
    assert back.notes("fr") == [("1, 2", "Derrière un pilier")] and back.notes("de") == [("1, 2", "Achter een pilaar")]


def test_a_seat_is_called_by_its_row_and_number_and_by_its_zone_where_there_are_several() -> None:
    assert labels(hall("."))["A1"] == "A 1"
    both = [*hall(".", zone="zaal"), *(Seat(id="b", zone="balkon", row="A", number="1"),)]
    assert labels(both) == {"A1": "zaal A 1", "b": "balkon A 1"}
