"""Counts of answers and of cited items a day, and the questions of those who keep them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "answer_count",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("status", sa.Text(), primary_key=True),
        sa.Column("engine", sa.Text(), primary_key=True),
        sa.Column("fallback_reason", sa.Text(), primary_key=True),
        sa.Column("factsheet", sa.Text(), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "item_count",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("item_id", sa.Text(), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "kept_question",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("item_ids", sa.Text(), nullable=False),
        sa.Column("factsheet", sa.Text()),
        sa.Column("site", sa.String(64)),
    )
    op.create_index("ix_kept_question_created", "kept_question", ["created"])


def downgrade() -> None:
    """Take them away, with what they hold."""
    for table in ("kept_question", "item_count", "answer_count"):
        op.drop_table(table)
