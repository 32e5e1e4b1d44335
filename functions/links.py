"""Signed words in addresses: who has one may see what it names, and nobody can make one. One salt per purpose, and keys that rotate."""

from collections.abc import Sequence
from hashlib import sha256

from itsdangerous import BadSignature, Signer

from etalage.model.errors import Refused

ORDER = "order"


class Links:
    """`secrets`: the newest first; what an older one signed is still good."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.secrets = list(reversed(secrets))  # the library signs with the last

    def sign(self, purpose: str, name: str) -> str:
        """The word for a name."""
        return self._signer(purpose).sign(name).decode()

    def read(self, purpose: str, word: str) -> str:
        """The name of a word; refuses `order_unknown` alike what was never signed and what was changed."""
        try:
            return self._signer(purpose).unsign(word.encode()).decode()
        except (BadSignature, UnicodeError) as error:
            raise Refused("order_unknown", "This order is not here.") from error

    def _signer(self, purpose: str) -> Signer:
        return Signer(self.secrets, salt=f"etalage.{purpose}", key_derivation="hmac", digest_method=sha256)
