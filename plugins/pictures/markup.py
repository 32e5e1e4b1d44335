"""What a template needs to show a picture: addresses, sizes, colour, words.

Addresses are relative to the site's root, so a page puts its own way to the root before them:

    {% set p = picture(production.picture, "card", "(min-width: 60rem) 25rem, 100vw", languages) %}
    {% if p %}
    <picture>
      {% for source in p.sources %}
      <source type="{{ source.type }}" srcset="{{ source.srcset(root) }}" sizes="{{ p.sizes }}">
      {% endfor %}
      <img src="{{ root }}{{ p.src }}" width="{{ p.width }}" height="{{ p.height }}" alt="{{ p.alt }}" loading="lazy">
    </picture>
    {% endif %}

What a newcomer would get wrong: a picture that could not be made ready is None, and its page is drawn without it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from etalage.model.picture import PictureFile, Rendition
from etalage.model.programme import Picture
from etalage.model.words import pick

FOLDER = "assets/pictures/"
"""Where a site's pictures are, from its root."""
ANY_WIDTH = "100vw"


class Source(msgspec.Struct, frozen=True):
    """One format a browser may take: its media type, and each file's address and width."""

    type: str
    files: tuple[tuple[str, int], ...]

    def srcset(self, root: str = "") -> str:
        """The candidates, as the attribute wants them, from a page from which the site's root is at `root`."""
        return ", ".join([f"{root}{address} {width}w" for address, width in self.files])


class PictureData(msgspec.Struct, frozen=True):
    """A picture in one crop. `sources` from the best format to the safest; `src`, `width` and `height` for `<img>`.

    `colour` (#rrggbb) is for behind the picture until it is there, "" when something shines through it. `share` is the
    address of the 1200 × 630 JPEG that other sites show with a link, always there. `language` is that of `alt`.
    """

    sources: tuple[Source, ...]
    src: str
    width: int
    height: int
    colour: str
    share: str
    share_width: int
    share_height: int
    sizes: str = ANY_WIDTH
    alt: str = ""
    language: str = ""
    credit: str = ""


_drawn: dict[tuple[str, str], PictureData] = {}
_MANY = 100_000


def picture_data(rendition: Rendition, crop: str, sizes: str = ANY_WIDTH, alt: str = "", language: str = "", credit: str = "") -> PictureData:  # fmt: skip
    """The data of a rendition in one crop; made once per stamp and crop, for a list of thousands asks again and again."""
    key = rendition.stamp, crop
    known = _drawn.get(key)
    if known is None:
        if len(_drawn) >= _MANY:
            _drawn.clear()
        known = _drawn[key] = _data(rendition, crop)
    return PictureData(
        known.sources, known.src, known.width, known.height, known.colour, known.share, known.share_width,
        known.share_height, sizes, alt, language, credit,
    )  # fmt: skip


class Gallery:
    """A site's renditions, as templates ask for them."""

    def __init__(self, renditions: Mapping[str, Rendition]) -> None:
        self.renditions = renditions

    def picture(
        self, picture: Picture, crop: str = "card", sizes: str = ANY_WIDTH, languages: Sequence[str] = ()
    ) -> PictureData | None:
        """The global `picture(…)`; its description in the first of `languages` that has one."""
        rendition = self.renditions.get(picture.src)
        if rendition is None:
            return None
        alt, language = pick(picture.alt, languages)
        return picture_data(rendition, crop, sizes, alt, language, picture.credit)


def _data(rendition: Rendition, crop: str) -> PictureData:
    *choice, fallback = rendition.crops[crop]
    formats: dict[str, list[PictureFile]] = {}
    for file in choice:
        formats.setdefault(file.format, []).append(file)
    share = rendition.crops["share"][-1]
    return PictureData(
        sources=tuple(
            Source(f"image/{kind}", tuple((FOLDER + file.name, file.width) for file in files))
            for kind, files in formats.items()
        ),
        src=FOLDER + fallback.name, width=fallback.width, height=fallback.height,
        colour="" if rendition.alpha else rendition.colour,
        share=FOLDER + share.name, share_width=share.width, share_height=share.height,
    )  # fmt: skip
