-- Meta: small facts of this vault: keys, enrolment, sync state.
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- Consignments that wait to be inspected.
CREATE TABLE consignment (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL,
    doc BLOB NOT NULL,
    taken_in TEXT NOT NULL,
    inspection TEXT
) WITHOUT ROWID;

-- Inspections, one row a revision; doc is the JSON of the value.
CREATE TABLE inspection (
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'sealed', 'returned', 'approved')),
    opened TEXT NOT NULL,
    reference TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (id, revision)
) WITHOUT ROWID;
CREATE INDEX inspection_opened ON inspection (opened);

-- The ledger: append-only, one chain.
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    prev BLOB NOT NULL CHECK (length(prev) = 32),
    payload BLOB NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32)
);
CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

-- Sealed records: which ledger entry is which revision.
CREATE TABLE record (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq),
    id TEXT NOT NULL UNIQUE,
    inspection TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (inspection, revision)
);
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;

-- The outbox: what headquarters has not finally answered for, one row a ledger entry.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq),
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'acknowledged', 'refused')),
    why TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL
);
CREATE INDEX outbox_open ON outbox (seq) WHERE state = 'queued';

-- Sealed files beside the vault: what headquarters has of each.
CREATE TABLE blob (
    h TEXT PRIMARY KEY,
    n INTEGER NOT NULL,
    mime TEXT NOT NULL,
    class TEXT NOT NULL,
    inspection TEXT NOT NULL,
    evidence TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0,
    record_seq INTEGER REFERENCES ledger (seq)
) WITHOUT ROWID;
CREATE INDEX blob_of_record ON blob (record_seq);

-- What headquarters sent, once each.
CREATE TABLE feed (
    hash TEXT PRIMARY KEY,
    generation TEXT NOT NULL,
    pos INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL
) WITHOUT ROWID;
