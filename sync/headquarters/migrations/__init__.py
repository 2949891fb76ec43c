"""The steps of headquarters' database, oldest first, run by Alembic at start."""

from sqlalchemy import BigInteger, Integer

# SQLite counts up only columns that are INTEGER; PostgreSQL's is too short for a sequence number.
WHOLE = BigInteger().with_variant(Integer, "sqlite")
