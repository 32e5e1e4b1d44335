"""What staff write in content/: overlays and pages of text. A mistake names its file and field, and the rest goes on."""

from pathlib import Path

import pytest

from etalage.adapters.markdown_editorial import MarkdownEditorial
from etalage.model.house import Contact
from etalage.model.overlay import Overlay, Place, Wins
from etalage.model.programme import Credit
from etalage.model.record import Problem
from etalage.model.tip import Wishes
from tests.make import house


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for folder in ("houses/linde/productions", "houses/linde/pages", "shared"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def editorial(content: Path) -> MarkdownEditorial:
    contact = Contact(email="hallo@linde.example", phone="012 34 56 78")
    linde = house(languages=("nl", "fr"), url="https://linde.example", contact=contact, genres={"toneel": "theater"})
    return MarkdownEditorial(content, {"linde": linde}, {})


def written(content: Path, head: str, body: str = "", name: str = "a.md") -> tuple[Overlay, list[Problem]]:
    (content / "houses/linde/productions" / name).write_text(f"---\nproduction: pretix:linde/a\n{head}\n---\n{body}")
    overlays, problems = editorial(content).overlays("linde")
    return overlays[0], list(problems)


def test_an_overlay_reads_every_field_as_staff_write_it(content: Path) -> None:
    overlay, problems = written(
        content,
        """
age_min: 8
duration: {value: 90, wins: editor}
title: {wins: once}
summary: Een avond over thuiskomen.
genres: [toneel, dans]
credits: [{role: regie, name: Lies Maes}]
press: [{text: Prachtig., source: De Courant, day: 2026-10-02, stars: 4}]
pictures: [{src: images/a.jpg, alt: Een zangeres op een stoel, focus: [0.2, 1.4]}]
videos: ["https://video.example/1"]
tags: [familie]
facts: {director: Bram Maes}
uitpas: true
""",
        "Met *dank* aan <script>alert(1)</script>de buren.",
    )
    assert problems == []
    assert overlay.fields["duration"].wins is Wins.EDITOR and overlay.fields["duration"].value == 90
    assert overlay.fields["title"].value is None and overlay.fields["title"].wins is Wins.ONCE
    assert overlay.fields["summary"].value == {"nl": "Een avond over thuiskomen."}
    assert [genre.id for genre in overlay.fields["genres"].value] == ["theater", "dans"]
    assert overlay.fields["credits"].value == (Credit(name="Lies Maes", role={"nl": "regie"}),)
    (picture,) = overlay.fields["pictures"].value
    assert picture.src == "houses/linde/images/a.jpg" and picture.focus == (0.2, 1)
    assert "<em>dank</em>" in overlay.text["nl"] and "script" not in overlay.text["nl"]


def test_a_picture_without_a_description_is_held_back_and_says_so(content: Path) -> None:
    overlay, problems = written(content, "pictures: [images/a.jpg, {src: images/b.jpg, alt: Een stoel}]")
    assert [picture.src for picture in overlay.fields["pictures"].value] == ["houses/linde/images/b.jpg"]
    assert [(p.code, p.field) for p in problems] == [("alt_missing", "pictures")]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("agemin: 8", "agemin"),
        ("age_min: acht", "age_min"),
        ("duration: -5", "duration"),
        ("genres: [polka]", "genres"),
        ("kind: circus", "kind"),
        ("pictures: [{src: ../../geheim.jpg, alt: x}]", "pictures"),
        ("videos: ['javascript:alert(1)']", "videos"),
        ("press: [{text: Mooi}]", "press"),
        ("title: {value: x, wins: altijd}", "title"),
        ("facilities: [lift naar de maan]", "facilities"),
        ("place: ernaast", "place"),
        ("uitpas: misschien", "uitpas"),
    ],
)
def test_a_wrong_field_is_left_out_with_a_reason_and_the_rest_stays(content: Path, line: str, field: str) -> None:
    overlay, problems = written(content, f"summary: Goed.\n{line}")
    assert overlay.fields["summary"].value == {"nl": "Goed."}
    assert field not in overlay.fields or field == "place"
    assert [(p.field, p.source) for p in problems] == [(field, "overlay:houses/linde/productions/a.md")]
    assert problems[0].reason


def test_a_file_per_language_is_one_overlay(content: Path) -> None:
    folder = content / "houses/linde/productions"
    (folder / "a.fr.md").write_text("---\nproduction: pretix:linde/a\nsummary: Une soirée.\n---\nMerci.")
    overlay, _ = written(content, "summary: Een avond.", "Dank.")
    assert overlay.fields["summary"].value == {"nl": "Een avond.", "fr": "Une soirée."}
    assert set(overlay.text) == {"nl", "fr"}
    assert overlay.place is Place.AFTER


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"---\nproduction: [\n---\n", "front_matter_wrong"),
        (b"---\n- a\n- b\n---\n", "front_matter_wrong"),
        (b"\xff\xfe\x00", "file_unreadable"),
        (b"a" * 600_000, "file_unreadable"),
    ],
)
def test_a_broken_file_is_reported_and_the_others_are_there(content: Path, raw: bytes, code: str) -> None:
    (content / "houses/linde/productions/b.md").write_bytes(raw)
    overlay, problems = written(content, "age_min: 6")
    assert overlay.fields["age_min"].value == 6
    assert [(p.code, p.source) for p in problems] == [(code, "file:houses/linde/productions/b.md")]


def test_an_overlay_that_names_no_production_is_reported(content: Path) -> None:
    (content / "houses/linde/productions/b.md").write_text("---\nage_min: 8\n---\n")
    overlays, problems = editorial(content).overlays("linde")
    assert overlays == [] and [p.field for p in problems] == ["production"]


def test_pages_come_in_menu_order_and_shared_ones_name_the_house(content: Path) -> None:
    (content / "shared/privacy.md").write_text("---\ntitle: Privacy\norder: 90\n---\nVragen? {name}, {email}")
    (content / "shared/privacy.fr.md").write_text("---\ntitle: Vie privée\n---\nQuestions ?")
    (content / "houses/linde/pages/bezoek.md").write_text(
        "---\ntitle: Je bezoek\nmenu: true\norder: 10\n---\n# Welkom\n\nTekst."
    )
    texts, problems = editorial(content).texts("linde")
    assert problems == []
    assert [(text.id, text.menu) for text in texts] == [("bezoek", True), ("privacy", False)]
    assert texts[1].title == {"nl": "Privacy", "fr": "Vie privée"}
    assert "Linde, hallo@linde.example" in texts[1].body["nl"]
    assert "<h1" not in texts[0].body["nl"]


def test_a_houses_own_page_wins_over_the_shared_one(content: Path) -> None:
    (content / "shared/privacy.md").write_text("---\ntitle: Privacy\n---\nGedeeld.")
    (content / "houses/linde/pages/privacy.md").write_text("---\ntitle: Onze privacy\n---\nEigen.")
    (text,), _ = editorial(content).texts("linde")
    assert text.title == {"nl": "Onze privacy"}


def test_staff_pin_and_ban_tips(content: Path) -> None:
    overlay, problems = written(content, "tips: {pin: [pretix:linde/b], ban: pretix:linde/c}")
    assert (overlay.tips, problems) == (Wishes(pin=("pretix:linde/b",), ban=("pretix:linde/c",)), [])
    overlay, problems = written(content, "tips: [pretix:linde/b]\nage_min: 6")
    assert (overlay.tips, overlay.fields["age_min"].value) == (Wishes(), 6)
    assert [(p.field, p.code) for p in problems] == [("tips", "overlay_wrong")]
