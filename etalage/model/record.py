"""What a source hands over, and what it has to say about data that it could not use."""

from enum import StrEnum

import msgspec

from etalage.model.programme import Production, Venue


class Weight(StrEnum):
    """How bad a problem is: the record is left out, one field is left out, or staff should only look at it."""

    RECORD = "record"
    FIELD = "field"
    DOUBT = "doubt"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that staff should mend: where it is (source, record, field), what is wrong, what to do.

    `code` is permanent (docs/reference/problems.md). `record` is the id or, without one, the row ("rij 12").
    """

    source: str
    record: str
    field: str
    code: str
    reason: str
    weight: Weight = Weight.FIELD


class Record(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One production as one source knows it, with the venues its performances name."""

    production: Production
    venues: tuple[Venue, ...] = ()


class Changes(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a source answers: records new or changed, ids gone, problems, and the cursor for the next time.

    `complete` means: this is everything there is; what is not in it is gone. `packed`: the same records as `pack` writes them, in
    the same order, where a source had a second pair of hands for it; else nothing.
    """

    records: tuple[Record, ...]
    cursor: str
    complete: bool
    gone: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    packed: tuple[bytes, ...] = ()


pack = msgspec.json.Encoder().encode
"""A record as it is kept, and stamped: the same bytes for the same record, in any process."""
unpack = msgspec.json.Decoder(Record).decode
"""A record that was packed."""
