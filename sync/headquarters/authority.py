"""Headquarters' own certificate authority: laptops trust it and no other for the line to headquarters.

The authority's key lies in `root/tls` and belongs in the safe with the roots; its certificate and the
server's lie in `keys/tls`. An invitation carries the authority, the keys statement names every one that
holds: a new one is named first, and served with only when the laptops have heard of it.
"""

import ipaddress
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fieldapp.clock import Clock
from sync.headquarters import keys
from sync.headquarters.keys import KeysMissing

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
_PEM = serialization.Encoding.PEM
_Key = ec.EllipticCurvePrivateKey


def made(home: Path) -> bool:
    """Say whether this headquarters has an authority of its own."""
    return (home / "keys" / "tls" / "authority.pem").exists()


def certificate(home: Path) -> str:
    """Return the authority's certificate (PEM), empty where there is none."""
    return (home / "keys" / "tls" / "authority.pem").read_text("ascii") if made(home) else ""


def server_file(home: Path) -> Path | None:
    """Return the file with the server's certificate and key, None where there is none."""
    file = home / "keys" / "tls" / "server.pem"
    return file if file.exists() else None


def make(home: Path, name: str, host: str, clock: Clock) -> None:
    """Make an authority called `name`, name it in both keys statements, and certify the server at `host`.

    Where there was one, the new one takes its place; laptops that heard of it in time stay connected.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} authority")])
    held = _build(issuer, issuer, key.public_key(), AUTHORITY_DAYS, clock)
    held = held.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    held = held.add_extension(_usage(ca=True), critical=True)
    content = held.sign(key, hashes.SHA256()).public_bytes(_PEM)
    for realm in keys.REALMS:
        keys.name_authority(home, realm, content.decode("ascii"), clock)
    for folder in (home / "root" / "tls", home / "keys" / "tls"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.replace(home / "root" / "tls" / "authority.key", _private(key))
    keys.replace(home / "keys" / "tls" / "authority.pem", content)
    certify(home, host, clock)


def certify(home: Path, host: str, clock: Clock) -> None:
    """Certify the server at `host` (a name or an address) anew, with a key of its own."""
    try:
        kept = (home / "root" / "tls" / "authority.key").read_bytes()
    except FileNotFoundError:
        raise KeysMissing(file="authority.key") from None
    authority = serialization.load_pem_private_key(kept, None)
    assert isinstance(authority, _Key), "made here"
    issued = x509.load_pem_x509_certificate((home / "keys" / "tls" / "authority.pem").read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    held = _build(issued.subject, subject, key.public_key(), SERVER_DAYS, clock)
    held = held.add_extension(x509.SubjectAlternativeName([_name(host)]), critical=False)
    held = held.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    held = held.add_extension(_usage(ca=False), critical=True)
    held = held.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    held = held.add_extension(identifier, critical=False)
    content = held.sign(authority, hashes.SHA256()).public_bytes(_PEM) + _private(key)
    keys.replace(home / "keys" / "tls" / "server.pem", content)


def _build(
    issuer: x509.Name, subject: x509.Name, public: ec.EllipticCurvePublicKey, days: int, clock: Clock
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock() - timedelta(days=2))  # laptops' clocks are a claim
        .not_valid_after(clock() + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=ca, crl_sign=ca, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _private(key: _Key) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
