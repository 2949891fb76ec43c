"""The tables of headquarters' database, as its newest migration leaves them.

`record` rows are never changed or deleted; triggers refuse it. Times are ISO 8601 text in UTC, so that they
sort. `practice` stands in every table that a person looks at, and every question to them names it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()
# SQLite counts up only columns that are INTEGER; PostgreSQL's is too short for a sequence number.
Whole = BigInteger().with_variant(Integer, "sqlite")

generation = Table(
    "generation",
    metadata,
    Column("number", Whole, primary_key=True),
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
    Column("watchlist", Whole, nullable=False, default=0),
    Column("waiting", Whole, nullable=False, default=0),
    Column("cursor", Whole, nullable=False, default=0),
    Column("trusted", Whole, nullable=False, default=0),  # version of the timestamp the vault believes
    Column("clock_offset", Whole),  # seconds its clock is ahead; NULL: not told yet
    Column("orders", Whole, nullable=False, default=0),  # number of the last one it was given
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
    Column("seq", Whole, nullable=False),
    Column("branch", Whole, nullable=False),
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
    Column("seq", Whole, nullable=False),
    Column("why", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("received", String, nullable=False),
    Index("quarantine_place", "device", "seq"),
)

# A reading of inspection records, for lists; it can be made anew from them.
report = Table(
    "report",
    metadata,
    Column("record", String, primary_key=True),
    Column("device", String, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("inspection", String, nullable=False),
    Column("revision", Whole, nullable=False),
    Column("number", String, nullable=False),
    Column("site", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("consignee", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("disposition", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("findings", Whole, nullable=False),
    Column("substances", String, nullable=False, default=""),
    Column("list_age", Whole, nullable=False, default=-1),  # hours at sealing; -1: no list, -2: not read yet
    Column("due", String, nullable=False, default=""),  # the first clock of the law that still runs
    Column("place", String, nullable=False, default=""),
    Column("two_reviewers", Boolean, nullable=False, default=False),
    Column("hits", Whole, nullable=False, default=0),
    Column("overrides", Whole, nullable=False, default=0),  # hits judged false
    Column("sealed", String, nullable=False),
    Column("received", String, nullable=False),
    Index("report_inspection", "inspection", "revision"),
    Index("report_realm", "practice", "received"),
)

blob = Table(
    "blob",
    metadata,
    Column("h", String, primary_key=True),
    Column("size", Whole, nullable=False),  # of the whole blob, 0 until it is here
    Column("mime", String, nullable=False),
    Column("done", String, nullable=False, default=""),
)

record_blob = Table(
    "record_blob",
    metadata,
    Column("record", String, primary_key=True),
    Column("h", String, primary_key=True),
    Column("device", String, nullable=False),
    Column("size", Whole, nullable=False),  # as this record has it
    Index("record_blob_device", "device", "h"),
)

feed = Table(
    "feed",
    metadata,
    Column("pos", Whole, primary_key=True),
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
    Column("pos", Whole, nullable=False),
)

# Which vault was given the records of which earlier one of the same officer.
given = Table(
    "given",
    metadata,
    Column("device", String, primary_key=True),
    Column("earlier", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)

# Evidence of those records, sealed anew to the vault that was given them.
given_file = Table(
    "given_file",
    metadata,
    Column("device", String, primary_key=True),
    Column("sealed", String, primary_key=True),  # its hash in the record
    Column("h", String, nullable=False),
    Column("size", Whole, nullable=False),
)

release = Table(
    "release",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("practice", Boolean, primary_key=True),
    Column("number", Whole, nullable=False),
    Column("name", String, nullable=False),
    Column("issued", String, nullable=False),
    Column("size", Whole, nullable=False),
    Column("published", String, nullable=False),
    UniqueConstraint("practice", "number"),
)

release_delta = Table(
    "release_delta",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("practice", Boolean, primary_key=True),
    Column("base", Whole, nullable=False),
    Column("number", Whole, nullable=False),
    Column("size", Whole, nullable=False),
)

release_metadata = Table(
    "release_metadata",
    metadata,
    Column("practice", Boolean, primary_key=True),
    Column("role", String, primary_key=True),  # targets, snapshot or timestamp: the file in force
    Column("version", Whole, nullable=False),
    Column("signed", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
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
    Column("realm", String, nullable=False, default="both"),
    Column("disabled", String, nullable=False, default=""),
    Column("factor", LargeBinary),  # the second factor's secret, sealed under headquarters' own
    Column("factor_step", Whole, nullable=False, default=0),  # the last step a code was used in
)

visit = Table(
    "visit",
    metadata,
    Column("token", LargeBinary, primary_key=True),  # SHA-256 of the cookie
    Column("account", String, nullable=False),
    Column("started", String, nullable=False),
    Column("seen", String, nullable=False),
    Column("whole", Boolean, nullable=False, default=True),  # False: the second factor is still to come
)

recovery = Table(
    "recovery",
    metadata,
    Column("code", LargeBinary, primary_key=True),  # SHA-256
    Column("account", String, nullable=False),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # the authenticator's name for it
    Column("account", String, nullable=False),
    Column("public", LargeBinary, nullable=False),  # COSE key
    Column("count", Whole, nullable=False, default=0),  # of signatures; a clone falls behind
    Column("added", String, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

# What one admin proposed and another confirms or refuses.
proposal = Table(
    "proposal",
    metadata,
    Column("id", String, primary_key=True),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("value", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("outcome", String, nullable=False, default=""),
    Column("decided_by", String, nullable=False, default=""),
    Column("decided_at", String, nullable=False, default=""),
)

# A list that a person keeps: the filters of the queue under a name.
view = Table(
    "view",
    metadata,
    Column("account", String, primary_key=True),
    Column("practice", Boolean, primary_key=True),
    Column("name", String, primary_key=True),
    Column("query", String, nullable=False),
)

# What a first reviewer said of a record that a second one decides on.
opinion = Table(
    "opinion",
    metadata,
    Column("id", String, primary_key=True),
    Column("record", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("remarks", LargeBinary, nullable=False),
    UniqueConstraint("record", "by"),
)

# Which of several records of the same revision stands. The others stay where they are.
ruling = Table(
    "ruling",
    metadata,
    Column("record", String, primary_key=True),
    Column("inspection", String, nullable=False),
    Column("revision", Whole, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("note", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    UniqueConstraint("inspection", "revision", "practice"),
)

# What a supervisor found out about an entry that was set aside.
settled = Table(
    "settled",
    metadata,
    Column("id", String, primary_key=True),
    Column("entry", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("note", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Index("settled_entry", "entry", "at"),
)

# A list, checklist or policy that one person proposed and another one publishes or refuses.
notice = Table(
    "notice",
    metadata,
    Column("id", String, primary_key=True),
    Column("practice", Boolean, nullable=False),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("content", LargeBinary, nullable=False),  # what is signed: TUF targets, TOML, JSON of the policy
    Column("told", LargeBinary, nullable=False),  # what it changes, as it was shown
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("signed_by", String, nullable=False, default="[]"),  # accounts that brought an officer's signature
    Column("outcome", String, nullable=False, default=""),
    Column("decided_by", String, nullable=False, default=""),
    Column("decided_at", String, nullable=False, default=""),
    Index("notice_realm", "practice", "outcome", "at"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("who", String, nullable=False),
    Column("at", String, nullable=False),
    Index("attempt_who", "who", "at"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("prev", String, nullable=False),
    Column("hash", String, nullable=False),
    sqlite_autoincrement=True,
)
