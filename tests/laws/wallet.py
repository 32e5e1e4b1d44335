"""The laws of etalage/ports/wallet.py as tests: the file is opened, and its signature judged, by programs of others."""

import io
import json
import subprocess
import zipfile
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from etalage.model.wallet import Look, WalletPass
from etalage.ports.wallet import Wallet

PASS = WalletPass(
    serial="5f2c", order="co1", code="LINDE-7F3K", sender="Regio", house="CC De Linde", title="Die Winterreise", told="Die Winterreise, zaterdag",
    when=("Wanneer", "zaterdag 5 december 2026, 20:00"), start="2026-12-05T20:00+01:00", front=(("Waar", "Zaal"), ("Stoel", "A12")),
    back=(("Tarief", "Basis"),),
)  # fmt: skip


def opened(packed: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The card, and every part of the file, each held against its digest."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    digests = {name: sha1(content, usedforsecurity=False).hexdigest() for name, content in parts.items()}
    told = json.loads(parts["manifest.json"])
    assert told == {name: digests[name] for name in parts if name not in ("manifest.json", "signature")}
    return json.loads(parts["pass.json"]), parts


def verify(
    parts: dict[str, bytes], root: Path, folder: Path, manifest: bytes = b""
) -> subprocess.CompletedProcess[str]:
    """Ask openssl whether the signature is of this manifest, by somebody below that root."""
    (folder / "signature").write_bytes(parts["signature"])
    (folder / "manifest").write_bytes(manifest or parts["manifest.json"])
    line = [
        "openssl",
        "smime",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        folder / "signature",
        "-content",
        folder / "manifest",
    ]
    return subprocess.run(
        [*line, "-CAfile", root, "-purpose", "any", "-no_check_time", "-out", "/dev/null"], capture_output=True, text=True, check=False
    )  # fmt: skip


class WalletLaws:
    """A class that keeps them gives `wallet`, and `root`: the file of the certificate that all trust."""

    def test_1_it_says_what_the_ticket_says(self, wallet: Wallet) -> None:
        card, _ = opened(wallet.pack(PASS))
        event = card["eventTicket"]
        assert [(one["label"], one["value"]) for fields in event.values() for one in fields] == [
            ("CC De Linde", "Die Winterreise"), ("Wanneer", "zaterdag 5 december 2026, 20:00"), ("Waar", "Zaal"), ("Stoel", "A12"),
            ("Tarief", "Basis"),
        ]  # fmt: skip
        [code] = card["barcodes"]
        assert code["message"] == code["altText"] == "LINDE-7F3K" and code["format"] == "PKBarcodeFormatQR"
        assert card["relevantDate"] == "2026-12-05T20:00:00+01:00" and card["description"] == PASS.told
        assert "relevantDate" not in opened(wallet.pack(replace(PASS, start="2026-12-05")))[0]

    @pytest.mark.parametrize(("code", "encoding"), [("É/ü?&=#%", "iso-8859-1"), ("Łódź-1", "utf-8")])
    def test_1_the_code_is_read_as_it_is(self, wallet: Wallet, code: str, encoding: str) -> None:
        [told] = opened(wallet.pack(replace(PASS, code=code)))[0]["barcodes"]
        assert (told["message"], told["messageEncoding"]) == (code, encoding)

    def test_2_others_can_check_who_signed_and_when(self, wallet: Wallet, root: Path, tmp_path: Path) -> None:
        _, parts = opened(wallet.pack(PASS))
        assert verify(parts, root, tmp_path).returncode == 0, "the certificate in between came along"
        assert verify(parts, root, tmp_path, parts["manifest.json"] + b" ").returncode != 0
        told = subprocess.run(
            ["openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", tmp_path / "signature"], capture_output=True, text=True, check=True
        ).stdout  # fmt: skip
        assert "signingTime" in told and "eContent: <ABSENT>" in told

    @pytest.mark.parametrize(
        ("ground", "letters"),
        [("#ffffff", "rgb(20, 20, 20)"), ("#a03050", "rgb(255, 255, 255)"), ("#ffcc00", "rgb(20, 20, 20)"), ("", "rgb(255, 255, 255)")],
    )  # fmt: skip
    def test_3_letters_stand_out_and_the_sign_is_there_in_every_size(
        self, wallet: Wallet, ground: str, letters: str
    ) -> None:
        icon = io.BytesIO()
        Image.new("RGB", (192, 192), (200, 0, 0)).save(icon, "PNG")
        for given in (icon.getvalue(), b""):
            card, parts = opened(wallet.pack(replace(PASS, look=Look(ground=ground, icon=given))))
            assert card["foregroundColor"] == card["labelColor"] == letters
            for name, side in (
                ("icon", 29),
                ("icon@2x", 58),
                ("icon@3x", 87),
                ("logo", 50),
                ("logo@2x", 100),
                ("logo@3x", 150),
            ):
                with Image.open(io.BytesIO(parts[f"{name}.png"])) as seen:
                    assert seen.size == (side, side) and seen.format == "PNG"
                    assert not given or seen.getpixel((side // 2, side // 2)) == (200, 0, 0)

    def test_4_what_is_not_good_any_more_says_so(self, wallet: Wallet) -> None:
        assert [opened(wallet.pack(replace(PASS, void=void)))[0]["voided"] for void in (False, True)] == [False, True]
