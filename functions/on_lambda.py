"""The same app on AWS Lambda, behind API Gateway (HTTP API, payload 2.0) or a function's own address. commands/cloud.py opens it."""

from collections.abc import Callable, Mapping
from typing import Any

from mangum import Mangum
from starlette.applications import Starlette

TEXT = ["text/", "application/json", "application/problem+json", "application/xml", "application/manifest+json"]
"""What goes out as it is; all else in base64."""

Handler = Callable[[dict[str, Any], Any], Mapping[str, Any]]


def serve(app: Starlette) -> Handler:
    """What Lambda calls. The client that limits count is the address that API Gateway saw.

    A stage's name stands before the path only at API Gateway's own address, which is for looking at /api: links that visitors
    follow are made for a domain, where the path begins with ours.
    """
    made: dict[str, Mangum] = {}

    def handler(event: dict[str, Any], context: Any) -> Mapping[str, Any]:
        asked = event["requestContext"]
        stage = f"/{asked.get('stage', '$default')}"
        base = stage if f"{asked['http']['path']}/".startswith(f"{stage}/") else "/"
        known = made.setdefault(base, Mangum(app, lifespan="off", api_gateway_base_path=base, text_mime_types=TEXT))
        answer: Mapping[str, Any] = known(event, context)
        return answer

    return handler
