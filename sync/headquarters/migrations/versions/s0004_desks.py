"""The fourth step: roles and second factors of accounts, two reviewers, rulings, richer lines."""

from alembic import op
from sqlalchemy import Boolean, Column, Index, LargeBinary, String, UniqueConstraint, false, true

from sync.headquarters.migrations import WHOLE

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what is missing; `reports.refresh` reads the lines again from the records."""
    _widen()
    op.create_table(
        "recovery", Column("code", LargeBinary, primary_key=True), Column("account", String, nullable=False)
    )
    op.create_table(
        "setting", Column("name", String, primary_key=True), Column("value", String, nullable=False)
    )
    op.create_table(
        "proposal",
        Column("id", String, primary_key=True),
        *(Column(name, String, nullable=False) for name in ("what", "subject", "value", "by", "at")),
        *(
            Column(name, String, nullable=False, server_default="")
            for name in ("outcome", "decided_by", "decided_at")
        ),
    )
    op.create_table(
        "view",
        Column("account", String, primary_key=True),
        Column("practice", Boolean, primary_key=True),
        Column("name", String, primary_key=True),
        Column("query", String, nullable=False),
    )
    op.create_table(
        "opinion",
        Column("id", String, primary_key=True),
        *(Column(name, String, nullable=False) for name in ("record", "kind", "by", "at")),
        Column("remarks", LargeBinary, nullable=False),
        UniqueConstraint("record", "by"),
    )
    op.create_table(
        "ruling",
        Column("record", String, primary_key=True),
        Column("inspection", String, nullable=False),
        Column("revision", WHOLE, nullable=False),
        Column("practice", Boolean, nullable=False),
        *(Column(name, String, nullable=False) for name in ("note", "by", "at")),
        UniqueConstraint("inspection", "revision", "practice"),
    )
    op.create_table(
        "settled",
        Column("id", String, primary_key=True),
        *(Column(name, String, nullable=False) for name in ("entry", "outcome", "note", "by", "at")),
        Index("settled_entry", "entry", "at"),
    )


def _widen() -> None:
    for name in ("substances", "due", "place"):
        op.add_column("report", Column(name, String, nullable=False, server_default=""))
    op.add_column("report", Column("list_age", WHOLE, nullable=False, server_default="-2"))  # not read yet
    for name in ("hits", "overrides"):
        op.add_column("report", Column(name, WHOLE, nullable=False, server_default="0"))
    op.add_column("report", Column("two_reviewers", Boolean, nullable=False, server_default=false()))
    op.add_column("account", Column("realm", String, nullable=False, server_default="both"))
    op.add_column("account", Column("disabled", String, nullable=False, server_default=""))
    op.add_column("account", Column("factor", LargeBinary))
    op.add_column("account", Column("factor_step", WHOLE, nullable=False, server_default="0"))
    op.add_column("visit", Column("whole", Boolean, nullable=False, server_default=true()))


def downgrade() -> None:
    """Refused: reviews and rulings are never dropped."""
    raise NotImplementedError("reviews and rulings are never dropped; restore a backup instead")
