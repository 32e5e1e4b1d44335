"""Every address of a site, in the visitor's language. Addresses are promises: a production keeps the one it got first."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote

from etalage.model.catalogue import Entry
from etalage.model.words import pick

FOLDERS: Mapping[str, Mapping[str, str]] = {
    "agenda": {"nl": "agenda", "fr": "agenda", "en": "agenda", "de": "agenda"},
    "programme": {"nl": "programma", "fr": "programme", "en": "programme", "de": "programm"},
    "genre": {"nl": "genre", "fr": "genre", "en": "genre", "de": "genre"},
    "house": {"nl": "huis", "fr": "maison", "en": "house", "de": "haus"},
    "venue": {"nl": "locatie", "fr": "lieu", "en": "venue", "de": "ort"},
    "wishlist": {"nl": "verlanglijst", "fr": "mes-envies", "en": "my-list", "de": "merkliste"},
    "lists": {"nl": "lijsten", "fr": "listes", "en": "lists", "de": "listen"},
    "last_minute": {"nl": "last-minute", "fr": "derniere-minute", "en": "last-minute", "de": "last-minute"},
    "search": {"nl": "zoeken", "fr": "recherche", "en": "search", "de": "suche"},
}
LONGEST = 60
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "&": " en "})


@lru_cache(maxsize=50_000)
def slug(text: str) -> str:
    """The text as a part of an address: "Café — Müller!" becomes "cafe-muller"; never empty, cut between words."""
    if len(text) <= LONGEST and _PLAIN.fullmatch(text):
        return text
    plain = text.casefold().translate(_LIGATURES)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    plain = _NOT_PLAIN.sub("-", plain).strip("-")
    if len(plain) > LONGEST:
        plain = plain[: LONGEST + 1].rpartition("-")[0] or plain[:LONGEST]
    return plain or "x" + blake2b(text.encode(), digest_size=3).hexdigest()


def settle(entries: Iterable[Entry], known: Mapping[str, str], language: str) -> dict[str, str]:
    """Give every production its slug: the one staff chose, else the one it had, else one from its title.

    A slug that is taken gets a short mark of the production's id behind it, which is the same at every build.
    """
    addresses: dict[str, str] = {}
    taken: dict[str, str] = {}
    waiting: list[tuple[str, str]] = []
    for entry in entries:
        production = entry.production
        chosen = slug(production.slug) if production.slug else known.get(production.id, "")
        if chosen and taken.setdefault(chosen, production.id) == production.id:
            addresses[production.id] = chosen
        else:
            waiting.append((production.id, chosen or slug(pick(production.title, (language,))[0])))
    for identity, wanted in waiting:
        free = taken.setdefault(wanted, identity) == identity
        addresses[identity] = wanted if free else f"{wanted}-{blake2b(identity.encode(), digest_size=3).hexdigest()}"
        taken[addresses[identity]] = identity
    return addresses


class Addresses:
    """The addresses of one language of a site, relative to the site's root; the first language has no folder of its own."""

    def __init__(self, language: str, first: bool) -> None:
        self.language = language
        self.prefix = "" if first else f"{language}/"
        self._folder = {name: f"{self.prefix}{words.get(language, words['en'])}/" for name, words in FOLDERS.items()}

    def root(self, name: str = "") -> str:
        """The front page, or a file beside it."""
        return self.prefix + name

    def agenda(self, month: str = "", number: int = 1) -> str:
        """The agenda from today, or a month of it ("2026-12"), or a further page of that month."""
        return self._numbered(self._folder["agenda"] + (f"{month}/" if month else ""), number)

    def production(self, name: str) -> str:
        """A production's page, by its slug."""
        return f"{self._folder['programme']}{name}/"

    def calendar(self, name: str) -> str:
        """A production's dates as a file for one's own calendar."""
        return f"{self.production(name)}{name}.ics"

    def genre(self, identity: str, number: int = 1) -> str:
        """The list of a genre."""
        return self._numbered(f"{self._folder['genre']}{identity}/", number)

    def house(self, identity: str, number: int = 1) -> str:
        """A house's page with its programme."""
        return self._numbered(f"{self._folder['house']}{identity}/", number)

    def venue(self, identity: str, number: int = 1) -> str:
        """A venue's page with what is on there."""
        return self._numbered(f"{self._folder['venue']}{slug(identity)}/", number)

    def wishlist(self) -> str:
        """One's own wishlist; shared ones are at "wishlist/<token>", which a function answers in every language."""
        return self._folder["wishlist"]

    def lists(self, identity: str = "") -> str:
        """The overview of curated lists, or one of them, by its file name."""
        return self._folder["lists"] + (f"{slug(identity)}/" if identity else "")

    def last_minute(self) -> str:
        """What still has places in the next days."""
        return self._folder["last_minute"]

    def search(self) -> str:
        """The page to search and filter on; the function that does the same without JavaScript is at `find`."""
        return self._folder["search"]

    def find(self) -> str:
        """Where the search's function answers (functions/search_page.py); in English it is the page's own without the slash."""
        return f"{self.prefix}search"

    def choose(self, performance: str) -> str:
        """Where a function lets one choose tickets of a date."""
        return f"{self.prefix}choose?p={quote(performance, safe=':/')}"

    def request(self, production: str) -> str:
        """Where a teacher asks for places for a class."""
        return f"{self.prefix}request?p={quote(production, safe=':/')}"

    def basket(self) -> str:
        """Where a function shows what one is about to buy."""
        return f"{self.prefix}basket"

    def text(self, identity: str) -> str:
        """A page of text, by its file name."""
        return f"{self.prefix}{slug(identity)}/"

    def preset(self, name: str) -> str:
        """The folder of feeds of a filter that visitors often pick, by its word in this language."""
        return f"{self._folder['agenda']}{name}/"

    def embed(self, kind: str = "", identity: str = "", limit: int = 0) -> str:
        """A list to stand in another site. The same words in every language: they are written by hand over there."""
        parts = ["embed", *([kind, slug(identity)] if kind else []), *([str(limit)] if limit else [])]
        return self.prefix + "".join(f"{part}/" for part in parts)

    def screen(self, venue: str = "") -> str:
        """What hangs in the foyer, of the whole site or of one venue."""
        return f"{self.prefix}screen/{slug(venue)}/" if venue else f"{self.prefix}screen/"

    @staticmethod
    def linked(month: str = "") -> str:
        """Linked data of a month, in all languages; without one the catalogue of them."""
        return f"linked-data/{month or 'catalogue'}.jsonld"

    @staticmethod
    def _numbered(address: str, number: int) -> str:
        return address if number == 1 else f"{address}{number}/"
