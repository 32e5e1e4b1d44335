"""Every route as one ASGI app: the same locally, in a container, and on Lambda."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Host, Mount, Route, Router

from etalage.model.errors import EtalageError
from etalage.sales.wishlists import Wishlists
from etalage.search.desk import Desk
from functions import (
    answers,
    availability,
    checkout,
    dates,
    health,
    letterbox,
    openapi,
    orders,
    parcels,
    passes,
    payment_webhook,
    quote,
    reload,
    sandbox,
    search,
    search_page,
    tickets,
    till,
    waiting,
    windows,
    wishlist,
    wishlist_pages,
)  # fmt: skip
from functions.guard import Guard
from functions.sale import Sale
from functions.shelves import Shelves

Life = Callable[[Starlette], AbstractAsyncContextManager[None]]


def make_app(
    output: Path,
    *,
    lists: Wishlists | None = None,
    desk: Desk | None = None,
    sale: Sale | None = None,
    live_reload: bool = False,
    life: Life | None = None,
) -> Starlette:
    """The app over the sites in `output`. `live_reload` is for the developer's own machine.

    Without `lists` nothing is shared, without `desk` nothing is searched, without `sale` nothing is sold.
    """
    api = [
        Route("/health", health.health),
        Route("/openapi.json", openapi.openapi),
        Route("/search", search.search),
        Route("/agenda.ics", dates.agenda),
        Route("/availability", availability.availability),
        Route("/quote", quote.quote, methods=["POST"]),
        Route("/checkout", checkout.checkout, methods=["POST"]),
        Route("/uitpas/tariffs", passes.tariffs, methods=["POST"]),
        Route("/orders/{token}", orders.order),
        Route("/payments/{provider}/webhook", payment_webhook.webhook, methods=["POST"]),
        waiting.API,
        *wishlist.ROUTES,
    ]
    if live_reload:
        api += [Route("/reload", reload.stream), Route("/reload.js", reload.script)]
    site = Router(
        [
            Mount("/api", routes=api),
            *tickets.routes(),
            *wishlist_pages.routes(),
            *waiting.routes(),
            *search_page.routes(),
            *till.routes(),
            *sandbox.ROUTES,
            Route("/{path:path}", windows.on_host),
        ]
    )
    routes = [
        Host("{site}.localhost", app=site),
        Mount("/api", routes=api),
        Mount("/sites/{site}/api", routes=api),
        *sandbox.ROUTES,
        *tickets.routes(),
        *tickets.routes("/sites/{site}"),
        *wishlist_pages.routes("/sites/{site}"),
        *waiting.routes("/sites/{site}"),
        Route("/search", search_page.elsewhere),
        *search_page.routes("/sites/{site}"),
        *till.ELSEWHERE,
        *till.routes("/sites/{site}"),
        Route("/sites/{site}", windows.to_folder),
        Route("/sites/{site}/{path:path}", windows.under_path),
        Route("/", windows.index),
    ]
    app = Starlette(
        routes=routes,
        lifespan=life or _quiet,
        exception_handlers={HTTPException: answers.stopped, EtalageError: answers.refuse},
        middleware=[Middleware(Guard)],
    )
    app.state.shelf = parcels.Shelf()
    app.state.output, app.state.reload, app.state.bell = output, live_reload, reload.Bell()
    known = sale.secretary.shelves if sale and sale.secretary else Shelves(output)
    app.state.shelves, app.state.limits = known, letterbox.Limits(os.urandom(32))
    app.state.lists = lists
    app.state.desk, app.state.sale, app.state.memory = desk, sale, availability.Memory()
    return app


@asynccontextmanager
async def _quiet(app: Starlette) -> AsyncIterator[None]:
    del app
    yield
