"""The laws of etalage/ports/pictures.py as tests: one class, bound to every adapter.

An adapter conforms in three lines, in tests/adapters/test_<system>_pictures.py:

    class TestPillow(PicturesLaws):
        @pytest.fixture
        def lab(self, tmp_path): return PillowLab(tmp_path)

What a newcomer would get wrong: the web of these tests is a dictionary. Nothing here opens a connection; that private
addresses are refused is proved on the real `fetch_public`, in the adapter's own tests.
"""

import hashlib
import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import pytest
from PIL import Image, ImageDraw

from etalage.adapters._fetch import Fetched
from etalage.model.errors import Refused, Unavailable
from etalage.model.picture import Rendition, shelf
from etalage.model.programme import Picture
from etalage.model.record import Problem, Weight
from etalage.ports.pictures import Pictures


class Web:
    """Addresses and what they answer: bytes, or the error they raise. It honours entity tags, and keeps a log."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []
        self.unchanged = 0

    def fetch(self, url: str, known: Fetched | None) -> Fetched | None:
        self.asked.append(url)
        answer = self.answers.get(url, Unavailable("source_silent", f"{url} does not answer"))
        if isinstance(answer, Exception):
            raise answer
        etag = hashlib.sha256(answer).hexdigest()
        if known and known.etag == etag:
            self.unchanged += 1
            return None
        return Fetched(data=answer, etag=etag)


class Lab(Protocol):
    """What a law needs of one adapter's surroundings: a content folder, a web, a clock."""

    root: Path
    web: Web

    def pictures(self) -> Pictures:
        """Make a new adapter; all of a lab share one folder."""
        ...

    def wait(self, hours: float) -> None:
        """Let time pass."""
        ...


def drawing(width: int = 600, height: int = 400, colour: str = "#c03060") -> Image.Image:
    """A picture with something to see: a disc on the left, a stripe on the right."""
    image = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((0, 0, width // 4, height // 4), fill="white")
    draw.rectangle((width * 3 // 4, 0, width, height), fill="#203040")
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def put(lab: Lab, name: str, content: bytes | None = None) -> Picture:
    """Put a picture in the content folder, as staff would."""
    path = lab.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(drawing()) if content is None else content)
    return Picture(src=name)


def prepare(lab: Lab, *pictures: Picture) -> tuple[dict[str, Rendition], list[Problem]]:
    return lab.pictures().prepare(pictures, lab.root, record_of={p.src: f"toml:noord/{p.src}" for p in pictures}.get)


def files(lab: Lab, rendition: Rendition) -> dict[str, bytes]:
    folder = lab.pictures().folder / shelf(rendition.stamp)
    return {file.name: (folder / file.name).read_bytes() for crop in rendition.crops.values() for file in crop}


class PicturesLaws:
    """The ten laws. The numbers are those of the port's docstring."""

    def test_1_every_file_is_what_it_says(self, lab: Lab) -> None:
        made, problems = prepare(lab, put(lab, "foto.jpg", encoded(drawing(1000, 700))))
        assert not problems
        found = made["foto.jpg"]
        assert (found.width, found.height) == (1000, 700)
        assert set(found.crops) == {"card", "wide", "whole", "share"}
        folder = lab.pictures().folder / shelf(found.stamp)
        for crop in found.crops.values():
            for file in crop:
                with Image.open(folder / file.name) as image:
                    assert ((image.format or "").lower(), *image.size) == (
                        file.format,
                        file.width,
                        file.height,
                    )
                assert (folder / file.name).stat().st_size == file.bytes
                assert file.name.startswith(found.stamp)

    def test_1_no_file_is_larger_than_its_original(self, lab: Lab) -> None:
        sizes = [(1, 1), (30, 20), (500, 900), (1400, 500)]
        pictures = [put(lab, f"{w}x{h}.png", encoded(drawing(w, h), "PNG")) for w, h in sizes]
        made, problems = prepare(lab, *pictures)
        assert not problems
        for (width, height), rendition in zip(sizes, made.values(), strict=True):
            for crop in rendition.crops.values():
                assert all(file.width <= width and file.height <= height for file in crop)

    def test_10_the_original_is_the_very_file(self, lab: Lab) -> None:
        content = encoded(drawing())
        put(lab, "foto.jpg", content)
        lab.web.answers["https://w.example/a.jpg"] = encoded(drawing(), "PNG")
        web = Picture(src="https://w.example/a.jpg")
        assert lab.pictures().original(web.src, lab.root) is None and not lab.web.asked
        prepare(lab, web)
        asked = list(lab.web.asked)
        found = {
            src: lab.pictures().original(src, lab.root) for src in ("foto.jpg", web.src, "weg.jpg", "../buiten.jpg")
        }
        assert found["foto.jpg"] and found["foto.jpg"].read_bytes() == content
        assert found[web.src] and found[web.src].read_bytes() == lab.web.answers[web.src]
        assert found["weg.jpg"] is None and found["../buiten.jpg"] is None
        assert lab.web.asked == asked

    def test_2_the_same_original_gives_the_same_bytes(self, lab: Lab) -> None:
        one, other = prepare(lab, put(lab, "een.jpg"))[0]["een.jpg"], None
        before = files(lab, one)
        for path in sorted(lab.pictures().folder.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        other = prepare(lab, put(lab, "map/twee.jpg"))[0]["map/twee.jpg"]
        assert other == one
        assert files(lab, other) == before

    def test_2_another_original_or_focal_point_gives_another_stamp(self, lab: Lab) -> None:
        one, two = put(lab, "een.jpg"), put(lab, "twee.jpg", encoded(drawing(colour="#30c060")))
        left = Picture(src="een.jpg", focus=(0.1, 0.5))
        stamps = {found.stamp for pictures in ([one, two], [left]) for found in prepare(lab, *pictures)[0].values()}
        assert len(stamps) == 3

    def test_3_what_cannot_be_used_is_a_problem_and_the_others_are_there(self, lab: Lab) -> None:
        good = put(lab, "goed.jpg")
        bad = put(lab, "kapot.jpg", b"This is a letter, not a picture.")
        made, (problem,) = prepare(lab, bad, good)
        assert list(made) == ["goed.jpg"]
        assert (problem.source, problem.record, problem.field) == (
            "toml:noord",
            "toml:noord/kapot.jpg",
            "pictures",
        )
        assert problem.weight is Weight.FIELD
        assert "kapot.jpg" in problem.reason

    def test_4_what_did_not_change_is_not_made_again(self, lab: Lab) -> None:
        lab.web.answers["https://example.org/a.jpg"] = encoded(drawing())
        pictures = [
            put(lab, "een.jpg"),
            put(lab, "kapot.jpg", b"no picture"),
            Picture(src="https://example.org/a.jpg"),
        ]
        first = prepare(lab, *pictures)
        steps: list[str] = []
        asked = len(lab.web.asked)
        written = {path: path.stat().st_mtime_ns for path in lab.pictures().folder.rglob("*")}
        again = lab.pictures().prepare(
            pictures, lab.root, record_of=lambda src: f"toml:noord/{src}", progress=lambda *step: steps.append(step[2])
        )  # fmt: skip
        assert again == first
        assert not steps
        assert len(lab.web.asked) == asked
        assert {path: path.stat().st_mtime_ns for path in lab.pictures().folder.rglob("*")} == written

    @pytest.mark.parametrize("src", ["../geheim.jpg", "/{away}/geheim.jpg", "a/../../geheim.jpg", "link.jpg", "map/geheim.jpg", "..", "a\0b", ""])  # fmt: skip
    def test_5_nothing_outside_the_content_folder_is_read(self, lab: Lab, src: str) -> None:
        away = lab.root.parent
        (away / "geheim.jpg").write_bytes(encoded(drawing()))
        (lab.root / "a").mkdir()
        (lab.root / "link.jpg").symlink_to(away / "geheim.jpg")
        (lab.root / "map").symlink_to(away)
        made, (problem,) = prepare(lab, Picture(src=src.format(away=away)))
        assert not made
        assert problem.code in ("path_outside", "picture_missing")
        assert not any(path.is_file() for path in lab.pictures().folder.rglob("*/*/*"))

    @pytest.mark.parametrize("src", ["file:///etc/passwd", "ftp://example.org/a.jpg", "http://user@example.org/a.jpg", "http://"])  # fmt: skip
    def test_5_only_web_addresses_are_fetched(self, lab: Lab, src: str) -> None:
        made, (problem,) = prepare(lab, Picture(src=src))
        assert (made, problem.code, lab.web.asked) == ({}, "address_unsafe", [])

    def test_6_files_stand_upright_and_say_nothing_about_who_made_them(self, lab: Lab) -> None:
        image = Image.new("RGB", (600, 400), "#0000ff")
        image.paste("#ff0000", (0, 0, 600, 200))
        exif = Image.Exif()
        exif[0x0112], exif[0x013B] = 6, "Fotograaf Geheim"
        exif.get_ifd(0x8825)[1] = "N"
        data = encoded(image, exif=exif.tobytes(), comment=b"Geheim", xmp=b"<x>Geheim</x>", quality=95)
        found = prepare(lab, put(lab, "gedraaid.jpg", data))[0]["gedraaid.jpg"]
        assert (found.width, found.height) == (400, 600)
        folder = lab.pictures().folder / shelf(found.stamp)
        for file in found.crops["whole"]:
            with Image.open(folder / file.name) as made:
                right = made.convert("RGB").getpixel((made.width - 5, 5))
                left = made.convert("RGB").getpixel((5, 5))
                assert near(right, (255, 0, 0))
                assert near(left, (0, 0, 255))
                assert not made.getexif()
                assert not {"exif", "xmp", "icc_profile", "comment"} & set(made.info)
        assert not any(b"Geheim" in content for content in files(lab, found).values())

    def test_6_transparency_stays_where_the_format_knows_it(self, lab: Lab) -> None:
        image = drawing().convert("RGBA")
        image.paste((0, 0, 0, 0), (0, 200, 600, 400))
        found = prepare(lab, put(lab, "logo.png", encoded(image, "PNG")))[0]["logo.png"]
        assert found.alpha
        assert {file.format for file in found.crops["card"]} == {"avif", "webp", "png"}
        folder = lab.pictures().folder / shelf(found.stamp)
        for file in found.crops["card"]:
            with Image.open(folder / file.name) as made:
                alpha = made.convert("RGBA").getpixel((file.width // 2, file.height - 5))
                assert isinstance(alpha, tuple)
                assert alpha[3] < 10
        (share,) = found.crops["share"]
        with Image.open(folder / share.name) as made:
            assert near(made.getpixel((share.width // 2, share.height - 5)), (255, 255, 255))

    def test_7_a_silent_address_leaves_the_copy_we_have(self, lab: Lab) -> None:
        url = "https://example.org/a.jpg"
        lab.web.answers[url] = encoded(drawing())
        first, none = prepare(lab, Picture(src=url))
        assert not none
        lab.wait(hours=25)
        del lab.web.answers[url]
        made, (problem,) = prepare(lab, Picture(src=url))
        assert made == first
        assert problem.weight is Weight.DOUBT

    def test_7_a_silent_address_without_a_copy_is_a_problem_and_asked_again_later(self, lab: Lab) -> None:
        url = "https://example.org/a.jpg"
        for hours, asked in ((0, 1), (1, 1), (6, 2)):
            lab.wait(hours)
            made, (problem,) = prepare(lab, Picture(src=url))
            assert (made, problem.weight, len(lab.web.asked)) == ({}, Weight.FIELD, asked)
        lab.web.answers[url] = encoded(drawing())
        lab.wait(hours=7)
        made, none = prepare(lab, Picture(src=url))
        assert (list(made), none) == ([url], [])

    def test_7_a_picture_that_changed_at_its_address_is_seen_a_day_later(self, lab: Lab) -> None:
        url = "https://example.org/a.jpg"
        lab.web.answers[url] = encoded(drawing())
        first = prepare(lab, Picture(src=url))[0][url]
        lab.wait(hours=25)
        assert prepare(lab, Picture(src=url))[0][url] == first
        assert lab.web.unchanged == 1
        lab.web.answers[url] = encoded(drawing(colour="#30c060"))
        lab.wait(hours=25)
        assert prepare(lab, Picture(src=url))[0][url].stamp != first.stamp

    def test_7_what_may_not_be_fetched_any_more_is_not_shown_any_more(self, lab: Lab) -> None:
        url = "https://example.org/a.jpg"
        lab.web.answers[url] = encoded(drawing())
        prepare(lab, Picture(src=url))
        lab.wait(hours=25)
        lab.web.answers[url] = Refused("address_private", "example.org is not on the public internet")
        made, (problem,) = prepare(lab, Picture(src=url))
        assert (made, problem.code, problem.weight) == ({}, "address_private", Weight.FIELD)

    def test_8_progress_counts_up_to_its_total(self, lab: Lab) -> None:
        url = "https://example.org/a.jpg"
        lab.web.answers[url] = encoded(drawing())
        pictures = [put(lab, f"{n}.jpg", encoded(drawing(100 + n, 80))) for n in range(3)]
        steps: list[tuple[int, int, str]] = []
        lab.pictures().prepare([*pictures, Picture(src=url)], lab.root, progress=lambda *step: steps.append(step))
        assert [done for done, _, _ in steps] == [1, 2, 3, 4, 5]
        assert steps[-1][0] == steps[-1][1]
        assert {name for _, _, name in steps} == {"0.jpg", "1.jpg", "2.jpg", url}

    def test_9_two_builds_at_once_both_get_everything(self, lab: Lab) -> None:
        pictures = [put(lab, f"{n}.jpg", encoded(drawing(300, 200 + n))) for n in range(4)]
        builds: Sequence[Callable[[], tuple[dict[str, Rendition], list[Problem]]]]
        builds = [lambda: prepare(lab, *pictures), lambda: prepare(lab, *reversed(pictures))]
        with ThreadPoolExecutor(2) as pool:
            (one, none), (other, nothing) = pool.map(lambda build: build(), builds)
        assert one == other
        assert len(one) == 4
        assert not none
        assert not nothing
        for rendition in one.values():
            files(lab, rendition)
        assert not list((lab.pictures().folder / "making").iterdir())


def near(pixel: object, wanted: tuple[int, int, int], by: int = 40) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) <= by for have, want in zip(pixel, wanted, strict=True))
