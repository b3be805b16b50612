"""The assistant as the server asks it: with the day's budget of tokens before it, figures and statistics behind it."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import cast

from kompasbot.answering.answer import Answer, Done, Event, Question, Said, Started
from kompasbot.answering.assistant import Assistant, Considered
from kompasbot.errors import LimitReached
from kompasbot.prompts import Texts
from kompasbot.records import Answered
from kompasbot.retrieval.index import Index
from kompasbot.server.guard.admission import duration
from kompasbot.server.guard.limiter import Limiter
from kompasbot.server.guard.spending import SPENT
from kompasbot.server.metrics import Meters
from kompasbot.server.origins import SITE
from kompasbot.tracing import Span, current, within


class Watched(Assistant):
    """Asks another assistant; when the day's tokens are gone, that answers without the language model.

    ``note`` is told of every answer that was given whole.
    """

    def __init__(
        self, inner: Assistant, limiter: Limiter, meters: Meters, texts: Texts, note: Callable[[Answered], None]
    ) -> None:
        self._inner = inner
        self._limiter = limiter
        self._meters = meters
        self._own_texts = texts
        self._tell = note

    def prepare(self) -> None:
        """Load what the language model needs."""
        self._inner.prepare()

    async def aclose(self) -> None:
        """Close the connections to the language model."""
        await self._inner.aclose()

    def check(self, index: Index, question: Question) -> None:
        """Raise what is wrong with a question before anything is sent."""
        self._inner.check(index, question)

    def consider(self, index: Index, question: Question) -> Considered:
        """Understand a question and decide what is said to it."""
        return self._inner.consider(index, question)

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        """The answer as events; raises :class:`LimitReached` when a language model is asked for without tokens left."""
        began, first = time.perf_counter(), 0.0
        refusal = await self._limiter.exhausted() if question.engine != "extractive" else None
        if refusal and question.engine == "llm":
            self._meters.limited("tokens")
            text = self._own_texts.get("grens.tokens", tijd=duration(refusal.seconds))
            raise LimitReached(text, retry_after=refusal.seconds)
        asked = replace(question, engine="extractive") if refusal else question
        status = 0.0
        # Async generators, so that they can be closed when the visitor leaves.
        inner = cast("AsyncGenerator[Event, None]", self._inner.events(index, asked))
        async with aclosing(traced(inner)) as events:
            async for event in events:
                now = time.perf_counter() - began
                match event:
                    case Started():
                        status = now
                    case Said():
                        first = first or now
                    case Done(answer) if refusal:
                        engine = replace(answer.engine, fallback_reason=SPENT)
                        event = Done(replace(answer, engine=engine))  # noqa: PLW2901
                if isinstance(event, Done):
                    self._note(event.answer, {"status": status, "first_sentence": first, "done": now})
                    self._tell(answered(question, event.answer))
                yield event

    def _note(self, answer: Answer, stages: dict[str, float]) -> None:
        for stage, seconds in stages.items():
            self._meters.stage(answer.engine.name, stage, seconds)
        self._meters.answered(answer)


async def traced(events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
    """The events of an answer, with a span over all of them that holds the spans of what they wait for."""
    span = current().begin("answer")
    try:
        async with aclosing(events):
            while True:
                # Around each step apart: two steps can run in different tasks, whose contexts differ.
                with within(span):
                    event = await anext(events, None)
                match event:
                    case None:
                        return
                    case Started():
                        span.reached("status")
                        span.set({"kompasbot.status": event.status.value})
                    case Said():
                        span.reached("sentence")
                    case Done(answer):
                        _describe(span, answer)
                yield event
    except Exception as error:
        span.failed(type(error).__name__)
        raise
    finally:
        span.end()


def _describe(span: Span, answer: Answer) -> None:
    span.set(
        {
            "kompasbot.engine": answer.engine.name,
            "kompasbot.fallback_reason": answer.engine.fallback_reason,
            "kompasbot.index": answer.index,
            "kompasbot.citations": len(answer.citations),
        }
    )


def answered(question: Question, answer: Answer) -> Answered:
    """What the statistics take of an answer."""
    item_ids = tuple(dict.fromkeys(one.item_id for one in answer.citations))
    return Answered(
        answer.status.value,
        answer.engine.name,
        answer.engine.fallback_reason,
        question.factsheet or next((one.factsheet for one in answer.citations), None),
        item_ids,
        question.text,
        SITE.get(),
    )
