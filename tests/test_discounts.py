"""The `[[discounts]]` tables of a house.toml: each mistake is named, with what to write instead."""

from pathlib import Path

import msgspec
import pytest

from etalage.discounts import DiscountSettings, examine
from etalage.model.errors import Refused

HERE = Path("content/houses/linde/house.toml")
UITPAS = {"system": "uitpas", "client_env": "UITPAS_CLIENT", "secret_env": "UITPAS_SECRET"}
CARD = {"system": "card", "name": "Leeskaart", "begins": "55", "digits": 10, "percent": 15}


def settings(**given: object) -> DiscountSettings:
    return msgspec.convert(given, DiscountSettings)


def test_tables_that_are_right_stay_as_they_are() -> None:
    given = [settings(**UITPAS, mode="live"), settings(**CARD)]
    assert examine(given, HERE) == tuple(given) and examine([], HERE) == ()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([{"system": "museumpas"}], "uitpas, card"),
        ([{"system": "uitpas"}], "client_env and secret_env"),
        ([UITPAS | {"mode": "proef"}], "test, live"),
        ([UITPAS | {"mode": "live", "url_env": "UITPAS_URL"}], "test mode only"),
        ([UITPAS | {"secret_env": "s3cr3t-zelf!"}], "never the secret itself"),
        ([UITPAS | {"percent": 20}], "UiTPAS itself says"),
        ([CARD | {"name": ""}], "name is missing"),
        ([CARD | {"begins": "5x"}], "begins and digits"),
        ([CARD | {"digits": 2}], "begins and digits"),
        ([CARD | {"percent": 0}], "from 1 to 100"),
        ([CARD | {"most": 0}], "1 or more"),
        ([CARD, CARD], "each system once"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(given: list[dict[str, object]], says: str) -> None:
    with pytest.raises(Refused) as no:
        examine([settings(**one) for one in given], HERE)
    assert no.value.code == "settings_wrong" and says in no.value.say and no.value.where == str(HERE)
    assert "s3cr3t" not in str(no.value)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="korting"):
        settings(**CARD, korting=3)
