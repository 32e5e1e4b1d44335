"""The same app on AWS Lambda: API Gateway's events go in, its answers come out, and a ticket is sold."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from commands import cloud
from functions.on_lambda import serve
from tests.functions.test_sale import BRUG, BUYER, KEY, LINDE, Till, till  # noqa: F401
from tests.sales.world import PRICE


def event(
    method: str, path: str, body: Any = None, *, stage: str = "$default", client: str = "192.0.2.7", query: str = "", **headers: str
) -> dict[str, Any]:  # fmt: skip
    """What an HTTP API sends (payload 2.0): no cookies, as we set none, and the body in base64."""
    there = path if stage == "$default" else f"/{stage}{path}"
    made: dict[str, Any] = {
        "version": "2.0", "routeKey": "$default", "rawPath": there, "rawQueryString": query,
        "headers": {"Host": "regio.test", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443", "Content-Type": "application/json"} | headers,
        "requestContext": {
            "accountId": "123456789012", "apiId": "api", "domainName": "regio.test", "requestId": "r", "routeKey": "$default", "stage": stage,
            "http": {"method": method, "path": there, "protocol": "HTTP/1.1", "sourceIp": client, "userAgent": "browser"},
        },
        "isBase64Encoded": False,
    }  # fmt: skip
    if body is not None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        made |= {"body": b64encode(content).decode(), "isBase64Encoded": True}
    return made


class Gateway:
    """Asks the function as API Gateway does."""

    def __init__(self, till: Till) -> None:
        self.handler = serve(till.visitor.app)

    def ask(self, *what: Any, **how: Any) -> tuple[int, Any, dict[str, str]]:
        answer = self.handler(event(*what, **how), None)
        body = b64decode(answer["body"]).decode() if answer["isBase64Encoded"] else answer["body"]
        kind = answer["headers"].get("content-type", "")
        return answer["statusCode"], json.loads(body) if body and "json" in kind else body, answer["headers"]


@pytest.fixture
def gateway(till: Till) -> Gateway:
    return Gateway(till)


@pytest.mark.parametrize("stage", ["$default", "prod", "api"])
def test_from_a_price_to_tickets(till: Till, gateway: Gateway, stage: str) -> None:
    lines = [{"performance": LINDE, "quantity": 2}, {"performance": BRUG}]
    status, quote, _ = gateway.ask("POST", "/api/quote", {"lines": lines}, stage=stage)
    assert (status, quote["total"]) == (200, 3 * PRICE)
    status, order, headers = gateway.ask("POST", "/api/checkout", {"lines": lines, "buyer": BUYER}, stage=stage, **KEY)
    assert status == 201 and headers["cache-control"] == "no-store" and "strict-transport-security" in headers
    assert headers["location"] == f"https://regio.test/api/orders/{order['order']}"
    id = order["pay_url"].rpartition("/")[2]
    form = urlencode({"act": "pay", "tell": "once"}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, headers = gateway.ask("POST", f"/sandbox/{id}", form, stage=stage, **kind)
    assert status == 303 and headers["location"] == f"https://regio.test/order/{order['order']}"
    ((_, signed, call),) = till.world.calls
    assert gateway.ask("POST", "/api/payments/sandbox/webhook", call, stage=stage, **signed)[0] == 200
    _, seen, _ = gateway.ask("GET", f"/api/orders/{order['order']}", stage=stage)
    assert seen["state"] == "done" and [len(line["tickets"]) for line in seen["lines"]] == [2, 1]
    _, free, _ = gateway.ask("GET", "/api/availability", stage=stage, query=urlencode([("p", LINDE), ("p", BRUG)]))
    assert (free[LINDE]["free"], free[BRUG]["free"]) == (3, 4)


def test_limits_count_the_address_that_the_gateway_saw(gateway: Gateway) -> None:
    forwarded = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(61)]
    answers = [gateway.ask("GET", "/api/orders/x", **one) for one in forwarded]
    assert [answers[0][0], answers[-1][0]] == [404, 429] and answers[-1][2]["retry-after"]
    assert gateway.ask("GET", "/api/orders/x", client="192.0.2.8")[0] == 404


def test_a_refusal_is_a_problem_there_too(gateway: Gateway) -> None:
    status, told, headers = gateway.ask("POST", "/api/quote", {"lines": [], "price": 1})
    assert (status, told["code"], headers["content-type"]) == (422, "body_wrong", "application/problem+json")


def test_a_path_that_only_begins_like_the_stage_is_left_whole(gateway: Gateway) -> None:
    asked = event("GET", "/api/health")
    asked["requestContext"]["stage"] = "ap"
    assert gateway.handler(asked, None)["statusCode"] == 200


def test_the_shop_opens_at_the_first_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETALAGE_ROOT", str(tmp_path))
    cloud._shop.cache_clear()
    answers = [cloud.handler(event("GET", f"/api/{name}"), None) for name in ("health", "search", "availability")]
    assert [one["statusCode"] for one in answers] == [200, 503, 503]
    cloud._shop.cache_clear()
