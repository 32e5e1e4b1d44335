"""Signed words in addresses: who has one may see what it names, and nobody can make one. One salt per purpose, and keys that rotate."""

from collections.abc import Sequence
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from etalage.model.errors import Refused

ORDER, FORM, TURN, REQUEST = "order", "form", "turn", "request"
"""What a word is for."""


class Links:
    """`secrets`: the newest first; what an older one signed is still good."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.secrets = list(reversed(secrets))  # the library signs with the last
        self._signers: dict[str, Signer] = {}

    def sign(self, purpose: str, name: str) -> str:
        """The word for a name."""
        return self._signer(purpose).sign(name).decode()

    def read(self, purpose: str, word: str) -> str:
        """The name of a word; refuses `order_unknown` alike what was never signed and what was changed.

        A newcomer's trap: a signature has two bits to spare in its last letter, so that four words would be one and the same.
        """
        try:
            name = self._signer(purpose).unsign(word.encode()).decode()
        except (BadSignature, UnicodeError) as error:
            raise _unknown() from error
        signature = word.rpartition(".")[2].encode()
        if base64_encode(base64_decode(signature)) != signature:
            raise _unknown()
        return name

    def read_form(self, word: str) -> str:
        """The name of a form of ours; refuses `cross_site` a form that is none, wherever it comes from."""
        try:
            return self.read(FORM, word)
        except Refused as error:
            raise foreign() from error

    def _signer(self, purpose: str) -> Signer:
        """The library derives a purpose's keys anew for every word; they are always the same."""
        if purpose not in self._signers:
            given = Signer(self.secrets, salt=f"etalage.{purpose}", key_derivation="hmac", digest_method=sha256)
            keys = [given.derive_key(secret) for secret in given.secret_keys]
            self._signers[purpose] = Signer(keys, key_derivation="none", digest_method=sha256)
        return self._signers[purpose]


def foreign() -> Refused:
    """A form that is not of a page of ours, or of another page than it says."""
    return Refused("cross_site", "Another site sent this, not a page of ours.")


def _unknown() -> Refused:
    return Refused("order_unknown", "This order is not here.")
