"""The fifth step: what one person proposes to publish and another one publishes."""

from alembic import op
from sqlalchemy import Boolean, Column, Index, LargeBinary, String

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table of notices."""
    op.create_table(
        "notice",
        Column("id", String, primary_key=True),
        Column("practice", Boolean, nullable=False),
        Column("kind", String, nullable=False),
        Column("name", String, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("told", LargeBinary, nullable=False),
        Column("by", String, nullable=False),
        Column("at", String, nullable=False),
        Column("signed_by", String, nullable=False, server_default="[]"),
        *(
            Column(name, String, nullable=False, server_default="")
            for name in ("outcome", "decided_by", "decided_at")
        ),
        Index("notice_realm", "practice", "outcome", "at"),
    )


def downgrade() -> None:
    """Refused: what was published stays on record."""
    raise NotImplementedError("what was published stays on record; restore a backup instead")
