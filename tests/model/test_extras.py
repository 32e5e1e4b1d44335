"""What goes with a ticket: not without it, one for each at most, and gone with it."""

import pytest

from etalage.model.errors import Refused
from etalage.model.extras import Extra, Row, examine, fitting, is_of

SHOW, OTHER, ATELIER = "toml:linde/show/1", "toml:linde/show/2", "toml:linde/atelier/1"
BESIDE = Extra(name=ATELIER, shows=(SHOW,))
SLOTS = Extra(name="toml:linde/expo/*", shows=("toml:linde/show/*",))


def slot(number: int, places: int) -> Row:
    return Row(f"toml:linde/expo/{number}", places, SLOTS)


def code(*rows: Row) -> str:
    try:
        examine(rows)
    except Refused as no:
        return no.code
    return ""


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([Row(ATELIER, 1, BESIDE)], "extra_alone"),
        ([Row(OTHER, 1), Row(ATELIER, 1, BESIDE)], "extra_alone"),
        ([Row(SHOW, 2), Row(ATELIER, 2, BESIDE)], ""),
        ([Row(SHOW, 1), Row(SHOW, 1), Row(ATELIER, 2, BESIDE)], ""),
        ([Row(SHOW, 2), Row(ATELIER, 3, BESIDE)], "extra_too_many"),
        ([Row(SHOW, 1), Row(ATELIER, 1, BESIDE), slot(1, 1)], ""),
        ([Row(SHOW, 2), slot(1, 1), slot(2, 1)], ""),
        ([Row(SHOW, 1), slot(1, 1), slot(2, 1)], "extra_too_many"),
        ([Row("toml:linde/expo/1", 3), Row(SHOW, 1)], ""),
    ],
)
def test_one_goes_with_each_ticket(rows: list[Row], told: str) -> None:
    assert code(*rows) == told


def test_an_extra_brings_no_other_along() -> None:
    second = Extra(name="toml:linde/drank/1", shows=(ATELIER,))
    assert code(Row(SHOW, 1), Row(ATELIER, 1, BESIDE), Row("toml:linde/drank/1", 1, second)) == "extra_alone"


def test_what_loses_its_ticket_goes_with_it() -> None:
    assert fitting([Row(ATELIER, 2, BESIDE)]) == [0]
    assert fitting([Row(SHOW, 1), Row(ATELIER, 2, BESIDE)]) == [1, 1]
    assert fitting([slot(1, 2), Row(OTHER, 3), slot(2, 2)]) == [2, 3, 1], "the first keep theirs"


def test_a_name_with_a_star_stands_for_all_that_begin_so() -> None:
    assert is_of(SHOW, ["toml:linde/show/*"]) and not is_of("toml:linde/showtime/1", ["toml:linde/show/*"])
    assert is_of(SHOW, [SHOW]) and not is_of(SHOW, [OTHER])
