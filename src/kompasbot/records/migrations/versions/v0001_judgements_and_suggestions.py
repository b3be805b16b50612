"""The first tables: judgements of answers, suggestions for factsheets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "judgement",
        sa.Column("answer_id", sa.String(64), primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rating", sa.String(4), nullable=False),
        sa.Column("remark", sa.Text()),
        sa.Column("question", sa.Text()),
        sa.Column("site", sa.String(64)),
    )
    op.create_index("ix_judgement_created", "judgement", ["created"])
    op.create_table(
        "suggestion",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("factsheet", sa.String(200)),
        sa.Column("contact", sa.String(200)),
        sa.Column("site", sa.String(64)),
    )
    op.create_index("ix_suggestion_created", "suggestion", ["created"])


def downgrade() -> None:
    """Take them away, with what they hold."""
    op.drop_table("suggestion")
    op.drop_table("judgement")
