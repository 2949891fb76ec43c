-- What must not turn up twice, and what released consignments took of sanctioned quantities.
CREATE TABLE mark (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    inspection TEXT NOT NULL,
    PRIMARY KEY (kind, value, inspection)
) WITHOUT ROWID;
CREATE INDEX mark_of_inspection ON mark (inspection);
CREATE TABLE sanction_use (
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    consignment TEXT NOT NULL,
    kg REAL NOT NULL CHECK (kg >= 0),
    PRIMARY KEY (kind, number, consignment)
) WITHOUT ROWID;
