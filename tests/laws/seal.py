"""The laws of etalage/ports/seal.py as tests."""

from collections.abc import Callable, Sequence

import pytest

from etalage.model.errors import Refused
from etalage.ports.seal import Seal

NUMBER, OTHER = "0900000067513", "0900000067514"
Make = Callable[[Sequence[str]], Seal]


class Laws:
    """Bind it: a fixture `make` that gives a seal of secret words."""

    def test_1_what_was_closed_can_be_opened(self, make: Make) -> None:
        closed = make(["old"]).close(NUMBER)
        assert make(["old"]).open(closed) == make(["new", "old"]).open(closed) == NUMBER

    def test_1_by_nobody_else(self, make: Make) -> None:
        closed = make(["old"]).close(NUMBER)
        for other, word in (("new", closed), ("old", closed[:-6] + "AAAA=="), ("old", ""), ("old", NUMBER)):
            with pytest.raises(Refused) as no:
                make([other]).open(word)
            assert no.value.code == "seal_broken" and NUMBER not in str(no.value)

    def test_2_closed_twice_it_does_not_look_the_same(self, make: Make) -> None:
        seal = make(["old"])
        assert seal.close(NUMBER) != seal.close(NUMBER)

    def test_3_a_mark_tells_one_from_another_and_nothing_else(self, make: Make) -> None:
        seal = make(["old"])
        assert seal.mark(NUMBER) == make(["old"]).mark(NUMBER) != seal.mark(OTHER)
        assert seal.mark(NUMBER) != make(["new"]).mark(NUMBER)
        for word in (seal.close(NUMBER), seal.mark(NUMBER)):
            assert NUMBER not in word and NUMBER[-5:] not in word
