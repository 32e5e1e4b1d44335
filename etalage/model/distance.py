"""How far it is from one place to another."""

from math import asin, cos, radians, sin, sqrt

EARTH = 6371.0
"""Mean radius in kilometres (IUGG)."""


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """As the crow flies between two places in degrees (haversine, Sinnott 1984)."""
    (a, b), (c, d) = (tuple(map(radians, point)) for point in (one, other))
    return 2 * EARTH * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))
