-- The list of inspections anew: a row is what a list shows and no longer the words, which only their index
-- holds; what a list is narrowed by stands apart in small numbers, so that all of it is read in one go. `n` is
-- the moment of opening, so the latest come first by it. Rows are worked out again from the inspections.
DROP TABLE listed_words;
DROP TABLE listed;
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
-- Small pages of the index: what is merged at one time with a draft that is kept stays short.
INSERT INTO listed_words (listed_words, rank) VALUES ('pgsz', 1000);
