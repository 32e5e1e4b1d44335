"""The bytes of the index, as docs/reference/search.md describes them: numbers of seven bits a byte, words that share their beginning.

Files are deflated here, not by the web server, so that an index is as small on any host; the browser inflates them itself.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from etalage.search.documents import Card
from etalage.search.table import Facts, Table, weekdays_of
from etalage.search.weighing import Postings

LARGEST = 8_000
"""Raw bytes of a piece with words; one word that is in very many documents may be more."""
BLOCK = 16
"""Cards in a piece."""


def deflate(content: bytes) -> bytes:
    """As DeflateStream's "deflate-raw" reads it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last have their highest bit set."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


_SMALL = [varint(number) for number in range(1 << 14)]


def _number(number: int) -> bytes:
    return _SMALL[number] if number < 16384 else varint(number)


def term_pieces(terms: Mapping[str, Postings]) -> Iterator[tuple[str, bytes]]:
    """Pieces of the dictionary, each with where it begins: word, 2 × count + may be a part, length of the gaps, gaps, weights."""
    return _pieces((term, _posting(postings)) for term, postings in terms.items())


def _posting(postings: Postings) -> bytes:
    there = postings.documents
    gaps = b"".join([_number(after - before) for before, after in zip((-1, *there), there, strict=False)])
    return b"".join((_number(2 * len(there) + postings.part), _number(len(gaps)), gaps, postings.weights))


def word_pieces(words: Iterable[tuple[str, int]]) -> Iterator[tuple[str, bytes]]:
    """Pieces of a list of words with their counts, each with where it begins."""
    return _pieces((word, _number(count)) for word, count in words)


def _pieces(entries: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """A piece begins with as much of its first word as tells it from the last word of the piece before."""
    first, piece, size, before, last = "", list[bytes](), 0, b"", ""
    for word, content in entries:
        plain = word.encode()
        if piece and size + len(plain) + len(content) > LARGEST:
            yield first, b"".join(piece)
            piece, size, before = [], 0, b""
        if not piece:
            first = word[: _shared(last, word) + 1]
        shared = _shared(before, plain)
        entry = b"".join((_number(shared), _number(len(plain) - shared), plain[shared:], content))
        piece.append(entry)
        size, before, last = size + len(entry), plain, word
    if piece:
        yield first, b"".join(piece)


def _shared(one: str | bytes, other: str | bytes) -> int:
    """How many letters or bytes two words begin with together."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def dates_piece(table: Table) -> bytes:
    """When everything is, which every question needs: per document how many dates, then column by column of the dates."""
    rows = [row for facts in table.facts for row in facts.rows]
    return _columns(
        (len(facts.rows) for facts in table.facts),
        _days(table.facts),
        (row.last - row.day for row in rows),
        (0 if row.weekdays == weekdays_of(row.day, row.last) else row.weekdays for row in rows),
        (row.quarter for row in rows),
    )


def facts_piece(table: Table) -> bytes:
    """What filters and counts need besides: names as JSON behind their length, then the columns."""
    rows = [row for facts in table.facts for row in facts.rows]
    prices = sorted({row.cents for row in rows if row.cents >= 0})
    place = {cents: number for number, cents in enumerate(prices, 1)}
    names = {
        "genres": table.genres,
        "houses": table.houses,
        "towns": table.towns,
        "venues": table.venues,
        "prices": prices,
    }
    head = msgspec.json.encode(names)
    columns = _columns(
        (number for facts in table.facts for number in (len(facts.genres), *facts.genres)),
        (number for facts in table.facts for number in (len(facts.houses), *facts.houses)),
        (facts.age_min + 1 for facts in table.facts),
        (facts.age_max + 1 for facts in table.facts),
        (facts.uitpas for facts in table.facts),
        (row.venue + 1 for row in rows),
        (place.get(row.cents, 0) for row in rows),
        (row.left for row in rows),
        (row.access for row in rows),
    )
    return b"".join((_number(len(head)), head, columns))


def _columns(*columns: Iterable[int]) -> bytes:
    return b"".join([_number(number) for column in columns for number in column])


def _days(facts: Sequence[Facts]) -> Iterator[int]:
    """Days as steps, forth even and back odd: from one document's first date to the next one's, and from date to date."""
    first = 0
    for one in facts:
        before = first
        for row in one.rows:
            step = row.day - before
            yield 2 * step if step >= 0 else -2 * step - 1
            before = row.day
        first = one.rows[0].day if one.rows else first


def card_pieces(cards: Sequence[Card]) -> Iterator[bytes]:
    """Blocks of cards, as JSON."""
    for at in range(0, len(cards), BLOCK):
        yield msgspec.json.encode(cards[at : at + BLOCK])
