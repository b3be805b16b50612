"""Asks the index and the assistant one thing at a time; keeps the time, the faults and the misses."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from kompasbot.answering.answer import Answer, Message, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.errors import KompasbotError
from kompasbot.evaluation.figures import ALL, Fault, Miss, Outcome, Row, share
from kompasbot.evaluation.gold import Gold, Key
from kompasbot.evaluation.soundness import GIVEN, faults
from kompasbot.retrieval.index import Index

_FOUND: Final = 30
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a question: the answer, or None with the kind of the error as status; and what it cites."""

    status: str
    cited: tuple[Gold, ...] = ()
    answer: Answer | None = None

    @property
    def given(self) -> bool:
        """Whether it was answered, wholly or in part."""
        return self.status in GIVEN

    @property
    def distinct(self) -> list[Gold]:
        """What is cited, each once; nothing when it was not answered."""
        return list(dict.fromkeys(self.cited)) if self.given else []

    @property
    def text(self) -> str:
        """The answer's text."""
        return self.answer.text if self.answer else ""


@dataclass
class Asker:
    """Asks one index with one assistant and engine."""

    index: Index
    assistant: Assistant
    key: Key
    engine: str
    misses: list[Miss] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    soundness: list[Fault | None] = field(default_factory=list)
    _seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def search(self, question: str) -> list[Gold]:
        """What the search finds, best first, each once."""
        with self._timed("search"):
            hits = self.index.search(question, _FOUND)
        return self.key.distinct(hit.item.id for hit in hits)

    async def ask(self, row: str, messages: Sequence[Message]) -> Reply:
        """The reply to a conversation; its faults are booked on ``row``."""
        try:
            with self._timed("chat"):
                answer = await self.assistant.answer(self.index, Question(tuple(messages), engine=self.engine))
        except KompasbotError as error:
            self.soundness.append(Fault(row, error.kind))
            return Reply(error.kind)
        self.soundness += [Fault(row, fault) for fault in faults(answer, self.key.text)] or [None]
        cited = tuple(self.key.gold(citation.item_id) for citation in answer.citations)
        return Reply(answer.status.value, cited, answer)

    def note(self, asked: Miss, score: float, is_miss: bool) -> None:
        """Note how a question did."""
        self.outcomes.append(Outcome(asked, round(score, 4)))
        if is_miss:
            self.misses.append(asked)

    def sound(self) -> dict[str, Row]:
        """The share of replies without a fault."""
        return {ALL: {"share": share(fault is None for fault in self.soundness)}}

    def latency(self) -> dict[str, Row]:
        """The times of a search and of an answer, in milliseconds."""
        return {kind: _times(seconds) for kind, seconds in self._seconds.items()}

    @contextmanager
    def _timed(self, kind: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[kind].append(time.perf_counter() - began)


def shown(status: str, found: Sequence[Gold]) -> str:
    """What came of a question, as :class:`Miss` says it."""
    return " ".join(filter(None, [status, *("+".join(sorted(gold)) for gold in found[:_SHOWN])]))


def _times(seconds: list[float]) -> Row:
    slow = sorted(seconds)[int(len(seconds) * 0.95)]
    return {"p50_ms": round(statistics.median(seconds) * 1e3, 1), "p95_ms": round(slow * 1e3, 1)}
