"""Decode, cut, scale and encode with Pillow: the only file that imports it, and only in a process of its own.

What a newcomer would get wrong: the size is judged from the header, before a pixel is decoded; threads inside the AVIF
encoder would make its bytes depend on the machine; and `save` copies metadata from `info` unless that is emptied.
"""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import AvifImagePlugin, Image, ImageCms, WebPImagePlugin

from etalage.adapters._picture_colour import dominant
from etalage.model.errors import Refused
from etalage.model.picture import LARGE, Focus, PictureFile, Recipe, Rendition, Variant, variants

# The fork server loads this module once; what is loaded here, no child has to load for each picture.
Image.preinit()
if not (AvifImagePlugin.SUPPORTED and WebPImagePlugin.SUPPORTED):
    raise ImportError("this Pillow has no AVIF or no WebP; install the wheel that requirements/run.lock names")

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MEGAPIXELS = 60
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What EXIF's orientation asks to be done."""
_SIDEWAYS = frozenset({5, 6, 7, 8})
_ENDINGS = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "png": "png"}


def render(data: bytes, focus: Focus, stamp: str, recipe: Recipe, folder: Path) -> Rendition:
    """Make every file of a picture in `folder`; refuses what is no picture, or too large a one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of large or odd files; we have limits of our own
        image = _open(data)
        turn = _orientation(image)
        width, height = image.size[::-1] if turn in _SIDEWAYS else image.size
        todo = list(variants(width, height, focus, recipe))
        scale = max(min(1.0, v.width / (v.box[2] - v.box[0])) for v in todo)
        image = _decode(image, scale)
    if turn in _UPRIGHT:
        image = image.transpose(_UPRIGHT[turn])
    image = _shrink(image, (max(1, round(width * scale)), max(1, round(height * scale))))
    image = _as_srgb(image)
    crops: dict[str, list[PictureFile]] = {}
    for variant, piece in _cut(image, todo, image.width / width, image.height / height):
        crops.setdefault(variant.crop, []).append(_save(piece, variant, stamp, recipe, folder))
    return Rendition(
        stamp=stamp, colour=_colour(image), width=width, height=height, alpha=image.mode == "RGBA",
        crops={crop: tuple(files) for crop, files in crops.items()},
    )  # fmt: skip


def _open(data: bytes) -> Image.Image:
    """Read the header only."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_large("more than 178") from None
    except Exception as error:  # a decoder throws anything at hostile bytes
        if b"<svg" in data[:65536].lower():
            raise Refused("picture_is_svg", "this is an SVG drawing, which can hold scripts; save it as PNG") from error
        raise Refused(
            "picture_unreadable", "this is no JPEG, PNG, WebP, GIF or AVIF; save it as JPEG or PNG"
        ) from error
    pixels = image.width * image.height
    if pixels > MEGAPIXELS * 1_000_000:
        raise _too_large(f"{pixels / 1_000_000:.0f}")
    return image


def _decode(image: Image.Image, scale: float) -> Image.Image:
    """Decode the pixels of the first frame, JPEG at a half, a quarter or an eighth where that is large enough."""
    profile = image.info.get("icc_profile")
    try:
        image.draft(None, (round(image.width * scale), round(image.height * scale)))
        image.load()
        image = _plain(image)
    except Image.DecompressionBombError:
        raise _too_large("more than 178") from None
    except MemoryError:
        raise
    except Exception as error:  # a decoder throws anything at hostile bytes
        raise Refused("picture_unreadable", f"the file is damaged ({error}); save or upload it again") from error
    image.info = {"icc_profile": profile} if profile else {}
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Bring the many modes of files down to L, RGB, RGBA and CMYK."""
    if image.mode.startswith("I"):
        eight_bits = image.point(lambda value: value * (1 / 256))  # `convert` alone would clip at 255
        return eight_bits.convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # broken EXIF is no reason to do without the picture
        return 1


def _shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    smaller = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    smaller.info = image.info
    return smaller


def _as_srgb(image: Image.Image) -> Image.Image:
    """Translate the colours as the embedded profile says, and forget it; RGBA only when something shines through."""
    profile = image.info.pop("icc_profile", None)
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            colours = ImageCms.profileToProfile(colours, source, target, outputMode="RGB") or colours
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is broken, or of another kind of picture: the numbers are taken as sRGB
    colours = colours.convert("RGB")
    colours.info = {}
    low = alpha.getextrema()[0] if alpha else 255
    if alpha and isinstance(low, int | float) and low < 255:
        colours.putalpha(alpha)
    return colours


def _cut(image: Image.Image, todo: list[Variant], x: float, y: float) -> Iterator[tuple[Variant, Image.Image]]:
    """Each variant with its pixels; the same ones serve every format. `x` and `y`: from the original to `image`."""
    pieces: dict[tuple[str, int], Image.Image] = {}
    for variant in todo:
        key = variant.crop, variant.width
        if key not in pieces:
            left, top, right, bottom = variant.box
            box = (left * x, top * y, min(right * x, image.width), min(bottom * y, image.height))
            size = (variant.width, variant.height)
            pieces[key] = image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
        yield variant, pieces[key]


def _save(piece: Image.Image, variant: Variant, stamp: str, recipe: Recipe, folder: Path) -> PictureFile:
    kind = variant.format
    if kind == "fallback":
        kind = "png" if piece.mode == "RGBA" else "jpeg"
    if kind == "jpeg" and piece.mode == "RGBA":
        white = Image.new("RGB", piece.size, "white")
        white.paste(piece, mask=piece.getchannel("A"))
        piece = white
    speed = recipe.avif_speed_large if variant.width >= LARGE else recipe.avif_speed
    options: dict[str, dict[str, int | bool]] = {
        "avif": {"quality": recipe.avif_quality, "speed": speed, "max_threads": 1},
        "webp": {"quality": recipe.webp_quality, "method": 4},
        "jpeg": {"quality": recipe.jpeg_quality, "progressive": True, "optimize": True},
        "png": {"optimize": True},
    }
    path = folder / f"{stamp}-{variant.crop}-{variant.width}.{_ENDINGS[kind]}"
    piece.save(path, kind, **options[kind])
    return PictureFile(path.name, kind, piece.width, piece.height, path.stat().st_size)


def _colour(image: Image.Image) -> str:
    size = min(48, image.width), min(48, image.height)
    small = image.resize(size, Image.Resampling.BOX).convert("RGBA").tobytes()
    pixels = zip(*(small[part::4] for part in range(4)), strict=True)
    return dominant((r, g, b) for r, g, b, a in pixels if a >= 128)


def _too_large(megapixels: str) -> Refused:
    return Refused(
        "picture_too_large", f"it has {megapixels} megapixels, the limit is {MEGAPIXELS}; save a smaller one"
    )
