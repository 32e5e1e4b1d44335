"""A second pair of hands: nothing is done twice, nothing is left, and what breaks there is told here."""

import os
import time

import pytest

from etalage import hands

pytestmark = pytest.mark.skipif(not hands.are_there(), reason="this system cannot fork safely")


def tear_all(roll: hands.Roll, pause: float = 0) -> int:
    """Tear until there are none, resting `pause` seconds after each."""
    torn = 0
    while roll.tear():
        torn += 1
        time.sleep(pause)
    return torn


def test_both_do_their_own_part_and_both_are_told():
    mine, theirs = hands.in_two(os.getpid, os.getpid)
    assert mine == os.getpid() != theirs


def test_what_breaks_in_the_second_process_is_raised_in_the_first():
    def breaks() -> None:
        raise ValueError("no such hall")

    with pytest.raises(ValueError, match="no such hall"):
        hands.in_two(lambda: None, breaks)


def test_a_second_process_that_dies_is_missed():
    with pytest.raises(hands.HandsBroken):
        hands.in_two(lambda: None, lambda: os._exit(9))


def test_of_one_roll_each_ticket_is_torn_once():
    roll = hands.Roll(1000)
    mine, theirs = hands.in_two(lambda: tear_all(roll), lambda: tear_all(roll))
    roll.close()
    assert mine + theirs == 1000


def test_the_quick_one_does_more_so_that_neither_waits():
    roll = hands.Roll(60)
    slow, quick = hands.in_two(lambda: tear_all(roll, 0.02), lambda: tear_all(roll, 0.001))
    roll.close()
    assert slow < quick
