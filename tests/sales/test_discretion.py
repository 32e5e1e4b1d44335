"""A house's own words stay in the house: the visitor hears ours, staff read theirs, and nobody reads who bought."""

import logging
from pathlib import Path

import pytest

from etalage.model.checkout import Part, State
from etalage.model.errors import Refused, Unavailable
from etalage.sales import discretion
from tests.sales.world import BUYER, World

OWN = "pretix refuses a sale of jazz: {'email': ['an@voorbeeld.test is blocked'], 'name': ['An Voorbeeld'], 'secret': 'k3x9mq2vfw8zt4hbn7ra'}"


def refusal() -> Refused:
    return Refused("house_refused", OWN, where="jazz", detail={"field": "An"})


def test_a_house_that_refuses_is_quoted_in_the_log_and_nowhere_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    world = World(tmp_path)
    world.houses["brug"].always["hold"] = refusal()
    world.basket()
    with caplog.at_level(logging.DEBUG):
        ended = world.saga.run("co1")
    assert (ended.state, ended.code, ended.say) == (State.UNDONE, "house_refused", discretion.SAY)
    assert not ended.detail and "pretix" not in repr(ended)
    assert "brug refuses" in caplog.text and "pretix refuses a sale of jazz" in caplog.text
    assert "voorbeeld.test" not in caplog.text and "k3x9" not in caplog.text


def test_a_house_that_refuses_after_paying_does_not_name_the_buyer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    world = World(tmp_path)
    world.houses["brug"].always["confirm"] = refusal()
    world.basket()
    world.saga.run("co1")
    world.pay()
    with caplog.at_level(logging.DEBUG):
        ended = world.saga.run("co1")
    assert ended.share("brug").state is Part.REFUNDED and ended.share("brug").say == discretion.SAY
    assert "brug refuses" in caplog.text
    for personal in (BUYER.email, *BUYER.name.split(), "k3x9"):
        assert personal not in caplog.text
    world.audit()


def test_what_is_said_in_words_of_ours_is_said_as_it_is() -> None:
    for error in (Refused("sold_out", "There are not so many places left."), Unavailable("house_busy", "later")):
        assert discretion.for_visitors(error) is error
