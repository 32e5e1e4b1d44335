"""How a house looks where its pages are not: its colour and its sign, from the manifest that the build wrote."""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from etalage.model.wallet import Look

SIZE = "192x192"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class _Icon(msgspec.Struct):
    src: str = ""
    sizes: str = ""


class _Manifest(msgspec.Struct):
    theme_color: str = ""
    icons: Sequence[_Icon] = ()


def colour(output: Path, site: str) -> str:
    """The colour of a site, as #rrggbb; "" without."""
    given = _manifest(output, site).theme_color
    return given if _COLOUR.fullmatch(given) else ""


def look(output: Path, sites: Sequence[str]) -> Look:
    """The look of the first of these sites that has one here."""
    for site in sites:
        ground = colour(output, site)
        if ground:
            return Look(ground=ground, icon=_icon(output, site))
    return Look()


def _icon(output: Path, site: str) -> bytes:
    src = next((one.src for one in _manifest(output, site).icons if one.sizes == SIZE), "")
    try:
        return (output / site / src).read_bytes() if src else b""
    except OSError:
        return b""


def _manifest(output: Path, site: str) -> _Manifest:
    try:
        return msgspec.json.decode((output / site / "manifest.webmanifest").read_bytes(), type=_Manifest)
    except (OSError, msgspec.MsgspecError):
        return _Manifest()
