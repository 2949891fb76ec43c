-- Records of this inspector's earlier vaults, to read; and which entries of this one were purged after
-- headquarters had them: a purged entry keeps its digest, so that the chain still proves itself.
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
CREATE TABLE purged (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    at TEXT NOT NULL
);
CREATE TRIGGER kept_record_no_delete BEFORE DELETE ON kept_record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;
CREATE TRIGGER kept_record_no_update BEFORE UPDATE ON kept_record
BEGIN SELECT raise(ABORT, 'a record is immutable'); END;
CREATE TRIGGER purged_at_headquarters BEFORE INSERT ON purged
WHEN NOT EXISTS (SELECT 1 FROM outbox WHERE seq = NEW.seq AND state = 'acknowledged')
BEGIN SELECT raise(ABORT, 'headquarters has not this entry'); END;
CREATE TRIGGER purged_no_delete BEFORE DELETE ON purged
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER purged_no_update BEFORE UPDATE ON purged
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
DROP TRIGGER ledger_no_update;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
WHEN NOT (
    NEW.payload = x'' AND EXISTS (SELECT 1 FROM purged WHERE seq = OLD.seq)
    AND NEW.seq = OLD.seq AND NEW.kind = OLD.kind AND NEW.prev = OLD.prev
    AND NEW.signature = OLD.signature AND NEW.id = OLD.id
)
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
