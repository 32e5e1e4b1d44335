"""Tickets for Apple Wallet: event tickets in a signed .pkpass, as Apple's "Wallet Passes" describes them (decision 0044).

A newcomer's trap: which pass type and which team it is for stand in the certificate itself; a pass that says anything else is
thrown away by the phone without a word. So is one that lacks the intermediate certificate of the right generation.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha1
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image

from etalage.adapters._apple_papers import Papers
from etalage.model.wallet import Look, WalletPass

SIZES = {"icon": 29, "logo": 50}
"""Points of a side; a phone asks each at once, twice and three times as large."""
DARK, LIGHT = (20, 20, 20), (255, 255, 255)
PLAIN = (60, 60, 60)
"""The ground of a house that has no colour."""
_EPOCH = (2001, 1, 1, 0, 0, 0)
"""When the parts of the file say they were made: nobody needs to know."""


class AppleWallet:
    """Signs with the papers of one house or cluster."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers

    @property
    def until(self) -> datetime:
        """When the certificate lapses."""
        return self.papers.until

    def pack(self, ticket: WalletPass) -> bytes:
        """The .pkpass: pass.json and its pictures, their digests, and a signature of these."""
        files = {"pass.json": _json(self._card(ticket)), **_pictures(ticket.look)}
        manifest = _json({name: sha1(content, usedforsecurity=False).hexdigest() for name, content in files.items()})
        files |= {"manifest.json": manifest, "signature": self.papers.sign(manifest)}
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(ZipInfo(name, _EPOCH), content, ZIP_DEFLATED)
        return packed.getvalue()

    def _card(self, ticket: WalletPass) -> Mapping[str, object]:
        ground = _rgb(ticket.look.ground)
        letters = _css(_letters_on(ground))
        card = {
            "formatVersion": 1, "passTypeIdentifier": self.papers.pass_type, "teamIdentifier": self.papers.team, "serialNumber": ticket.serial,
            "organizationName": ticket.sender, "description": ticket.told, "logoText": ticket.house, "groupingIdentifier": ticket.order,
            "backgroundColor": _css(ground), "foregroundColor": letters, "labelColor": letters, "voided": ticket.void,
            "barcodes": [
                {"format": "PKBarcodeFormatQR", "message": ticket.code, "messageEncoding": _encoding(ticket.code), "altText": ticket.code}
            ],
            "eventTicket": {
                "primaryFields": [{"key": "title", "label": ticket.house, "value": ticket.title}],
                "secondaryFields": [{"key": "when", "label": ticket.when[0], "value": ticket.when[1]}],
                "auxiliaryFields": _fields("front", ticket.front),
                "backFields": _fields("back", ticket.back),
            },
        }  # fmt: skip
        # A day without an hour is no moment at which a phone should show it.
        return card | ({"relevantDate": _moment(ticket.start)} if "T" in ticket.start else {})


def _moment(start: str) -> str:
    """With seconds, without which Apple's own reader does not take it."""
    return datetime.fromisoformat(start).isoformat(timespec="seconds")


def _fields(name: str, told: tuple[tuple[str, str], ...]) -> list[Mapping[str, str]]:
    return [{"key": f"{name}{number}", "label": label, "value": text} for number, (label, text) in enumerate(told)]


def _encoding(code: str) -> str:
    """What doors' readers expect, unless the code has other letters."""
    try:
        code.encode("iso-8859-1")
    except UnicodeEncodeError:
        return "utf-8"
    return "iso-8859-1"


def _pictures(look: Look) -> dict[str, bytes]:
    """The house's sign in each size; a plain square of its colour where it has none: without an icon a pass is refused."""
    with Image.open(BytesIO(look.icon)) if look.icon else Image.new("RGB", (1, 1), _rgb(look.ground)) as given:
        sign = given.convert("RGB")
    made = {}
    for name, points in SIZES.items():
        for times in (1, 2, 3):
            out, side = BytesIO(), points * times
            sign.resize((side, side), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
            made[f"{name}{f'@{times}x' if times > 1 else ''}.png"] = out.getvalue()
    return made


def _letters_on(ground: tuple[int, int, int]) -> tuple[int, int, int]:
    """Dark or light, whichever stands out more (WCAG 2.2, contrast ratio)."""
    own, dark = _luminance(ground), _luminance(DARK)
    return DARK if (own + 0.05) / (dark + 0.05) > 1.05 / (own + 0.05) else LIGHT


def _luminance(colour: tuple[int, int, int]) -> float:
    parts = (part / 255 for part in colour)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)) if colour else PLAIN


def _css(colour: tuple[int, int, int]) -> str:
    return "rgb({}, {}, {})".format(*colour)


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
