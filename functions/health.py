"""GET /api/health: whether the functions are up, and since when each site stands."""

from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse


def health(request: Request) -> JSONResponse:
    """Say that we are here."""
    output: Path = request.app.state.output
    sites = {
        folder.name: datetime.fromtimestamp((folder / "sitemap.xml").stat().st_mtime, UTC).isoformat(timespec="seconds")
        for folder in sorted(output.iterdir() if output.is_dir() else [])
        if (folder / "sitemap.xml").exists()
    }
    return JSONResponse({"status": "ok", "sites": sites}, headers={"cache-control": "no-store"})
