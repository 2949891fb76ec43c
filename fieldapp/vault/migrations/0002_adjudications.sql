CREATE TABLE adjudication (
    hit TEXT PRIMARY KEY,
    entry TEXT NOT NULL,
    doc BLOB NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX adjudication_entry ON adjudication (entry);

CREATE TABLE later_hit (
    inspection TEXT NOT NULL,
    hit TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (inspection, hit)
) WITHOUT ROWID;
