"""Every answer carries the headers of etalage/model/headers.py; what a function says itself stays as it said it."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from etalage.model import headers


class Guard:
    """Around the whole app, so that no new function can forget it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                complete(scope, message)
            await send(message)

        await self.app(scope, receive, sending)


def complete(scope: Scope, message: Message) -> None:
    """Add what is not said yet."""
    said: list[tuple[bytes, bytes]] = message["headers"]
    known = {name for name, _ in said}
    page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in said)
    page = page and "site" in scope.get("path_params", {})  # what stands beside the sites has no rules to fetch
    root, path = place(scope["path"], scope.get("root_path", ""))
    for name, value in headers.of(path, root=root, secure=is_secure(scope), page=page).items():
        if name != "cache-control" and name.encode() not in known:  # the first is a function's own business: windows.py
            said.append((name.encode(), value.encode()))


def place(path: str, prefix: str = "") -> tuple[str, str]:
    """Where the site stands, and the path inside it: both of "/agenda/" on its own host and "/sites/linde/agenda/"."""
    parts = path.removeprefix(prefix).split("/", 3)
    if len(parts) == 4 and parts[1] == "sites":
        return f"{prefix}/sites/{parts[2]}/", parts[3]
    return f"{prefix}/", path.removeprefix(prefix).removeprefix("/")


def is_secure(scope: Scope) -> bool:
    """Whether the visitor came over https, perhaps to a server in front of us that says so."""
    return scope["scheme"] == "https" or Headers(scope=scope).get("x-forwarded-proto", "") == "https"
