"""The visitor's flow, top to bottom: conversation, question, items, status, answer, events."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

from kompasbot.answering.answer import Answer, BlockKind, Done, EngineUsed, Event, Question, Status
from kompasbot.answering.asked import understand
from kompasbot.answering.draft import Draft, Paragraph
from kompasbot.answering.extractive import compose, own
from kompasbot.answering.intents import load_intents
from kompasbot.answering.scope import Verdict, judge
from kompasbot.answering.selection import Selection, select
from kompasbot.answering.suggestions import suggest
from kompasbot.errors import BadRequest, EngineUnavailable
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings

EXTRACTIVE = EngineUsed("extractive")
_SILENT = ("nood", "schade")
"""Refusals after which no questions are suggested."""


class Assistant:
    """Answers questions over an index. Holds no conversation: everything it needs comes with the question."""

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self._settings = settings
        self._texts = texts
        self._intents = load_intents()

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        """The answer as events; see :mod:`kompasbot.answering.answer`. Raises before the first event, or not at all.

        :class:`BadRequest` for an empty question, :class:`NotFound` for an unknown factsheet and
        :class:`EngineUnavailable` when the language model is asked for but not configured.
        """
        self.check(index, question)
        for event in self._extractive(index, question):
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

    def _extractive(self, index: Index, question: Question) -> Iterator[Event]:
        small_talk = self._intents.small_talk(question.text)
        if small_talk:
            return self._own(index, question, Status.SMALLTALK, f"praatje.{small_talk}")
        refusal = self._intents.refusal(question.text)
        if refusal:
            return self._own(index, question, Status.REFUSED, f"weigering.{refusal}", silent=refusal in _SILENT)
        asked = understand(question.text)
        ranking = index.rank(asked.text, question.factsheet)
        selection = select(index, asked, ranking, question.factsheet)
        verdict = judge(index, asked, ranking, selection)
        near = [one.item.id for one in ranking.scored[:8]]
        if verdict.status is Status.REFUSED:
            return self._own(index, question, Status.REFUSED, verdict.text, candidates=near)
        paragraphs = compose(selection, asked, lambda text: index.share(ranking.concepts, text), self._texts)
        return self._told(index, question, verdict, self._noticed(verdict, paragraphs), selection, near)

    def _noticed(self, verdict: Verdict, paragraphs: list[Paragraph]) -> list[Paragraph]:
        """A partial answer begins with what the sources do not say; an intro would promise too much then."""
        if verdict.status is not Status.PARTIAL:
            return paragraphs
        notice = own(BlockKind.NOTICE, self._texts.get(verdict.text, **verdict.fields))
        return [notice, *(paragraph for paragraph in paragraphs if paragraph.kind is not BlockKind.INTRO)]

    def _told(
        self,
        index: Index,
        question: Question,
        verdict: Verdict,
        paragraphs: list[Paragraph],
        selection: Selection,
        near: list[str],
    ) -> Iterator[Event]:
        draft = Draft(_new_id(), verdict.status, index.id, EXTRACTIVE)
        yield draft.start()
        for paragraph in paragraphs:
            yield from draft.write(paragraph)
        told = [one.item.id for one in selection.chosen]
        yield draft.finish(suggest(index, self._texts, question.text, told, near))

    def _own(
        self,
        index: Index,
        question: Question,
        status: Status,
        text: str,
        silent: bool = False,
        candidates: list[str] | None = None,
    ) -> Iterator[Event]:
        """A reply in our own words only."""
        draft = Draft(_new_id(), status, index.id, EXTRACTIVE)
        yield draft.start()
        yield from draft.write(own(BlockKind.INTRO, self._texts.get(text, seed=question.text)))
        yield draft.finish(() if silent else suggest(index, self._texts, question.text, (), candidates or ()))


def _new_id() -> str:
    return uuid4().hex
