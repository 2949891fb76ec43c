"""The sixth step: how far a laptop's clock is off, and how many orders it was given."""

from alembic import op
from sqlalchemy import Column

from sync.headquarters.migrations import WHOLE

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add both to the devices; what nobody has told yet is not known."""
    op.add_column("device", Column("clock_offset", WHOLE))
    op.add_column("device", Column("orders", WHOLE, nullable=False, server_default="0"))


def downgrade() -> None:
    """Refused: an order that was given stays given."""
    raise NotImplementedError("an order that was given stays given; restore a backup instead")
