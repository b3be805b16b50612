"""Asks the index and the assistant one thing at a time; keeps the time, the faults and what came of each question."""

import statistics
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from kompasbot.answering.answer import Answer, Message, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.errors import KompasbotError
from kompasbot.evaluation.figures import Fault, Marks, Miss, Outcome, Row, SetAside
from kompasbot.evaluation.gold import Gold, Key, Wanted
from kompasbot.evaluation.questions import Row as SetRow
from kompasbot.evaluation.questions import Wanting
from kompasbot.evaluation.soundness import GIVEN, faults
from kompasbot.evaluation.strings import any_in, plain
from kompasbot.retrieval.index import Index
from kompasbot.store.notes import Resolved

_FOUND: Final = 30
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a question: the answer, or None with the kind of the error as status.

    ``cited`` is what its citations stand for, in their order.
    """

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
    def ids(self) -> tuple[str, ...]:
        """The ids of what is cited, each once."""
        return tuple(dict.fromkeys(one.item_id for one in self.answer.citations)) if self.answer else ()

    @property
    def text(self) -> str:
        """The answer's text."""
        return self.answer.text if self.answer else ""


@dataclass
class Asker:
    """Asks one index with one assistant and engine; ``known`` is what the rows of the set meant before."""

    index: Index
    assistant: Assistant
    key: Key
    engine: str
    known: Mapping[str, Resolved] = field(default_factory=dict)
    rows: dict[str, Resolved] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    _seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def wanted(self, row: SetRow, name: str, wanting: Wanting, question: str) -> Wanted | None:
        """What a question of a row wants; None when it is set aside, since all items that answer it are gone."""
        before = self.rows.get(row.digest) or self.known.get(row.digest, Resolved())
        found = self.key.wanted(wanting, before.gold)
        if found.positions or row.digest in self.known:
            self.rows[row.digest] = Resolved({**before.gold, **found.positions}, before.facts, before.gone)
        if wanting.gold and not found.best:
            self.set_aside.append(SetAside(name, question, found.missing))
            return None
        return found

    def remember(
        self, row: SetRow, wanted: Wanted, facts: Mapping[str, Sequence[str]], told: Collection[str]
    ) -> tuple[str, ...]:
        """Keep where the facts of a row stand in its items, each by its first string; gives those that no longer stand
        where they did, and that are not ``told`` either.
        """
        before = self.rows.get(row.digest) or self.known.get(row.digest, Resolved())
        if not facts or not wanted.best or wanted.missing:
            return before.gone
        own, rest = map(plain, self.key.known_of(sorted(wanted.fitting)))
        places = {name: 2 * any_in(own, strings) or int(any_in(rest, strings)) for name, strings in facts.items()}
        once = dict.fromkeys(before.gone, 2) | dict(before.facts)
        gone = tuple(name for name, place in places.items() if place < once.get(name, 0) and name not in told)
        standing = {name: place for name, place in places.items() if place and name not in gone}
        self.rows[row.digest] = Resolved(before.gold, standing, gone)
        return gone

    def search(self, question: str) -> list[str]:
        """The ids that the search finds, best first."""
        with self._timed("search"):
            return [hit.item.id for hit in self.index.search(question, _FOUND)]

    async def ask(self, row: SetRow, name: str, messages: Sequence[Message]) -> Reply:
        """The reply to a conversation; whether it is sound is booked on ``name``."""
        try:
            with self._timed("chat"):
                answer = await self.assistant.answer(self.index, Question(tuple(messages), engine=self.engine))
        except KompasbotError as error:
            reply, found = Reply(error.kind), [error.kind]
        else:
            cited = tuple(self.key.gold(citation.item_id) for citation in answer.citations)
            reply, found = Reply(answer.status.value, cited, answer), list(faults(answer, self.key.text))
        self.faults += [Fault(name, fault) for fault in found]
        asked = Miss("sound", name, messages[-1].content, "", "; ".join(found))
        self.outcomes.append(Outcome(asked, {"share": (float(not found),)}, row=row.digest))
        return reply

    def note(
        self, row: SetRow, asked: Miss, group: str, marks: Marks, reply: Reply | Sequence[str], *, missed: bool
    ) -> None:
        """Note how a question did; ``reply`` is what was answered or found."""
        cited = reply.ids if isinstance(reply, Reply) else tuple(reply[:_SHOWN])
        answer = reply.text if isinstance(reply, Reply) else ""
        self.outcomes.append(Outcome(asked, marks, group, row.digest, cited, answer, missed))

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
