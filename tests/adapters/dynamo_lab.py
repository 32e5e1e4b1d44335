"""A DynamoDB table for tests, and what goes wrong on the way to it.

What a newcomer would get wrong: no emulator ever says that two transactions are in each other's way, that too much is asked, or
loses an answer. `Faults` does, at the last moment before a request would leave, so that boto3 reads what it would from Amazon.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from random import Random
from threading import Lock
from typing import Any
from unittest import mock
from uuid import uuid4

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from etalage.adapters._dynamodb_table import connect, create
from etalage.adapters.dynamodb_records import DynamoRecords
from tests.laws.records import NOON
from tests.shop import ROOT

REGION = "eu-central-1"
NOBODY = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "NO_PROXY": "127.0.0.1",
}  # fmt: skip
"""So that a developer's own account is out of reach."""

Fault = Callable[[Any, Any], AWSResponse | None]
"""From a client and a request to another answer, or to a failure."""


def conflict(client: Any, request: Any) -> AWSResponse:
    many = len(json.loads(request.body)["TransactItems"])
    reasons = [{"Code": "TransactionConflict", "Message": "…"}, *[{"Code": "None"}] * (many - 1)]
    return refuse(request, "TransactionCanceledException", CancellationReasons=reasons)


def throttled(client: Any, request: Any) -> AWSResponse:
    return refuse(request, "ProvisionedThroughputExceededException")


def silence(client: Any, request: Any) -> None:
    """It never arrives."""
    raise ReadTimeoutError(endpoint_url=request.url)


def lost(client: Any, request: Any) -> None:
    """It arrives and is done; the answer does not come."""
    client._endpoint.http_session.send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def broken(client: Any, request: Any) -> AWSResponse:
    """It arrives and is done; the answer is that something went wrong."""
    client._endpoint.http_session.send(request)
    return answer(request, 500, {"__type": "InternalServerError"})


def running(client: Any, request: Any) -> AWSResponse:
    """The same token is still being worked on."""
    return refuse(request, "TransactionInProgressException")


def refuse(request: Any, code: str, **more: Any) -> AWSResponse:
    return answer(request, 400, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **more})


def answer(request: Any, status: int, body: Any) -> AWSResponse:
    response = AWSResponse(request.url, status, {"content-type": "application/x-amz-json-1.0"}, None)
    response._content = json.dumps(body).encode()
    return response


class Faults:
    """What happens to the next requests of a verb, and how many of each verb were made."""

    def __init__(self, client: Any) -> None:
        self.client, self.made, self._next, self._lock = client, [], {}, Lock()
        client.meta.events.register("before-send.dynamodb", self._meet)

    def clear(self) -> None:
        self.made.clear()
        self._next.clear()

    def come(self, verb: str, faults: Iterable[Fault | None]) -> None:
        """In this order; then none. `repeat(fault)` never ends."""
        self._next[verb] = iter(faults)

    def count(self, verb: str) -> int:
        return self.made.count(verb)

    def _meet(self, request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        verb = event_name.rpartition(".")[2]
        with self._lock:
            self.made.append(verb)
            fault = next(self._next.get(verb, iter(())), None)
        return fault(self.client, request) if fault else None


def now_and_then(seed: int, **shares: float) -> Iterable[Fault | None]:
    """Without end, by chance but always the same: `now_and_then(7, conflict=0.2)`."""
    rng, known = Random(seed), {"conflict": conflict, "throttled": throttled, "lost": lost, "broken": broken}
    while True:
        yield rng.choices([*(known[name] for name in shares), None], [*shares.values(), 1 - sum(shares.values())])[0]


def reach(url: str) -> Any:
    """A client of that server, as nobody in particular."""
    with mock.patch.dict(os.environ, NOBODY):
        return connect(REGION, url)


class DynamoLab:
    """A table of its own, with the clock that laws move. Its `ttl` is off: the server would go by the wall's clock."""

    def __init__(self, url: str, client: Any, faults: Faults) -> None:
        self.url, self.client, self.faults = url, client, faults
        self.now, self.table, self.waits = NOON, f"records-{uuid4().hex}", []
        create(client, self.table)
        client.update_time_to_live(
            TableName=self.table, TimeToLiveSpecification={"Enabled": False, "AttributeName": "ttl"}
        )
        faults.clear()

    def records(self, **more: Any) -> DynamoRecords:
        return DynamoRecords(self.client, self.table, lambda: self.now, **more)

    def hurried(self, **more: Any) -> DynamoRecords:
        """Records that write down how long they would wait."""
        return self.records(sleep=self.waits.append, **more)

    def tally_elsewhere(self, kind: str, id: str, turns: int, how: str = "tally") -> Callable[[], None]:
        code = ELSEWHERE.format(url=self.url, region=REGION, table=self.table, how=how, kind=kind, id=id, turns=turns)
        environment = os.environ | NOBODY | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)

        def wait() -> None:
            assert process.wait(timeout=100) == 0

        return wait


ELSEWHERE = """
from datetime import UTC, datetime
from etalage.adapters._dynamodb_table import connect
from etalage.adapters.dynamodb_records import DynamoRecords
from tests.adapters.dynamo_lab import count_up
from tests.laws.records import tally
records = DynamoRecords(connect("{region}", "{url}"), "{table}", lambda: datetime(2026, 11, 21, 11, tzinfo=UTC))
{how}(records, "{kind}", "{id}", {turns})
"""


def count_up(records: Any, kind: str, id: str, turns: int) -> None:
    """As `tally`, by `change`."""
    from etalage.ports.records import ANY, Put

    def decide(found: Any) -> Any:
        many = int(found[0].value) + 1 if found[0] else 1
        return [Put(kind=kind, id=id, value=b"%d" % many, expect=ANY)], None

    for _ in range(turns):
        records.change([(kind, id)], decide)
