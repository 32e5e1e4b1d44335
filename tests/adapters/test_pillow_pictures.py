"""Pictures with Pillow: the port's laws, and every nasty file that staff or the web can hand over."""

import contextlib
import http.server
import io
import os
import signal
import struct
import subprocess
import sys
import threading
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from etalage.adapters import _picture_work
from etalage.adapters._fetch import Fetched, fetch_public
from etalage.adapters._picture_cache import PictureCache, Refusal
from etalage.adapters._picture_colour import dominant, to_lab, to_rgb
from etalage.adapters._picture_copies import fetch
from etalage.adapters._picture_work import Job, make
from etalage.adapters.pillow_pictures import PillowPictures
from etalage.model.picture import FALLBACK_WIDEST, TALLEST, Recipe, frame, shelf, variants
from etalage.model.programme import Picture
from etalage.model.record import Weight
from tests.laws.pictures import PicturesLaws, Web, drawing, encoded, near, prepare, put


class PillowLab:
    """A content folder, a cache folder beside it, a web and a clock."""

    def __init__(self, folder: Path) -> None:
        self.root, self.cache, self.web = folder / "content", folder / "var", Web()
        self.root.mkdir()
        self.now = 1_800_000_000.0

    def pictures(self) -> PillowPictures:
        return PillowPictures(self.cache, fetch=self.web.fetch, clock=lambda: self.now)

    def wait(self, hours: float) -> None:
        self.now += hours * 3600


@pytest.fixture
def lab(tmp_path):
    return PillowLab(tmp_path)


class TestPillow(PicturesLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        return PillowLab(tmp_path)


def made(lab, name, content):
    """The rendition of one picture that must have no problem."""
    renditions, problems = prepare(lab, put(lab, name, content))
    assert not problems
    return renditions[name]


def refused(lab, name, content):
    """The code by which one picture must be refused."""
    renditions, (problem,) = prepare(lab, put(lab, name, content))
    assert not renditions
    assert name in problem.reason
    return problem.code


def opened(lab, rendition, crop="whole", kind="avif"):
    """The widest file of a format, decoded."""
    (name,) = [file.name for file in rendition.crops[crop] if file.format == kind][-1:]
    with Image.open(lab.cache / shelf(rendition.stamp) / name) as image:
        return image.convert("RGB")


def png_header(width, height):
    """A PNG that says it is that large, in 60 bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    parts = (struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (7_746, 7_746), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(lab, width, height):
    assert refused(lab, "reus.png", png_header(width, height)) == "picture_too_large"


def test_a_file_of_too_many_megabytes_is_refused_before_it_is_read(lab):
    picture = put(lab, "zwaar.jpg", b"")
    os.truncate(lab.root / "zwaar.jpg", 41_000_000)
    _, (problem,) = prepare(lab, picture)
    assert problem.code == "picture_too_heavy"
    assert "41 MB" in problem.reason


@pytest.mark.parametrize("content", [
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- ' + b"x" * 2000 + b' -->\n<SVG></SVG>',
])  # fmt: skip
@pytest.mark.parametrize("name", ["tekening.svg", "tekening.jpg"])
def test_an_svg_is_refused_whatever_it_is_called(lab, name, content):
    assert refused(lab, name, content) == "picture_is_svg"


@pytest.mark.parametrize("content", [
    b"", b"Beste, hierbij de foto.", b"\x00" * 5000, b"<html><body>404</body></html>", b"GIF89a", b"\xff\xd8\xff\xe0",
    encoded(drawing())[:3000], encoded(drawing(), "PNG")[:400], encoded(drawing(), "WEBP")[:500],
    encoded(drawing(), "AVIF")[:300], encoded(drawing(), "TIFF"), encoded(drawing(), "BMP"), png_header(10, 10),
])  # fmt: skip
def test_a_file_that_is_no_whole_picture_is_refused(lab, content):
    assert refused(lab, "kapot.jpg", content) == "picture_unreadable"


@settings(deadline=None)
@given(st.data())
def test_no_damage_to_a_picture_breaks_the_decoder(data):
    """In this process, so quickly: whatever the bytes, it is a rendition or a refusal."""
    from etalage.adapters import _pillow
    from etalage.model.errors import Refused

    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF"]))
    content = bytearray(ORIGINALS[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Refused), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _pillow._decode(_pillow._open(bytes(content)), 1.0)


ORIGINALS = {kind: encoded(drawing(60, 40), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")}


def test_a_folder_and_a_pipe_are_no_pictures(lab):
    (lab.root / "map").mkdir()
    os.mkfifo(lab.root / "pijp.jpg")
    renditions, problems = prepare(lab, Picture(src="map"), Picture(src="pijp.jpg"))
    assert not renditions
    assert [problem.code for problem in problems] == ["picture_missing"] * 2


def test_a_missing_picture_says_where_to_put_it(lab):
    _, (problem,) = prepare(lab, Picture(src="houses/noord/weg.jpg"))
    assert (problem.code, problem.record) == ("picture_missing", "toml:noord/houses/noord/weg.jpg")
    assert problem.reason.startswith("houses/noord/weg.jpg: ")


def test_a_picture_that_nobody_claims_is_the_contents(lab):
    _, (problem,) = lab.pictures().prepare([Picture(src="weg.jpg")], lab.root)
    assert (problem.source, problem.record) == ("content", "")


def test_a_link_within_the_content_folder_is_fine(lab):
    put(lab, "houses/noord/foto.jpg")
    (lab.root / "link.jpg").symlink_to("houses/noord/foto.jpg")
    renditions, problems = prepare(lab, Picture(src="link.jpg"))
    assert list(renditions) == ["link.jpg"]
    assert not problems


# --- a decoder that dies -----------------------------------------------------------------------------------------


def outcome_of(lab, monkeypatch, end):
    """What comes of a picture whose process ends like that."""
    monkeypatch.setattr(_picture_work, "work", end)
    put(lab, "foto.jpg")
    job = Job(str(lab.root / "foto.jpg"), "", (0.5, 0.5), "ab" * 8, "foto.jpg")
    outcome = make(job, Recipe(), PictureCache(lab.cache))
    assert isinstance(outcome, Refusal)
    assert not list((lab.cache / "making").iterdir())
    return outcome.code


def end_by_segfault(job, recipe, folder):
    os.kill(os.getpid(), signal.SIGSEGV)


def end_by_the_kernel(job, recipe, folder):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_picture_on_which_the_decoder_dies_is_refused(lab, monkeypatch):
    assert outcome_of(lab, monkeypatch, end_by_segfault) == "picture_too_hard"


def test_a_picture_that_was_stopped_from_outside_is_tried_again(lab, monkeypatch):
    assert outcome_of(lab, monkeypatch, end_by_the_kernel) in _picture_work.PASSING


def test_a_mistake_of_ours_fails_the_build(lab):
    broken = Recipe(avif_quality=-1)
    with pytest.raises(RuntimeError, match=r"foto\.jpg(.|\n)*quality"):
        PillowPictures(lab.cache, recipe=broken).prepare([put(lab, "foto.jpg")], lab.root)


def test_a_picture_that_costs_too_much_time_is_refused_and_the_other_is_there(lab, monkeypatch):
    """A second of a processor is little for this one: it stands for a file that keeps the decoder busy for hours."""
    monkeypatch.setattr(_picture_work, "work", spin)
    renditions, problems = prepare(lab, put(lab, "traag.jpg"))
    assert not renditions
    assert problems[0].code == "picture_too_hard"
    monkeypatch.undo()
    assert list(prepare(lab, put(lab, "snel.jpg", encoded(drawing(90, 60))))[0]) == ["snel.jpg"]


def spin(job, recipe, folder):
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (1, 5))
    while True:
        pass


def test_a_picture_that_changes_under_our_hands_is_not_kept_under_the_old_name(lab):
    put(lab, "foto.jpg")
    job = Job(str(lab.root / "foto.jpg"), "another hash", (0.5, 0.5), "ab" * 8, "foto.jpg")
    outcome = make(job, Recipe(), PictureCache(lab.cache))
    assert isinstance(outcome, Refusal)
    assert outcome.code == "picture_changed"
    assert not (lab.cache / shelf("ab" * 8)).exists()


# --- what is accepted --------------------------------------------------------------------------------------------


def test_an_animated_gif_gives_its_first_frame(lab):
    frames = [Image.new("P", (300, 200), 0) for _ in range(3)]
    for image, colour in zip(frames, [(255, 0, 0), (0, 255, 0), (0, 0, 255)], strict=True):
        image.putpalette([*colour, 255, 255, 255])
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert near(opened(lab, made(lab, "dans.gif", data)).getpixel((150, 100)), (255, 0, 0))


def test_a_cmyk_jpeg_keeps_its_colours(lab):
    image = Image.new("CMYK", (300, 200), (0, 255, 255, 0))
    assert near(opened(lab, made(lab, "druk.jpg", encoded(image))).getpixel((150, 100)), (255, 0, 0))


def test_a_sixteen_bit_png_is_not_burnt_out(lab):
    image = Image.new("I;16", (300, 200), 0x8000)
    assert near(opened(lab, made(lab, "grijs.png", encoded(image, "PNG"))).getpixel((150, 100)), (128, 128, 128), 6)


def test_a_palette_png_with_a_transparent_colour_keeps_it(lab):
    image = Image.new("P", (300, 200), 1)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(0, (0, 0, 150, 200))
    rendition = made(lab, "palet.png", encoded(image, "PNG", transparency=0))
    assert rendition.alpha
    assert rendition.colour == "#00ff00"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA"])
def test_every_mode_of_png_becomes_a_picture(lab, mode):
    rendition = made(lab, f"{mode}.png", encoded(drawing(90, 60).convert(mode), "PNG"))
    assert not rendition.alpha
    assert {file.format for file in rendition.crops["card"]} == {"avif", "webp", "jpeg"}


def test_a_profile_is_turned_into_srgb(lab):
    """A profile with red and blue exchanged is nothing a camera has, so nothing else can pass this test."""
    profile = swapped_profile()
    image = Image.new("RGB", (300, 200), (255, 0, 0))
    rendition = made(lab, "profiel.jpg", encoded(image, icc_profile=profile, quality=95, subsampling=0))
    pixel = opened(lab, rendition).getpixel((150, 100))
    assert pixel[2] > 200
    assert pixel[0] < 60


def test_a_broken_profile_is_no_reason_to_do_without_the_picture(lab):
    rendition = made(lab, "foto.jpg", encoded(Image.new("RGB", (90, 60), "red"), icc_profile=b"no profile" * 20))
    assert near(opened(lab, rendition).getpixel((45, 30)), (255, 0, 0))


def test_broken_exif_is_no_reason_to_do_without_the_picture(lab):
    made(lab, "foto.jpg", encoded(drawing(90, 60), exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken"))


def swapped_profile():
    """sRGB with the tags of its red and blue primaries exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
        tag = bytes(data[at : at + 4])
        data[at : at + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(tag, tag)
    return bytes(data)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_stands_upright(lab, orientation):
    """The white disc of the drawing is top left, however the camera was held."""
    upright = drawing(120, 80)
    undo = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}.get(orientation, [])
    turned = upright
    for step in undo:
        turned = turned.transpose(Image.Transpose(step))
    exif = Image.Exif()
    exif[0x0112] = orientation
    rendition = made(lab, "foto.jpg", encoded(turned, exif=exif.tobytes(), quality=95))
    assert (rendition.width, rendition.height) == (120, 80)
    image = opened(lab, rendition)
    assert near(image.getpixel((12, 8)), (255, 255, 255))
    assert near(image.getpixel((110, 70)), (0x20, 0x30, 0x40))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (9000, 12), (12, 9000), (3000, 3000)])
def test_extreme_shapes_become_pictures(lab, width, height):
    rendition = made(lab, "vorm.png", encoded(Image.new("RGB", (width, height), "#336699"), "PNG"))
    for crop in rendition.crops.values():
        assert all(1 <= file.width <= width and 1 <= file.height <= min(height, TALLEST) for file in crop)


def test_the_focal_point_stays_in_view(lab):
    picture = put(lab, "breed.png", encoded(spot(1200, 300, 1100, 150), "PNG"))
    for focus, seen in (((0.92, 0.5), True), ((0.5, 0.5), False)):
        chosen = Picture(src=picture.src, focus=focus)
        image = opened(lab, lab.pictures().prepare([chosen], lab.root)[0][picture.src], "card")
        colours = image.resize((64, 64)).tobytes()
        assert (max(colours[0::3]) > 150) is seen


def spot(width, height, x, y):
    image = Image.new("RGB", (width, height), "#000040")
    image.paste("#ff4040", (x - 40, y - 40, x + 40, y + 40))
    return image


def test_the_focal_point_that_staff_chose_wins_from_the_middle_and_a_second_one_is_reported(lab):
    put(lab, "foto.jpg")
    pictures = [Picture(src="foto.jpg", focus=focus) for focus in ((0.5, 0.5), (0.2, 0.3), (0.5, 0.5), (0.9, 0.9))]
    renditions, (problem,) = prepare(lab, *pictures)
    assert renditions == lab.pictures().prepare([pictures[1]], lab.root)[0]
    assert (problem.code, problem.weight) == ("picture_focus_differs", Weight.DOUBT)


def test_the_same_bytes_under_two_names_are_made_once(lab):
    steps = []
    pictures = [put(lab, "een.jpg"), put(lab, "twee.jpg")]
    renditions, _ = lab.pictures().prepare(pictures, lab.root, progress=lambda *step: steps.append(step))
    assert renditions["een.jpg"] == renditions["twee.jpg"]
    assert len(steps) == 1


# --- the cache ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["", "{", '{"made": 3}'])
def test_a_lost_or_damaged_index_costs_a_look_and_nothing_else(lab, damage):
    picture = put(lab, "foto.jpg")
    first = prepare(lab, picture)
    (lab.cache / "index.json").write_text(damage)
    steps = []
    again = lab.pictures().prepare(
        [picture], lab.root, record_of=lambda _: None, progress=lambda *step: steps.append(step)
    )
    assert again == first
    assert not steps


def test_a_build_in_which_no_picture_is_new_does_not_load_pillow(lab):
    prepare(lab, put(lab, "foto.jpg"))
    code = (
        "import sys; from pathlib import Path; from etalage.adapters.pillow_pictures import PillowPictures\n"
        "from etalage.model.programme import Picture\n"
        "made, _ = PillowPictures(Path(sys.argv[1])).prepare([Picture(src='foto.jpg')], Path(sys.argv[2]))\n"
        "print(len(made), *sorted({'PIL', 'httpx'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, lab.cache, lab.root]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["1"]


def test_what_a_dead_process_left_is_cleared_away(lab):
    left = lab.cache / "making" / "old"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    prepare(lab, put(lab, "foto.jpg", encoded(drawing(30, 20))))
    assert not left.exists()


def test_a_picture_that_was_replaced_is_made_anew(lab):
    first = made(lab, "foto.jpg", encoded(drawing(90, 60)))
    second = made(lab, "foto.jpg", encoded(drawing(90, 60, "#30c060")))
    assert first.stamp != second.stamp


def test_no_file_of_the_cache_is_half_there(lab):
    """What is not finished is elsewhere; a shelf appears by one rename."""
    prepare(lab, put(lab, "foto.jpg"))
    for manifest in lab.cache.glob("??/*/manifest.json"):
        assert len(list(manifest.parent.iterdir())) > 10
    assert not list((lab.cache / "making").iterdir())


# --- the web -----------------------------------------------------------------------------------------------------


class Server(http.server.ThreadingHTTPServer):
    """A web server on this machine, which no picture may come from."""

    asked: list[str]


@pytest.fixture
def server() -> Iterator[Server]:
    photo = encoded(drawing(90, 60))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append(self.path)
            if self.path == "/away":
                self.send_response(302)
                self.send_header("Location", "http://inside.example/secret.jpg")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(photo)

        def log_message(self, *_: object) -> None: ...

    with Server(("127.0.0.1", 0), Handler) as found:
        found.asked = []
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "192.168.1.1"])
def test_a_private_address_is_refused_without_a_connection(lab, server, host):
    url = f"http://{host}:{server.server_port}/a.jpg"
    pictures = PillowPictures(lab.cache, fetch=fetch)
    renditions, (problem,) = pictures.prepare([Picture(src=url)], lab.root)
    assert not renditions
    assert problem.code == "address_private"
    assert not server.asked


def test_a_name_that_leads_inside_is_refused_at_every_step(lab, server):
    """The public name answers (this server plays the public internet), its redirect to an inner name does not."""
    addresses = {"public.example": "127.0.0.1", "inside.example": "10.0.0.5"}

    def through(url: str, known: Fetched | None) -> Fetched:
        data = fetch_public(url, resolve=lambda host, _: [addresses[host]], allowed=lambda n: n == "127.0.0.1")
        return Fetched(data=data)

    pictures = PillowPictures(lab.cache, fetch=through)
    base = f"http://public.example:{server.server_port}"
    sources = [f"{base}/a.jpg", f"{base}/away", "http://inside.example/secret.jpg"]
    renditions, problems = pictures.prepare([Picture(src=src) for src in sources], lab.root)
    assert list(renditions) == [f"{base}/a.jpg"]
    assert [problem.code for problem in problems] == ["address_private"] * 2
    assert sorted(server.asked) == ["/a.jpg", "/away"]


def test_a_bad_picture_from_the_web_is_refused_like_any_other(lab):
    lab.web.answers["https://example.org/a.jpg"] = b"<svg/>"
    lab.web.answers["https://example.org/b.jpg"] = b"<html>log in</html>"
    urls = list(lab.web.answers)
    renditions, problems = prepare(lab, *(Picture(src=url) for url in urls))
    assert not renditions
    assert [problem.code for problem in problems] == ["picture_is_svg", "picture_unreadable"]


def test_a_clock_that_was_set_back_keeps_no_address_waiting(lab):
    url = "https://example.org/a.jpg"
    prepare(lab, Picture(src=url))
    lab.web.answers[url] = encoded(drawing(90, 60))
    lab.wait(hours=-100)
    assert list(prepare(lab, Picture(src=url))[0]) == [url]


# --- arithmetic and colour -----------------------------------------------------------------------------------------

SIDES = st.integers(1, 30_000)
PARTS = st.floats(0, 1)


@settings(deadline=None)
@given(SIDES, SIDES, PARTS, PARTS)
def test_every_cut_lies_in_the_original_and_every_file_in_its_cut(width, height, x, y):
    todo = list(variants(width, height, (x, y), Recipe()))
    assert {variant.crop for variant in todo} == {"card", "wide", "whole", "share"}
    assert len({(v.crop, v.format, v.width) for v in todo}) == len(todo)
    for variant in todo:
        left, top, right, bottom = variant.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert 1 <= variant.width <= right - left
        assert 1 <= variant.height <= min(TALLEST, bottom - top)
        if variant.format in ("webp", "fallback"):
            assert variant.width <= max(FALLBACK_WIDEST, min(v.width for v in todo if v.crop == variant.crop))
    for crop in ("card", "wide", "whole"):
        assert [v.format for v in todo if v.crop == crop].count("fallback") == 1


@settings(deadline=None)
@given(st.integers(10, 5000), st.integers(10, 5000), PARTS, PARTS)
def test_a_cut_holds_its_focal_point(width, height, x, y):
    left, top, right, bottom = frame(width, height, (3, 2), (x, y))
    assert left - 1 <= x * width <= right + 1
    assert top - 1 <= y * height <= bottom + 1
    assert abs((right - left) / (bottom - top) - 1.5) < 0.2 or min(right - left, bottom - top) < 30


def test_a_photo_from_a_telephone_has_the_widths_we_promise():
    widths = {}
    for variant in variants(4000, 3000, (0.5, 0.5), Recipe()):
        widths.setdefault((variant.crop, variant.format), []).append(variant.width)
    assert widths == {
        ("card", "avif"): [400, 800], ("card", "webp"): [400, 800], ("card", "fallback"): [800],
        ("wide", "avif"): [800, 1280, 1920], ("wide", "webp"): [800, 1280], ("wide", "fallback"): [1280],
        ("whole", "avif"): [800, 1280], ("whole", "webp"): [800, 1280], ("whole", "fallback"): [1280],
        ("share", "jpeg"): [1200],
    }  # fmt: skip


@settings(deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_colour_survives_the_way_there_and_back(pixel):
    assert to_rgb(to_lab(pixel)) == pixel


def test_the_dominant_colour_is_one_that_an_eye_would_name():
    stage = [(12, 10, 14)] * 500 + [(200, 30, 40)] * 400 + [(90, 90, 90)] * 100
    assert dominant(stage) == "#c81e28"
    fog = [(120, 118, 121)] * 900 + [(200, 30, 40)] * 100
    assert dominant(fog) == "#787679"
    assert dominant([]) == "#808080"


def test_a_picture_can_be_decoded_from_bytes_alone():
    """The fixtures of this file are pictures."""
    assert all(Image.open(io.BytesIO(content)).size == (60, 40) for content in ORIGINALS.values())
