"""The third step: releases' signed metadata and deltas, and how far each vault's belief has come."""

from alembic import op
from sqlalchemy import Boolean, Column, LargeBinary, String

from sync.headquarters.migrations import WHOLE

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables and the column; releases published before are to be published again, signed."""
    op.create_table(
        "release_metadata",
        Column("practice", Boolean, primary_key=True),
        Column("role", String, primary_key=True),
        Column("version", WHOLE, nullable=False),
        Column("signed", String, nullable=False),
        Column("content", LargeBinary, nullable=False),
    )
    op.create_table(
        "release_delta",
        Column("sha256", String, primary_key=True),
        Column("practice", Boolean, primary_key=True),
        Column("base", WHOLE, nullable=False),
        Column("number", WHOLE, nullable=False),
        Column("size", WHOLE, nullable=False),
    )
    op.add_column("device", Column("trusted", WHOLE, nullable=False, server_default="0"))


def downgrade() -> None:
    """Refused: what vaults believe does not go back."""
    raise NotImplementedError("what vaults believe does not go back; restore a backup instead")
