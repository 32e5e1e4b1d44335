"""A visitor of the functions, without a network: requests go straight to the ASGI app."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx


class Visitor:
    """Asks an app from an address; redirects are not followed."""

    def __init__(self, app: Any, client: str = "127.0.0.1") -> None:
        self.app, self.client = app, client

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("POST", path, **more)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def there_and_back() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(self.client, 123))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                return await client.request(method, path, **more)

        # In a thread of its own: after a browser test, this one still has Playwright's event loop running.
        with ThreadPoolExecutor(max_workers=1) as errand:
            return errand.submit(asyncio.run, there_and_back()).result()
