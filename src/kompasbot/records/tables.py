"""The tables. A change here needs a migration in ``migrations/versions``; a test compares the two."""

from datetime import datetime

from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The tables together."""


class JudgementRow(Base):
    """A judgement; judging the same answer again replaces it."""

    __tablename__ = "judgement"

    answer_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    rating: Mapped[str] = mapped_column(String(4))
    remark: Mapped[str | None] = mapped_column(Text)
    question: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(String(64))


class SuggestionRow(Base):
    """A suggestion."""

    __tablename__ = "suggestion"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    text: Mapped[str] = mapped_column(Text)
    factsheet: Mapped[str | None] = mapped_column(String(200))
    contact: Mapped[str | None] = mapped_column(String(200))
    site: Mapped[str | None] = mapped_column(String(64))
