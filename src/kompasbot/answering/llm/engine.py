"""Lets the model write: prompt, stream, sentences, check, blocks, events."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from kompasbot.answering.answer import BlockKind, EngineUsed, Event, Message, Speaker, Status, Usage
from kompasbot.answering.draft import Draft, Paragraph, Statement
from kompasbot.answering.evidence import UnitEvidence
from kompasbot.answering.faithfulness import Checker
from kompasbot.answering.llm.absence import AbsenceCheck, asks_fairly
from kompasbot.answering.llm.judging import Judge, unsafe
from kompasbot.answering.llm.page import Page
from kompasbot.answering.llm.prompts import Shown, answer_prompt, follow_up_prompt, second_opinion_prompt
from kompasbot.answering.llm.reading import Opening, Reader, Stated, Written, paired, split_pair
from kompasbot.answering.llm.sources import Source, choose_sources
from kompasbot.answering.understanding.vocabulary import load_vocabulary
from kompasbot.answering.units import Units
from kompasbot.breaker import Breaker
from kompasbot.chatmodel import Budget, ChatModel, Ended, Piece, Spent, TokenCounter, token_counter
from kompasbot.chatmodel.model import load_library
from kompasbot.endpoint import EndpointFailure
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Synonyms
from kompasbot.retrieval.terms import terms
from kompasbot.settings import Settings

_GRACE: Final = 0.003
"""Seconds that a sentence that looks complete waits for one more marker."""
_LONGEST_QUESTION: Final = 400
_CONDENSED_TOKENS: Final = 120
_VERDICT_TOKENS: Final = 8
_BEST: Final = 3
"""Units that the model is pointed at."""
_FEWEST_CHOICES: Final = 2
_MOST_CHOICES: Final = 4
_TOO_LONG: Final = "Het taalmodel schreef te lang niets wat te onderbouwen was met de bronnen."
_SKIPPED: Final = "Het taalmodel schreef vaak niets wat te onderbouwen was, en wordt nu even overgeslagen."
_NOTHING: Final = "Geen enkele zin van het taalmodel was te onderbouwen met de bronnen."
_CUT_OFF: Final = {"length": "melding.afgekapt", "content_filter": "melding.afgebroken"}
_log = logging.getLogger(__name__)


class GaveUp(Exception):
    """Nothing of the model was shown: another engine has to answer. The message says why, in Dutch."""


class Declined(Exception):
    """The model says that the sources are about something else, and nothing was shown."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to write about.

    ``asked`` is the question as the visitor typed it, ``reworded`` in words that need no conversation; ``best`` are the
    units that were found for it, the best first, ``focus`` the ids of those that it is about. ``answered`` says whether
    the evidence answers it, ``told`` whether the rules answer a part that names or points at a unit, ``outside``
    whether they would refuse it as outside of the sources.
    """

    asked: str
    reworded: str
    history: Sequence[Message]
    units: Units
    best: Sequence[UnitEvidence]
    focus: Sequence[str]
    factsheet: str | None
    answered: bool
    told: bool
    outside: bool
    short: bool = False
    english: bool = False


@dataclass(slots=True)
class Asides:
    """What goes with a written answer: the choices, where it asks back."""

    choices: tuple[str, ...] | None = None


class LlmEngine:
    """Writes answers with the endpoint's model. Safe for many conversations at a time."""

    def __init__(self, settings: Settings, texts: Texts, budget: Budget | None = None) -> None:
        self._settings = settings
        self._texts = texts
        self._model = ChatModel(settings, budget)
        self._usable = Breaker(settings.chat_breaker_failures, settings.chat_breaker_seconds)
        self._checkers: WeakKeyDictionary[Index, Checker] = WeakKeyDictionary()

    def prepare(self) -> None:
        """Load what takes seconds, so that the first visitor does not wait for it."""
        load_library()
        self._counter()

    async def aclose(self) -> None:
        """Close the connections to the endpoint."""
        await self._model.aclose()

    def _counter(self) -> TokenCounter:
        return token_counter(self._settings.chat_model)

    def _checker(self, index: Index) -> Checker:
        if index not in self._checkers:
            self._checkers[index] = Checker(index.knowledge.items, Synonyms(index.knowledge.synonyms))
        return self._checkers[index]

    async def condensed(self, history: Sequence[Message], question: str, spent: Spent) -> str | None:
        """The question in words that need no conversation; None when the model can't help."""
        asked = follow_up_prompt(self._recent(history), question)
        try:
            text, ended = await self._model.complete(
                asked.turns, _CONDENSED_TOKENS, self._settings.chat_condense_seconds, spent=spent
            )
        except EndpointFailure as failure:
            _log.warning("a follow-up question was read by rules: %s", failure)
            return None
        line = " ".join(text.strip().strip("\"'“”").split())
        asks = line.endswith("?") or not question.rstrip().endswith("?")
        told = " ".join((question, *(message.content for message in history)))
        whole = ended.finish_reason == "stop" and line and len(line) <= _LONGEST_QUESTION and "\n" not in text.strip()
        if not whole or not asks or unsafe(line, ()) or not set(terms(line)) & set(terms(told)):
            _log.warning("a rewording of the model was not used")
            return None
        return line

    def _recent(self, history: Sequence[Message]) -> list[Message]:
        """The last messages that fit the budget; of the oldest one that does not, its end is left out."""
        counter, left = self._counter(), self._settings.chat_history_tokens
        found: list[Message] = []
        for message in reversed(history):
            cost = counter.count(message.content) + 4
            if cost > left:
                kept = message.content[: int(len(message.content) * left / cost)]
                return [Message(message.role, kept), *found] if len(kept) > 40 else found
            found.insert(0, message)
            left -= cost
        return found

    async def write(
        self, index: Index, task: Task, draft: Draft, spent: Spent, asides: Asides
    ) -> AsyncGenerator[Event, None]:
        """The answer's events from the first on, written to ``draft``; raises :class:`GaveUp` when nothing can be shown
        and :class:`Declined` when the model declines.

        A stream that breaks later leaves ``draft.complete`` False, with a notice.
        """
        if not self._usable.allows():
            raise GaveUp(_SKIPPED)
        settled = False
        try:
            async with aclosing(self._written(index, task, draft, spent, asides)) as events:
                async for event in events:
                    if not settled:
                        self._usable.succeeded()
                        settled = True
                    yield event
        except _Hopeless as reason:
            self._usable.failed()
            settled = True
            raise GaveUp(str(reason)) from reason
        except EndpointFailure as failure:
            raise GaveUp(str(failure)) from failure
        finally:
            if not settled:
                self._usable.withdrawn()

    async def _written(
        self, index: Index, task: Task, draft: Draft, spent: Spent, asides: Asides
    ) -> AsyncGenerator[Event, None]:
        settings = self._settings
        counter, budget = self._counter(), settings.chat_source_tokens
        sources = choose_sources(task.units, task.best, task.factsheet, counter, budget)
        connecting = self._texts.variants("antwoord.verbinding")
        asked = answer_prompt(
            [Shown(source.title, source.about, source.shown) for source in sources],
            [source.number for unit in task.best[:_BEST] for source in sources if source.unit == unit.unit.id],
            self._recent(task.history),
            task.asked,
            task.reworded,
            connecting,
            short=task.short,
            english=task.english,
        )
        draft.engine = EngineUsed("llm", self._model.name, asked.digest)
        judge, page = self._judge(index, task, sources, connecting, spent), Page(draft)
        draft.judged = judge.judged
        pieces = self._model.stream(asked.turns, settings.chat_answer_tokens, spent)
        reader = _Stream(pieces, judge.expect, settings.chat_floor_seconds, task.english)
        asking, ending = list[Written](), None
        try:
            async with aclosing(reader.sentences()) as sentences:
                async for written in sentences:
                    if _declines(task, reader.stated):
                        raise Declined
                    if reader.stated is Stated.ASKS:
                        asking.append(written)
                        continue
                    statement = await judge.judge(written)
                    if statement:
                        wrongly = task.answered and bool(judge.denied)
                        draft.status = _status(reader.stated, statement, wrongly)
                        for event in page.put(statement, written):
                            yield event
                    reader.satisfied = page.begun
                    if not page.begun and judge.failed >= settings.chat_floor_sentences:
                        raise _Hopeless(_NOTHING)
            ending = reader.ending
        except EndpointFailure:
            if not page.begun:
                raise
            ending = "melding.afgebroken"
        if not page.begun:
            for event in self._unwritten(task, reader.stated, asking, sources, draft, asides):
                yield event
            return
        for event in self._closing(draft, ending):
            yield event

    def _unwritten(
        self,
        task: Task,
        stated: Stated | None,
        asking: Sequence[Written],
        sources: Sequence[Source],
        draft: Draft,
        asides: Asides,
    ) -> Iterator[Event]:
        """An answer that asks back; raises when the model declined, or wrote nothing that can be shown."""
        if _declines(task, stated):
            raise Declined
        given = " ".join((task.asked, task.reworded, *(f"{source.title} {source.shown}" for source in sources)))
        back = [written for written in asking if asks_fairly(written.text, given)]
        choices = tuple(written.text for written in back if written.entry)[:_MOST_CHOICES]
        question = next((written.text for written in back if not written.entry), None)
        if question is None or len(choices) < _FEWEST_CHOICES:
            raise _Hopeless(_NOTHING)
        asides.choices = choices
        draft.status = Status.CLARIFY
        yield draft.start()
        yield from draft.write(Paragraph(BlockKind.INTRO, (Statement(question),)))

    def _closing(self, draft: Draft, ending: str | None) -> Sequence[Event]:
        """The notice of an answer that is not finished, or that answers a part without saying which; or nothing."""
        draft.complete = ending is None
        if ending is None and draft.status is Status.PARTIAL:
            ending = None if any(block.kind is BlockKind.NOTICE for block in draft.blocks) else "melding.deels"
        notice = Statement(self._texts.get(ending)) if ending else None
        return list(draft.write(Paragraph(BlockKind.NOTICE, (notice,)))) if notice else []

    def _judge(
        self, index: Index, task: Task, sources: Sequence[Source], connecting: Sequence[str], spent: Spent
    ) -> Judge:
        async def second_opinion(sentence: str, source: str) -> bool:
            asked = second_opinion_prompt(sentence, source)
            try:
                text, _ = await self._model.complete(
                    asked.turns, _VERDICT_TOKENS, self._settings.chat_condense_seconds, spent=spent
                )
            except EndpointFailure:
                return False
            return text.strip().casefold().rstrip(".!") == "ja"

        ask = second_opinion if self._settings.chat_second_opinion else None
        checker = self._checker(index)
        given = " ".join((task.asked, task.reworded, *(message.content for message in task.history)))
        absence = AbsenceCheck(sources, checker, task.units.named, task.focus, load_vocabulary(), task.answered, given)
        return Judge(sources, checker, connecting, absence, ask)

    def usage(self, spent: Spent) -> Usage:
        """What an answer cost."""
        return Usage(spent.prompt, spent.completion, spent.cost(self._settings))


def _declines(task: Task, stated: Stated | None) -> bool:
    """Whether the question is refused: the model says so and it names nothing that the rules can tell of, or the rules
    would refuse it and the model does not say that it knows better.
    """
    return (stated is Stated.NOT and not task.told) or (stated is None and task.outside)


def _status(stated: Stated | None, first: Statement, wrongly: bool) -> Status:
    """The status of an answer that begins with this sentence: the model's own, else from the sentence.

    ``wrongly``: the model said that the sources lack what they tell.
    """
    if first.speaker is Speaker.ABSENCE and stated is not Stated.ANSWERED:
        return Status.PARTIAL
    return Status.ANSWERED if stated in (Stated.ANSWERED, None) or wrongly else Status.PARTIAL


class _Hopeless(Exception):
    """The model answers, but with nothing that can be shown; the message says so, in Dutch."""


class _Stream:
    """The model's stream as sentences.

    ``stated`` is how the model says that it answers, ``ending`` the notice for an answer that is not finished, or None.
    Until ``satisfied`` is set, the stream may last ``patience`` seconds from its first piece on.
    """

    def __init__(
        self, pieces: AsyncGenerator[Piece, None], expect: Callable[[Written], None], patience: float, english: bool
    ) -> None:
        self._pieces = pieces
        self._expect = expect
        self._patience = patience
        self._until: float | None = None
        self._opening = Opening()
        self._reader = Reader()
        self._pairs = english
        self._first: Written | None = None
        self.satisfied = False
        self.ending: str | None = None

    @property
    def stated(self) -> Stated | None:
        """How the model says that it answers."""
        return self._opening.stated

    async def sentences(self) -> AsyncGenerator[Written, None]:
        """Each sentence as soon as it is complete. What was cut off is left out."""
        waiting: asyncio.Task[Piece] | None = None
        try:
            while True:
                waiting = waiting or asyncio.ensure_future(anext(self._pieces))
                done, _ = await asyncio.wait({waiting}, timeout=self._wait(waiting))
                piece = None
                if not done:
                    self._despair()
                    found = self._reader.take() if self._reader.ripe else []
                else:
                    piece, waiting = waiting.result(), None
                    found = self._taken(piece)
                for written in self._paired(found, isinstance(piece, Ended)):
                    yield written
                if isinstance(piece, Ended):
                    return
                self._despair()
        finally:
            if waiting:
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
            await self._pieces.aclose()

    def _taken(self, piece: Piece) -> list[Written]:
        if isinstance(piece, Ended):
            return [*self._reader.feed(self._opening.end()), *self._end(piece)]
        if self._until is None:
            self._until = asyncio.get_running_loop().time() + self._patience
        return self._reader.feed(self._opening.feed(piece.text))

    def _paired(self, found: Sequence[Written], ended: bool) -> Iterator[Written]:
        """English sentences with the Dutch ones behind them; in a Dutch answer all as they are."""
        for written in found:
            whole = split_pair(written)
            if not self._pairs or whole:
                yield whole or written
                continue
            pair = paired(self._first, written) if self._first else None
            if self._first and not pair:
                yield self._first
            self._first = None if pair else written
            if pair:
                yield pair
        if ended and self._first:
            yield self._first

    def _despair(self) -> None:
        if self._until and not self.satisfied and asyncio.get_running_loop().time() >= self._until:
            raise _Hopeless(_TOO_LONG)

    def _wait(self, waiting: "asyncio.Task[Piece]") -> float | None:
        """How long to wait for more: while a sentence looks complete not long, and its check is done meanwhile."""
        left = None
        if self._until and not self.satisfied:
            left = max(0.0, self._until - asyncio.get_running_loop().time())
        if not self._reader.ripe:
            return left
        if not waiting.done():
            for written in self._reader.peek():
                self._expect(written)
        return _GRACE

    def _end(self, ended: Ended) -> list[Written]:
        if ended.finish_reason is None:
            self.ending = "melding.misschien_afgebroken"
        else:
            self.ending = _CUT_OFF.get(ended.finish_reason)
        return self._reader.take() if self.ending is None or self._reader.ripe else []
