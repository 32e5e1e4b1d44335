"""The colours of every house can be read, in light and in dark: WCAG 2.2, 1.4.3 and 1.4.11."""

import re
import shutil

import pytest

from plugins import assets
from plugins.assets import ThemeUnreadable, contrast, tokens
from tests.theme.conftest import HOUSES, THEMES

BASE = THEMES / "base"
PAIRS, DECORATION = contrast.declared(BASE)
SHEETS = [
    *sorted(BASE.glob("components/*/*.css")),
    *(BASE / "static" / "css" / f"{n}.css" for n in ("base", "layout", "utilities")),
]
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
USED = re.compile(r"var\(--colour-([a-z-]+)\)")
GROUNDS = ("background", "background-color")


@pytest.mark.parametrize("theme", ["base", *HOUSES])
def test_every_pair_can_be_read(theme):
    assert list(map(str, contrast.examine(list(dict.fromkeys((BASE, THEMES / theme)))))) == []


def rules(text):
    """Selector → its declarations, of a whole style sheet; what is nested in @media counts as it stands."""
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for selector, body in RULE.findall(plain):
        yield selector.strip(), dict(map(str.strip, line.split(":", 1)) for line in body.split(";") if ":" in line)


def missing(text):
    """The uses of colours in a style sheet that no declared pair covers."""
    fronts = {pair.front for pair in PAIRS}
    grounds = {pair.ground for pair in PAIRS}
    pairs = {(pair.front, pair.ground) for pair in PAIRS}
    for selector, said in rules(text):
        of = {
            name: USED.findall(value)
            for name, value in said.items()
            if not name.startswith("--") and "color-mix" not in value
        }
        back = [colour for name in GROUNDS for colour in of.get(name, ())]
        for colour in back:
            if colour not in grounds and colour not in fronts | DECORATION:
                yield f"{selector}: nothing is declared on {colour}"
        for colour in of.get("color", ()):
            if colour not in fronts:
                yield f"{selector}: {colour} is declared on no ground"
            for ground in back:
                if (colour, ground) not in pairs:
                    yield f"{selector}: {colour} on {ground} is not declared"
        for name, colours in of.items():
            if name.startswith(("border", "outline", "fill", "stroke")):
                for colour in colours:
                    if colour not in fronts | DECORATION:
                        yield f"{selector}: a line in {colour} is not declared"
        if said.get("opacity", "1") != "1":
            yield f"{selector}: opacity makes a colour that nobody computes; use a token"


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_colour_a_style_sheet_uses_is_declared(path):
    assert list(missing(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(("css", "said"), [
    (".x { color: var(--colour-accent) }", "accent is declared on no ground"),
    (".x { color: var(--colour-link); background: var(--colour-accent) }", "link on accent is not declared"),
    (".x { background: var(--colour-nieuw) }", "nothing is declared on nieuw"),
    ("@media (width > 1px) { .x { border-color: var(--colour-nieuw) } }", "a line in nieuw is not declared"),
    (".x { opacity: 0.5 }", "opacity"),
    (".x { color: var(--colour-ink); background: var(--colour-page) }", ""),
])  # fmt: skip
def test_a_colour_that_nobody_declared_is_found(css, said):
    found = list(missing(css))
    assert said in found[0] if said else found == []


@pytest.fixture
def themes(tmp_path):
    shutil.copytree(BASE, tmp_path / "themes" / "base")
    (tmp_path / "themes" / "eik").mkdir()
    return tmp_path / "themes"


def test_a_house_that_cannot_be_read_is_not_built_and_told_what_would_do(themes, tmp_path):
    tokens_css = themes / "eik" / "tokens.css"
    tokens_css.write_text(":root { --colour-link: light-dark(#9ab8ff, #a9bcff); }", "utf-8")
    with pytest.raises(ThemeUnreadable) as stopped:
        assets.prepare(themes, "eik", tmp_path / "out")
    said = str(stopped.value)
    assert "themes/eik/tokens.css" in said
    assert "light: --colour-link #9ab8ff on --colour-page #ffffff" in said and "must be 4.5 : 1" in said
    assert "dark:" not in said
    advised = re.search(r"make --colour-link (#[0-9a-f]{6})", said)[1]
    tokens_css.write_text(f":root {{ --colour-link: light-dark({advised}, #a9bcff); }}", "utf-8")
    assert tokens.contrast(advised, "#ffffff") >= 4.5
    again = [
        failure for failure in contrast.examine([themes / "base", themes / "eik"]) if failure.pair.ground == "page"
    ]
    assert again == []
    assert not list((tmp_path / "out").rglob("*"))


def test_text_on_a_gradient_must_be_read_on_each_of_its_colours(themes):
    css = ":root { --colour-band: linear-gradient(90deg, #ffffff 0 20%, light-dark(#555555, #222222)); }"
    (themes / "eik" / "tokens.css").write_text(css, "utf-8")
    failures = contrast.examine([themes / "base", themes / "eik"])
    assert {
        (one.pair.front, one.pair.ground, one.scheme, one.ground) for one in failures if one.pair.ground == "band"
    } == {
        ("on-header", "band", "light", "#555555"),  # dark ink on the dark end
        ("on-header", "band", "dark", "#ffffff"),
    }


@pytest.mark.parametrize(
    "value", ["rebeccapurple", "linear-gradient(90deg, #fff, red)", "color-mix(in oklab, red, blue)"]
)
def test_a_colour_that_cannot_be_computed_is_refused(themes, value):
    (themes / "eik" / "tokens.css").write_text(f":root {{ --colour-band: {value}; }}", "utf-8")
    with pytest.raises(assets.AssetBroken, match="hex colour"):
        assets.examine(themes, "eik")


def test_contrast_is_computed_as_wcag_says():
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast.better("#999999", ["#ffffff"], 4.5) == "#747474"
    assert contrast.better("#777777", ["#000000", "#ffffff"], 7) == ""
