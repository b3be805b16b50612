"""The tables. A change here needs a migration in ``migrations/versions``; a test compares the two."""

import datetime as time
from datetime import datetime

from sqlalchemy import BigInteger, Date, DateTime, String, Text
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


class AnswerCountRow(Base):
    """How many answers of one kind a day had; an empty text stands for none, as these columns are the key."""

    __tablename__ = "answer_count"

    day: Mapped[time.date] = mapped_column(Date, primary_key=True)
    status: Mapped[str] = mapped_column(Text, primary_key=True)
    engine: Mapped[str] = mapped_column(Text, primary_key=True)
    fallback_reason: Mapped[str] = mapped_column(Text, primary_key=True)
    factsheet: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class ItemCountRow(Base):
    """How many answers of a day cited an item."""

    __tablename__ = "item_count"

    day: Mapped[time.date] = mapped_column(Date, primary_key=True)
    item_id: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class CostRow(Base):
    """What the language model cost on a day, in millionths of a euro."""

    __tablename__ = "cost_count"

    day: Mapped[time.date] = mapped_column(Date, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class QuestionRow(Base):
    """A question that was kept, without what names a person; ``item_ids`` is a JSON list."""

    __tablename__ = "kept_question"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    engine: Mapped[str] = mapped_column(Text)
    item_ids: Mapped[str] = mapped_column(Text)
    factsheet: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(String(64))
