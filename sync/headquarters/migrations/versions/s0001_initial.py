"""The first step: every table, and triggers that refuse to change or delete a record."""

from alembic import op
from sqlalchemy import Boolean, Column, LargeBinary, String, UniqueConstraint

from sync.headquarters.migrations import WHOLE

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "generation",
        Column("number", WHOLE, primary_key=True),
        Column("id", String, nullable=False),
        Column("created", String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "invitation",
        Column("id", String, primary_key=True),
        Column("practice", Boolean, nullable=False),
        Column("secret", String, nullable=False),
        Column("name", String, nullable=False),
        Column("role", String, nullable=False),
        Column("unit", String, nullable=False),
        Column("site", String, nullable=False),
        Column("issued", String, nullable=False),
        Column("expires", String, nullable=False),
        Column("used_by", String, nullable=False),
        Column("answer", LargeBinary),
    )
    op.create_table(
        "device",
        Column("id", String, primary_key=True),
        Column("public", LargeBinary, nullable=False),
        Column("recipient", String, nullable=False),
        Column("practice", Boolean, nullable=False),
        Column("name", String, nullable=False),
        Column("role", String, nullable=False),
        Column("unit", String, nullable=False),
        Column("site", String, nullable=False),
        Column("host", String, nullable=False),
        Column("enrolled", String, nullable=False),
        Column("lease_until", String, nullable=False),
        Column("revoked", String, nullable=False),
        Column("last_seen", String, nullable=False),
        Column("software", String, nullable=False),
        Column("watchlist", WHOLE, nullable=False),
        Column("waiting", WHOLE, nullable=False),
        Column("cursor", WHOLE, nullable=False),
    )
    op.create_table(
        "session",
        Column("token", LargeBinary, primary_key=True),
        Column("nonce", LargeBinary, nullable=False, unique=True),
        Column("device", String, nullable=False),
        Column("expires", String, nullable=False),
    )
    op.create_table(
        "record",
        Column("id", String, primary_key=True),
        Column("device", String, nullable=False),
        Column("seq", WHOLE, nullable=False),
        Column("branch", WHOLE, nullable=False),
        Column("prev", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("signature", LargeBinary, nullable=False),
        Column("flag", String, nullable=False),
        Column("received", String, nullable=False),
        UniqueConstraint("device", "branch", "seq"),
    )
    op.create_index("record_prev", "record", ["device", "prev"])
    op.create_table(
        "quarantine",
        Column("hash", String, primary_key=True),
        Column("device", String, nullable=False),
        Column("practice", Boolean, nullable=False),
        Column("entry_id", String, nullable=False),
        Column("seq", WHOLE, nullable=False),
        Column("why", String, nullable=False),
        Column("raw", LargeBinary, nullable=False),
        Column("received", String, nullable=False),
    )
    op.create_table(
        "report",
        Column("record", String, primary_key=True),
        Column("device", String, nullable=False),
        Column("practice", Boolean, nullable=False),
        Column("inspection", String, nullable=False),
        Column("revision", WHOLE, nullable=False),
        Column("number", String, nullable=False),
        Column("site", String, nullable=False),
        Column("officer", String, nullable=False),
        Column("reference", String, nullable=False),
        Column("consignee", String, nullable=False),
        Column("verdict", String, nullable=False),
        Column("disposition", String, nullable=False),
        Column("severity", String, nullable=False),
        Column("findings", WHOLE, nullable=False),
        Column("sealed", String, nullable=False),
        Column("received", String, nullable=False),
    )
    op.create_index("report_inspection", "report", ["inspection", "revision"])
    op.create_index("report_realm", "report", ["practice", "received"])
    op.create_table(
        "blob",
        Column("h", String, primary_key=True),
        Column("size", WHOLE, nullable=False),
        Column("mime", String, nullable=False),
        Column("done", String, nullable=False),
    )
    op.create_table(
        "record_blob",
        Column("record", String, primary_key=True),
        Column("h", String, primary_key=True),
        Column("device", String, nullable=False),
    )
    op.create_index("record_blob_device", "record_blob", ["device", "h"])
    op.create_table(
        "feed",
        Column("pos", WHOLE, primary_key=True),
        Column("recipient", String, nullable=False),
        Column("statement", LargeBinary, nullable=False),
        Column("added", String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("feed_recipient", "feed", ["recipient", "pos"])
    op.create_table(
        "review",
        Column("id", String, primary_key=True),
        Column("record", String, nullable=False, unique=True),
        Column("outcome", String, nullable=False),
        Column("by", String, nullable=False),
        Column("at", String, nullable=False),
        Column("statement", LargeBinary, nullable=False),
        Column("pos", WHOLE, nullable=False),
    )
    op.create_table(
        "release",
        Column("sha256", String, primary_key=True),
        Column("practice", Boolean, primary_key=True),
        Column("number", WHOLE, nullable=False),
        Column("name", String, nullable=False),
        Column("issued", String, nullable=False),
        Column("size", WHOLE, nullable=False),
        Column("published", String, nullable=False),
        UniqueConstraint("practice", "number"),
    )
    op.create_table(
        "account",
        Column("name", String, primary_key=True),
        Column("role", String, nullable=False),
        Column("password", String, nullable=False),
        Column("welcome", LargeBinary),
        Column("welcome_until", String, nullable=False),
        Column("created", String, nullable=False),
    )
    op.create_table(
        "visit",
        Column("token", LargeBinary, primary_key=True),
        Column("account", String, nullable=False),
        Column("started", String, nullable=False),
        Column("seen", String, nullable=False),
    )
    op.create_table(
        "attempt",
        Column("number", WHOLE, primary_key=True),
        Column("who", String, nullable=False),
        Column("at", String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("attempt_who", "attempt", ["who", "at"])
    op.create_table(
        "audit",
        Column("number", WHOLE, primary_key=True),
        Column("at", String, nullable=False),
        Column("actor", String, nullable=False),
        Column("what", String, nullable=False),
        Column("subject", String, nullable=False),
        Column("prev", String, nullable=False),
        Column("hash", String, nullable=False),
        sqlite_autoincrement=True,
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME; END $$"
        )
        # The default, pglz, halves what one worker takes in. Not every server was built with the other.
        op.execute(
            "DO $$ BEGIN IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings"
            " WHERE name = 'default_toast_compression')"
            " THEN ALTER TABLE record ALTER COLUMN payload SET COMPRESSION lz4; END IF; END $$"
        )
    for table in ("record", "review", "audit"):
        for what in ("UPDATE", "DELETE"):
            head = f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
            if postgresql:
                op.execute(head + "FOR EACH ROW EXECUTE FUNCTION never_changed()")
            else:
                op.execute(head + f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END")


def downgrade() -> None:
    """Refused: records are never dropped."""
    raise NotImplementedError("headquarters' records are never dropped; restore a backup instead")
