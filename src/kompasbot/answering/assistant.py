"""The visitor's flow, top to bottom: conversation, understanding, evidence, verdict, telling, events."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from uuid import uuid4
from weakref import WeakKeyDictionary

from kompasbot.answering.answer import (
    Answer,
    BlockKind,
    Done,
    EngineUsed,
    Event,
    Message,
    Question,
    Status,
    Usage,
)
from kompasbot.answering.draft import Draft
from kompasbot.answering.evidence import Asking
from kompasbot.answering.intents import load_intents
from kompasbot.answering.personal import masked, with_notice
from kompasbot.answering.replying import Replier, Reply
from kompasbot.answering.suggestions import Suggester
from kompasbot.answering.telling.quoting import own
from kompasbot.answering.understanding import Act, Part, Understanding
from kompasbot.answering.understanding.vocabulary import load_vocabulary
from kompasbot.answering.verdict import Outcome
from kompasbot.answering.why import trace_of
from kompasbot.chatmodel.spending import Budget, Spent
from kompasbot.embedding import EmbeddingQueue, Vector
from kompasbot.errors import BadRequest, EngineUnavailable, UpstreamError
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.weights import weights_for
from kompasbot.settings import Settings
from kompasbot.tracing import stretch

if TYPE_CHECKING:
    from kompasbot.answering.llm import LlmEngine, Task

EXTRACTIVE = EngineUsed("extractive")
_FOCUS: Final = 4
"""Units that a question is about at most: in these nothing may tell what a language model says to be lacking."""
_NO_SUGGESTIONS = frozenset({"weigering.nood", "weigering.onveilig", "weigering.schade"})
"""After a request for harm, or to a person in distress, no questions are suggested."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Considered:
    """A question as it was understood, and the reply to it without a language model: the ground of both engines."""

    understood: Understanding
    reply: Reply


class Assistant:
    """Answers questions over an index. Holds no conversation: everything it needs comes with the question.

    ``budget`` bounds the calls of the language model; without one there is no bound. ``embedding`` is the queue of this
    process in which questions wait for their vectors.
    """

    def __init__(
        self,
        settings: Settings,
        texts: Texts,
        budget: Budget | None = None,
        embedding: EmbeddingQueue | None = None,
    ) -> None:
        self._settings = settings
        self._embedding = embedding or EmbeddingQueue.of(settings)
        self._texts = texts
        self._budget = budget
        self._intents = load_intents()
        self._vocabulary = load_vocabulary()
        self._repliers: WeakKeyDictionary[Index, Replier] = WeakKeyDictionary()
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

    def replier(self, index: Index) -> Replier:
        """What replies over an index; made once."""
        replier = self._repliers.get(index)
        if replier is None:
            weights = weights_for(index.embedder.name)
            replier = Replier(index, self._texts, self._vocabulary, self._intents, weights)
            self._repliers[index] = replier
        return replier

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        """The answer as events; see :mod:`kompasbot.answering.answer`. Raises before the first event, or not at
        all.

        :class:`BadRequest` for an empty question, :class:`NotFound` for an unknown factsheet and
        :class:`EngineUnavailable` when the language model is asked for but not configured.
        """
        self.check(index, question)
        asked = question
        if self._sends(question):
            question = await asyncio.to_thread(masked, question, index.tells)
        considered = await self._considered(index, question)
        writes = self._settings.has_endpoint and question.engine != "extractive"
        if writes and considered.understood.act not in (Act.SMALL_TALK, Act.REFUSED):
            events = self._written(index, question, considered)
        else:
            events = self._extracted(index, question, considered)
        async with aclosing(events) as stream:
            async for event in stream:
                if isinstance(event, Done) and question.text != asked.text:
                    for last in with_notice(event.answer, self._texts.get("melding.persoonlijk")):
                        yield last
                else:
                    yield event

    def _sends(self, question: Question) -> bool:
        """Whether anything of a question may be sent to an endpoint, wherever that runs."""
        return self._settings.embeds_by_endpoint or (self._settings.has_endpoint and question.engine != "extractive")

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

    def consider(self, index: Index, question: Question) -> Considered:
        """Understand a question, find its evidence and decide what is said to it; embeds it here and now."""
        if self._sends(question):
            question = masked(question, index.tells)
        replier = self.replier(index)
        understood = replier.understander.understand(question)
        vectors: dict[str, Vector] = {}
        for text in replier.texts(understood):
            try:
                vectors[text] = index.embedder.embed_question(text)
            except UpstreamError as error:
                _log.warning("searching by words alone: %s", error)
        return self._replied(replier, understood, Asking(question.factsheet, vectors))

    async def _considered(self, index: Index, question: Question) -> Considered:
        """As :meth:`consider`, beside the event loop; when too many questions wait for their vectors, words decide."""
        with stretch("look up"):
            replier = await asyncio.to_thread(self.replier, index)
            understood = await asyncio.to_thread(replier.understander.understand, question)
            texts = replier.texts(understood)
            found = {text: await self._embedding.embed_question(index.embedder, text) for text in texts}
            vectors = {text: vector for text, vector in found.items() if vector is not None}
            asking = Asking(question.factsheet, vectors)
            return await asyncio.to_thread(self._replied, replier, understood, asking)

    def _replied(self, replier: Replier, understood: Understanding, asking: Asking) -> Considered:
        """What is said to an understood message."""
        if not understood.reply:
            return Considered(understood, replier.reply(understood, asking))
        status = Status.SMALLTALK if understood.act is Act.SMALL_TALK else Status.REFUSED
        text = self._texts.get(understood.reply, seed=understood.text)
        suggests = understood.reply not in _NO_SUGGESTIONS
        return Considered(understood, Reply(status, (own(BlockKind.INTRO, text),), suggests=suggests))

    async def _extracted(self, index: Index, question: Question, considered: Considered) -> AsyncGenerator[Event, None]:
        """The reply without a language model."""
        draft = Draft(_new_id(), considered.reply.status, index.id, EXTRACTIVE)
        yield draft.start()
        for event in self._composed(draft, considered):
            yield event
        yield self._finished(index, question, considered, draft)

    def _composed(self, draft: Draft, considered: Considered) -> Iterator[Event]:
        for paragraph in considered.reply.paragraphs:
            yield from draft.write(paragraph)

    def _finished(
        self,
        index: Index,
        question: Question,
        considered: Considered,
        draft: Draft,
        usage: Usage | None = None,
        choices: tuple[str, ...] | None = None,
    ) -> Done:
        """The last event, with the trace where the question asks why; ``choices`` are those of a question back by the
        language model.
        """
        written = draft.engine.name == "llm"
        told = tuple(dict.fromkeys(each.item_id for each in draft.citations.values())) if written else None
        done = draft.finish(choices or self._suggestions(index, considered, told), usage)
        if not question.why:
            return done
        trace = trace_of(considered.understood, considered.reply, done.answer, draft.judged)
        return Done(replace(done.answer, trace=trace))

    def _suggestions(self, index: Index, considered: Considered, told: Sequence[str] | None = None) -> tuple[str, ...]:
        """What can be asked next; ``told`` are the sources that were cited where the language model wrote."""
        reply = considered.reply
        if not reply.suggests:
            return ()
        if reply.choices is not None and told is None:
            return reply.choices
        suggester = Suggester(index, self.replier(index).units, self._texts)
        asks_back = reply.status is Status.CLARIFY and told is None
        return suggester.suggest(considered.understood, reply.told if told is None else told, reply.near, asks_back)

    async def _written(self, index: Index, question: Question, considered: Considered) -> AsyncGenerator[Event, None]:
        """The reply by the language model; by the extractive engine when nothing of it can be shown."""
        from kompasbot.answering.llm import Asides, Declined, GaveUp

        spent, asides = Spent(), Asides()
        draft = Draft(_new_id(), considered.reply.status, index.id, EXTRACTIVE)
        task = await self._task(index, question, considered, spent)
        try:
            async with aclosing(self._llm().write(index, task, draft, spent, asides)) as events:
                async for event in events:
                    yield event
        except GaveUp as reason:
            _log.warning("the extractive engine answers: %s", reason)
            draft.status = considered.reply.status
            draft.engine = EngineUsed("extractive", fallback_reason=str(reason))
            yield draft.start()
            for event in self._composed(draft, considered):
                yield event
            yield self._finished(index, question, considered, draft)
            return
        except Declined:
            draft.status = Status.REFUSED
            yield draft.start()
            text = self._texts.get("weigering.buiten", seed=question.text)
            for event in draft.write(own(BlockKind.INTRO, text)):
                yield event
        yield self._finished(index, question, considered, draft, self._llm().usage(spent), asides.choices)

    async def _task(self, index: Index, question: Question, considered: Considered, spent: Spent) -> "Task":
        """What the language model is asked: with the question reworded where it leans on the conversation."""
        from kompasbot.answering.llm import Task

        part = considered.understood.parts[0] if considered.understood.parts else None
        leaning = question.history and part is not None and part.leans and not part.units
        reworded = await self._llm().condensed(question.history, question.text, spent) if leaning else None
        if reworded:
            considered = await self._considered(index, replace(question, messages=(Message("user", reworded),)))
        reply, replier = considered.reply, self.replier(index)
        found = [each.evidence for each in reply.parts if each.evidence]
        if not found:
            asked = part or Part(text=question.text, query=question.text)
            found = [replier.gatherer.gather(asked, (), Asking(question.factsheet))]
        best = list({unit.unit.id: unit for evidence in found for unit in evidence.units}.values())
        told = [unit for source in reply.told for unit in replier.units.of.get(source, ())]
        first = [evidence.units[0].unit.id for evidence in found if evidence.units]

        return Task(
            question.text,
            reworded or (part.query if part else question.text),
            question.history,
            replier.units,
            best,
            tuple(dict.fromkeys((*(part.units if part else ()), *told, *first)))[:_FOCUS],
            question.factsheet,
            answered=reply.status is Status.ANSWERED,
            told=any(each.outcome is Outcome.TOLD and (each.part.units or each.part.leans) for each in reply.parts),
            outside=reply.status is Status.REFUSED,
            short=considered.understood.act is Act.SHORTER,
            english=considered.understood.english or considered.understood.language == "en",
        )


def _new_id() -> str:
    return uuid4().hex
