"""Numbers of passes: digits with a check digit at the end (ISO/IEC 7812-1, annex B, "Luhn")."""

import re

_BETWEEN = re.compile(r"[\s.\-–/]+")


def plain(given: str) -> str:
    """The digits as they are typed, without what stands between them; "" when something else is in it, or far too much."""
    digits = _BETWEEN.sub("", given) if len(given) < 60 else ""
    return digits if digits.isascii() and digits.isdigit() else ""


def is_checked(digits: str) -> bool:
    """Whether the last digit is the right one."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return bool(digits) and sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
