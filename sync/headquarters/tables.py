"""The tables of headquarters' database, as its newest migration leaves them.

`record` rows are never changed or deleted; triggers refuse it. Times are ISO 8601 text in UTC, so that they
sort. `practice` stands in every table that a person looks at, and every question to them names it.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

metadata = MetaData()

generation = Table(
    "generation",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("created", String, nullable=False),
    sqlite_autoincrement=True,
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", String, primary_key=True),
    Column("practice", Boolean, nullable=False),
    Column("secret", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("site", String, nullable=False),
    Column("issued", String, nullable=False),
    Column("expires", String, nullable=False),
    Column("used_by", String, nullable=False, default=""),
    Column("answer", LargeBinary),
)

device = Table(
    "device",
    metadata,
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
    Column("revoked", String, nullable=False, default=""),
    Column("last_seen", String, nullable=False, default=""),
    Column("software", String, nullable=False, default=""),
    Column("watchlist", Integer, nullable=False, default=0),
    Column("waiting", Integer, nullable=False, default=0),
    Column("cursor", Integer, nullable=False, default=0),
)

session = Table(
    "session",
    metadata,
    Column("token", LargeBinary, primary_key=True),  # its SHA-256
    Column("nonce", LargeBinary, nullable=False, unique=True),
    Column("device", String, nullable=False),
    Column("expires", String, nullable=False),
)

record = Table(
    "record",
    metadata,
    Column("id", String, primary_key=True),
    Column("device", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("branch", Integer, nullable=False),
    Column("prev", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("flag", String, nullable=False),
    Column("received", String, nullable=False),
    UniqueConstraint("device", "branch", "seq"),
    Index("record_prev", "device", "prev"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("hash", String, primary_key=True),
    Column("device", String, nullable=False),  # whose session brought it
    Column("practice", Boolean, nullable=False),
    Column("entry_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("why", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("received", String, nullable=False),
)

# A reading of inspection records, for lists; it can be made anew from them.
report = Table(
    "report",
    metadata,
    Column("record", String, primary_key=True),
    Column("device", String, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("inspection", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("number", String, nullable=False),
    Column("site", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("consignee", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("disposition", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("sealed", String, nullable=False),
    Column("received", String, nullable=False),
    Index("report_inspection", "inspection", "revision"),
    Index("report_realm", "practice", "received"),
)

blob = Table(
    "blob",
    metadata,
    Column("h", String, primary_key=True),
    Column("size", Integer, nullable=False),  # of the whole blob, 0 until it is here
    Column("mime", String, nullable=False),
    Column("done", String, nullable=False, default=""),
)

record_blob = Table(
    "record_blob",
    metadata,
    Column("record", String, primary_key=True),
    Column("h", String, primary_key=True),
    Column("device", String, nullable=False),
    Column("size", Integer, nullable=False),  # as this record has it
    Index("record_blob_device", "device", "h"),
)

feed = Table(
    "feed",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("recipient", String, nullable=False),  # a device, or "real" or "practice" for all of a realm
    Column("statement", LargeBinary, nullable=False),
    Column("added", String, nullable=False),
    Index("feed_recipient", "recipient", "pos"),
    sqlite_autoincrement=True,
)

review = Table(
    "review",
    metadata,
    Column("id", String, primary_key=True),
    Column("record", String, nullable=False, unique=True),
    Column("outcome", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    Column("pos", Integer, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("practice", Boolean, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("issued", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("published", String, nullable=False),
    UniqueConstraint("practice", "number"),
)

account = Table(
    "account",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password", String, nullable=False, default=""),
    Column("welcome", LargeBinary),  # SHA-256 of a one-time link
    Column("welcome_until", String, nullable=False, default=""),
    Column("created", String, nullable=False),
)

visit = Table(
    "visit",
    metadata,
    Column("token", LargeBinary, primary_key=True),  # SHA-256 of the cookie
    Column("account", String, nullable=False),
    Column("started", String, nullable=False),
    Column("seen", String, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("who", String, nullable=False),
    Column("at", String, nullable=False),
    Index("attempt_who", "who", "at"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("prev", String, nullable=False),
    Column("hash", String, nullable=False),
    sqlite_autoincrement=True,
)
