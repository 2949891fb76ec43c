"""The second code of a paper: whose key signed it, for whoever has no more than the paper and the root key.

    "FIC2:" + base32( zlib( msgpack(
        [payload of the signer, its signature, payload of the certificate, its signature] ) ) )

The signer is the root's word for the one key that signed the certificate, as long with ten keys as with one.
The root key is left out: the checker brings it, and with any other the signature does not hold. Compressed
with a dictionary of the words that every certificate has, so that it stays a code of version 19 or less for
usual names.

A keys statement of before there were such words is carried whole ("FIC1:", with the number of the signing key
in front of the certificate), where it is short enough.
"""

import base64
import binascii
import zlib

import msgspec

from fieldapp import canonical
from fieldapp.enrolment import HeadquartersKeys, Signer, Statement
from fieldapp.report.paper import PaperUnreadable

OLD, PREFIX = "FIC1:", "FIC2:"
PREFIXES = (OLD, PREFIX)
LONGEST = 1000  # characters; a larger code would not be read from paper
_LIMIT = 8192
# Part of the form: another dictionary is another prefix.
_OLD_DICTIONARY = (
    b'"evidence_recipients":["age1"],"recovery_recipients":["age1"],{"headquarters":"Headquarters",'
    b'"practice":true,"signing":["0123456789abcdef"],"issued":"2026-01-01T00:00:00Z"}'
    b'{"device":"","public":"","name":"","role":"Drugs Inspector","unit":"Customs","site":"",'
    b'"practice":false,"issued":"2026-01-01T00:00:00Z","lease_until":"2027-01-01T00:00:00Z"}'
)
_DICTIONARY = (
    b'{"key":"","practice":true}{"device":"0123456789abcdef","issued":"2026-01-01T00:00:00Z",'
    b'"lease_until":"2027-01-01T00:00:00.000000Z","name":"","practice":false,"public":"",'
    b'"role":"Drugs inspector","site":"","unit":"Customs","x509":""}'
)


class _Old(msgspec.Struct, frozen=True, array_like=True):
    keys: bytes
    keys_signature: bytes
    signer: int
    certificate: bytes
    certificate_signature: bytes


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    signer: bytes
    signer_signature: bytes
    certificate: bytes
    certificate_signature: bytes


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """What the second code carries; nothing of it is checked yet. `keys` is of kind `signer` or `keys`."""

    certificate: Statement
    keys: Statement


def chain_code(certificate: Statement, keys: Statement) -> str:
    """Return the text of the second code, or "" where it would not hold or not fit: it is a convenience."""
    try:
        named = canonical.decode(keys.payload, HeadquartersKeys)
    except msgspec.DecodeError:
        return ""
    key = certificate.key.hex()
    if key not in named.signing:
        return ""
    at = named.signing.index(key)
    if len(named.signers) == len(named.signing):
        said = named.signers[at]
        packed = _Packed(said.payload, said.signature, certificate.payload, certificate.signature)
        text = PREFIX + _squeezed(msgspec.msgpack.encode(packed), _DICTIONARY)
    else:
        old = _Old(keys.payload, keys.signature, at, certificate.payload, certificate.signature)
        text = OLD + _squeezed(msgspec.msgpack.encode(old), _OLD_DICTIONARY)
    return text if len(text) <= LONGEST else ""


def read_chain_code(text: str, root: str) -> Chain:
    """Read the second code, to be checked against `root` (64 hex digits); raises PaperUnreadable."""
    squeezed = "".join(text.split()).upper() if len(text) <= 2 * LONGEST else ""
    form, body = squeezed[: len(PREFIX)], squeezed[len(PREFIX) :]
    try:
        key = bytes.fromhex(root)
        if form == PREFIX:
            return _read(_unsqueezed(body, _DICTIONARY), key)
        if form == OLD:
            return _read_old(_unsqueezed(body, _OLD_DICTIONARY), key)
    except (binascii.Error, zlib.error, msgspec.DecodeError, IndexError, ValueError, RecursionError):
        raise PaperUnreadable from None
    raise PaperUnreadable


def _read(raw: bytes, root: bytes) -> Chain:
    packed = msgspec.msgpack.decode(raw, type=_Packed)
    signer = bytes.fromhex(canonical.decode(packed.signer, Signer).key)
    keys = Statement(kind="signer", payload=packed.signer, key=root, signature=packed.signer_signature)
    return Chain(certificate=_certificate(packed, signer), keys=keys)


def _read_old(raw: bytes, root: bytes) -> Chain:
    packed = msgspec.msgpack.decode(raw, type=_Old)
    signer = bytes.fromhex(canonical.decode(packed.keys, HeadquartersKeys).signing[packed.signer])
    keys = Statement(kind="keys", payload=packed.keys, key=root, signature=packed.keys_signature)
    return Chain(certificate=_certificate(packed, signer), keys=keys)


def _certificate(packed: _Packed | _Old, signer: bytes) -> Statement:
    return Statement(
        kind="certificate", payload=packed.certificate, key=signer, signature=packed.certificate_signature
    )


def _squeezed(raw: bytes, dictionary: bytes) -> str:
    engine = zlib.compressobj(9, zdict=dictionary)
    return base64.b32encode(engine.compress(raw) + engine.flush()).decode("ascii").rstrip("=")


def _unsqueezed(text: str, dictionary: bytes) -> bytes:
    engine = zlib.decompressobj(zdict=dictionary)
    return engine.decompress(base64.b32decode(text + "=" * (-len(text) % 8)), _LIMIT)
