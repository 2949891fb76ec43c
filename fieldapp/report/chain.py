"""The second code of a paper: whose key signed it, for whoever has no more than the paper and the root key.

    "FIC1:" + base32( zlib( msgpack(
        [payload of the keys, its signature, signer, payload of the certificate, its signature] ) ) )

`signer` says which of headquarters' signing keys signed the certificate. The root key is left out: the
checker brings it, and with any other the signature does not hold. Compressed with a dictionary of the words
that every certificate has, so that it stays a code of version 19 or less for usual names.
"""

import base64
import binascii
import zlib

import msgspec

from fieldapp.enrolment import HeadquartersKeys, Statement
from fieldapp.report.paper import PaperUnreadable

PREFIX = "FIC1:"
LONGEST = 1000  # characters; a larger code would not be read from paper
_LIMIT = 8192
# Part of the form: another dictionary is another prefix.
_DICTIONARY = (
    b'"evidence_recipients":["age1"],"recovery_recipients":["age1"],{"headquarters":"Headquarters",'
    b'"practice":true,"signing":["0123456789abcdef"],"issued":"2026-01-01T00:00:00Z"}'
    b'{"device":"","public":"","name":"","role":"Drugs Inspector","unit":"Customs","site":"",'
    b'"practice":false,"issued":"2026-01-01T00:00:00Z","lease_until":"2027-01-01T00:00:00Z"}'
)


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    keys: bytes
    keys_signature: bytes
    signer: int
    certificate: bytes
    certificate_signature: bytes


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """What the second code carries; nothing of it is checked yet."""

    certificate: Statement
    keys: Statement


def chain_code(certificate: Statement, keys: Statement) -> str:
    """Return the text of the second code, or "" where it would not hold or not fit: it is a convenience."""
    try:
        signing = msgspec.json.decode(keys.payload, type=HeadquartersKeys).signing
    except msgspec.DecodeError:
        return ""
    if certificate.key.hex() not in signing:
        return ""
    packed = _Packed(
        keys.payload,
        keys.signature,
        signing.index(certificate.key.hex()),
        certificate.payload,
        certificate.signature,
    )
    engine = zlib.compressobj(9, zdict=_DICTIONARY)
    raw = engine.compress(msgspec.msgpack.encode(packed)) + engine.flush()
    text = PREFIX + base64.b32encode(raw).decode("ascii").rstrip("=")
    return text if len(text) <= LONGEST else ""


def read_chain_code(text: str, root: str) -> Chain:
    """Read the second code, to be checked against `root` (64 hex digits); raises PaperUnreadable."""
    squeezed = "".join(text.split()).upper() if len(text) <= 2 * LONGEST else ""
    body = squeezed.removeprefix(PREFIX)
    try:
        if body == squeezed:
            raise PaperUnreadable
        engine = zlib.decompressobj(zdict=_DICTIONARY)
        raw = engine.decompress(base64.b32decode(body + "=" * (-len(body) % 8)), _LIMIT)
        packed = msgspec.msgpack.decode(raw, type=_Packed)
        signing = msgspec.json.decode(packed.keys, type=HeadquartersKeys).signing
        signer = bytes.fromhex(signing[packed.signer])
        key = bytes.fromhex(root)
    except (binascii.Error, zlib.error, msgspec.DecodeError, IndexError, ValueError, RecursionError):
        raise PaperUnreadable from None
    certificate = Statement(
        kind="certificate", payload=packed.certificate, key=signer, signature=packed.certificate_signature
    )
    keys = Statement(kind="keys", payload=packed.keys, key=key, signature=packed.keys_signature)
    return Chain(certificate=certificate, keys=keys)
