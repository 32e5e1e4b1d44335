"""What we ask of UiTPAS, and what the simulator answers, stands in publiq's own description; and each test pass answers as its row says."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from demo.uitpas.region import CardSystem, Client, Coupon, Event, Organizer, Pass, Region, Social
from demo.uitpas.simulator import PROBS, Uitpas
from demo.uitpas.wire import Exchange, UitpasWire
from etalage.model.errors import EtalageError
from tests.adapters.payment_contracts import data, faults, path_of
from tests.adapters.stripe_lab import Line, line
from tests.adapters.uitpas_lab import (
    BLOCKED,
    CONCERT,
    COUPONS,
    EXPIRED,
    FOREIGN,
    GROUP,
    NOBODYS,
    PLAY,
    REGULAR,
    SUSPENDED,
    UNKNOWN,
    UitpasLab,
)  # fmt: skip
from tests.laws.discounts import REGULAR as PRICE
from tests.laws.discounts import claim

SPEC, ERRORS, PASSES = (
    f"../publiq/{name}" for name in ("openapi/uitpas-api-4.0.bundled.json", "uitpas/error-types.json", "uitpas/test-dataset.json")
)  # fmt: skip


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture(scope="module")
def seen(wire: Line) -> list[Exchange]:
    """Everything that we ever ask, and all that it can refuse."""
    lab = UitpasLab(wire)
    system = lab.discounts()
    one, group = claim(lab, system), claim(lab, system, GROUP, PLAY)
    made = system.register([one, group, group])
    system.lookup([one, group], lab.now)
    list(system.sold(CONCERT))
    for sale in (made[0].id, made[0].id):
        system.cancel(sale)
    system.examine()
    system.examine(CONCERT)
    claims = [
        replace(one, number=number) for number in (EXPIRED, SUSPENDED, BLOCKED, UNKNOWN, NOBODYS, REGULAR, "0900")
    ]
    claims += [replace(one, event="nothing"), replace(one, event=FOREIGN), replace(one, entitlement="COUPON9")]
    for wrong in claims:
        for ask in (system.register, lambda claims: system.entitlements(claims[0].event, PRICE, claims[0].number)):
            try:
                ask([wrong])
            except EtalageError:
                continue
    lab.mood("busy", "forbidden", "broken")
    for _ in range(3):
        with pytest.raises(EtalageError):
            system.entitlements(CONCERT, PRICE, COUPONS)
    return lab.wire.seen


def _schema(content: Any) -> Any:
    found = next((one["schema"] for kind, one in content.items() if "json" in kind), None)
    return found and {**found, "components": data(SPEC)["components"]}


def test_every_request_is_described(seen: list[Exchange]) -> None:
    described = data(SPEC)["paths"]
    assert len(seen) > 25
    for asked in seen:
        verb = described[path_of(described, asked.path)][asked.method.lower()]
        known = {one["name"]: one for one in map(_resolved, verb.get("parameters", ())) if one["in"] == "query"}
        assert set(asked.query) <= set(known), asked.path
        assert {name for name, one in known.items() if one.get("required")} <= set(asked.query), asked.path
        if asked.body is not None:
            assert faults(_schema(verb["requestBody"]["content"]), asked.body) == []


def _resolved(parameter: Any) -> Any:
    if "$ref" not in parameter:
        return parameter
    found: Any = data(SPEC)
    for part in parameter["$ref"].lstrip("#/").split("/"):
        found = found[part]
    return found


def test_every_answer_is_described(seen: list[Exchange]) -> None:
    described = data(SPEC)["paths"]
    for asked in seen:
        verb = described[path_of(described, asked.path)][asked.method.lower()]
        if asked.status in (429, 500):  # of any server, and described at none of these
            continue
        answer = verb["responses"][str(asked.status)]
        if asked.answer is not None and "content" in answer:  # some are described in words alone
            assert faults(_schema(answer["content"]), asked.answer) == [], asked


def test_every_refusal_is_one_that_its_operation_gives(seen: list[Exchange]) -> None:
    known = {kind: one["usedBy"] for kind, one in data(ERRORS)["types"].items()}
    refusals = [one for one in seen if one.status in (400, 404)]
    assert len({one.answer["type"] for one in refusals}) > 6
    for one in refusals:
        used = known[one.answer["type"]]
        path = path_of(data(SPEC)["paths"], one.path)
        assert f"{one.method} {path} {one.status}" in used, (one.answer["type"], used)
    assert {one.answer["type"] for one in seen if one.status == 403} == {PROBS + "auth/forbidden"}


def test_each_pass_of_the_test_set_answers_as_its_row_says(wire: Line) -> None:
    given = data(PASSES)
    ids = {row["Name"]: row["ID"] for row in given["events"]}
    open_, limited, foreign = ids.values()
    (organizer,) = given["organizers"]
    lab = UitpasLab(wire)
    rows = [*given["passholders"], *({**row, "group": 50} for row in given["groupPasses"])]
    region = Region(
        systems=(CardSystem(1, "UiTPAS Gent"), CardSystem(2, "UiTPAS elders")),
        organizers=(Organizer(organizer["ID"], organizer["Name"], (1,)), Organizer("other", "Anderen", (1,))),
        clients=(Client("linde", "geheim", (organizer["ID"],)),), passes=tuple(map(_pass, rows)),
        events=(
            Event(open_, "Festiviteit", organizer["ID"], 100, "WEEK"), Event(limited, "Beperkt", organizer["ID"], 1, "WEEK"),
            Event(foreign, "Elders", "other"),
        ),
    )  # fmt: skip
    lab.uitpas = Uitpas(region, lambda: lab.now)
    lab.wire = UitpasWire(lab.uitpas)
    wire.app = lab.wire.app
    system = lab.discounts()
    for row in rows:
        number, social = row["UitpasNumber"], row["Social tariff"]
        assert system.reads(number) == number
        told = system.entitlements(open_, PRICE, number)
        active = row["Card status"] == "active" and social.startswith("yes") and "expired" not in social
        here = active and "other region" not in social
        assert [one.kind.value for one in told.entitlements] == (
            ["social"] if here else ["coupon"] if row["Coupons"] == "yes" else []
        ), row
        if social.startswith("yes") and not here:
            assert told.message.get("nl"), row
    kansen = "0900000067513"
    assert system.entitlements(limited, PRICE, kansen).entitlements[0].remaining == 1
    assert system.entitlements(open_, PRICE, kansen).entitlements[0].remaining == 100
    with pytest.raises(EtalageError):
        system.entitlements(foreign, PRICE, kansen)


def _pass(row: dict[str, Any]) -> Pass:
    social = row["Social tariff"]
    right = Social.EXPIRED if "expired" in social else Social.ACTIVE if social.startswith("yes") else Social.NONE
    coupons = (Coupon("COUPON1", "Bon", 500, 50),) if row["Coupons"] == "yes" else ()
    status = {"blocked": "BLOCKED"}.get(row["Card status"], "ACTIVE")
    return Pass(
        row["UitpasNumber"], 2 if "other region" in social else 1, right, coupons, row.get("group", 0) if right is Social.ACTIVE else 0,
        status, row["Card status"] != "unregistered",
    )  # fmt: skip
