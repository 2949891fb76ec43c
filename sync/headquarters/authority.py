"""Headquarters' own certificate authority: laptops trust it and no other for the line to headquarters.

The authority's key lies in `root/tls` and belongs in the safe with the roots; its certificate and the
server's lie in `keys/tls`. An invitation carries the authority, the keys statement names every one that
holds: a new one is named first, and served with only when the laptops have heard of it.
"""

import ipaddress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fieldapp.clock import Clock
from fieldapp.enrolment import Certificate
from fieldapp.errors import SituationError
from sync.headquarters import keys
from sync.headquarters.keys import RootMissing

AUTHORITY_DAYS = 3650
_EARLIER = timedelta(days=2)  # a certificate holds from then on: laptops' clocks are a claim
SERVER_DAYS = 397
PAPERS = "papers.pem"  # certificate and key
_DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # signing documents (RFC 9336)
_LONGEST_NAME = 64  # characters (RFC 5280, A.1)
_PEM = serialization.Encoding.PEM
_Key = ec.EllipticCurvePrivateKey


class AuthorityUnnamed(SituationError):
    """There is no next authority that could take over."""

    code = "authority-unnamed"


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

    Where there was one, the new one takes its place at once; see `prepare` for a change that waits.
    """
    prepare(home, name, clock)
    change(home, host, clock)


def prepare(home: Path, name: str, clock: Clock) -> None:
    """Make the next authority and name it in both keys statements; the server goes on with the one before."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} authority")])
    held = _build(issuer, issuer, key.public_key(), AUTHORITY_DAYS, clock)
    held = held.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    held = held.add_extension(_usage(ca=True), critical=True)
    content = held.sign(key, hashes.SHA256()).public_bytes(_PEM)
    # The one that serves stays named, also where another one was named meanwhile and never served.
    trusted = tuple(filter(None, (content.decode("ascii"), certificate(home))))
    for realm in keys.REALMS:
        keys.name_authority(home, realm, trusted, clock)
    for folder in (home / "root" / "tls", home / "keys" / "tls"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.replace(home / "root" / "tls" / "next.key", _private(key))
    keys.replace(home / "keys" / "tls" / "next.pem", content)


def named(home: Path) -> datetime:
    """Return when the authority that waits was named."""
    file = home / "keys" / "tls" / "next.pem"
    if not file.exists():
        raise AuthorityUnnamed
    return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_before_utc + _EARLIER


def change(home: Path, host: str, clock: Clock) -> None:
    """Let the authority that was named take over: invitations carry it, the server at `host` is certified."""
    named(home)
    if not (home / "root" / "tls" / "next.key").exists():
        raise RootMissing(file="next.key")
    for old, new in (("root/tls/next.key", "authority.key"), ("keys/tls/next.pem", "authority.pem")):
        (home / old).replace((home / old).with_name(new))
    certify(home, host, clock)


def certify(home: Path, host: str, clock: Clock) -> None:
    """Certify the server at `host` (a name or an address) anew, with a key of its own."""
    try:
        kept = (home / "root" / "tls" / "authority.key").read_bytes()
    except FileNotFoundError:
        raise RootMissing(file="authority.key") from None
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


def make_missing(home: Path, name: str, clock: Clock) -> None:
    """Make the authorities for papers that are not there yet."""
    for realm in keys.REALMS:
        folder = home / "keys" / realm
        if not (folder / PAPERS).exists():
            key = ec.generate_private_key(ec.SECP256R1())
            issuer = _named(f"{name} reports" + (" (practice)" if realm == "practice" else ""))
            held = _build(issuer, issuer, key.public_key(), AUTHORITY_DAYS, clock)
            held = held.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            held = held.add_extension(_usage(ca=True), critical=True)
            keys.replace(folder / PAPERS, held.sign(key, hashes.SHA256()).public_bytes(_PEM) + _private(key))


def certify_papers(home: Path, for_whom: Certificate, paper_key: bytes, clock: Clock) -> tuple[bytes, ...]:
    """Return certificates (DER) for the key with which a vault signs PDFs: the vault's, and the authority's.

    It holds as long as the authority: a sealed report can be printed, and signed, years later.
    Raises ValueError where `paper_key` is no point of P-256.
    """
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), paper_key)
    content = (home / "keys" / ("practice" if for_whom.practice else "real") / PAPERS).read_bytes()
    issued = x509.load_pem_x509_certificate(content)
    authority = serialization.load_pem_private_key(content, None)
    assert isinstance(authority, _Key), "made here"
    subject = _named(for_whom.name, unit=for_whom.unit, number=for_whom.device)
    days = (issued.not_valid_after_utc - clock()).days
    held = _build(issued.subject, subject, public, days, clock)
    held = held.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    held = held.add_extension(_usage(ca=False, seals=True), critical=True)
    held = held.add_extension(x509.ExtendedKeyUsage([_DOCUMENTS]), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    held = held.add_extension(identifier, critical=False)
    der = serialization.Encoding.DER
    return held.sign(authority, hashes.SHA256()).public_bytes(der), issued.public_bytes(der)


def _named(name: str, *, unit: str = "", number: str = "") -> x509.Name:
    said = (
        (NameOID.COMMON_NAME, name),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.SERIAL_NUMBER, number),
    )
    return x509.Name([x509.NameAttribute(of, text[:_LONGEST_NAME]) for of, text in said if text])


def _build(
    issuer: x509.Name, subject: x509.Name, public: ec.EllipticCurvePublicKey, days: int, clock: Clock
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock() - _EARLIER)
        .not_valid_after(clock() + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, ca: bool, seals: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=ca, crl_sign=ca, content_commitment=seals,
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
