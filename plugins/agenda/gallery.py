"""The gallery: every component with every example of its description, on one page per language, in the house's own look.

It is for who makes a theme, and for the tests, which ask axe about it. A newcomer's trap: what an example leads to is not there
on this site, so its links stay on the page, and its pictures are the site's icon.
"""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import yaml
from markupsafe import Markup

from etalage.model.site import Page
from plugins.agenda.speech import said

if TYPE_CHECKING:
    from plugins.agenda.generator import Frame

AROUND = frozenset({"head", "screen", "site-header", "site-footer"})
"""They stand around every page, this one too, or fill a whole one; a second time they would be two headers."""
_ENDS = re.compile(r' data-(?:end|live)="[^"]*"')
"""An example is never over, or a script would hide it one day; and nobody is asked what is left of it."""
_INSIDE = re.compile(r'(<a\b[^>]*?\bhref=")(?!https?:|mailto:|tel:)[^"]*"')


def names(components: Path) -> list[str]:
    """The components, in order of name."""
    return sorted(path.name for path in components.iterdir() if (path / f"{path.name}.yaml").exists())


def described(components: Path, name: str) -> dict[str, Any]:
    """What a component's .yaml says: about, parameters, examples."""
    return dict(yaml.safe_load((components / name / f"{name}.yaml").read_text("utf-8")))


def drawn(environment: Any, name: str, example: dict[str, Any], icon: str = "") -> str:
    """One example of a component as HTML."""
    macro: Callable[..., str] = getattr(
        environment.get_template(f"components/{name}/{name}.html").module, name.replace("-", "_")
    )
    return str(macro(**{key: as_given(value, icon) for key, value in example.items()}))


def as_given(value: Any, icon: str = "") -> Any:
    """A value of an example as a template has it: words know their language, a picture's source makes its srcset."""
    if isinstance(value, str):
        return said(value)
    if isinstance(value, list):
        return [as_given(each, icon) for each in value]
    if not isinstance(value, dict):
        return value
    if icon and "sources" in value:
        return SimpleNamespace(**{**value, "sources": [], "src": icon})
    inside = {key: as_given(each, icon) for key, each in value.items()}
    if "files" in inside:
        inside["srcset"] = lambda root: Markup(", ".join(f"{root}{path} {width}w" for path, width in inside["files"]))  # noqa: S704
    is_object = all(key.isidentifier() for key in inside) and "nl" not in inside
    return SimpleNamespace(**inside) if is_object else inside


def gallery(frame: "Frame", page: Page) -> dict[str, Any]:
    """What gallery.html shows: per component its name, what it is for, and its examples."""
    components = frame.build.translations.parent / "components"
    root = "../" * page.url.count("/")
    icon = str(frame.env.globals["asset"]("icon.svg"))  # type: ignore[operator]
    shown = []
    for name in names(components):
        if name in AROUND:
            continue
        described_as = described(components, name)
        examples = [
            _on_the_page(drawn(frame.env, name, {**one, **({"root": root} if "root" in one else {})}, icon))
            for one in described_as["examples"]
        ]
        if examples:
            shown.append((name, described_as["about"], examples))
    return {"components": shown}


def _on_the_page(html: str) -> Markup:
    """An example among others: its links stay here, and a line of a list gets its list."""
    html = _ENDS.sub("", _INSIDE.sub(r'\1#main"', html))
    html = html.replace("<h1", "<h2").replace("</h1>", "</h2>")  # the page has its own
    listed = html.lstrip().startswith("<li")
    return Markup(f'<ul class="stack">{html}</ul>' if listed else html)  # noqa: S704 - our own templates
