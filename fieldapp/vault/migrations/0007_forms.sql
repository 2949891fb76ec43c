-- Checklists and mapping profiles that were installed; every version is kept, the newest is used.
CREATE TABLE form (
    kind TEXT NOT NULL CHECK (kind IN ('checklist', 'instrument')),
    id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, id, version)
) WITHOUT ROWID;
