"""Headquarters over TLS with a CA of its own: 1.3 only, and no line to whoever this CA did not certify."""

import datetime
import ipaddress
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fieldapp import clock
from sync import wire
from sync.transport import Call, HeadquartersUnreachable, answered
from sync.transport.https import Https
from sync.wire import SessionAnswer, SessionRequest
from tests.support.headquarters import RunningHeadquarters

DAY = datetime.timedelta(days=1)
ASK = Call(method="POST", path="/v1/session", body=wire.pack(SessionRequest(device=bytes(16))))


def authority(folder: Path, name: str) -> tuple[Path, Path]:
    """A CA called `name` and, signed by it, a certificate for 127.0.0.1: the CA's file, the server's file."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} server")])

    def certificate(whose: x509.Name, public: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.Certificate:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=ca, crl_sign=ca, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip
        made = (
            x509.CertificateBuilder()
            .subject_name(whose)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(clock.now() - DAY)
            .not_valid_after(clock.now() + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
            )
        )
        return (made if ca else made.add_extension(names, critical=False)).sign(ca_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    folder.mkdir(parents=True, exist_ok=True)
    root, server = folder / "ca.pem", folder / "server.pem"
    root.write_bytes(certificate(issuer, ca_key.public_key(), ca=True).public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server.write_bytes(certificate(subject, key.public_key(), ca=False).public_bytes(pem) + private)
    return root, server


def trusting(root: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(root))


def ask(url: str, trust: ssl.SSLContext | None) -> SessionAnswer:
    line = Https(url, trust=trust)
    try:
        return wire.unpack(answered(line.carry(ASK)), SessionAnswer)
    finally:
        line.close()


def test_only_headquarters_own_ca_and_only_tls_1_3(tmp_path: Path) -> None:
    root, server = authority(tmp_path / "ours", "Headquarters CA")
    other, _ = authority(tmp_path / "theirs", "Another CA")
    with RunningHeadquarters(tmp_path / "hq", tls=server) as running:
        assert len(ask(running.url, trusting(root)).nonce) == 32
        for stranger in (trusting(other), None):
            with pytest.raises(HeadquartersUnreachable):
                ask(running.url, stranger)
        with pytest.raises(HeadquartersUnreachable):
            ask(running.url.replace("127.0.0.1", "localhost"), trusting(root))
        with pytest.raises(ssl.SSLError):
            hello_in_1_2(running.url, trusting(root))


def hello_in_1_2(url: str, trust: ssl.SSLContext) -> None:
    trust.minimum_version, trust.maximum_version = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2
    host, port = url.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port))) as bare,
        trust.wrap_socket(bare, server_hostname=host) as secured,
    ):
        secured.sendall(b"GET /healthz HTTP/1.1\r\n\r\n")
