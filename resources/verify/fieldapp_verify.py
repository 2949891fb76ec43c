#!/usr/bin/env python3
"""Checks what Fieldapp sealed, without Fieldapp: python3 fieldapp_verify.py [--root HEX] FILE...

For a court's expert: one file, Python's standard library and the package `cryptography`. Reads sealed records
(.fieldrecord), reports (.pdf, only the record inside: compare the page with the facts), ledger exports
(.fieldledger) and vault exports (.fieldvault). Prints one JSON object a file; exit 1 when a check failed.
--root is headquarters' root key, had by another way; without it nothing says whose key signed.

An entry's signature (Ed25519) covers b"FIELDREC1" | length of kind (1 byte) | kind | device (16) | number (8,
big-endian) | id of the entry before (32) | SHA-256 of the payload; the SHA-256 of all that is the entry's id.
Headquarters signs b"FIELDHQ1" | length of kind (1) | kind | payload.
"""

import argparse
import base64
import hashlib
import io
import json
import pathlib
import struct
import tarfile
import zlib
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RECORD, LEDGER, LIMIT = b"FIELDRECORD1\n", b"FIELDLEDGER1\n", 64 * 1024 * 1024
FORMS = {kind: ">" + "BHI     BHIQbhiq     BHIHIHI"[kind - 0xC4] for kind in range(0xC4, 0xE0)}  # MessagePack
LITERALS = {0xC0: None, 0xC2: False, 0xC3: True}
Names = dict[str, str]


def unpack(raw: bytes, at: int = 0) -> tuple[Any, int]:
    """Read one MessagePack value; return it and where the next begins."""
    kind, at = raw[at], at + 1
    if kind < 0x80 or kind >= 0xE0 or kind in LITERALS:
        return LITERALS.get(kind, kind if kind < 0x80 else kind - 256), at
    if kind < 0xC0:
        what = "map" if kind < 0x90 else "array" if kind < 0xA0 else "text"
        size = kind & (0x1F if what == "text" else 0x0F)
    else:
        form = FORMS[kind]
        size, at = struct.unpack_from(form, raw, at)[0], at + struct.calcsize(form)
        if 0xCC <= kind < 0xD9:
            return size, at
        what = "bytes" if kind < 0xCC else "text" if kind < 0xDC else "array" if kind < 0xDE else "map"
    if what in ("bytes", "text"):
        part = raw[at : at + size]
        return (part.decode() if what == "text" else part), at + size
    items: list[Any] = []
    for _ in range(size * (2 if what == "map" else 1)):
        item, at = unpack(raw, at)
        items.append(item)
    return (dict(zip(items[::2], items[1::2], strict=True)) if what == "map" else items), at


def preimage(entry: Any, digest: bytes = b"") -> bytes:
    """Return the bytes of an entry that were signed; `digest` stands for a payload that was purged."""
    kind, device, seq, prev, payload, _signature = entry
    digest = digest or hashlib.sha256(payload).digest()
    if (len(device), len(prev), len(digest)) != (16, 32, 32):
        raise ValueError("entry")
    front: bytes = b"FIELDREC1%c" % len(kind) + kind.encode() + device
    return front + struct.pack(">Q", seq) + bytes(prev + digest)


def signed(public: bytes, signature: bytes, message: bytes) -> None:
    """Raise InvalidSignature unless `public` (32 bytes) signed `message`."""
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)


def statement(said: Any, kind: str, trusted: Sequence[str]) -> Any:
    """Return what headquarters said, checked against the keys it may sign with (hex)."""
    if said is None or said["kind"] != kind or said["key"].hex() not in trusted:
        raise ValueError("key")
    signed(said["key"], said["signature"], b"FIELDHQ1%c" % len(kind) + kind.encode() + said["payload"])
    return json.loads(said["payload"])


def anchored(certificate: Any, keys: Any, root: str, device: bytes, public: str) -> tuple[Any, list[str]]:
    """Follow root -> keys -> certificate -> vault; return the certificate and headquarters' signing keys."""
    named = statement(keys, "keys", (root.strip().lower(),))
    held = statement(certificate, "certificate", named["signing"])
    if (held["practice"], held["device"], held["public"]) != (named["practice"], device.hex(), public):
        raise ValueError("certificate")
    return held, named["signing"]


def check_record(content: bytes, root: str, checks: Names, *, whole: bool) -> Any:
    """Check a sealed record, in a file of its own or inside a PDF; return its facts."""
    start = content.find(RECORD)
    if start < 0 or content.find(RECORD, start + 1) >= 0:
        raise ValueError("missing" if start < 0 else "several")
    size = int.from_bytes(content[start + 13 : start + 17], "big")
    body = content[start + 17 : start + 17 + size]
    engine = zlib.decompressobj()
    record = unpack(engine.decompress(body, LIMIT))[0]
    if not engine.eof or engine.unused_data or (whole and (start or len(content) != 17 + size)):
        raise ValueError("content")
    entry, certificate = record["entry"], record["certificate"]
    checks["record-file" if whole else "embedded-record"] = "ok"
    public = json.loads(certificate["payload"])["public"]
    signed(bytes.fromhex(public), entry[5], preimage(entry))
    made = json.loads(entry[4])
    if entry[0] != "inspection":
        raise ValueError("kind")
    checks["record-signature"] = "ok"
    if root:
        held = anchored(certificate, record.get("keys"), root, entry[1], public)[0]
        if made["practice"] != held["practice"]:
            raise ValueError("practice")
        checks["anchor"] = "ok"
    facts = {name: made["inspection"][name] for name in ("number", "revision", "site")}
    return facts | made["signature"] | {"entry": entry[2], "id": hashlib.sha256(preimage(entry)).hexdigest()}


def check_ledger(content: bytes, root: str, checks: Names) -> tuple[Any, set[str]]:
    """Check a ledger export: every entry, headquarters' countersigned head, and whose ledger it is."""
    if not content.startswith(LEDGER):
        raise ValueError("form")
    raw = base64.b64decode
    head, *rows = [json.loads(line) for line in content.removeprefix(LEDGER).splitlines()]
    said: dict[str, Any] = {}
    for name in {"certificate", "keys", "witness"}.intersection(name for name in head if head[name]):
        said[name] = {key: value if key == "kind" else raw(value) for key, value in head[name].items()}
    checks["ledger-file"] = "ok"
    device, public = bytes.fromhex(head["device"]), bytes.fromhex(head["public"])
    prev, ids, files = bytes(32), {0: bytes(32).hex()}, set[str]()
    for seq, row in enumerate(rows, 1):
        entry = (
            row["kind"],
            device,
            row["seq"],
            raw(row["prev"]),
            raw(row["payload"]),
            raw(row["signature"]),
        )
        if (entry[2], entry[3]) != (seq, prev):
            raise ValueError("gap")
        message = preimage(entry, b"" if entry[4] else raw(row.get("digest", "")))
        signed(public, entry[5], message)
        prev = hashlib.sha256(message).digest()
        ids[seq] = prev.hex()
        if entry[0] == "inspection" and entry[4]:
            files |= {blob["h"] for blob in json.loads(entry[4]).get("blobs", ())}
    if head["head"] != {"seq": len(rows), "id": ids[len(rows)]}:
        raise ValueError("head")
    checks["chain"] = "ok"
    if root:
        signing = anchored(said.get("certificate"), said.get("keys"), root, device, public.hex())[1]
        checks["anchor"] = "ok"
        seen = statement(said["witness"], "witness", signing) if "witness" in said else None
        if seen and (seen["device"] != device.hex() or ids.get(seen["seq"]) != seen["id"]):
            raise ValueError("witness")
        checks |= {"witness": "ok"} if seen else {}
    return {"entries": len(rows), "head": prev.hex()}, files


def check_vault(content: bytes, root: str, checks: Names) -> Any:
    """Check a vault export: its ledger, and that every sealed file a record names is there, byte for byte."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as box:
        held = {item.name: file.read() for item in box if (file := box.extractfile(item)) is not None}
    facts, files = check_ledger(held.pop("ledger.fieldledger", b""), root, checks)
    there = {name.removeprefix("evidence/").removesuffix(".age"): raw for name, raw in held.items()}
    if any(hashlib.sha256(raw).hexdigest() != name for name, raw in there.items()) or files - there.keys():
        raise ValueError("evidence")
    checks["evidence"] = "ok"
    return facts | {"files": len(there)}


def check(content: bytes, root: str) -> tuple[Names, Any]:
    """Return (checks, facts) of one file; the first check that fails is named by why and ends it."""
    checks: Names = {}
    try:
        if content.startswith(LEDGER):
            return checks, check_ledger(content, root, checks)[0]
        if content[257:262] == b"ustar":
            return checks, check_vault(content, root, checks)
        return checks, check_record(content, root, checks, whole=not content.startswith(b"%PDF"))
    except Exception as error:  # whatever a stranger's bytes do, it is a failed check
        checks["failed"] = f"{type(error).__name__} {error}"
        return checks, {}


def main() -> int:
    """Check each file; print one JSON object a file."""
    parser = argparse.ArgumentParser(description="Check what Fieldapp sealed.")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--root", default="", help="headquarters' root key, 64 hex digits")
    given, failed = parser.parse_args(), 0
    for path in given.files:
        checks, facts = check(path.read_bytes(), given.root)
        failed |= "failed" in checks
        print(json.dumps({"path": str(path), "ok": "failed" not in checks, "checks": checks, "facts": facts}))
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
