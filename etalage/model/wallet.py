"""A ticket for the wallet of a phone. All words are already in the buyer's language."""

import msgspec


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How a house looks on a small card. `ground`: its colour, as #rrggbb, "" for none; `icon`: its square sign as PNG, b"" for none."""

    ground: str = ""
    icon: bytes = b""


class WalletPass(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket. `serial`: names it for ever and says nothing; `order`: what tickets that were bought together share.

    `code`: what the door reads. `start`: an ISO moment, or a day. `front` and `back`: label and text, in order, only those there are.
    `void`: it was good once, and is not any more.
    """

    serial: str
    order: str
    code: str
    sender: str
    house: str
    title: str
    told: str
    """The whole card in one line, for who does not see it."""
    when: tuple[str, str]
    start: str = ""
    front: tuple[tuple[str, str], ...] = ()
    back: tuple[tuple[str, str], ...] = ()
    void: bool = False
    look: Look = Look()
