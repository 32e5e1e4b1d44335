"""One site from plan to files: pictures, assets, plan, and Pelican to draw it.

A newcomer's trap: Pelican only logs the errors of a plugin and goes on; here every logged error ends the build.
"""

import fcntl
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import jinja2
import msgspec

from etalage import wiring
from etalage.catalogue.plan import Given
from etalage.config import Workspace
from etalage.model.catalogue import Catalogue
from etalage.model.errors import EtalageError
from etalage.model.record import Problem
from etalage.model.site import SitePlan
from etalage.season import Season
from plugins import assets, hosting, sharing
from plugins.agenda import manifest
from plugins.agenda.build import Build
from plugins.pelican import pelican, read_settings
from plugins.pictures import Album

Step = Callable[[str, int, int], None]


class SiteBroken(EtalageError):
    """A site that could not be drawn; what stood there before is still there."""


class Made(msgspec.Struct, kw_only=True):
    """What came of building one site."""

    site: str
    pages: int
    drawn: int
    changed: list[str]
    problems: list[Problem]


def plan(
    season: Season, catalogue: Catalogue, name: str, url: str = "", looks: Mapping[str, str] | None = None
) -> SitePlan:
    """The plan of a site as it would be built now."""
    return _prepare(season, catalogue, name, url, looks or {}, {})[0]


def make(
    season: Season, catalogue: Catalogue, name: str, url: str = "", workers: int = 2, step: Step = lambda *_: None
) -> Made:
    """Build one site; only what changed is drawn and written."""
    work = season.settings.workspace
    output = work.output / name
    with _alone(work, name):
        album, problems = _album(season, catalogue, name, step)
        looks = {src: rendition.stamp for src, rendition in album.renditions.items()}
        kept = work.var / "share" / name
        shared = sharing.hang(
            catalogue, season.settings.site(name, url), season.now.date(), album, work.themes, kept, output,
            lambda done, total: step("shared", done, total),
        )  # fmt: skip
        named = {key: one.url for key, one in shared.items()}
        site_plan, past, given = _prepare(season, catalogue, name, url, looks, named)
        build = Build(
            plan=site_plan, catalogue=catalogue, texts=tuple(given.texts), lists=tuple(given.lists), now=season.now,
            manifest=past, workers=workers, translations=work.themes / "base" / "translations",
            homes={h: home.site.url for h, home in given.homes.items()}, shared=shared,
            step=lambda done, total: step("pages", done, total),
        )  # fmt: skip
        files = assets.prepare(work.themes, site_plan.site.theme, output, home_screen=site_plan.site.offline)
        _run_pelican(work, build, album, output, files)
        build.written |= hosting.tell(site_plan, output)
        sharing.tidy(shared, kept, output)
        past.addresses, past.former = dict(site_plan.addresses), dict(site_plan.former)
        manifest.write(_manifest_path(work, name), past)
    changed = sorted(path for path, wrote in build.written.items() if wrote)
    problems += site_plan.problems
    return Made(site=name, pages=len(site_plan.pages), drawn=len(build.todo), changed=changed, problems=problems)


def _prepare(
    season: Season,
    catalogue: Catalogue,
    name: str,
    url: str,
    looks: Mapping[str, str],
    shared: Mapping[tuple[str, str], str],
) -> tuple[SitePlan, manifest.Manifest, Given]:
    work = season.settings.workspace
    site = season.settings.site(name, url)
    past = manifest.read(_manifest_path(work, name))
    known = {
        house: manifest.read(_manifest_path(work, house)).addresses for house in season.settings.houses if house != name
    }
    known[name] = past.addresses
    homes = season.homes(catalogue, known, url)
    texts, lists = tuple(season.texts(name)), tuple(season.lists(name))
    moved = season.redirects(name)
    given = Given(
        now=season.now, texts=texts, lists=lists, homes=homes, known=past.addresses, former=past.former, looks=looks, moved=moved, shared=shared,
        design=assets.fingerprint(work.themes, site.theme) + _code(), examples=_examples(work) if site.gallery else "",
    )  # fmt: skip
    return season.plan(catalogue, site, given), past, given


def _code() -> str:
    """A stamp of the code that draws: when it changes, so may every page."""
    return _stamp(Path(__file__).parent.rglob("*.py"))


def _examples(work: Workspace) -> str:
    """A stamp of what the gallery shows of each component."""
    return _stamp((work.themes / "base" / "components").glob("*/*.yaml"))


def _stamp(files: Iterable[Path]) -> str:
    return blake2b(b"".join(path.read_bytes() for path in sorted(files)), digest_size=6).hexdigest()


def _manifest_path(work: Workspace, name: str) -> Path:
    return work.var / "build" / f"{name}.json"


@contextmanager
def _alone(work: Workspace, name: str) -> Iterator[None]:
    """Different sites build side by side; the same site waits."""
    path = work.var / "build" / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _asset(files: Mapping[str, str]) -> Callable[[str], str]:
    def asset(name: str) -> str:
        """The address of a style, script or icon, relative to the site's root."""
        return files[name]

    return asset


def _album(season: Season, catalogue: Catalogue, name: str, step: Step) -> tuple[Album, list[Problem]]:
    """The pictures of all that the site shows, made ready."""
    houses = set(season.settings.site(name).houses)
    owner = {
        picture.src: entry.production.id
        for entry in catalogue.entries.values()
        if not houses.isdisjoint(entry.production.houses)
        for picture in entry.production.pictures
    }
    shown = [
        picture
        for identity in dict.fromkeys(owner.values())
        for picture in catalogue.entries[identity].production.pictures
    ]
    shown += [one.curator.picture for one in season.editorial.lists(name)[0] if one.curator.picture]
    work = season.settings.workspace
    maker = wiring.pictures(work)
    made, problems = maker.prepare(
        shown, work.content, record_of=owner.get, progress=lambda done, total, _: step("pictures", done, total)
    )
    return Album(made, maker.folder), problems


def _run_pelican(work: Workspace, build: Build, album: Album, output: Path, files: Mapping[str, str]) -> None:
    pelican.console.quiet = True
    site = build.plan.site
    cache = work.var / "jinja"
    cache.mkdir(parents=True, exist_ok=True)
    overrides = {
        "PATH": str(work.content), "OUTPUT_PATH": str(output), "THEME": str(work.themes / "base"), "ETALAGE": build,
        "THEME_TEMPLATES_OVERRIDES": [str(folder) for folder in assets.template_folders(work.themes, site.theme)],
        "JINJA_GLOBALS": {"asset": _asset(files)}, "ETALAGE_ASSETS": files, "ETALAGE_THEMES": work.themes, "ETALAGE_PICTURES": album, "ETALAGE_SEARCH": work.var / "search", "SITENAME": site.id, "DEFAULT_LANG": site.languages[0], "TIMEZONE": site.timezone,
    }  # fmt: skip
    with _listening() as errors:
        settings = read_settings(str(Path(__file__).parent.parent / "pelicanconf.py"), override=overrides)
        settings["JINJA_ENVIRONMENT"] = {
            **settings["JINJA_ENVIRONMENT"], "bytecode_cache": jinja2.FileSystemBytecodeCache(str(cache), f"%s.{_code()}"),
        }  # fmt: skip
        try:
            pelican.Pelican(settings).run()
        except EtalageError:
            raise
        except Exception as error:
            raise SiteBroken("site_broken", str(error), where=site.id) from error
    if errors:
        raise SiteBroken("site_broken", errors[0], where=site.id)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Pelican logs as an error, which it would forgive."""
    errors: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(record.getMessage())

    ear, logger = Ear(logging.ERROR), logging.getLogger("pelican")
    logger.addHandler(ear)
    try:
        yield errors
    finally:
        logger.removeHandler(ear)
