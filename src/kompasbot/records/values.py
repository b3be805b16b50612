"""The two kinds of record, as frozen values; ``created`` (UTC) is filled in when one is read back."""

from dataclasses import dataclass, field
from datetime import datetime
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
