"""icon.svg as pictures for home screens, which take no SVG everywhere: 192 and 512 pixels, and one that may be cut to any shape.

A house that wants to draw them itself brings icon-192.png, icon-512.png and icon-maskable-512.png in its static folder.
"""

from io import BytesIO

SIZES = {"icon-192.png": (192, 1.0), "icon-512.png": (512, 1.0), "icon-maskable-512.png": (512, 0.8)}
"""Name → pixels, and how much of the width the drawing takes: launchers may cut off a tenth on each side (W3C, "maskable")."""
RECIPE = "2"
"""Raised when the same SVG should give other pictures."""


def draw(svg: str, size: int, share: float) -> bytes:
    """The icon as PNG; what lies outside the drawing has the colour of its ground, seen at the middle of its upper edge.

    Raises ValueError for what is no SVG. Nothing that it names elsewhere is fetched.
    """
    import resvg_py
    from PIL import Image

    inner = round(size * share)
    drawn = resvg_py.svg_to_bytes(svg_string=svg, width=inner, height=inner, skip_system_fonts=True)
    icon = Image.open(BytesIO(drawn)).convert("RGBA")
    ground = icon.crop((inner // 2, 1, inner // 2 + 1, 2)).convert("RGB").tobytes()
    whole = Image.new("RGB", (size, size), tuple(ground))
    edge = (size - inner) // 2
    whole.paste(icon, (edge, edge), icon)
    out = BytesIO()
    whole.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
