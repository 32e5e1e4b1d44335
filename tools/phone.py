"""A visitor's phone that tools buy with, and what staff do meanwhile.

A newcomer's trap: staff's part is done with their own commands, on the records that the served demo has open.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default
from typing import Any

from PIL import Image

from tools.purchase import GAP, GROUND, HIGH, SCALE, WIDE
from tools.showroom import CLUSTER, ROOT, Address


class Phone:
    """A visitor's phone on one site: what it shows after each step is a picture of the whole page."""

    def __init__(self, page: Any, address: Address, site: str = CLUSTER) -> None:
        self.page, self.home, self.shots = page, f"{address(site)}/", list[Image.Image]()
        self.shelf = json.loads((ROOT / "output" / site / "shelf.json").read_text("utf-8"))

    def go(self, path: str) -> None:
        self.page.goto(self.home + path)

    def shoot(self) -> None:
        """Take a picture, of at most three screens."""
        whole = Image.open(io.BytesIO(self.page.screenshot(full_page=True))).convert("RGB")
        self.shots.append(whole.crop((0, 0, whole.width, min(whole.height, 3 * HIGH))))

    def choose(self, number: str) -> None:
        self.page.locator("select.till-number[name=n]").first.select_option(number)

    def press(self, name: str, then: str = "**") -> None:
        """Press a button of the page itself."""
        self.page.locator("main").get_by_role("button", name=name).first.click()
        self.page.wait_for_url(then)
        self.page.wait_for_load_state()

    def fill(self, **fields: str) -> None:
        for id, words in fields.items():
            self.page.fill(f"#{id}", words)

    def pay(self) -> None:
        """Say who one is, pay, and wait for the tickets."""
        self.fill(email="an@voorbeeld.test", name="An Voorbeeld")
        self.press("Betaal", "**/sandbox/**")
        self.page.get_by_role("button", name="Betaal").first.click()
        self.page.wait_for_url("**/order/**")
        for _ in range(40):
            if self.page.locator(".till-code").count():
                return
            self.page.wait_for_timeout(300)
            self.page.reload()

    def sheet(self) -> Image.Image:
        """The pictures beside each other."""
        small = [
            one.resize((round(WIDE * SCALE), round(one.height * SCALE)), Image.Resampling.LANCZOS) for one in self.shots
        ]
        step = round(WIDE * SCALE) + GAP
        made = Image.new("RGB", (len(small) * step + GAP, max(one.height for one in small) + 2 * GAP), GROUND)
        for at, one in enumerate(small):
            made.paste(one, (GAP + at * step, GAP))
        return made


def staff(*words: str) -> Any:
    """What a command of staff answers."""
    done = subprocess.run([sys.executable, "build.py", *words, "--json"], cwd=ROOT, check=True, capture_output=True)
    return json.loads(done.stdout)


def proposal(request: str) -> str:
    """The link in the letter with the proposal; the shop's post sends it within seconds."""
    for _ in range(300):
        for letter in (ROOT / "var" / "mail").glob(f"*{request}*proposed*.eml"):
            told: Any = message_from_bytes(letter.read_bytes(), policy=default)
            return str(re.findall(r"http://\S+/request/\S+", told.get_body(("plain",)).get_content())[0])
        time.sleep(0.1)
    message = f"no letter of {request} in {ROOT / 'var' / 'mail'}"
    raise TimeoutError(message)
