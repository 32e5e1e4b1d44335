"""Whatever is sent to /api, the answer is one that its description has, and never a fault of ours (reliability A36).

The app is the real one, in memory, over the golden region with one house that sells its own places. The requests are drawn by
schemathesis from the description, valid ones and broken ones, always the same unless asked otherwise: ETALAGE_FUZZ=2000 draws so
many for each way and kind, from a seed of its own that is printed (docs/reference/api.md).
"""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.applications import Starlette

from etalage import wiring
from etalage.adapters.fernet_seal import FernetSeal
from etalage.adapters.local_discounts import Card, LocalDiscounts
from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.config import Workspace
from etalage.model.basket import house_of
from etalage.model.errors import Refused
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.sales.admission import Admission
from etalage.sales.counter import Counter
from etalage.sales.pass_notes import Notes
from etalage.sales.passes import Passes
from etalage.sales.quote import Quotes
from etalage.sales.saga import Saga
from etalage.sales.wishlists import Wishlists
from functions import openapi
from functions.app import make_app
from functions.letterbox import Limits
from functions.links import ORDER, Links
from functions.sale import Sale
from tests.make import at
from tests.sales.opening import peak_of
from tests.shop import ROOT, Shop
from tests.visitor import Visitor

MANY = int(os.environ.get("ETALAGE_FUZZ", "0"))
SEED = SystemRandom().randrange(1 << 32) if MANY else 4
NOW = at("2026-11-22 12:00")
QUEUE = peak_of(opens=NOW, doors=NOW, until=NOW + timedelta(hours=1))
"""Of a house that sells nothing here: nobody else waits."""
KINDS = {"any": GenerationMode.POSITIVE, "known": GenerationMode.POSITIVE, "broken": GenerationMode.NEGATIVE}
"""As described; with ids and tokens that exist; and with something wrong in it."""
WAYS = [
    (way, kind)
    for way in openapi.WAYS
    for kind in KINDS
    if kind != "broken" or way.takes or any(asked["in"] == "query" for asked in way.asks)
]


CARD = Card(name={"nl": "Ledenkaart"}, begins="77", digits=10, percent=25, most=50)
NUMBERS = ["7712345672", "7712345671", "", "0900000067513"]


class Market:
    """The app over the golden region, where one house sells the first of its dates; `words` are ids and tokens that exist."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.records = SqliteRecords(folder / "records.sqlite", lambda: NOW)
        items = json.loads((shop.output / "foelie" / "shelf.json").read_text("utf-8"))["items"]
        coming = [
            id
            for id, item in items.items()
            if item.get("start", "") > "2026-12" and not item.get("off") and house_of(id) == "foelie"
        ]
        rank, rate = Rank(id="zaal", capacity=100_000), Rate(id="basis", prices={"zaal": Money(1500)})
        offers = {id: Offering(performance=id, ranks=(rank,), rates=(rate,)) for id in coming[:3]}
        house = LocalTicketing("foelie", self.records, offers.get, lambda: NOW, os.urandom)
        sandbox = SandboxPayments(
            self.records, lambda: NOW, os.urandom, b"s", "http://127.0.0.1:8000/sandbox/", lambda *_: None
        )
        self.pool = ThreadPoolExecutor(2)

        def houses(name: str) -> LocalTicketing:
            if name != "foelie":
                raise Refused("not_sold_here", "This house sells on its own page.", where=name[:100])
            return house

        card = LocalDiscounts("foelie", CARD, self.records, b"key", lambda: NOW, os.urandom)
        passes = Passes(
            Notes(self.records, lambda: NOW), {"foelie": {"card": card}}, FernetSeal(["secret"]), os.urandom
        )
        saga = Saga(self.records, houses, {"sandbox": sandbox}, lambda: NOW, lambda _: self.pool, passes=passes)
        quotes, links = Quotes(houses, lambda _: self.pool, passes.notes), Links(["secret"])
        counter = Counter(self.records, quotes, saga, lambda: NOW, os.urandom, partial(links.sign, ORDER))
        sale = Sale(
            quotes=quotes, counter=counter, saga=saga, houses=houses, providers=saga.providers, provider="sandbox", links=links, sandbox=sandbox,
            room=Admission(self.records, [QUEUE], lambda: NOW, os.urandom, str, str),
        )  # fmt: skip
        workspace = Workspace.at(ROOT, output=shop.output, var=shop.folder / "var")
        lists = Wishlists(self.records, lambda: NOW, os.urandom)
        self.app = make_app(shop.output, lists=lists, desk=wiring.desk(workspace, lambda: NOW), sale=sale)
        self.app.state.limits = Limits(b"key", partial(next, count(step=1000)))  # a client who takes their time
        self.words = {"performance": list(offers), **_tokens(Visitor(self.app), coming[0])}

    def description(self, *, known: bool) -> dict[str, Any]:
        """What the app says of itself; `known`: with words that exist in place of any words."""
        told: dict[str, Any] = Visitor(self.app).get("/api/openapi.json").json()
        if not known:
            return told
        ids = {"enum": self.words["performance"]}
        shapes = {name: shape.get("properties", {}) for name, shape in told["components"]["schemas"].items()}
        shapes["LineSent"] |= {
            "performance": ids,
            "tariff": {"enum": ["", "zaal.basis", "zaal.weg"]},
            "seats": {"type": "array", "maxItems": 0},
        }
        shapes["LineSent"]["quantity"] |= {"minimum": 1, "maximum": 4}
        shapes["LineSent"]["quote"] = {
            "enum": [""]
        }  # nearly every draw would be refused: stories know what a quote gives
        shapes["PassBody"] |= {"performance": ids, "tariff": {"enum": ["", "zaal.basis"]}, "number": {"enum": NUMBERS}}
        shapes["Who"] |= {"email": {"enum": ["an@voorbeeld.test"]}, "name": {"enum": ["An", "An Voorbeeld"]}}
        shapes["CheckoutBody"]["language"] = {"enum": ["nl", "fr", "en", "de"]}
        shapes["JoinBody"]["name"] = {"enum": ["", "An", "Jean-Luc"]}
        for name in ("MakeBody", "JoinBody"):
            shapes[name]["performances"] |= {"items": ids, "minItems": 1}
        shapes["MakeBody"]["site"] = {"enum": ["foelie"]}
        for path, ways in told["paths"].items():
            for asked in (asked for way in ways.values() for asked in way.get("parameters", ())):
                words = {
                    "enum": self.words.get(
                        {"token": path.split("/")[2], "p": "performance"}.get(asked["name"], asked["name"]), []
                    )
                }
                if words["enum"]:
                    asked["schema"] = {"type": "array", "items": words} if asked["name"] == "p" else words
        return told


def _tokens(visitor: Visitor, performance: str) -> dict[str, list[str]]:
    body = {"lines": [{"performance": performance}], "buyer": {"email": "an@voorbeeld.test", "name": "An"}}
    order = visitor.post("/api/checkout", json=body, headers={"idempotency-key": "a-key-of-a-browser"})
    wishlist = visitor.post("/api/wishlists", json={"performances": [performance]})
    assert (order.status_code, wishlist.status_code) == (201, 201), order.text + wishlist.text
    return {
        "orders": [order.json()["order"]],
        "wishlists": [wishlist.json()["token"]],
        "provider": ["sandbox"],
        "room": [QUEUE.id],
        "site": ["foelie", "langsdeelve"],
        "language": ["nl"],
    }


@pytest.fixture(scope="module")
def market(golden_region: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    made = Market(golden_region, tmp_path_factory.mktemp("market"))
    yield made
    made.pool.shutdown()
    made.records.close()


def examine(app: Starlette, description: dict[str, Any], way: openapi.Way, mode: GenerationMode, many: int) -> set[int]:
    """Ask one way so often and hold each answer to the description; the statuses that came."""
    schema = schemathesis.openapi.from_dict(description)
    schema.app = app
    drawn = schema[f"/api{way.path}"][way.method.upper()].as_strategy(mode)
    seen = set()

    @seed(SEED)
    @settings(
        max_examples=many,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=drawn)
    def ask(case: Any) -> None:
        answer = case.call()
        seen.add(answer.status_code)
        # What is too long to read is refused as that, whatever else is wrong with it: the check does not know 413.
        unread = [negative_data_rejection] if answer.status_code == 413 else []
        case.validate_response(answer, excluded_checks=[positive_data_acceptance, *unread])

    ask()
    return seen


def expected(way: openapi.Way) -> int:
    """What comes of words that exist; without a secret or a signature nothing is removed or believed."""
    if way.path == "/waiting":  # no session, no turn
        return 403
    return {"delete": 403}.get(way.method, 400 if way.path.endswith("/webhook") else way.status)


@pytest.mark.timeout(0 if MANY else 120)
@pytest.mark.parametrize(("way", "kind"), WAYS, ids=[f"{way.method} {way.path} {kind}" for way, kind in WAYS])
def test_every_answer_is_one_that_is_described(market: Market, way: openapi.Way, kind: str) -> None:
    print(f"seed {SEED}")
    seen = examine(market.app, market.description(known=kind == "known"), way, KINDS[kind], MANY or 15)
    assert seen and not any(status >= 500 for status in seen)
    assert kind != "known" or expected(way) in seen, f"it never came so far: {seen}"


@pytest.mark.parametrize("what", ["status", "field"])
def test_an_answer_that_is_not_described_is_noticed(market: Market, what: str) -> None:
    told = market.description(known=True)
    (way,) = [one for one in openapi.WAYS if one.path == "/quote"]
    if what == "status":
        told["paths"]["/api/quote"]["post"]["responses"] = {"201": {"description": "made"}}
    else:
        shape = told["components"]["schemas"]["QuoteTold"]
        shape["required"].remove("fees")
        del shape["properties"]["fees"]
    with pytest.raises(FailureGroup):
        examine(market.app, told, way, GenerationMode.POSITIVE, 15)
