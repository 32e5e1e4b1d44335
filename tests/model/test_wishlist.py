"""What may stand on a shared wishlist: dates, and first names at most."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalage.model import wishlist as rules
from etalage.model.errors import Refused
from etalage.model.wishlist import KEPT, LONGEST, MOST_JOINS, Join, Wishlist
from tests.make import NOON, at

LIST = Wishlist(site="linde", performances=("a", "b", "c"), made=NOON, expires=NOON + KEPT, secret="x")


def code_of(act) -> str:
    with pytest.raises(Refused) as no:
        act()
    return no.value.code


def test_a_snapshot_keeps_the_order_and_each_date_once():
    assert rules.snapshot(["b", "a", "b"]) == ("b", "a")


def test_a_list_is_neither_empty_nor_endless():
    assert code_of(lambda: rules.snapshot([])) == "list_empty"
    assert len(rules.snapshot(map(str, range(LONGEST)))) == LONGEST
    assert code_of(lambda: rules.snapshot(map(str, range(LONGEST + 1)))) == "list_too_long"
    assert (
        code_of(lambda: rules.snapshot(["x" * 201])) == code_of(lambda: rules.snapshot([""])) == "performance_unknown"
    )


def test_a_list_outlives_its_last_date_by_two_months():
    last = at("2027-05-30 20:00")
    assert rules.expiry(NOON, [at("2026-12-05 20:00"), last]) == last + timedelta(days=60)
    assert rules.expiry(NOON, []) == NOON + timedelta(days=60)
    assert rules.expiry(NOON, [at("2020-01-01 20:00")]) == NOON + timedelta(days=60)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ann", "Ann"), ("  Jean   Pierre ", "Jean Pierre"), ("Anne-Marie", "Anne-Marie"), ("D’Arcy", "D’Arcy"), ("Zoe\u0308", "Zoë"),
        ("", ""), (" \u200b\u202e ", ""), ("An\u0000n\u202e", "Ann"), ("An\nn", "An n"), ("Nguyễn", "Nguyễn"), ("Ольга", "Ольга"),
        ("محمد", "محمد"), ("李", "李"), ("J.P.", "J.P."),
    ],
)  # fmt: skip
def test_a_first_name_is_cleaned(written, shown):
    assert rules.first_name(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "ann@example.be", "0470 12 34 56", "<b>Ann</b>", "https://x.example", "Ann; drop table", "=cmd()", "A" * 31, "R2D2", "{{7*7}}",
        "An\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "Jan Piet Joris Korneel", "😀", "--", "'", "Ann/../x", "a" * 100_000,
    ],
)  # fmt: skip
def test_what_is_more_than_a_first_name_is_refused(written):
    assert code_of(lambda: rules.first_name(written)) == "name_refused"


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_short_line_of_letters_or_refused(text):
    try:
        name = rules.first_name(text)
    except Refused:
        return
    assert len(name) <= 30 and not set(name) & set('<>&"@/=+\\{}[]0123456789\n\r\t\0\u202e\u200b')
    assert rules.first_name(name) == name


def test_a_friend_joins_what_is_on_the_list_and_changes_it_later():
    one = rules.with_join(LIST, "k1", ["c", "a", "not on it"], "Ann")
    assert one.joins == (Join("k1", ("c", "a"), "Ann"),)
    two = rules.with_join(rules.with_join(one, "k2", ["b"], ""), "k1", ["b"], "Anna")
    assert two.joins == (Join("k2", ("b",)), Join("k1", ("b",), "Anna"))
    assert rules.without_join(two, "k2").joins == (Join("k1", ("b",), "Anna"),)
    assert rules.without_join(two, "nobody") == two


def test_a_tick_needs_a_date_and_a_place():
    assert code_of(lambda: rules.with_join(LIST, "k", ["z"], "Ann")) == "join_empty"
    full = LIST
    for number in range(MOST_JOINS):
        full = rules.with_join(full, f"k{number}", ["a"], "")
    assert code_of(lambda: rules.with_join(full, "one more", ["a"], "")) == "list_full"
    assert len(rules.with_join(full, "k7", ["b"], "").joins) == MOST_JOINS


def test_a_document_comes_back_as_it_was():
    one = rules.with_join(LIST, "k", ["a"], "Zoë")
    assert rules.decode(rules.encode(one)) == one
