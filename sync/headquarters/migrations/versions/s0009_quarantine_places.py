"""The ninth step: what is set aside is found by its laptop and place, for every exchange asks."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the index."""
    op.create_index("quarantine_place", "quarantine", ["device", "seq"])


def downgrade() -> None:
    """Take the index away."""
    op.drop_index("quarantine_place", "quarantine")
