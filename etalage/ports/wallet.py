"""Who makes a ticket for the wallet of a phone."""

from datetime import datetime
from typing import Protocol

from etalage.model.wallet import WalletPass


class Wallet(Protocol):
    """Makes signed cards.

    Laws (tests/laws/wallet.py):

    1. What stands on the card is what the ticket says, the code as a QR that reads as exactly that code, and as text beneath it.
    2. A program of others can check that nothing in the file was changed since it was signed, when it was, and by whom.
    3. Letters stand out on the house's colour, whatever it is; the sign is there in the sizes that a phone asks, also when the house has none.
    4. A ticket that is not good any more says so in the file.
    """

    @property
    def until(self) -> datetime:
        """From then on nobody believes the signature."""
        ...

    def pack(self, ticket: WalletPass) -> bytes:
        """The file for the phone."""
        ...
