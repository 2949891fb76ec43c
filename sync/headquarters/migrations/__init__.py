"""The steps of headquarters' database, oldest first, run by Alembic at start."""
