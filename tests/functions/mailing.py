"""A small region that sells and writes: two houses, their site in four languages with its real words, and a post of its own."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from etalage.adapters.fpdf_printer import FpdfPrinter
from etalage.model.checkout import Checkout, Shown
from etalage.model.house import Contact, House
from etalage.model.programme import Venue
from etalage.model.sale import Buyer
from etalage.model.shelf import HERE, Item, Shelf
from etalage.ports.mailer import Mailer
from etalage.ports.wallet import Wallet
from etalage.sales.counter import Counter
from etalage.sales.post import Post
from etalage.sales.quote import Quotes
from functions.app import make_app
from functions.letters import Secretary
from functions.links import ORDER, Links
from functions.sale import Sale
from functions.shelves import Shelves
from tests.sales.world import World
from tests.theme.test_translations import translated
from tests.visitor import Visitor

LINDE, BRUG = "toml:linde/a/1", "toml:brug/a/1"
SHOWN = {
    LINDE: Shown(title="Die Winterreise", lang="de", when="zaterdag 5 december 2026, 20:00", start="2026-12-05T20:00+01:00",
                 end="2026-12-05T22:00+01:00", place="Zaal, De Linde, Oosterlo", house="CC De Linde", url="programma/winterreise/", tariffs={"zaal.basis": "Basis"}),
    BRUG: Shown(title="Oever & <water>", when="zondag 6 december 2026, 15:00", start="2026-12-06T15:00+01:00", place="De Brug, Kaai", house="De Brug",
                url="programma/oever/"),
}  # fmt: skip
HOUSES = {
    "linde": House(id="linde", name={"nl": "CC De Linde"}, venues=(Venue(id="linde", name="De Linde", street="Kerkplein 1", postal="0410", city="Oosterlo",
                   directions={"nl": "Langs de kerk en dan links."}),)),
    "brug": House(id="brug", name={"nl": "De Brug"}),
}  # fmt: skip


class Mailing:
    """`post` sends with `mailer`; `visitor` asks the functions."""

    def __init__(
        self,
        folder: Path,
        mailer: Mailer,
        before: frozenset[str] = frozenset({"linde", "brug"}),
        wallets: Mapping[str, Wallet] = {},
    ) -> None:
        self.world, self.mailer, self.output = World(folder, places=60), mailer, folder / "output"
        for language in ("nl", "fr", "de", "en"):
            self.lay_out(language)
        shelves = Shelves(self.output)
        self.secretary = Secretary(
            shelves=shelves, houses=HOUSES, contacts={"regio": Contact(email="onthaal@regio.test", phone="09 000 00 00")}, before=before,
            printer=FpdfPrinter, clock=lambda: self.world.now, schools={"linde": "scholen@linde.test"}, wallets=wallets,
        )  # fmt: skip
        self.post, self.links = self.another_post(), Links(["a secret"])
        sign, quotes = partial(self.links.sign, ORDER), Quotes(self.world.house, self.world._pool)
        counter = Counter(self.world.records, quotes, self.world.saga, lambda: self.world.now, os.urandom, sign)
        sale = Sale(
            quotes=quotes, counter=counter, saga=self.world.saga, houses=self.world.house, providers=self.world.saga.providers, provider="sandbox",
            links=self.links, sandbox=self.world.sandbox, post=self.post, secretary=self.secretary,
        )  # fmt: skip
        self.visitor = Visitor(make_app(self.output, sale=sale))

    def another_post(self, **more: Any) -> Post:
        """The post of another process."""
        return Post(self.world.records, self.mailer, self.secretary.draft, lambda: self.world.now, **more)

    def lay_out(self, language: str, items: Mapping[str, Item] | None = None) -> None:
        """What a build leaves of the site in a language."""
        words = {} if language == "en" else {key[0]: texts for key, texts in translated(language).items()}
        folder = self.output / "regio" / ("" if language == "nl" else language)
        folder.mkdir(parents=True, exist_ok=True)
        shelf = Shelf(
            site="regio", name="Regio", language=language, languages=("nl", "fr", "de", "en"), timezone="Europe/Brussels", wishlist="", words=words,
            items=items or {},
        )  # fmt: skip
        (folder / "shelf.json").write_bytes(msgspec.json.encode(shelf))
        (folder / "frame.tpl").write_text(f"<title>Regio</title>{HERE}", "utf-8")
        (folder / "manifest.webmanifest").write_text(json.dumps({"theme_color": "#a03050"}), "utf-8")

    def order(
        self, key: str = "co1", *, name: str = "An Voorbeeld", language: str = "nl", linde: int = 2, brug: int = 1
    ) -> Checkout:
        """A paid order."""
        made = self.world.draft(linde, brug, key, shown=SHOWN)
        back = f"https://regio.test/order/{self.links.sign(ORDER, key)}"
        self.world.saga.begin(
            replace(made, back=back, buyer=Buyer(email="an@voorbeeld.test", name=name, language=language))
        )
        self.world.saga.run(key)
        self.world.pay(key)
        return self.world.saga.run(key)

    def wait(self, hours: float) -> None:
        """Let time go by, and the post look twice a minute."""
        for _ in range(max(1, int(hours * 120))):
            self.post.deliver()
            self.world.pass_time(seconds=30)

    def travel(self, to: datetime) -> None:
        """Let time go by with nobody looking, then let the post look."""
        self.world.now = to
        self.wait(0.1)

    def token(self, key: str = "co1") -> str:
        return self.links.sign(ORDER, key)
