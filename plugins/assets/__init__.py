"""Styles, scripts, fonts and icons of a site: made from themes/, named after their content, written only when they differ.

A newcomer's trap: this is no Pelican plugin with signals. plugins/site.py calls `prepare` before Pelican starts, because every
page needs the names, and `fingerprint` before that, because a page's key needs to know whether the look changed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from etalage.model.errors import Refused
from plugins.assets import contrast, icons, scripts, styles, tokens

FOLDER = "assets"
LOOKS = frozenset({".html", ".css", ".js", ".svg", ".woff2", ".png", ".webp", ".avif", ".po"})
"""What can change how a page looks; notes, examples and licences cannot."""
COLOURS = ("colour-header", "colour-page", "colour-action")
"""Colours that HTML needs and CSS cannot give it: `asset("colour-header.light")`."""
LOGO = "logo.svg"
"""Shown through <use>, so that it takes the colours of where it stands, in light and dark; an icon has only its file."""
_SYMBOL = re.compile(r'<symbol id="(mark|wordmark)" viewBox="([\d.\s-]+)"')
_OURS = re.compile(r"\.[0-9a-f]{10}\.[a-z0-9]+$")
"""What we name so in the folder is ours to remove; the pictures beside it are not."""
_TOKEN = re.compile(r"var\(--([a-z0-9-]+)\)")


class AssetBroken(Refused):
    """A style, script or icon that cannot be made; says which file and what to mend."""

    def __init__(self, say: str, where: str) -> None:
        super().__init__("asset_broken", say, where=where)


class ThemeUnreadable(Refused):
    """Colours that cannot be told apart; says which, where, and what would do."""

    def __init__(self, theme: str, failures: Sequence[contrast.Failure]) -> None:
        say = "; ".join(map(str, failures[:3]))
        more = f"; and {len(failures) - 3} more pairs" if len(failures) > 3 else ""
        super().__init__("theme_unreadable", say + more, where=f"themes/{theme}/tokens.css")


def examine(themes: Path, theme: str) -> None:
    """Raise ThemeUnreadable when a colour of the theme cannot be read where base puts it."""
    try:
        failures = contrast.examine(_folders(themes, theme))
    except tokens.Broken as error:
        raise AssetBroken(str(error), error.where) from error
    if failures:
        raise ThemeUnreadable(theme, failures)


def template_folders(themes: Path, theme: str) -> list[Path]:
    """Where templates are looked up, the house's own first; components are found by "components/card/card.html"."""
    own = () if theme == "base" else (themes / theme / "templates", themes / theme)
    return [folder for folder in (*own, themes / "base" / "templates", themes / "base") if folder.is_dir()]


def fingerprint(themes: Path, theme: str) -> str:
    """A stamp of every template, component, style, script, picture and translation that a site with this theme uses."""
    digest = sha256()
    for folder in _folders(themes, theme):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in LOOKS and p.is_file()):
            digest.update(f"{path.relative_to(themes)}\0".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def prepare(themes: Path, theme: str, output: Path, *, home_screen: bool = True) -> Mapping[str, str]:
    """Make everything a site's pages link to; give name → path relative to the site's root.

    `{"css/main.css": "assets/main.4f2d….css", "js/main.js": …, "icons.svg": …}`, and the COLOURS as they are. A theme without a
    typeface of its own has base's as "fonts/display.woff2". `home_screen`: the icon as pictures too.
    """
    examine(themes, theme)
    folders = _folders(themes, theme)
    shelf = _Shelf(output / FOLDER)
    try:
        colours = tokens.read(folders)
        for folder in folders:
            for path in sorted((folder / "static").rglob("*")):
                if path.suffix in (".svg", ".woff2", ".png", ".webp", ".avif"):
                    shelf.add(path.relative_to(folder / "static").as_posix(), _content(path, colours))
        if home_screen:
            _add_icons(shelf, folders, colours)
        for name, content in scripts.modules(folders, shelf.name_of):
            shelf.add(name, content)
        shelf.add("css/main.css", styles.bundle(themes, folders, shelf.names()).encode())
    except (styles.Broken, scripts.Broken, tokens.Broken) as error:
        raise AssetBroken(str(error), error.where) from error
    shelf.write()
    names = {name: f"{FOLDER}/{file}" for name, file in shelf.names().items()}
    if "fonts/text.woff2" in names:
        names.setdefault("fonts/display.woff2", names["fonts/text.woff2"])
    shades = {
        f"{name}.{scheme}": shade
        for name in COLOURS
        for scheme, shade in zip(("light", "dark"), colours.pair(name), strict=True)
    }
    return names | shades | _logo(folders)


def _logo(folders: Sequence[Path]) -> dict[str, str]:
    """What a page must know of the logo: "mark" (beside the name) or "wordmark" (in its place), and its measures."""
    files = [folder / "static" / LOGO for folder in folders if (folder / "static" / LOGO).exists()]
    if not files:
        return {"logo": ""}
    found = _SYMBOL.search(files[-1].read_text("utf-8"))
    if not found:
        raise AssetBroken(
            'a logo is a <symbol id="mark" viewBox="…">, or id="wordmark" when it says the name', str(files[-1])
        )
    _, _, width, height = map(float, found[2].split())
    return {"logo": found[1], "logo.viewbox": found[2], "logo.width": f"{32 * width / height:g}"}


def _folders(themes: Path, theme: str) -> list[Path]:
    """The theme's folders, base first: what comes later wins."""
    return [folder for folder in dict.fromkeys((themes / "base", themes / theme)) if folder.is_dir()]


def _content(path: Path, colours: tokens.Tokens) -> bytes:
    """A file as it is; an SVG with the house's colours in the place of `var(--…)`, which an icon has no style sheet for."""
    if path.suffix != ".svg" or path.name == LOGO:
        return path.read_bytes()
    text = path.read_text("utf-8")
    return _TOKEN.sub(lambda found: colours.pair(found[1])[0], text).encode()


def _add_icons(shelf: "_Shelf", folders: list[Path], colours: tokens.Tokens) -> None:
    """The icon as pictures, but for those that the house brings itself."""
    svg = next(path for folder in reversed(folders) if (path := folder / "static" / "icon.svg").exists())
    text = _content(svg, colours).decode()
    for name, (size, share) in icons.SIZES.items():
        if name not in shelf.files:
            key = f"{icons.RECIPE} {size} {share} {text}".encode()
            shelf.add_drawn(name, key, partial(icons.draw, text, size, share))


class _Shelf:
    """The files to be, by name; a later file of the same name replaces the earlier."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, tuple[str, bytes | Callable[[], bytes]]] = {}

    def add(self, name: str, content: bytes) -> None:
        self.files[name] = (self.name_of(name, content), content)

    def add_drawn(self, name: str, key: bytes, draw: Callable[[], bytes]) -> None:
        """A file that is named after what it is made from, and made only when it is not there."""
        self.files[name] = (self.name_of(name, key), draw)

    @staticmethod
    def name_of(name: str, content: bytes) -> str:
        """main.4f2d1c9a07.css: the stem, ten hex of the content's SHA-256, the suffix."""
        path = Path(name)
        return f"{path.stem}.{sha256(content).hexdigest()[:10]}{path.suffix}"

    def names(self) -> dict[str, str]:
        return {name: file for name, (file, _) in self.files.items()}

    def write(self) -> None:
        """Write what is not there yet, remove what is no longer wanted. A name says its content, so a file that is there is right."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = dict(self.files.values())
        for path in self.folder.iterdir():
            if _OURS.search(path.name) and path.name not in wanted:
                path.unlink()
        for file, content in wanted.items():
            path = self.folder / file
            if not path.exists() or (isinstance(content, bytes) and path.stat().st_size != len(content)):
                beside = path.with_name(file + ".new")
                beside.write_bytes(content if isinstance(content, bytes) else content())
                beside.replace(path)
