"""`build.py serve`: the sites and the functions on this machine, built again when something changes."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from etalage import wiring
from etalage.config import Workspace, moment_now
from functions.app import make_app


def open_shop(
    asked: Mapping[str, Any], *, port: int, reload: bool, url: str
) -> None:  # fmt: skip
    """Serve until interrupted."""
    root, names = asked["root"], ("content", "output", "var", "themes")
    workspace = Workspace.at(root, *(asked[name] for name in names))
    options = {"url": url} | {name: asked[name] for name in ("now", *names)}
    arguments = [part for name, value in options.items() if value for part in (f"--{name}", str(value))]

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(_watch(app, root, workspace, arguments)) if reload else None
        yield
        if watching:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    desk = wiring.desk(workspace, lambda: moment_now(asked["now"]))
    app = make_app(workspace.output, lists=wiring.wishlists(workspace), live_reload=reload, life=life, desk=desk)
    sites = sorted(path.name for path in workspace.output.glob("*") if (path / "index.html").exists())
    print(f"Etalage is open on http://127.0.0.1:{port}/ (Ctrl-C closes it)", flush=True)
    for name in sites:
        print(f"  http://{name}.localhost:{port}/", flush=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)


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
