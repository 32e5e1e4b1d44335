"""`build.py serve`: the sites and the functions on this machine, built again when something changes."""

import asyncio
import contextlib
import gc
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from etalage import wiring
from etalage.config import Settings, Workspace, load, moment_now
from etalage.model.errors import EtalageError, Refused
from etalage.ports.mailer import Mailer
from etalage.ports.printer import Printer
from etalage.ports.records import Records
from etalage.sales.admission import Admission
from etalage.sales.audit import Auditor
from etalage.sales.counter import Counter
from etalage.sales.post import LETTERS, Post
from functions.app import make_app
from functions.letters import Secretary
from functions.links import ORDER, TURN, Links
from functions.sale import Sale
from functions.sandbox import make_calls
from functions.shelves import Shelves

SWEEP = 5.0
"""Seconds between two looks at what is due."""
AUDIT = 300.0
"""Seconds between two questions whether it is time for an audit."""
GARBAGE = (20_000, 20, 20)
"""New objects before Python looks for what holds only itself (gc.set_threshold). Its own 700 look several times in each sale, and a sale leaves
nearly nothing of that kind: a sixth of its CPU.
"""


def open_shop(
    asked: Mapping[str, Any], *, port: int, reload: bool, url: str, now: Callable[[], datetime] = wiring.clock
) -> None:
    """Serve until interrupted. `now` is for tests and benches: no option gives it, for what sells must live by the real clock."""
    root, names = asked["root"], ("content", "output", "var", "themes")
    workspace = Workspace.at(root, *(asked[name] for name in names))
    options = {"url": url} | {name: asked[name] for name in ("now", *names)}
    arguments = [part for name, value in options.items() if value for part in (f"--{name}", str(value))]

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(task(app)) for task in (_sweep, _deliver, _audit)]
        if reload:
            tasks.append(asyncio.create_task(_watch(app, root, workspace, arguments)))
        yield
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    sale = open_sale(workspace, f"http://127.0.0.1:{port}/sandbox/", now, wiring.printer_beside)
    desk = wiring.desk(workspace, lambda: moment_now(asked["now"]))
    app = make_app(
        workspace.output, lists=wiring.wishlists(workspace, now), live_reload=reload, life=life, desk=desk, sale=sale
    )
    sites = sorted(path.name for path in workspace.output.glob("*") if (path / "index.html").exists())
    print(f"Etalage is open on http://127.0.0.1:{port}/ (Ctrl-C closes it)", flush=True)
    for name in sites:
        print(f"  http://{name}.localhost:{port}/", flush=True)
    keep_house()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)


def keep_house() -> None:
    """Let Python look for garbage again, which a build does without (build.py), but seldom, and never among what is there as long as the shop is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()


def open_sale(
    workspace: Workspace, home: str, now: Callable[[], datetime] = wiring.clock, printer: Callable[[], Printer] = wiring.printer
) -> Sale | None:  # fmt: skip
    """What sells, when some house says in its house.toml where, or that schools may ask; it lives by the real clock, whatever day the pages are of."""
    if not (workspace.content / "houses").is_dir():
        return None
    settings = load(workspace)
    if not any(house.ticketing or house.schools.requests for house in settings.houses.values()):
        return None
    till = wiring.till(settings, home, now)
    links = Links(wiring.secrets(workspace))
    counter = Counter(till.records, till.quotes, till.saga, now, os.urandom, partial(links.sign, ORDER))
    secretary = open_secretary(settings, now, printer)
    return Sale(
        quotes=till.quotes, counter=counter, saga=till.saga, houses=till.houses, providers=till.providers, provider=till.pays[""],
        links=links, sandbox=till.sandbox if till.sandbox.name in till.pays.values() else None, secretary=secretary, pays=till.pays, in_turn=settings.in_turn,
        post=Post(till.records, _mailer(settings), secretary.draft, now), room=_waiting_room(settings, till.records, links, now),
        desks={name: given.house.contact for name, given in settings.houses.items() if any(one.at_desk for one in given.discounts)},
        postcodes=frozenset(name for name, given in settings.houses.items() if given.ticketing and given.ticketing.postcode),
    )  # fmt: skip


def open_secretary(
    settings: Settings, now: Callable[[], datetime] = wiring.clock, printer: Callable[[], Printer] = wiring.printer
) -> Secretary:
    """Who drafts the letters of these sites."""
    return Secretary(
        shelves=Shelves(settings.workspace.output), houses={name: given.house for name, given in settings.houses.items()},
        contacts={name: settings.site(name).contact for name in settings.sites}, printer=printer, clock=now,
        before=frozenset(name for name, given in settings.houses.items() if given.before_visit),
        schools={name: given.schools.mail for name, given in settings.houses.items() if given.schools.mail}, alerts=settings.mail.alerts,
        wallets=wiring.wallets(settings, now()),
    )  # fmt: skip


def _mailer(settings: Settings) -> Mailer:
    """Who takes the letters; with wrong settings nobody for now, and staff read why."""
    try:
        return wiring.mailer(settings)
    except Refused as no:
        logging.getLogger("etalage.house").warning("no letter is sent: %s", no)
        return wiring.closed_mailer(str(no))


def _waiting_room(settings: Settings, records: Records, links: Links, now: Callable[[], datetime]) -> Admission | None:
    """Where one waits at a peak; None when none is set."""
    if not settings.peaks:
        return None
    sign, read = partial(links.sign, TURN), partial(links.read, TURN)
    return Admission(records, settings.peaks, now, os.urandom, sign, read)


async def _sweep(app: Starlette) -> None:
    """Go on with whatever is due, every few seconds."""
    sale: Sale | None = app.state.sale
    while sale is not None:
        try:
            await run_in_threadpool(sale.saga.sweep)
            await run_in_threadpool(make_calls, sale)
        except EtalageError as error:  # the records are full or busy: the next look may do
            logging.getLogger("etalage.sale").warning(json.dumps({"alert": "sweep_failed", "code": error.code}))
        except Exception:  # whatever it is, the next look goes on with the others
            logging.getLogger("etalage.house").exception("something went wrong with what was due")
        await asyncio.sleep(SWEEP)


async def _deliver(app: Starlette) -> None:
    """Send the letters that are due; beside the sweep, so that a mail server that hangs holds up no sale."""
    sale: Sale | None = app.state.sale
    while sale is not None and sale.post is not None:
        sent: list[str] = []
        try:
            sent = await run_in_threadpool(sale.post.deliver)
        except EtalageError as error:
            logging.getLogger("etalage.sale").warning(json.dumps({"alert": "sweep_failed", "code": error.code}))
        except Exception:  # whatever it is, the next look goes on with the others
            logging.getLogger("etalage.house").exception("something went wrong with the letters")
        if len(sent) < LETTERS:  # else there are more
            await asyncio.sleep(SWEEP)


async def _audit(app: Starlette) -> None:
    """Compare our orders with the payment providers' books, now and then; beside the sweep, for it takes long."""
    sale: Sale | None = app.state.sale
    if sale is None:
        return
    auditor = Auditor(sale.saga)
    while True:
        await asyncio.sleep(AUDIT)
        try:
            await run_in_threadpool(auditor.look)
        except EtalageError as error:
            logging.getLogger("etalage.sale").warning(json.dumps({"alert": "audit_failed", "code": error.code}))
        except Exception:  # whatever it is, the next look may do
            logging.getLogger("etalage.house").exception("something went wrong with the audit")


async def _watch(app: Starlette, root: Path, workspace: Workspace, arguments: list[str]) -> None:
    """Build in a process of its own when staff or a developer save something; then let open pages reload."""
    from watchfiles import awatch

    folders = [
        folder
        for folder in (workspace.content, workspace.themes, root / "plugins", root / "etalage")
        if folder.is_dir()
    ]
    async for _ in awatch(*folders, debounce=400):
        build = await asyncio.create_subprocess_exec(sys.executable, str(root / "build.py"), "build", *arguments)
        await build.wait()
        app.state.bell.ring()
