"""The office behind the command line: fetch, build, plan, check and doctor, with their words and figures."""

import sys
import time
from collections.abc import Callable
from typing import Any

from commands.voice import Voice
from etalage import config, wiring
from etalage.catalogue.addresses import FOLDERS
from etalage.config import Settings, Workspace
from etalage.model.catalogue import Catalogue
from etalage.model.errors import EtalageError, Refused
from etalage.model.record import Problem, Weight
from etalage.payments import Account, is_called
from etalage.season import Season

SERVED = (
    "/api",
    *(
        f"{folder}/{page}"
        for folder in ("", *(f"/{one}" for one in FOLDERS["search"]))
        for page in ("search", "choose", "basket", "request")
    ),
)
"""What functions answer; sitecheck finds no file there."""


class Desk:
    """One command being carried out. `trouble` makes it end with status 1."""

    def __init__(self, settings: Settings, season: Season, sites: tuple[str, ...], voice: Voice) -> None:
        self.settings, self.season, self.sites, self.voice = settings, season, sites, voice
        self.report: dict[str, Any] = {"now": season.now.isoformat(), "sites": {}}
        self.problems: list[Problem] = []
        self.trouble: list[str] = []

    def fetch(self, accept: bool = False) -> None:
        """Ask the sources."""
        started = time.monotonic()
        houses = self.season.houses_of(self.sites)
        with self.voice.progress("Sources") as step:
            self.season.fetch(houses, accept, lambda _, done, total: step(done, total))
        self.report["sources"] = {
            name: {
                "productions": sum(not kept.gone for kept in found.kept.values()), "changed": len(found.changed),
                "fetched": found.fetched and found.fetched.isoformat(timespec="minutes"), "failure": found.failure,
            }
            for name, found in self.season.harvests.items()
        }  # fmt: skip
        for name, found in self.season.harvests.items():
            self.problems += found.problems
            if found.failure:
                kept = (
                    f"the programme of {found.fetched:%Y-%m-%d %H:%M} is used"
                    if found.fetched
                    else "there is nothing to show yet"
                )
                self.trouble.append(f"{name}: {found.failure} ({kept})")
        self.report["fetch_seconds"] = round(time.monotonic() - started, 2)

    def build(self, url: str = "", accept: bool = False, workers: int = 2, offline: bool = False) -> None:
        """Fetch, then make every site."""
        if not offline:
            self.fetch(accept)
        from plugins import site as sites

        catalogue = self.season.catalogue()
        for name in self.sites:
            houses = set(self.settings.site(name).houses)
            if all(houses.isdisjoint(entry.production.houses) for entry in catalogue.entries.values()):
                self.trouble.append(f"{name}: there is nothing on the programme; an empty agenda is not published")
                continue
            started = time.monotonic()
            with self.voice.progress(name) as step:
                made = sites.make(
                    self.season, catalogue, name, url, workers, lambda what, done, total: step(done, total, what)
                )
            self.problems += made.problems
            self.report["sites"][name] = {
                "pages": made.pages, "drawn": made.drawn, "written": len(made.changed), "changed": made.changed,
                "seconds": round(time.monotonic() - started, 2),
            }  # fmt: skip
        self.problems += self.season.problems
        self.report["missing"] = self.season.missing(catalogue)

    def plan(self, url: str = "") -> None:
        """List the pages."""
        from plugins import site as sites

        catalogue = self.season.catalogue()
        for name in self.sites:
            planned = sites.plan(self.season, catalogue, name, url)
            self.report["sites"][name] = {"pages": planned.pages}
            self.problems += planned.problems
            if not self.voice.json:
                for page in planned.pages:
                    print(f"{name}\t{page.language}\t{page.template}\t/{page.url}")
        self.problems += self.season.problems

    def check(self, url: str = "") -> None:
        """Check what stands in output/, and what staff should still fill in."""
        import sitecheck

        catalogue = self.season.catalogue()
        bases = {self.settings.site(name, url).url: name for name in self.settings.sites}
        everything = sitecheck.check(self.settings.workspace.output, bases, served=SERVED)
        for name in self.sites:
            found = [one for one in everything if one.file.split("/")[0] == name]
            self.report["sites"][name] = {"problems": [str(one) for one in found]}
            self.trouble += [f"{name}: {one}" for one in found]
            self.problems += self._lists(name, catalogue, url)
        self._look(aloud=False)
        self.problems += self.season.problems
        self.report["missing"] = self.season.missing(catalogue)

    def doctor(self) -> None:
        """Ask each configured system how it is."""
        for house in self.season.houses_of(self.sites):
            given = self.settings.houses[house]
            for table in given.sources:
                try:
                    source = wiring.source(table, given, self.season.now.date())
                    found = list(source.examine())
                except EtalageError as error:
                    found = [_as_problem(table.id, error)]
                self.problems += found
                bad = [problem for problem in found if problem.weight is Weight.RECORD]
                self.trouble += [f"{table.id}: {problem.reason}" for problem in bad]
                self.voice.line(f"{'not well' if bad else 'well':>8}  {table.id}")
            self.problems += self.season.editorial.overlays(house)[1]
        self.problems += self.season.gaps(self.season.catalogue())
        for name in self.sites:
            self.problems += self._lists(name)
        self._look()
        self._store()
        self._post()
        self._money()
        self._wallets()
        self._passes()

    def _money(self) -> None:
        """Whether visitors can pay; nothing is paid to find out."""
        for account in {one.name: one for one in self.settings.accounts.values() if one}.values():
            said, ways = "well", ""
            try:
                found = sorted(wiring.examine_payments(account), key=lambda one: (one != "bancontact", one))
                can_receive = self._receive(account)
            except EtalageError as error:
                self.trouble.append(f"{account.name}: {error}")
                said = "not well"
            else:
                ways = f": {', '.join(found)}" if found else ""
                if found and "bancontact" not in found:  # what most people here pay with
                    self.trouble.append(
                        f"{account.name}: Bancontact is switched off; switch it on at {account.settings.provider}"
                    )
                    said = "not well"
                said = said if can_receive else "not well"
            for url in self._uncalled(account):
                self.trouble.append(
                    f"{account.name}: {account.settings.provider} calls no site at {url}; write the address where it really stands, with https"
                )
                said = "not well"
            self.voice.line(f"{said:>8}  payments {account.name} ({account.settings.mode}){ways}")

    def _receive(self, account: Account) -> bool:
        """Whether every house can receive its share, as far as the provider says so."""
        if not account.settings.houses:
            return True
        given = account.settings
        found = wiring.examine_houses(account)
        stay = [name for name in self.settings.sells if name not in {*given.houses, given.collector} and self.settings.accounts[name] == account]  # fmt: skip
        if stay:
            self.voice.line(
                f"          the shares of {', '.join(stay)} stay with {account.owner}: no account stands in payments.houses"
            )
        self.trouble += [f"{account.name}: {house}: {wrong}" for house, wrong in found.items() if wrong]
        unsaid = [house for house, wrong in found.items() if wrong is None]
        if unsaid:
            provider = given.provider.capitalize()
            self.voice.line(
                f"          {provider} does not say whether {', '.join(unsaid)} can receive: sell a ticket in test mode and look there"
            )
        return not any(found.values())

    def _uncalled(self, account: Account) -> list[str]:
        """Where sites stand whose visitors pay real money, and that the provider cannot tell of it."""
        if account.settings.mode != "live":
            return []
        sites = [name for name, one in self.settings.accounts.items() if name and one == account]
        return [url for name in sites if not is_called(url := self.settings.site(name).url)]

    def _passes(self) -> None:
        """Whether the systems of passes let the houses in; nothing is booked."""
        for house in (name for name in self.sites if name in self.settings.houses):
            for given in self.settings.houses[house].discounts:
                said, more = "well", ""
                if wiring.is_stand_in_away(given):
                    self.voice.line(
                        f"     off  passes {given.system}-{house}: nothing stands in for it here ({given.url_env})"
                    )
                    continue
                try:
                    more = ", ".join(wiring.examine_discounts(self.settings, house, given))
                except EtalageError as error:
                    self.trouble.append(f"{house}: {given.system}: {error}")
                    said = "not well"
                self.voice.line(f"{said:>8}  passes {given.system}-{house}{f': {more}' if more else ''}")

    def _wallets(self) -> None:
        """Whether tickets for phones can be signed, and until when."""
        for name, given in self.settings.wallets.items():
            if name in self.sites:
                said, end = "well", ""
                try:
                    end = f", until {wiring.wallet(given, self.season.now).until:%Y-%m-%d}"
                except EtalageError as error:
                    self.trouble.append(f"wallet {name}: {error}")
                    said = "not well"
                self.voice.line(f"{said:>8}  wallet {name}{end}")

    def _post(self) -> None:
        """Whether letters can be sent; nothing is sent to find out."""
        said = "well"
        try:
            wiring.examine_mail(self.settings)
        except EtalageError as error:
            self.trouble.append(f"mail: {error}")
            said = "not well"
        self.voice.line(f"{said:>8}  mail ({self.settings.mail.system})")

    def _store(self) -> None:
        """Whether the records can be written, where sales and shared lists are."""
        said = "well"
        try:
            wiring.examine_records(self.settings.workspace)
        except EtalageError as error:
            self.trouble.append(f"records: {error}")
            said = "not well"
        self.voice.line(f"{said:>8}  records")

    def _look(self, *, aloud: bool = True) -> None:
        """Whether every colour of the sites' themes can be read."""
        from plugins import assets

        for theme in sorted({self.settings.site(name).theme for name in self.sites}):
            try:
                assets.examine(self.settings.workspace.themes, theme)
            except Refused as refused:
                self.trouble.append(str(refused))
                said = "not well"
            else:
                said = "well"
            if aloud:
                self.voice.line(f"{said:>8}  theme {theme}")

    def _lists(self, name: str, catalogue: Catalogue | None = None, url: str = "") -> list[Problem]:
        """What is to be mended in a site's curated lists, and which are running empty; nothing before the first fetch."""
        lists, problems = self.season.editorial.lists(name)
        catalogue = catalogue or (self.season.catalogue() if lists else None)
        if not lists or not catalogue or not catalogue.entries:
            return list(problems)
        from plugins import site as sites

        return [*problems, *sites.plan(self.season, catalogue, name, url).problems]


def run(work: Callable[[Desk], None], asked: dict[str, Any]) -> None:
    """Do the work, report it, and leave with the status it deserves."""
    voice = Voice(json=asked["json"])
    try:
        workspace = Workspace.at(asked["root"], asked["content"], asked["output"], asked["var"], asked["themes"])
        settings = config.load(workspace)
        sites = tuple(asked["sites"] or settings.sites)
        for name in sites:
            settings.site(name)
        desk = Desk(settings, Season(settings, config.moment_now(asked["now"])), sites, voice)
    except Refused as refused:
        voice.refuse(refused)
        sys.exit(2)
    try:
        work(desk)
    except EtalageError as error:
        desk.trouble.append(str(error))
    voice.tell(desk.report, desk.problems, desk.trouble)
    sys.exit(1 if desk.trouble else 0)


def _as_problem(source: str, error: EtalageError) -> Problem:
    return Problem(source=source, record="", field="", code=error.code, reason=error.say, weight=Weight.RECORD)
