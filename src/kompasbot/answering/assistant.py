"""The visitor's flow, top to bottom: conversation, question, items, status, answer, events."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import uuid4

from kompasbot.answering.answer import Answer, BlockKind, Done, EngineUsed, Event, Question, Status
from kompasbot.answering.asked import Asked, understand
from kompasbot.answering.conversation import Resolved, Turn, resolve
from kompasbot.answering.draft import Draft, Paragraph
from kompasbot.answering.extractive import compose, own
from kompasbot.answering.finding import find
from kompasbot.answering.intents import load_intents
from kompasbot.answering.scope import Verdict, judge
from kompasbot.answering.selection import Selection, select
from kompasbot.answering.suggestions import suggest
from kompasbot.errors import BadRequest, EngineUnavailable
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking
from kompasbot.settings import Settings

EXTRACTIVE = EngineUsed("extractive")


@dataclass(frozen=True, slots=True)
class Found:
    """A question as it was understood and what was found for it: the ground that an engine writes on."""

    resolved: Resolved
    asked: Asked
    ranking: Ranking
    selection: Selection
    verdict: Verdict


class Assistant:
    """Answers questions over an index. Holds no conversation: everything it needs comes with the question."""

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self._settings = settings
        self._texts = texts
        self._intents = load_intents()

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        """The answer as events; see :mod:`kompasbot.answering.answer`. Raises before the first event, or not at
        all.

        :class:`BadRequest` for an empty question, :class:`NotFound` for an unknown factsheet and
        :class:`EngineUnavailable` when the language model is asked for but not configured.
        """
        self.check(index, question)
        for event in self._reply(index, question):
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
        if question.engine == "llm":
            raise EngineUnavailable(
                "Er is geen taalmodel ingesteld.",
                "Kies engine 'auto' of 'extractive', of stel OPENAI_API_KEY of OPENAI_BASE_URL in.",
            )

    def _reply(self, index: Index, question: Question) -> Iterator[Event]:
        verdict = self._greeted_or_refused(question.text)
        if verdict:
            return self._in_own_words(index, question, verdict)
        found = self.look_up(index, question)
        if found.verdict.status is Status.REFUSED:
            near = [one.item.id for one in found.ranking.scored]
            return self._in_own_words(index, question, found.verdict, near)
        return self._extractive(index, question, found)

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
        ranking = find(index, resolved, asked, question.factsheet)
        selection = select(index, asked, resolved, ranking, question.factsheet)
        return Found(resolved, asked, ranking, selection, judge(index, asked, resolved, ranking.concepts, selection))

    def _extractive(self, index: Index, question: Question, found: Found) -> Iterator[Event]:
        draft = Draft(_new_id(), found.verdict.status, index.id, EXTRACTIVE)
        yield draft.start()
        for paragraph in self._noticed(found, self._composed(index, found)):
            yield from draft.write(paragraph)
        told = [one.item.id for one in found.selection.chosen]
        near = [one.item.id for one in found.ranking.scored[:8]]
        yield draft.finish(suggest(index, self._texts, question.text, told, near))

    def _composed(self, index: Index, found: Found) -> list[Paragraph]:
        concepts = found.ranking.concepts
        short = found.resolved.turn is Turn.SHORTER
        return compose(found.selection, found.asked, lambda text: index.share(concepts, text), self._texts, short=short)

    def _noticed(self, found: Found, paragraphs: list[Paragraph]) -> list[Paragraph]:
        """A partial answer begins with what the sources do not say; an intro would promise too much then. An English
        question is told why the answer is Dutch.
        """
        verdict = found.verdict
        lead = [own(BlockKind.INTRO, self._texts.get("antwoord.engels"))] if found.asked.english else []
        if verdict.status is not Status.PARTIAL:
            return [*lead, *paragraphs]
        notice = own(BlockKind.NOTICE, self._texts.get(verdict.text, **verdict.fields))
        return [notice, *lead, *(paragraph for paragraph in paragraphs if paragraph.kind is not BlockKind.INTRO)]

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


def _new_id() -> str:
    return uuid4().hex
