"""Making the database of a new vault: its tables, its name, and the keys that never leave it."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.vault import evidence, migrate
from fieldapp.vault.connection import checkpoint, create_file, known_errors, sync_folder
from fieldapp.vault.meta import Meta
from fieldapp.vault.vault import Owner


def fill(file: Path, key: bytes, vault: str, owner: Owner) -> None:
    """Make the database `file` under `key` for the vault of that id, durably."""
    connection = create_file(file, key)
    with known_errors():
        migrate.migrate(connection, file)
        identity, recipient = evidence.new_identity()
        device_key = Ed25519PrivateKey.generate()
        connection.execute("BEGIN IMMEDIATE")
        meta = Meta(connection)
        meta.put_raw("vault", vault.encode("ascii"))
        meta.put_raw("device", bytes.fromhex(vault.replace("-", "")))
        meta.put_raw("device-key", device_key.private_bytes_raw())
        meta.put_raw("age-identity", identity.encode("ascii"))
        meta.put_raw("age-recipient", recipient.encode("ascii"))
        meta.put("owner", owner)
        meta.put("owed-paid", 0)
        connection.execute("COMMIT")
        checkpoint(connection)
        connection.close()
    sync_folder(file.parent)
