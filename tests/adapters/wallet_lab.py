"""An authority like Apple's: a root, a certificate in between, and papers for a house as in docs/how-to/wallet-passes.md."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

MADE, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
PEM = serialization.Encoding.PEM
TYPE = "pass.be.delinde.tickets"
_Made = tuple[x509.Certificate, RSAPrivateKey]


class Authority:
    """`root`: the file of the certificate that all trust. `papers` writes the file of a house."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.top = self._certify({NameOID.COMMON_NAME: "Test Root CA"}, None, ca=True)
        self.above = self._certify({NameOID.COMMON_NAME: "Test WWDR"}, self.top, ca=True)
        self.root = folder / "root.pem"
        self.root.write_bytes(self.top[0].public_bytes(PEM))
        self.house = self.issue()

    def issue(self, pass_type: str = TYPE, days: int = 4000) -> _Made:
        """A certificate for a Pass Type ID."""
        names = {
            NameOID.USER_ID: pass_type,
            NameOID.COMMON_NAME: f"Pass Type ID: {pass_type}",
            NameOID.ORGANIZATIONAL_UNIT_NAME: "A1B2C3D4E5",
        }
        return self._certify({key: value for key, value in names.items() if value}, self.above, days=days)

    def papers(
        self, name: str = "linde.pem", made: _Made | None = None, *, password: str = "", key: RSAPrivateKey | None = None, above: bool = True
    ) -> Path:  # fmt: skip
        certificate, own = made or self.house
        locked = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
        parts = [
            (key or own).private_bytes(PEM, serialization.PrivateFormat.PKCS8, locked),
            certificate.public_bytes(PEM),
        ]
        path = self.folder / name
        path.write_bytes(b"".join([*parts, *([self.above[0].public_bytes(PEM)] if above else [])]))
        return path

    def _certify(
        self, names: dict[x509.ObjectIdentifier, str], by: _Made | None, *, ca: bool = False, days: int = 0
    ) -> _Made:
        key = generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in names.items()])
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(by[0].subject if by else subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(MADE).not_valid_after(MADE + timedelta(days=days) if days else END)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )  # fmt: skip
        return builder.sign(by[1] if by else key, hashes.SHA256()), key
