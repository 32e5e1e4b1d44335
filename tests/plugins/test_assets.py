"""Styles, scripts, fonts and icons: named after their content, deterministic, and written only when they differ."""

import shutil
from pathlib import Path

import pytest

from plugins import assets
from plugins.assets import AssetBroken, styles, tokens

THEMES = Path(__file__).parents[2] / "themes"
HOUSES = sorted(folder.name for folder in THEMES.iterdir() if (folder / "tokens.css").exists())


@pytest.fixture
def themes(tmp_path):
    """A copy of the base theme and one house, to change at will."""
    for name in ("base", "klokzeel"):
        shutil.copytree(THEMES / name, tmp_path / "themes" / name)
    return tmp_path / "themes"


@pytest.mark.parametrize("theme", ["base", *HOUSES])
def test_every_name_says_its_content(tmp_path, theme):
    files = assets.prepare(THEMES, theme, tmp_path)
    for name in ("css/main.css", "js/main.js", "icons.svg", "icon.svg"):
        path = tmp_path / files[name]
        assert path.name == assets._Shelf.name_of(name, path.read_bytes())
        assert path.parent == tmp_path / "assets"


def test_the_same_theme_gives_the_same_names_anywhere(tmp_path, themes):
    assert assets.prepare(themes, "klokzeel", tmp_path / "a") == assets.prepare(THEMES, "klokzeel", tmp_path / "b")
    assert assets.fingerprint(themes, "klokzeel") == assets.fingerprint(THEMES, "klokzeel")


def test_a_second_time_nothing_is_written(tmp_path):
    assets.prepare(THEMES, "klokzeel", tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assets.prepare(THEMES, "klokzeel", tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_what_is_no_longer_wanted_goes_and_what_is_not_ours_stays(tmp_path, themes):
    old = assets.prepare(themes, "klokzeel", tmp_path)["css/main.css"]
    picture = tmp_path / "assets" / "pictures" / "0123456789abcdef-card-400.avif"
    picture.parent.mkdir()
    picture.touch()
    (themes / "klokzeel" / "tokens.css").write_text(":root { --radius: 3px; }", "utf-8")
    new = assets.prepare(themes, "klokzeel", tmp_path)["css/main.css"]
    assert new != old
    assert not (tmp_path / old).exists()
    assert picture.exists()


def test_a_house_lays_its_tokens_over_those_of_base(tmp_path):
    css = (tmp_path / assets.prepare(THEMES, "klokzeel", tmp_path)["css/main.css"]).read_text("utf-8")
    assert css.index("@layer tokens") < css.index("@layer components") < css.index("@layer house{")
    assert "Fraunces" in css[css.index("@layer house{") :]


def test_every_file_a_style_sheet_names_stands_beside_it(tmp_path):
    for theme in HOUSES:
        sheet = tmp_path / theme / assets.prepare(THEMES, theme, tmp_path / theme)["css/main.css"]
        named = styles._URL.findall(sheet.read_text("utf-8"))
        assert named
        assert [url for _, url in named if not (sheet.parent / url).exists()] == []


def test_a_picture_that_a_style_sheet_names_and_nobody_has_is_refused(tmp_path, themes):
    (themes / "klokzeel" / "tokens.css").write_text(
        '@font-face { font-family: X; src: url("static/fonts/none.woff2"); }', "utf-8"
    )
    with pytest.raises(AssetBroken, match=r"none\.woff2"):
        assets.prepare(themes, "klokzeel", tmp_path)


def test_a_mistake_in_a_style_sheet_says_in_which_file(tmp_path, themes):
    (themes / "klokzeel" / "tokens.css").write_text(":root { --x: 1px; } .a { color: red; } }", "utf-8")
    with pytest.raises(AssetBroken, match=r"klokzeel/tokens\.css"):
        assets.prepare(themes, "klokzeel", tmp_path)


def test_modern_css_comes_through_the_bundler(tmp_path):
    """lightningcss 0.3 is young: what we rely on it for is written here in full."""
    (tmp_path / "a.css").write_text(
        ":root { color-scheme: light dark; --c: light-dark(#fff, #000); }\n"
        ".a { & > .b { color: var(--c); } }\n"
        "@supports (background: attr(data-colour type(<color>))) { .c { background: attr(data-colour type(<color>), red); } }\n"
        '.d::after { content: attr(data-letter) / ""; }\n'
        "@view-transition { navigation: auto; }\n",
        "utf-8",
    )
    css = styles.lightningcss.bundle_css(str(tmp_path / "a.css"), browsers_list=styles.BROWSERS, minify=True)
    assert css == (
        ":root{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light dark;"
        "--c:var(--lightningcss-light,#fff)var(--lightningcss-dark,#000)}"
        "@media (prefers-color-scheme:dark){:root{--lightningcss-light: ;--lightningcss-dark:initial}}"
        ".a>.b{color:var(--c)}"
        "@supports (background:attr(data-colour type(<color>))){.c{background:attr(data-colour type(<color>), red)}}"
        '.d:after{content:attr(data-letter) / ""}@view-transition{navigation:auto}'
    )


def test_a_module_imports_its_neighbours_by_their_new_names(tmp_path):
    files = assets.prepare(THEMES, "base", tmp_path)
    main = (tmp_path / files["js/main.js"]).read_text("utf-8")
    for leaf in ("js/past.js", "js/today.js"):
        assert f'"./{Path(files[leaf]).name}"' in main


def test_a_change_in_a_leaf_changes_the_name_of_what_imports_it(tmp_path, themes):
    before = assets.prepare(themes, "base", tmp_path)
    leaf = themes / "base" / "static" / "js" / "past.js"
    leaf.write_text(leaf.read_text("utf-8") + "changed();\n", "utf-8")
    after = assets.prepare(themes, "base", tmp_path)
    assert after["js/main.js"] != before["js/main.js"]
    assert after["js/today.js"] == before["js/today.js"]


def test_modules_that_import_each_other_are_refused_with_the_whole_circle(tmp_path, themes):
    scripts = themes / "base" / "static" / "js"
    (scripts / "a.js").write_text('import "./b.js";\n', "utf-8")
    (scripts / "b.js").write_text('import "./a.js";\n', "utf-8")
    with pytest.raises(AssetBroken, match=r"js/a\.js → js/b\.js → js/a\.js"):
        assets.prepare(themes, "base", tmp_path)


def test_a_module_that_is_not_there_is_refused(tmp_path, themes):
    (themes / "base" / "static" / "js" / "a.js").write_text('export { x } from "./nowhere.js";\n', "utf-8")
    with pytest.raises(AssetBroken, match=r"nowhere\.js"):
        assets.prepare(themes, "base", tmp_path)


def test_icons_take_the_colours_of_the_house(tmp_path):
    files = assets.prepare(THEMES, "klokzeel", tmp_path)
    icon = (tmp_path / files["icon.svg"]).read_text("utf-8")
    assert "var(" not in icon
    assert files["colour-header.light"] == "#ffc933"


def test_the_fingerprint_knows_what_visitors_see(themes):
    before = assets.fingerprint(themes, "klokzeel")
    (themes / "base" / "components" / "card" / "card.yaml").write_text("about: other examples", "utf-8")
    assert assets.fingerprint(themes, "klokzeel") == before
    for file in (
        "base/templates/home.html",
        "base/translations/nl.po",
        "klokzeel/tokens.css",
        "base/static/js/past.js",
    ):
        path = themes / file
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        assert assets.fingerprint(themes, "klokzeel") != before, file
        before = assets.fingerprint(themes, "klokzeel")


def test_another_house_has_another_fingerprint():
    assert len({assets.fingerprint(THEMES, theme) for theme in ("base", *HOUSES)}) == len(HOUSES) + 1


def test_a_house_may_override_a_template(themes):
    own = themes / "klokzeel" / "templates"
    own.mkdir()
    folders = assets.template_folders(themes, "klokzeel")
    assert folders == [own, themes / "klokzeel", themes / "base" / "templates", themes / "base"]


def test_contrast_is_what_the_guidelines_say_it_is():
    assert tokens.contrast("#000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_token_that_comes_to_no_colour_says_which():
    with pytest.raises(tokens.Broken, match="--colour-link comes to 'blue'"):
        tokens.Tokens({"colour-link": "blue"}).pair("colour-link")


def test_a_script_goes_out_without_its_comments_and_does_the_same():
    from plugins.assets.scripts import lean

    text = '/** Why\n * and how. */\nexport function a() {\n  // a note\n  const url = "https://x"; // stays\n\n  return url; /* too */\n}\n'
    assert lean(text) == 'export function a() {\nconst url = "https://x"; // stays\nreturn url; /* too */\n}\n'
    several = "const text = `\n  // no comment\n`;\n"
    assert lean(several) == several
