"""The certificate that passes are signed with, its key and Apple's own certificate above it: one PEM file, read and judged."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from etalage.model.errors import Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

HOW = "docs/how-to/wallet-passes.md says how to make it"


class Papers(NamedTuple):
    """What signs. `pass_type` and `team` are as Apple wrote them in the certificate."""

    pass_type: str
    team: str
    key: "RSAPrivateKey"
    certificate: "Certificate"
    above: "Certificate"

    @property
    def until(self) -> datetime:
        """When the first of the two lapses."""
        return min(self.certificate.not_valid_after_utc, self.above.not_valid_after_utc)

    def sign(self, content: bytes) -> bytes:
        """A detached PKCS #7 signature with the time of signing, in DER; that time is the library's own."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding
        from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

        builder = PKCS7SignatureBuilder().set_data(content).add_signer(self.certificate, self.key, SHA256())
        options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities]
        return builder.add_certificate(self.above).sign(Encoding.DER, options)


def read(path: Path, password: str, now: datetime) -> Papers:
    """Read the file; refuses `wallet_wrong`, `wallet_lapsed`, and `wallet_library` where the library for it is not installed.

    `password`: of the key, "" for none. `now`: the moment at which it has to be good.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise Refused(
            "wallet_library",
            "to sign wallet passes the package `cryptography` is needed: install etalage[wallet]",
            where=str(path),
        ) from error
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused("wallet_wrong", f"this file cannot be read ({error.strerror}); {HOW}", where=str(path)) from error
    try:
        key = load_pem_private_key(content, password.encode() or None)
    except (ValueError, TypeError) as error:
        say = f"it has no private key that can be read, or another password than password_env names; {HOW}"
        raise Refused("wallet_wrong", say, where=str(path)) from error
    try:
        found = x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise Refused("wallet_wrong", f"it has no certificate that can be read; {HOW}", where=str(path)) from error
    if not isinstance(key, RSAPrivateKey):
        raise Refused("wallet_wrong", f"its private key is not an RSA key, as Apple asks; {HOW}", where=str(path))
    return _judge(key, found, path, now)


def _judge(key: "RSAPrivateKey", found: "Sequence[Certificate]", path: Path, now: datetime) -> Papers:
    from cryptography.x509.oid import NameOID

    certificate = next((one for one in found if one.public_key() == key.public_key()), None)
    if certificate is None:
        raise Refused("wallet_wrong", f"its private key belongs to none of its certificates; {HOW}", where=str(path))
    above = next((one for one in found if one is not certificate and _is_issued_by(certificate, one)), None)
    if above is None:
        say = f"the certificate is signed by {certificate.issuer.rfc4514_string()!r}, which is not in the file; {HOW}"
        raise Refused("wallet_wrong", say, where=str(path))
    pass_type, team = (
        next((str(one.value) for one in certificate.subject.get_attributes_for_oid(name)), "")
        for name in (NameOID.USER_ID, NameOID.ORGANIZATIONAL_UNIT_NAME)
    )
    if not pass_type.startswith("pass.") or not team:
        raise Refused("wallet_wrong", f"its certificate is not one for a Pass Type ID; {HOW}", where=str(path))
    papers = Papers(pass_type, team, key, certificate, above)
    begin = max(certificate.not_valid_before_utc, above.not_valid_before_utc)
    if not begin <= now.astimezone(UTC) < papers.until:
        say = f"the certificate is good from {begin:%Y-%m-%d} to {papers.until:%Y-%m-%d}; ask Apple for a new one"
        raise Refused("wallet_lapsed", say, where=str(path))
    return papers


def _is_issued_by(certificate: "Certificate", other: "Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(other)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
