"""The first step of an answer: what a message means in its conversation."""

from kompasbot.answering.understanding.turn import (
    FACTS,
    Act,
    AnswerKind,
    FacetFilter,
    Part,
    Told,
    Understanding,
)

__all__ = ["FACTS", "Act", "AnswerKind", "FacetFilter", "Part", "Told", "Understanding"]
