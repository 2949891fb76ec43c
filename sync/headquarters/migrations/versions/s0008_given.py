"""The eighth step: which laptops hold the records of an earlier one, and the files sealed anew for them."""

from alembic import op
from sqlalchemy import Column, String

from sync.headquarters.migrations import WHOLE

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "given",
        Column("device", String, primary_key=True),
        Column("earlier", String, primary_key=True),
        Column("by", String, nullable=False),
        Column("at", String, nullable=False),
    )
    op.create_table(
        "given_file",
        Column("device", String, primary_key=True),
        Column("sealed", String, primary_key=True),
        Column("h", String, nullable=False),
        Column("size", WHOLE, nullable=False),
    )


def downgrade() -> None:
    """Refused: who was given an officer's records must stay known."""
    raise NotImplementedError("who was given records stays known; restore a backup instead")
