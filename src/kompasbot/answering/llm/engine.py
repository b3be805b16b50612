"""Lets the model write: prompt, stream, sentences, check, blocks, events."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from kompasbot.answering.answer import BlockKind, EngineUsed, Event, Message, Usage
from kompasbot.answering.draft import Draft, Paragraph, Statement
from kompasbot.answering.faithfulness import Checker
from kompasbot.answering.fitting import Fit
from kompasbot.answering.llm.judging import Judge, unsafe
from kompasbot.answering.llm.page import Page
from kompasbot.answering.llm.prompts import answer_prompt, follow_up_prompt, second_opinion_prompt
from kompasbot.answering.llm.reading import Reader, Written
from kompasbot.answering.llm.sources import Source, choose_sources
from kompasbot.chatmodel import Budget, ChatModel, Ended, Piece, Spent, TokenCounter, token_counter
from kompasbot.chatmodel.model import load_library
from kompasbot.endpoint import EndpointFailure
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Synonyms
from kompasbot.retrieval.ranking import Ranking, Scored
from kompasbot.settings import Settings

_GRACE: Final = 0.003
"""Seconds that a sentence that looks complete waits for one more marker."""
_LONGEST_QUESTION: Final = 400
_CONDENSED_TOKENS: Final = 120
_VERDICT_TOKENS: Final = 8
_NOTHING: Final = "Geen enkele zin van het taalmodel was te onderbouwen met de bronnen."
_CUT_OFF: Final = {"length": "melding.afgekapt", "content_filter": "melding.afgebroken"}
_log = logging.getLogger(__name__)


class GaveUp(Exception):
    """Nothing of the model was shown: another engine has to answer. The message says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to write about: the question in words that need no conversation, what was found for it, and the layout."""

    question: str
    ranking: Ranking
    chosen: Sequence[Scored]
    factsheet: str | None
    short: bool
    connects: bool
    """Whether connecting sentences may be used; not after a notice of what the sources do not say."""


class LlmEngine:
    """Writes answers with the endpoint's model. Safe for many conversations at a time."""

    def __init__(self, settings: Settings, texts: Texts, budget: Budget | None = None) -> None:
        self._settings = settings
        self._texts = texts
        self._model = ChatModel(settings, budget)
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
            text, _ = await self._model.complete(
                asked.turns, _CONDENSED_TOKENS, self._settings.chat_condense_seconds, spent=spent
            )
        except EndpointFailure as failure:
            _log.warning("a follow-up question was read by rules: %s", failure)
            return None
        line = " ".join(text.strip().strip("\"'“”").split())
        return line if line and len(line) <= _LONGEST_QUESTION and not unsafe(line, ()) else None

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

    async def write(self, index: Index, task: Task, draft: Draft, spent: Spent) -> AsyncGenerator[Event, None]:
        """The answer's sentences as events, written to ``draft``; raises :class:`GaveUp` when there are none.

        A stream that breaks later leaves ``draft.complete`` False, with a notice.
        """
        settings = self._settings
        sources = choose_sources(
            index, task.ranking, task.chosen, task.factsheet, self._counter(), settings.chat_source_tokens
        )
        connecting = self._texts.variants("antwoord.verbinding") if task.connects else ()
        shown = [(source.item.title, source.shown) for source in sources]
        asked = answer_prompt(shown, task.question, connecting, task.short)
        draft.engine = EngineUsed("llm", self._model.name, asked.digest)
        judge, page = self._judge(index, task, sources, connecting, spent), Page(draft)
        draft.judged = judge.judged
        reader = _Stream(self._model.stream(asked.turns, settings.chat_answer_tokens, spent), judge.expect)
        ending = None
        try:
            async with aclosing(reader.sentences()) as sentences:
                async for written in sentences:
                    statement = await judge.judge(written)
                    for event in page.put(statement, written) if statement else ():
                        yield event
            ending = reader.ending
        except EndpointFailure as failure:
            if not page.told:
                raise GaveUp(str(failure)) from failure
            ending = "melding.afgebroken"
        if not page.told:
            raise GaveUp(_NOTHING)
        for event in self._closing(draft, ending):
            yield event

    def _closing(self, draft: Draft, ending: str | None) -> Sequence[Event]:
        """The notice of an answer that is not finished, or nothing."""
        draft.complete = ending is None
        notice = Statement(self._texts.get(ending)) if ending else None
        return list(draft.write(Paragraph(BlockKind.NOTICE, (notice,)))) if notice else []

    def _judge(
        self, index: Index, task: Task, sources: Sequence[Source], connecting: Sequence[str], spent: Spent
    ) -> Judge:
        concepts = task.ranking.concepts
        fit: Fit = lambda text: index.share(concepts, text)  # noqa: E731

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
        return Judge(sources, self._checker(index), connecting, fit, ask)

    def usage(self, spent: Spent) -> Usage:
        """What an answer cost."""
        return Usage(spent.prompt, spent.completion, spent.cost(self._settings))


class _Stream:
    """The model's stream as sentences; ``ending`` is the notice for an answer that is not finished, or None."""

    def __init__(self, pieces: AsyncGenerator[Piece, None], expect: Callable[[Written], None]) -> None:
        self._pieces = pieces
        self._expect = expect
        self._reader = Reader()
        self.ending: str | None = None

    async def sentences(self) -> AsyncGenerator[Written, None]:
        """Each sentence as soon as it is complete. What was cut off is left out."""
        waiting: asyncio.Task[Piece] | None = None
        try:
            while True:
                waiting = waiting or asyncio.ensure_future(anext(self._pieces))
                done, _ = await asyncio.wait({waiting}, timeout=self._patience(waiting))
                if not done:
                    found = self._reader.take()
                else:
                    piece, waiting = waiting.result(), None
                    found = self._end(piece) if isinstance(piece, Ended) else self._reader.feed(piece.text)
                for written in found:
                    yield written
                if done and isinstance(piece, Ended):
                    return
        finally:
            if waiting:
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
            await self._pieces.aclose()

    def _patience(self, waiting: "asyncio.Task[Piece]") -> float | None:
        """How long to wait for more: while a sentence looks complete not long, and its check is done meanwhile."""
        if not self._reader.ripe:
            return None
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
