"""From what a source wrote to records: the desk at which every sheet, calendar and feed arrives.

A draft is a table of our field names (docs/reference/sources.md) and values as found; its `performances` are drafts too. What
is said of the production counts for each of its performances that says nothing else. A field that cannot be read is left out
and reported, a date or a production that cannot be used likewise: nothing is guessed, nothing is lost in silence.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from etalage.adapters import _clean, _fields, _terms
from etalage.adapters._fields import Draft
from etalage.adapters._performances import Performances
from etalage.adapters._places import Places
from etalage.adapters._readers import Readers
from etalage.model.errors import Refused
from etalage.model.house import House
from etalage.model.programme import Production
from etalage.model.record import Problem, Record, Weight


class Clerk:
    """Registers the drafts of one reading of one source; `problems` fill up meanwhile.

    `dated`: performances without an id of their own are named by their date instead of numbered.
    """

    def __init__(
        self, source: str, house: House, *, language: str = "", markup: str = "html", rolls_over: bool = False, dated: bool = False
    ) -> None:  # fmt: skip
        self.source, self.house = source, house
        self.readers = Readers(source, house, language, markup)
        self.places = Places(source, house.venues)
        self.fields = _fields.bind({**_fields.PRODUCTION, **_fields.BOTH, **_fields.PERFORMANCE}, self.readers)
        self._problems: dict[Problem, None] = {}
        self.registered: dict[str, str] = {}
        """Every id given out, and the label of what got it."""
        self.performances = Performances(self.readers, self.places, self.report, rolls_over=rolls_over, dated=dated)

    def report(self, record: str, field: str, refusal: Refused, weight: Weight = Weight.FIELD) -> None:
        """Tell staff what is wrong where."""
        problem = Problem(
            source=self.source, record=record, field=field, code=refusal.code, reason=refusal.say, weight=weight
        )  # fmt: skip
        self._problems[problem] = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, each once, in the order in which it was found."""
        return tuple(self._problems)

    def take_over(self, registered: Mapping[str, str], problems: tuple[Problem, ...]) -> None:
        """What another clerk of the same source registered meanwhile."""
        self.registered.update(registered)
        self._problems.update(dict.fromkeys(problems))

    def forget(self) -> None:
        """Begin again."""
        self.registered.clear()
        self._problems.clear()

    def register(self, draft: Draft, label: str) -> Record | None:
        """Make the record of a draft, or report why there is none. `label` calls it while it has no id ("rij 12")."""
        record, field = label, "title"
        try:
            title = self._title(draft)
            field = "id"
            identity = self._identity(draft, title)
            self._claim(identity, label)
            record, field = identity, "date"
            told = self._told(draft, identity)
            performances, venues = self.performances.read(draft, told, identity)
        except Refused as refusal:
            self.report(record, field, refusal, Weight.RECORD)
            return None
        if not performances and not told.get("opens") and not told.get("closes"):
            return None
        production = Production(
            id=identity,
            houses=(self.house.id,),
            title=self._short(title, identity),
            performances=performances,
            **told,
        )
        return Record(production=production, venues=venues)

    def _title(self, draft: Draft) -> Mapping[str, str]:
        title = self.readers.words(draft.get("title") or "")
        if not title:
            raise Refused("title_missing", "there is no title; write one")
        return title

    def _identity(self, draft: Draft, title: Mapping[str, str]) -> str:
        """The source's id; else one of the title and the first date as written, so that it depends on nothing else."""
        given = draft.get("id")
        if given not in (None, ""):
            return f"{self.source}/{_clean.identifier(given)}"
        name = _clean.slug(next(iter(title.values())))
        first: Draft = next(iter(draft.get("performances", ())), {})
        try:
            return f"{self.source}/{name}-{self.performances.times.read(draft | first).name}"
        except Refused:
            return f"{self.source}/{name}"

    def _claim(self, identity: str, label: str) -> None:
        if identity in self.registered:
            say = f"{label} has the same id as {self.registered[identity]}, {identity}; give each its own"
            raise Refused("id_double", say)
        self.registered[identity] = label

    def _told(self, draft: Draft, identity: str) -> dict[str, Any]:
        report = partial(self.report, identity)
        told = _fields.read(self.fields, draft, report)
        if draft.get("age") not in (None, ""):
            try:
                told["age_min"], told["age_max"] = _terms.ages(str(draft["age"]))
            except Refused as refusal:
                report("age", refusal)
        opens, closes = told.get("opens"), told.get("closes")
        if opens and closes and closes < opens:
            del told["closes"]
            report(
                "closes",
                Refused("end_before_start", f"it closes on {closes}, before it opens; mend the date"),
            )
        return told

    def _short(self, title: Mapping[str, str], identity: str) -> Mapping[str, str]:
        if max(map(len, title.values())) <= _clean.TITLE_LIMIT:
            return title
        say = (
            f"the title is longer than {_clean.TITLE_LIMIT} signs and is shown shortened; move the rest to the subtitle"
        )
        self.report(identity, "title", Refused("title_long", say), Weight.DOUBT)
        return {language: _clean.shorten(text) for language, text in title.items()}
