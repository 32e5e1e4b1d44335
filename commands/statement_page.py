"""A house's statement for people: what it comes to first, then what it is made of. A file that stands by itself, for mail and for paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date

from etalage.model.entry import What
from etalage.model.errors import Refused
from etalage.model.journal import SOLD, Sum, journal
from etalage.model.shelf import Shelf
from etalage.model.statement import Statement
from etalage.model.words import Words, pick
from functions.shelves import Shelves, Voice
from functions.sums import exact

if TYPE_CHECKING:
    import jinja2


@dataclass(frozen=True, slots=True)
class Through:
    """What came through one account. `own`: it is the house's; `who`: else whose; `owed`: what is to be paid from there."""

    who: str
    own: bool
    rows: Sequence[tuple[str, str]]
    total: str
    owed: int
    amount: str
    paid: bool


@dataclass(frozen=True, slots=True)
class Taxed:
    """What was sold at one VAT rate, less what went back."""

    rate: str
    gross: str
    net: str
    tax: str


def shelf_of(shelves: Shelves, house: str) -> Shelf | None:
    """The shelf of a house's site in its first language, for the words; None before it was built."""
    try:
        return shelves.shelf(house)
    except Refused:
        return None


class Page:
    """The page of a statement. `names`: of houses and clusters; `owner`: whose an account is."""

    def __init__(
        self, drawn: Statement, shelf: Shelf | None, names: Mapping[str, Words], owner: Callable[[str], str]
    ) -> None:
        self.drawn, self.voice, self.names, self.owner = drawn, Voice(shelf), names, owner
        self.language = self.voice.language
        self.sums = journal(drawn.rows)

    def draw(self) -> str:
        """The page as HTML."""
        period = self.drawn.period
        return _template().render(
            _=self.voice.say, language=self.language, house=self._name(self.drawn.house), final=self.drawn.final,
            first=self._day(period.first), last=self._day(period.last), through=self._through(), taxed=self._taxed(), days=self._days(),
            earlier=sum(row.earlier for row in self.drawn.rows),
        )  # fmt: skip

    def _through(self) -> list[Through]:
        found = []
        for account in sorted({one.account for one in self.sums}):
            mine = [one for one in self.sums if one.account == account]
            kinds = {
                what: sum(one.cents for one in mine if one.what is what)
                for what in What
                if any(one.what is what for one in mine)
            }
            total, own = sum(one.cents for one in mine), account in self.drawn.own
            found.append(
                Through(
                    who=self._name(self.owner(account)) or account, own=own, rows=[(self._kind(what), self._money(cents)) for what, cents in kinds.items()],
                    total=self._money(total), owed=0 if own else total, amount=self._money(abs(total)), paid=account in self.drawn.paid,
                )
            )  # fmt: skip
        return found

    def _taxed(self) -> list[Taxed]:
        sold = [one for one in self.sums if one.what in SOLD]
        rows = []
        for rate in sorted({one.vat for one in sold}, reverse=True):
            cents, tax = (
                sum(figures) for figures in zip(*((one.cents, one.tax) for one in sold if one.vat == rate), strict=True)
            )
            rows.append(self._line(rate, cents, tax))
        return rows

    def _days(self) -> list[tuple[str, str, Taxed]]:
        return [
            (
                str(format_date(one.day, "d MMM", locale=self.language)),
                self._kind(one.what),
                self._line(one.vat, one.cents, one.tax, one),
            )
            for one in self.sums
        ]

    def _line(self, rate: int, cents: int, tax: int, one: Sum | None = None) -> Taxed:
        if one and one.what not in SOLD:
            return Taxed("–", self._money(cents), "–", "–")
        if rate < 0:
            return Taxed(self.voice.say("not known"), self._money(cents), "–", "–")
        said = f"{rate / 100:g}".replace(".", "." if self.language == "en" else ",")
        return Taxed(f"{said}\u00a0%", self._money(cents), self._money(cents - tax), self._money(tax))

    def _kind(self, what: What) -> str:
        say = self.voice.say
        return {
            What.PAID: say("Sold"),
            What.BACK: say("Given back to buyers"),
            What.FAILED: say("Could not be given back"),
            What.FEE: say("Kept by the payment provider"),
            What.PASSED_ON: say("Passed on to your own account"),
            What.TAKEN_BACK: say("Taken from your own account, for buyers"),
            What.CHARGED_BACK: say("Taken back by a buyer's bank"),
            What.GIVEN_AGAIN: say("Returned by a buyer's bank"),
        }.get(what, what.value)

    def _name(self, owner: str) -> str:
        return pick(self.names.get(owner, {}), (self.language,))[0] or owner

    def _day(self, day: date) -> str:
        return str(format_date(day, "long", locale=self.language))

    def _money(self, cents: int) -> str:
        return exact(cents, self.language)


@cache
def _template() -> "jinja2.Template":
    import jinja2

    folder = Path(__file__).parent / "templates"
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template("statement.html")  # fmt: skip
