"""The colours of every house can be read, in light and in dark: WCAG 2.2, 1.4.3 and 1.4.11."""

import pytest

from plugins.assets import tokens
from tests.theme.conftest import HOUSES, THEMES

TEXT = 4.5
SIGN = 3.0
PAIRS = [
    ("ink", "page", TEXT), ("ink", "surface", TEXT), ("ink-quiet", "page", TEXT), ("ink-quiet", "surface", TEXT),
    ("link", "page", TEXT), ("link", "surface", TEXT), ("on-action", "action", TEXT), ("on-accent", "accent", TEXT),
    ("on-header", "header", TEXT), ("on-footer", "footer", TEXT), ("on-bad", "bad", TEXT), ("on-warn", "warn", TEXT),
    ("on-calm", "calm", TEXT), ("page", "ink", TEXT), ("action", "page", SIGN), ("line-strong", "page", SIGN),
    ("focus", "page", SIGN), ("focus", "surface", SIGN),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["base", *HOUSES])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=str)
def test_it_can_be_read(theme, front, back, least):
    known = tokens.read(list(dict.fromkeys((THEMES / "base", THEMES / theme))))
    for scheme, one, other in zip(
        ("light", "dark"), known.pair(f"colour-{front}"), known.pair(f"colour-{back}"), strict=True
    ):
        found = tokens.contrast(one, other)
        assert found >= least, f"{scheme}: {front} {one} on {back} {other} is {found:.2f}, should be {least}"
