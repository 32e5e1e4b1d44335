"""One DynamoDB table of documents: its keys, conditions and errors, and the only place that knows boto3.

A document is one item: `id` (its partition), `kind` (its sort key), `value`, `version`, and where given `due` and `expires` in
microseconds since 1970. The index `due` (by kind, in order of `due`) holds only items that have a `due`. What a newcomer would
get wrong: `ttl` is house-keeping, done within days; what has expired is decided by our clock, in every condition.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError

from etalage.adapters._record_rules import moment, stamp
from etalage.model.errors import Stale, Unavailable
from etalage.ports.records import ABSENT, ANY, Change, Check, Key, Put, Record

Item = dict[str, Any]
"""An item or a request as boto3 wants it: names to {"S": …}, {"N": …} or {"B": …}."""

LONGEST_SORT_KEY = 1024
"""Bytes; a partition key has 2,048, in which any id fits."""
LEFT_LYING = 86_400
"""Seconds from expiry to `ttl`: Amazon's clock is not ours."""
_NAMES = {"#id": "id", "#version": "version", "#expires": "expires"}
_PASSING = {
    "TransactionConflict", "TransactionConflictException", "ThrottlingError", "ThrottlingException", "Throttling",
    "ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
}  # fmt: skip
_OURS = {"ValidationException", "ValidationError", "SerializationException", "IdempotentParameterMismatchException"}


class Busy(Exception):
    """Somebody else is at it, or too much is asked at once. Nothing was done."""


class Doubt(Exception):
    """No answer: it was done, or is being done, or never will be."""


def connect(region: str = "", endpoint: str = "") -> Any:
    """A client for all threads of this process; credentials are found as boto3 does.

    Without a region it is as boto3 finds it. It tries once: botocore's own tries would multiply with ours, and a try that
    went unanswered would look like a first one that found the document changed.
    """
    once = {"mode": "standard", "total_max_attempts": 1}
    config = Config(connect_timeout=1, read_timeout=5, retries=once, max_pool_connections=64, tcp_keepalive=True)
    return boto3.session.Session().client("dynamodb", region or None, endpoint_url=endpoint or None, config=config)


def create(client: Any, name: str) -> None:
    """Make the table, paid per request, and let what has long expired be taken away."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "kind", "AttributeType": "S"},
            {"AttributeName": "due", "AttributeType": "N"},
        ],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "kind", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "kind", "KeyType": "HASH"},
                    {"AttributeName": "due", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 2})
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})


def call(client: Any, verb: str, request: Mapping[str, Any]) -> Any:
    """Ask once. Stale, Busy, Doubt or Unavailable; a request that DynamoDB does not understand is a bug, and raises as one."""
    try:
        return getattr(client, verb)(**request)
    except ClientError as error:
        raise _told(error, request) from error
    except HTTPClientError as error:
        raise Doubt(str(error)) from error
    except ParamValidationError:
        raise
    except BotoCoreError as error:  # no credentials, no region
        raise _silent(error) from error


def _told(error: ClientError, request: Mapping[str, Any]) -> Exception:
    code = str(error.response["Error"]["Code"])
    reasons = [str(reason.get("Code")) for reason in error.response.get("CancellationReasons", ())]
    if "ConditionalCheckFailed" in reasons:
        (action,) = request["TransactItems"][reasons.index("ConditionalCheckFailed")].values()
        key = action.get("Key") or action["Item"]
        where = f"{key['kind']['S']} {key['id']['S']}"
        return Stale("record_stale", "somebody was first: read it again", where=where)
    told = {code, *reasons}
    if told & _PASSING:
        return Busy(code)
    # 5xx: "the request may have been done" (Error handling with DynamoDB); InProgress: an earlier try of ours still runs.
    if error.response["ResponseMetadata"].get("HTTPStatusCode", 0) >= 500 or code == "TransactionInProgressException":
        return Doubt(code)
    return error if told & _OURS else _silent(error)


def _silent(error: Exception) -> Unavailable:
    return Unavailable("records_unavailable", f"the records cannot be used now: {error}")


def key_of(key: Key) -> Item:
    """The primary key of a document. A kind too long for a sort key stands there by its digest."""
    kind, id = key
    short = kind if len(kind.encode()) <= LONGEST_SORT_KEY else f"sha256 {sha256(kind.encode()).hexdigest()}"
    return {"id": {"S": id}, "kind": {"S": short}}


def id_of(item: Item) -> str:
    """The id in an item or a key."""
    return str(item["id"]["S"])


def version_of(item: Item | None) -> int:
    """The version that is written there, expired or not."""
    return int(item["version"]["N"]) if item else ABSENT


def read(key: Key, item: Item | None, now: int) -> Record | None:
    """The document in an item, if it has not expired."""
    if not item or ("expires" in item and int(item["expires"]["N"]) <= now):
        return None
    due, expires = (moment(int(item[name]["N"])) if name in item else None for name in ("due", "expires"))
    return Record(*key, bytes(item["value"]["B"]), version_of(item), due, expires)


def action(table: str, change: Change, version: int, now: int) -> Item | None:
    """A change as an action of TransactWriteItems; None for one that neither writes nor checks."""
    condition = {"TableName": table, **_condition(change.expect, now)}
    if isinstance(change, Put):
        return {"Put": {"Item": _item(change, version), **condition}}
    if isinstance(change, Check):
        return (
            None if change.expect == ANY else {"ConditionCheck": {"Key": key_of((change.kind, change.id)), **condition}}
        )
    return {"Delete": {"Key": key_of((change.kind, change.id)), **condition}}


def _item(put: Put, version: int) -> Item:
    item = {**key_of((put.kind, put.id)), "value": {"B": put.value}, "version": _number(version)}
    if put.due is not None:
        item["due"] = _number(stamp(put.due))
    if put.expires is not None:
        expires = stamp(put.expires)
        item |= {"expires": _number(expires), "ttl": _number(expires // 1_000_000 + LEFT_LYING)}
    return item


def _condition(expect: int, now: int) -> Item:
    if expect == ANY:
        return {}
    if expect == ABSENT:
        text, values = "attribute_not_exists(#id) OR #expires <= :now", {":now": _number(now)}
    else:
        text = "#version = :version AND (attribute_not_exists(#expires) OR #expires > :now)"
        values = {":now": _number(now), ":version": _number(expect)}
    names = {name: to for name, to in _NAMES.items() if name in text}
    return {"ConditionExpression": text, "ExpressionAttributeNames": names, "ExpressionAttributeValues": values}


def _number(number: int) -> Item:
    return {"N": str(number)}
