"""The visitor's flow, top to bottom: conversation, question, items, status, answer, events."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from kompasbot.answering.answer import Answer, BlockKind, Done, EngineUsed, Event, Message, Question, Status
from kompasbot.answering.asked import Asked, understand
from kompasbot.answering.conversation import Resolved, Turn, resolve
from kompasbot.answering.documents import telling
from kompasbot.answering.draft import Draft, Paragraph
from kompasbot.answering.extractive import compose, own, source_text, unreviewed
from kompasbot.answering.finding import find
from kompasbot.answering.fitting import lines
from kompasbot.answering.intents import load_intents
from kompasbot.answering.planted import planted
from kompasbot.answering.scope import Verdict, judge
from kompasbot.answering.selection import Selection, Shape, select
from kompasbot.answering.suggestions import suggest
from kompasbot.chatmodel.spending import Budget, Spent
from kompasbot.errors import BadRequest, EngineUnavailable
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored
from kompasbot.settings import Settings
from kompasbot.tracing import stretch

if TYPE_CHECKING:
    from kompasbot.answering.llm import LlmEngine, Task

EXTRACTIVE = EngineUsed("extractive")
_POINTS_BACK = (Turn.FOLLOW_UP, Turn.MORE, Turn.SHORTER)
_BEST = 40
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A question as it was understood and what was found for it: the ground that an engine writes on."""

    resolved: Resolved
    asked: Asked
    ranking: Ranking
    selection: Selection
    verdict: Verdict


class Assistant:
    """Answers questions over an index. Holds no conversation: everything it needs comes with the question.

    ``budget`` bounds the calls of the language model; without one there is no bound.
    """

    def __init__(self, settings: Settings, texts: Texts, budget: Budget | None = None) -> None:
        self._settings = settings
        self._texts = texts
        self._budget = budget
        self._intents = load_intents()
        self._engine: LlmEngine | None = None

    def prepare(self) -> None:
        """Load what the language model needs, where there is one: it takes seconds, and a visitor should not wait."""
        if self._settings.has_endpoint:
            self._llm().prepare()

    async def aclose(self) -> None:
        """Close the connections to the language model, if there are any."""
        if self._engine is not None:
            await self._engine.aclose()

    def _llm(self) -> "LlmEngine":
        """The engine with the language model; its libraries are loaded only when they are used."""
        if self._engine is None:
            from kompasbot.answering.llm import LlmEngine

            self._engine = LlmEngine(self._settings, self._texts, self._budget)
        return self._engine

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        """The answer as events; see :mod:`kompasbot.answering.answer`. Raises before the first event, or not at
        all.

        :class:`BadRequest` for an empty question, :class:`NotFound` for an unknown factsheet and
        :class:`EngineUnavailable` when the language model is asked for but not configured.
        """
        self.check(index, question)
        verdict = self._greeted_or_refused(question.text)
        if verdict:
            for event in self._in_own_words(index, question, verdict):
                yield event
            return
        writes = self._settings.has_endpoint and question.engine != "extractive"
        async with aclosing(self._written(index, question) if writes else self._extracted(index, question)) as events:
            async for event in events:
                yield event

    async def answer(self, index: Index, question: Question) -> Answer:
        """The complete answer: the last of :meth:`events`."""
        async for event in self.events(index, question):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("an answer ends with Done")

    def check(self, index: Index, question: Question) -> None:
        """Raise what is wrong with a question before anything is sent."""
        if not question.messages or not question.text.strip():
            raise BadRequest("De vraag is leeg.", "Typ een vraag en probeer het opnieuw.")
        index.check_factsheet(question.factsheet)
        if question.engine == "llm" and not self._settings.has_endpoint:
            raise EngineUnavailable(
                "Er is geen taalmodel ingesteld.",
                "Kies engine 'auto' of 'extractive', of stel OPENAI_API_KEY of OPENAI_BASE_URL in.",
            )

    def _greeted_or_refused(self, text: str) -> Verdict | None:
        """The verdict on a message that needs no look at the sources."""
        small_talk = self._intents.small_talk(text)
        if small_talk:
            return Verdict(Status.SMALLTALK, ("only small talk",), f"praatje.{small_talk}")
        refusal = self._intents.refusal(text)
        if refusal:
            return Verdict(Status.REFUSED, (f"the wording asks for {refusal}",), f"weigering.{refusal}")
        return None

    def look_up(self, index: Index, question: Question) -> Found:
        """Understand a question, find its items and decide what kind of reply it gets."""
        resolved = resolve(question, index, self._intents)
        asked = understand(resolved.text)
        ranking = usable(find(index, resolved, asked, question.factsheet))
        selection = select(index, asked, resolved, ranking, question.factsheet)
        verdict = judge(index, asked, resolved, ranking.concepts, selection)
        document = None if verdict.status is Status.ANSWERED else telling(index, asked, resolved, ranking)
        if document:
            selection = Selection(Shape.FOCUSED, (document,))
            verdict = Verdict(Status.ANSWERED, ("a document tells what the items do not",))
        return Found(resolved, asked, ranking, selection, verdict)

    async def _looked_up(self, index: Index, question: Question) -> Found:
        """As :meth:`look_up`, aside from the loop when an endpoint is asked for vectors."""
        with stretch("look up"):
            if index.remote:
                return await asyncio.to_thread(self.look_up, index, question)
            return self.look_up(index, question)

    async def _extracted(self, index: Index, question: Question) -> AsyncGenerator[Event, None]:
        """The reply without a language model."""
        found = await self._looked_up(index, question)
        if found.verdict.status is Status.REFUSED:
            replies = self._in_own_words(index, question, found.verdict, _near(found))
        else:
            replies = self._extractive(index, question, found)
        for event in replies:
            yield event

    async def _written(self, index: Index, question: Question) -> AsyncGenerator[Event, None]:
        """The reply by the language model; by the extractive engine when nothing of it can be shown."""
        from kompasbot.answering.llm import GaveUp

        spent = Spent()
        asked, found = await self._understood(index, question, spent)
        if found.verdict.status is Status.REFUSED:
            for event in self._in_own_words(index, asked, found.verdict, _near(found)):
                yield event
            return
        draft = Draft(_new_id(), found.verdict.status, index.id, EXTRACTIVE)
        yield draft.start()
        for event in self._lead(draft, found):
            yield event
        try:
            async with aclosing(self._llm().write(index, self._task(asked, found), draft, spent)) as events:
                async for event in events:
                    yield event
            usage = self._llm().usage(spent)
        except GaveUp as reason:
            _log.warning("the extractive engine answers: %s", reason)
            draft.engine, usage = EngineUsed("extractive", fallback_reason=str(reason)), None
            for paragraph in self._composed(index, found):
                for event in draft.write(paragraph):
                    yield event
        told = [one.item_id for one in draft.citations.values()]
        yield draft.finish(suggest(index, self._texts, asked.text, told, _near(found)[:8]), usage)

    async def _understood(self, index: Index, question: Question, spent: Spent) -> tuple[Question, Found]:
        """The question and what was found for it; the model words a follow-up so that it needs no conversation.

        What points by number, or asks for more or less of the same, the rules know for certain.
        """
        found = await self._looked_up(index, question)
        certain = found.resolved.picked or found.resolved.turn in (Turn.MORE, Turn.SHORTER)
        if certain or not any(one.role == "assistant" for one in question.history):
            return question, found
        text = await self._llm().condensed(question.history, question.text, spent)
        if text is None or text == question.text or self._greeted_or_refused(text):
            return question, found
        worded = replace(question, messages=(*question.history, Message("user", text)))
        again = await self._looked_up(index, worded)
        if again.verdict.status is Status.REFUSED and found.verdict.status is not Status.REFUSED:
            return question, found
        return worded, again

    def _task(self, question: Question, found: Found) -> "Task":
        from kompasbot.answering.llm import Task

        about = f"{found.resolved.context} {question.text}" if found.resolved.turn in _POINTS_BACK else question.text
        return Task(
            about.strip(),
            found.ranking,
            found.selection.chosen,
            question.factsheet,
            short=found.resolved.turn is Turn.SHORTER,
            connects=found.verdict.status is Status.ANSWERED,
        )

    def _extractive(self, index: Index, question: Question, found: Found) -> Iterator[Event]:
        draft = Draft(_new_id(), found.verdict.status, index.id, EXTRACTIVE)
        yield draft.start()
        yield from self._lead(draft, found)
        for paragraph in self._composed(index, found):
            yield from draft.write(paragraph)
        told = [one.item.id for one in found.selection.chosen]
        yield draft.finish(suggest(index, self._texts, question.text, told, _near(found)[:8]))

    def _composed(self, index: Index, found: Found) -> list[Paragraph]:
        """The extractive paragraphs; after a notice without their intro, which would promise too much then."""
        concepts = found.ranking.concepts
        short = found.resolved.turn is Turn.SHORTER
        told = compose(found.selection, found.asked, lambda text: index.share(concepts, text), self._texts, short=short)
        partial = found.verdict.status is Status.PARTIAL
        return [one for one in told if not (partial and one.kind is BlockKind.INTRO)]

    def _lead(self, draft: Draft, found: Found) -> Iterator[Event]:
        """A partial answer begins with what the sources do not say; an English question is told why the answer is
        Dutch.
        """
        verdict = found.verdict
        if verdict.status is Status.PARTIAL:
            yield from draft.write(own(BlockKind.NOTICE, self._texts.get(verdict.text, **verdict.fields)))
        if found.asked.english:
            yield from draft.write(own(BlockKind.INTRO, self._texts.get("antwoord.engels")))

    def _in_own_words(
        self, index: Index, question: Question, verdict: Verdict, near: list[str] | None = None
    ) -> Iterator[Event]:
        """A reply without sources: small talk or a refusal, with questions that can be answered unless that is
        unfit.
        """
        draft = Draft(_new_id(), verdict.status, index.id, EXTRACTIVE)
        yield draft.start()
        text = self._texts.get(verdict.text, seed=question.text, **verdict.fields)
        yield from draft.write(own(BlockKind.INTRO, text))
        yield draft.finish(suggest(index, self._texts, question.text, (), near or ()) if verdict.suggests else ())


def usable(ranking: Ranking) -> Ranking:
    """A ranking without sources that hold nothing but commands to a machine, or are named by one, among the best."""
    best = tuple(one for one in ranking.scored[:_BEST] if _holds_knowledge(one))
    return replace(ranking, scored=(*best, *ranking.scored[_BEST:]))


def _holds_knowledge(one: Scored) -> bool:
    heading = one.passage.heading if one.passage else None
    named = planted(one.item.title) or (heading is not None and planted(heading))
    return not named and bool(lines(source_text(one), unreviewed(one.item)))


def _near(found: Found) -> list[str]:
    """The ids of the items that were found, best first."""
    return [one.item.id for one in found.ranking.scored]


def _new_id() -> str:
    return uuid4().hex
