-- Which kept records are inspections, to find one by its id; and the sealed files that they name. A file is
-- known by the hash in the record; `h` and `n` are of the bytes that headquarters sealed anew to this vault.
CREATE TABLE kept_inspection (
    inspection TEXT NOT NULL,
    revision INTEGER NOT NULL,
    device BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (inspection, revision)
) WITHOUT ROWID;
CREATE TABLE kept_file (
    sealed TEXT PRIMARY KEY,
    plain TEXT NOT NULL,
    h TEXT NOT NULL DEFAULT '',
    n INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
