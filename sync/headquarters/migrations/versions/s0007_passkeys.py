"""The seventh step: passkeys beside the codes of a telephone."""

from alembic import op
from sqlalchemy import Column, LargeBinary, String

from sync.headquarters.migrations import WHOLE

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of passkeys."""
    op.create_table(
        "passkey",
        Column("id", LargeBinary, primary_key=True),
        Column("account", String, nullable=False),
        Column("public", LargeBinary, nullable=False),
        Column("count", WHOLE, nullable=False),
        Column("added", String, nullable=False),
    )


def downgrade() -> None:
    """Refused: who lost his passkey could not sign in."""
    raise NotImplementedError("second factors are not dropped; restore a backup instead")
