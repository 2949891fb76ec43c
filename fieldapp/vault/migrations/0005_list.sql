-- What lists show of inspections and the words they are found by; worked out from the inspections, and
-- filled again where a row is missing.
CREATE TABLE listed (
    n INTEGER PRIMARY KEY,
    inspection TEXT NOT NULL UNIQUE,
    opened TEXT NOT NULL,
    summary BLOB NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX listed_opened ON listed (opened DESC, n DESC);
CREATE VIRTUAL TABLE listed_words USING fts5 (words, content = 'listed', content_rowid = 'n', tokenize = 'ascii', prefix = '2 3');
CREATE INDEX record_of_revision ON record (inspection, revision);
