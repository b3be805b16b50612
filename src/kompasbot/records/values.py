"""The two kinds of record, as frozen values."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a visitor thinks of one answer; ``question`` is there only when the visitor chose to send it along."""

    answer_id: str
    rating: Literal["up", "down"]
    remark: str | None = None
    question: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a visitor would add to a factsheet; ``contact`` is how the editors may reach them, if they said so."""

    text: str
    factsheet: str | None = None
    contact: str | None = None
    site: str | None = None
