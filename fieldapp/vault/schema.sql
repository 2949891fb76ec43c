CREATE TABLE adjudication (
    hit TEXT PRIMARY KEY,
    entry TEXT NOT NULL,
    doc BLOB NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

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

CREATE TABLE consignment (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL,
    doc BLOB NOT NULL,
    taken_in TEXT NOT NULL,
    inspection TEXT
) WITHOUT ROWID;

CREATE TABLE feed (
    hash TEXT PRIMARY KEY,
    generation TEXT NOT NULL,
    pos INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE form (
    kind TEXT NOT NULL CHECK (kind IN ('checklist', 'instrument')),
    id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, id, version)
) WITHOUT ROWID;

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

CREATE TABLE kept_file (
    sealed TEXT PRIMARY KEY,
    plain TEXT NOT NULL,
    h TEXT NOT NULL DEFAULT '',
    n INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE kept_inspection (
    inspection TEXT NOT NULL,
    revision INTEGER NOT NULL,
    device BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (inspection, revision)
) WITHOUT ROWID;

CREATE TABLE kept_record (
    device BLOB NOT NULL CHECK (length(device) = 16),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    prev BLOB NOT NULL,
    payload BLOB NOT NULL,
    signature BLOB NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (device, seq)
) WITHOUT ROWID;

CREATE TABLE later_hit (
    inspection TEXT NOT NULL,
    hit TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (inspection, hit)
) WITHOUT ROWID;

CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    prev BLOB NOT NULL CHECK (length(prev) = 32),
    payload BLOB NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32)
);

CREATE TABLE listed (
    n INTEGER PRIMARY KEY,
    inspection TEXT NOT NULL UNIQUE,
    summary BLOB NOT NULL,
    words BLOB NOT NULL CHECK (length(words) = 32)
);

CREATE TABLE listed_facet (
    n INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    site INTEGER NOT NULL,
    due INTEGER,
    clock INTEGER,
    holds INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    second INTEGER NOT NULL
);

CREATE TABLE listed_site (
    n INTEGER PRIMARY KEY,
    site TEXT NOT NULL UNIQUE
);

CREATE VIRTUAL TABLE listed_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '1 2 3 4 5');

CREATE TABLE 'listed_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'listed_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'listed_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'listed_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE mark (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    inspection TEXT NOT NULL,
    PRIMARY KEY (kind, value, inspection)
) WITHOUT ROWID;

CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq),
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'acknowledged', 'refused')),
    why TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL
);

CREATE TABLE purged (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    at TEXT NOT NULL
);

CREATE TABLE record (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq),
    id TEXT NOT NULL UNIQUE,
    inspection TEXT NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (inspection, revision)
);

CREATE TABLE sanction_use (
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    consignment TEXT NOT NULL,
    kg REAL NOT NULL CHECK (kg >= 0),
    PRIMARY KEY (kind, number, consignment)
) WITHOUT ROWID;

CREATE TRIGGER kept_record_no_delete BEFORE DELETE ON kept_record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;

CREATE TRIGGER kept_record_no_update BEFORE UPDATE ON kept_record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;

CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
WHEN NOT (
    NEW.payload = x'' AND EXISTS (SELECT 1 FROM purged WHERE seq = OLD.seq)
    AND NEW.seq = OLD.seq AND NEW.kind = OLD.kind AND NEW.prev = OLD.prev
    AND NEW.signature = OLD.signature AND NEW.id = OLD.id
)
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER purged_at_headquarters BEFORE INSERT ON purged
WHEN NOT EXISTS (SELECT 1 FROM outbox WHERE seq = NEW.seq AND state = 'acknowledged')
BEGIN SELECT raise(ABORT, 'headquarters has not this entry'); END;

CREATE TRIGGER purged_no_delete BEFORE DELETE ON purged
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER purged_no_update BEFORE UPDATE ON purged
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;

CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;

CREATE INDEX adjudication_entry ON adjudication (entry);

CREATE INDEX blob_of_record ON blob (record_seq);

CREATE INDEX inspection_opened ON inspection (opened);

CREATE INDEX mark_of_inspection ON mark (inspection);

CREATE INDEX outbox_open ON outbox (seq) WHERE state = 'queued';

CREATE INDEX record_of_revision ON record (inspection, revision);

