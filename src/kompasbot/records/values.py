"""The kinds of record, as frozen values; ``created`` (UTC) is filled in when one is read back."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a visitor thinks of one answer; ``question`` is there only when the visitor chose to send it along."""

    answer_id: str
    rating: Literal["up", "down"]
    remark: str | None = None
    question: str | None = None
    site: str | None = None
    created: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a visitor would add to a factsheet; ``contact`` is how the editors may reach them, if they said so."""

    text: str
    factsheet: str | None = None
    contact: str | None = None
    site: str | None = None
    created: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """What is counted of an answer. ``question`` and ``site`` are kept only by who switched that on."""

    status: str
    engine: str
    fallback_reason: str | None = None
    factsheet: str | None = None
    item_ids: tuple[str, ...] = ()
    question: str = ""
    site: str | None = None
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How many answers of one kind a day (UTC) had; ``factsheet`` is the one asked about, else the first source's."""

    day: date
    status: str
    engine: str
    fallback_reason: str | None
    factsheet: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How many answers of a day cited an item or document."""

    day: date
    item_id: str
    count: int


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question as it was kept: without what leads to a person."""

    id: str
    created: datetime
    text: str
    status: str
    engine: str
    item_ids: tuple[str, ...]
    factsheet: str | None
    site: str | None
