"""Which pages have a picture to share, what it says, and where it is kept: by the hash of all that it is made from.

What a newcomer would get wrong: the words must not depend on today, or every picture would be made anew each morning; so it says
from when to when, never "tomorrow". Only what is still to come gets one: an old page shows its own photo. And Pillow is imported
only when there is something new to draw.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from hashlib import blake2b
from pathlib import Path

import msgspec

from etalage.catalogue.completeness import is_coming
from etalage.model.catalogue import Catalogue
from etalage.model.picture import Rendition, shelf
from etalage.model.programme import Kind, Performance, Production, Status
from etalage.model.site import Site
from plugins.agenda.speech import Speech
from plugins.assets import tokens
from plugins.pictures import Album
from plugins.pictures.publishing import link

FOLDER = "assets/share/"
VERSION = 1
"""Raise it when the code draws otherwise."""
WIDTH, HEIGHT = 1200, 630
SITE = ""
"""The key of the picture of the site itself, for every page without one of its own."""
_GROUNDS = {
    "theater": "stage", "dans": "stage", "circus": "stage", "humor": "stage", "muziektheater": "stage", "klassiek": "music",
    "jazz": "music", "pop-rock": "music", "folk-wereld": "music", "elektronisch": "music", "film": "image", "expo": "image",
    "literatuur": "word", "lezing": "word", "erfgoed": "word",
}  # fmt: skip
"""As themes/base/components/picture/picture.css has them."""


class Look(msgspec.Struct, frozen=True):
    """A house's colours (hex) and typefaces. `display`: of titles, `text`: of the rest; each the files of one face.

    `fonts` is the hash of those files.
    """

    ground: str
    ink: str
    accent: str
    letter_ground: str
    letter: str
    display: tuple[str, ...]
    text: tuple[str, ...]
    fonts: str = ""
    leading: float = 1.06
    upper: bool = False


class Words(msgspec.Struct, frozen=True):
    """What the picture says; `kicker` stands above the title, `foot` at the bottom."""

    title: str
    kicker: str = ""
    when: str = ""
    foot: str = ""

    def in_a_line(self) -> str:
        """The same, for who cannot see it."""
        return ", ".join(part for part in (self.title, self.when, self.foot) if part)


class Shared(msgspec.Struct, frozen=True):
    """A picture as a page names it: its address from the site's root, its size, and what it says."""

    url: str
    width: int
    height: int
    alt: str


class _Job(msgspec.Struct, frozen=True):
    name: str
    words: Words
    look: Look
    picture: str


Gallery = dict[tuple[str, str], Shared]
"""(production or SITE, language) → its picture."""


def hang(
    catalogue: Catalogue, site: Site, today: date, album: Album, themes: Path, kept: Path, output: Path,
    step: Callable[[int, int], None],
) -> Gallery:  # fmt: skip
    """Make what is not there yet in `kept`, and link all of it into the site; what each page has to show."""
    if not site.sharing.pictures:
        return {}
    jobs = dict(_jobs(catalogue, site, today, album, themes))
    _make(
        [job for job in {job.name: job for job in jobs.values()}.values() if not (kept / job.name).exists()], kept, step
    )
    folder = output / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for job in jobs.values():
        if not (folder / job.name).exists():
            link(kept / job.name, folder / job.name)
    return {key: Shared(FOLDER + job.name, WIDTH, HEIGHT, job.words.in_a_line()) for key, job in jobs.items()}


def tidy(gallery: Gallery, kept: Path, output: Path) -> None:
    """Remove what no page names any more."""
    wanted = {shared.url.rpartition("/")[2] for shared in gallery.values()}
    for folder in (kept, output / FOLDER):
        for path in folder.glob("*.jpg"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def _jobs(
    catalogue: Catalogue, site: Site, today: date, album: Album, themes: Path
) -> Iterator[tuple[tuple[str, str], _Job]]:
    look = look_of(themes, site.theme)
    houses = set(site.houses)
    shown = [
        entry.production
        for entry in catalogue.entries.values()
        if not houses.isdisjoint(entry.production.houses)
        and not entry.production.removed
        and is_coming(entry.production, today)
    ]
    grounds = _grounds(themes, site.theme)
    for language in site.languages:
        speech = Speech(language, site.languages, themes / "base" / "translations")
        yield (SITE, language), _job(_site_words(site, speech), look, None, album)
        for production in shown:
            words = words_of(production, catalogue, speech)
            if not can_set(words.title):
                continue
            own = msgspec.structs.replace(look, letter_ground=grounds[_ground(production)])
            rendition = next((album.renditions[p.src] for p in production.pictures if p.src in album.renditions), None)
            yield (production.id, language), _job(words, own, rendition, album)


def _job(words: Words, look: Look, rendition: Rendition | None, album: Album) -> _Job:
    picture = f"{album.folder}/{shelf(rendition.stamp)}/{rendition.crops['share'][-1].name}" if rendition else ""
    faces = msgspec.structs.replace(look, display=(), text=())  # by their hash, wherever they are
    made_from = msgspec.json.encode([VERSION, words, faces, rendition.stamp if rendition else ""])
    return _Job(f"{blake2b(made_from, digest_size=8).hexdigest()}.jpg", words, look, picture)


def words_of(production: Production, catalogue: Catalogue, speech: Speech) -> Words:
    """What the picture of a production says."""
    house = catalogue.houses.get(production.houses[0])
    name = str(speech.say(house.name)) if house else production.houses[0]
    dates = [one for one in production.performances if one.status in (Status.SCHEDULED, Status.MOVED)]
    venue = catalogue.venues.get(dates[0].venue) if dates else None
    places = {one.venue for one in dates}
    foot = [name] + (
        [venue.name] if venue and len(places) == 1 and venue.name not in name and name not in venue.name else []
    )
    return Words(
        title=str(speech.say(production.title)), kicker=production.company or str(speech.say(production.subtitle)),
        when=_when(production, dates, speech), foot=" · ".join(foot),
    )  # fmt: skip


def can_set(title: str) -> bool:
    """Whether our faces have these letters: Latin, wherever it is written. Another script shows the page's own photo."""
    return all(ord(sign) < 0x250 or 0x1E00 <= ord(sign) < 0x1F00 or not sign.isalpha() for sign in title)


def _when(production: Production, dates: list[Performance], speech: Speech) -> str:
    """One date with its hour; several from the first to the last; an expo its period."""
    if production.closes and production.kind is Kind.EXPO:
        first, last = production.opens, production.closes
    elif not dates:
        return ""
    elif len(dates) == 1:
        one = dates[0]
        day = speech.day(one.start.date())
        return f"{day}, {speech.clock(one.start)}" if one.timed else day
    else:
        first, last = dates[0].start.date(), dates[-1].start.date()
    if first is None or first == last:
        return speech.gettext("until %(day)s") % {"day": speech.day_year(last)} if first is None else speech.day(last)
    return speech.gettext("%(first)s to %(last)s") % {"first": speech.day_short(first), "last": speech.day_short(last)}


def _site_words(site: Site, speech: Speech) -> Words:
    name, tagline = str(speech.say(site.name)), str(speech.say(site.tagline))
    return Words(title=name, when=tagline, foot=site.url.partition("://")[2].partition("/")[0].removeprefix("www."))


def look_of(themes: Path, theme: str) -> Look:
    """The look of a theme, by day: its header's colours, and its faces with base's behind them for letters they lack."""
    found = tokens.read(_folders(themes, theme))
    plain = _faces(themes / "base", "text")
    display = (*_faces(themes / theme, "display"), *plain)
    digest = blake2b(b"".join(Path(file).read_bytes() for file in dict.fromkeys((*display, *plain))), digest_size=8)
    return Look(
        ground=found.pair("colour-header")[0], ink=found.pair("colour-on-header")[0], accent=found.pair("colour-accent")[0],
        letter_ground=found.pair("colour-stage")[0], letter=found.pair("colour-ink")[0], display=display, text=plain,
        fonts=digest.hexdigest(), leading=float(found.values.get("display-leading", 1.06)),
        upper=found.values.get("display-case") == "uppercase",
    )  # fmt: skip


def _faces(folder: Path, name: str) -> tuple[str, ...]:
    files = (folder / "static" / "fonts" / f"{name}{part}.woff2" for part in ("", "-ext"))
    return tuple(str(file) for file in files if file.exists())


def _ground(production: Production) -> str:
    return next((_GROUNDS[genre.id] for genre in production.genres if genre.id in _GROUNDS), "together")


def _grounds(themes: Path, theme: str) -> Mapping[str, str]:
    found = tokens.read(_folders(themes, theme))
    return {name: found.pair(f"colour-{name}")[0] for name in ("stage", "music", "image", "word", "together")}


def _folders(themes: Path, theme: str) -> list[Path]:
    return [folder for folder in dict.fromkeys((themes / "base", themes / theme)) if folder.is_dir()]


def _make(jobs: list[_Job], kept: Path, step: Callable[[int, int], None]) -> None:
    if not jobs:
        return
    from plugins.sharing.drawing import draw

    kept.mkdir(parents=True, exist_ok=True)

    def make(job: _Job) -> None:
        beside = kept / f"{job.name}.new"
        beside.write_bytes(draw(job.words, job.look, Path(job.picture) if job.picture else None))
        beside.replace(kept / job.name)

    with ThreadPoolExecutor(max_workers=2) as pool:
        for done, future in enumerate(as_completed([pool.submit(make, job) for job in jobs]), 1):
            future.result()
            step(done, len(jobs))
