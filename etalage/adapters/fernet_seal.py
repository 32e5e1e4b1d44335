"""A seal of Fernet tokens (AES-128-CBC with HMAC-SHA256), whose keys are drawn from our secret words."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from etalage.model.errors import Refused


class FernetSeal:
    """`secrets`: the newest first; what an older one closed can still be opened."""

    def __init__(self, secrets: Sequence[str]) -> None:
        keys = [hmac.digest(word.encode(), b"etalage.seal", sha256) for word in secrets]
        self._box = MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
        self._mark = hmac.digest(secrets[0].encode(), b"etalage.mark", sha256)

    def close(self, number: str) -> str:
        """The number, sealed."""
        return self._box.encrypt(number.encode()).decode()

    def open(self, sealed: str) -> str:
        """What is in it; refuses `seal_broken`."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Refused("seal_broken", "this was sealed with a secret that is not here any more") from error

    def mark(self, number: str) -> str:
        """A keyed digest."""
        return hmac.digest(self._mark, number.encode(), sha256).hex()
