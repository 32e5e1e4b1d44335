"""`build.py export`: what goes to the printer, the press and the newsletter, as of what was fetched last."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from commands import originals
from etalage import wiring
from etalage.catalogue import brochure
from etalage.catalogue.addresses import Addresses
from etalage.model.errors import Refused
from etalage.model.programme import Picture, Production
from etalage.model.site import SitePlan

if TYPE_CHECKING:
    from commands.office import Desk

AHEAD = timedelta(days=120)


class Choice:
    """What was asked for: the site, the period, the productions; settled against the catalogue."""

    def __init__(self, desk: "Desk", first: str, last: str, wanted: Sequence[str], url: str) -> None:
        from plugins import site as sites

        self.desk, self.catalogue = desk, desk.season.catalogue()
        self.plan: SitePlan = sites.plan(desk.season, self.catalogue, desk.sites[0], url)
        self.first = _day(first, "--from") if first else desk.season.now.date()
        self.last = _day(last, "--to") if last else self.first + AHEAD
        self.productions = brochure.choose(
            self.catalogue, self.plan.site, self.first, self.last, wanted, self.plan.addresses
        )
        if not self.productions:
            raise Refused("export_empty", f"there is nothing on between {self.first} and {self.last}")

    def address(self, production: Production) -> str:
        site = self.plan.site
        here = Addresses(site.languages[0], True)
        return f"{site.url}/{here.production(self.plan.addresses[production.id])}"

    def done(self, what: str, folder: Path, names: Sequence[str]) -> None:
        """Say what was made."""
        figures = {"folder": str(folder), "productions": len(self.productions), "files": list(names)}
        self.desk.report[what] = figures
        self.desk.voice.line(f"{len(self.productions)} productions, {len(names)} files in {folder}")


def write_brochure(desk: "Desk", *, first: str, last: str, wanted: Sequence[str], forms: Sequence[str], folder: Path, url: str) -> None:  # fmt: skip
    """The export in each form asked for, with its pictures."""
    from plugins.exports import brochure as exports

    unknown = [form for form in forms if form not in exports.FORMATS]
    if unknown:
        raise Refused("format_unknown", f"--format {unknown[0]!r}: write one of {', '.join(exports.FORMATS)}")
    choice = Choice(desk, first, last, wanted, url)
    work = desk.settings.workspace
    folder.mkdir(parents=True, exist_ok=True)
    shown: dict[str, tuple[str, Picture]] = {}
    for one in choice.productions:
        slug = choice.plan.addresses[one.id]
        for number, picture in enumerate(one.pictures, 1):
            shown.setdefault(picture.src, (f"{slug}-{number}", picture))
    pictures, problems = originals.lay_out(shown, wiring.pictures(work), work.content, folder)
    desk.problems += problems
    made = brochure.compose(
        choice.catalogue, choice.plan.site, choice.first, choice.last, choice.productions,
        {one.id: choice.address(one) for one in choice.productions}, pictures,
    )  # fmt: skip
    names = [f"brochure.{form}" for form in forms]
    for form, name in zip(forms, names, strict=True):
        (folder / name).write_bytes(exports.write(made, form))
    choice.done("brochure", folder, [*names, *sorted(picture.file for picture in pictures.values())])


def write_newsletter(desk: "Desk", *, first: str, last: str, wanted: Sequence[str], language: str, folder: Path, url: str) -> None:  # fmt: skip
    """The block as HTML and as text."""
    from plugins.exports.newsletter import Newsletter
    from plugins.pictures import Gallery

    choice = Choice(desk, first, last, wanted, url)
    site, work = choice.plan.site, desk.settings.workspace
    if language and language not in site.languages:
        raise Refused("language_unknown", f"--language {language!r}: this site speaks {', '.join(site.languages)}")
    pictures = [picture for one in choice.productions for picture in one.pictures[:1]]
    renditions, problems = wiring.pictures(work).prepare(pictures, work.content)
    desk.problems += problems
    letter = Newsletter(choice.catalogue, choice.plan, language or site.languages[0], desk.season.now, work.themes, Gallery(renditions))  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("newsletter.html", letter.html), ("newsletter.txt", letter.text)):
        (folder / name).write_text(content(choice.productions, choice.first, choice.last), "utf-8")
    choice.done("newsletter", folder, ["newsletter.html", "newsletter.txt"])


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("now_unreadable", f"{name} {text!r} is no date; write 2026-11-21") from error
