"""Amounts in words, as the language writes them."""

AFTER = frozenset({"fr", "de"})
"""Languages that write the sign after the amount."""


def euros(cents: int, language: str) -> str:
    """€ 12 or € 12,50; whole euros without the zeros, as on the site's pages."""
    whole, rest = divmod(abs(cents), 100)
    mark = "." if language == "en" else ","
    number = f"{whole}{mark}{rest:02}" if rest else str(whole)
    sign = "-" if cents < 0 else ""
    if language == "en":
        return f"{sign}€{number}"
    return f"{sign}{number}\u00a0€" if language in AFTER else f"€\u00a0{sign}{number}"


def plain(cents: int) -> str:
    """1234,50: an amount as a European spreadsheet reads it."""
    return f"{cents / 100:.2f}".replace(".", ",")


def exact(cents: int, language: str) -> str:
    """€ 1.234,50: an amount as books have it, with its cents."""
    point, comma = {"en": (",", "."), "fr": ("\u202f", ",")}.get(language, (".", ","))
    number = f"{abs(cents) / 100:,.2f}".translate({ord(","): point, ord("."): comma})
    sign = "-" if cents < 0 else ""
    if language == "en":
        return f"{sign}€{number}"
    return f"{sign}{number}\u00a0€" if language in AFTER else f"€\u00a0{sign}{number}"
