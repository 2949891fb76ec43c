"""The key that signs the vault's PDFs: P-256, because a court's viewer checks that and not Ed25519.

It is a child of the data key and is kept nowhere: whoever opens the vault has it, a backup and a recovered
vault have it, and a new device key changes nothing about it. The scalar is made of 48 bytes, so that it is
as good as random (FIPS 186-5, A.2.1); the nonce of a signature comes from key and message (RFC 6979), so the
same report bears the same signature and a bad source of chance gives nothing away.
"""

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SP 800-186, 3.2.1.3)
_ALGORITHM = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class PaperKey:
    """Signs; the private half does not leave this object."""

    def __init__(self, data_key: bytes) -> None:
        raw = HKDF(hashes.SHA256(), 48, salt=None, info=b"fieldapp/paper").derive(data_key)
        self._key = ec.derive_private_key(int.from_bytes(raw, "big") % (_ORDER - 1) + 1, _CURVE)

    @property
    def public(self) -> bytes:
        """The public key: an uncompressed point, 65 bytes."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def sign(self, message: bytes) -> bytes:
        """Return the ECDSA signature of `message` with SHA-256, as DER."""
        return self._key.sign(message, _ALGORITHM)
