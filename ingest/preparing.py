"""The part of an ingestion that changes nothing that serves: read, cut, embed, index, look over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.answers import ANSWERS_FILE
from ingest.before import Before, before_now
from ingest.corpus import CorpusReading, UncertainReading, read_corpus
from ingest.corpusvectors import read_vectors
from ingest.findable import Findability, try_questions
from ingest.findings import Finding
from ingest.gate import AnswerCheck, Verdict, unchecked
from ingest.inspection import inspect
from ingest.passages import cut, embedded_text, reviewed_questions
from ingest.readings import Readings
from ingest.report import Report, compare
from ingest.steps import Steps
from ingest.vectors import Embedded, embed
from kompasbot.embedding import Embedder
from kompasbot.errors import KompasbotError, PublicationStopped, UncertainMatch
from kompasbot.knowledge import Knowledge, PassageKind
from kompasbot.retrieval.index import ANSWER_VECTORS, MEAN_VECTOR
from kompasbot.retrieval.lexical import build_arrays
from kompasbot.settings import Settings
from kompasbot.store import Contents, place_of
from kompasbot.store.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a new generation will hold, and what is to be said about it.

    ``before`` is what it is compared with; with a ``doubt`` the ids are no more than a proposal.
    """

    before: Before
    reading: CorpusReading
    readings: Readings
    knowledge: Knowledge
    embedded: Embedded
    arrays: Mapping[str, NDArray[np.generic]]
    findable: Findability
    inspected: tuple[Finding, ...]
    doubt: UncertainMatch | None = None

    def findings(self, verdict: Verdict | None = None, more: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        """All that a person should look at, ``more`` first."""
        compared = [*self.before.doubts(), *_uncompared(self.before, verdict)]
        evaluated = verdict.findings if verdict else ()
        return (*compared, *more, *evaluated, *self.reading.findings, *self.inspected, *self.findable.findings)

    def contents(self, embedder: Embedder) -> Contents:
        """What the new generation will hold."""
        vectors, sources = self.embedded.vectors, self.reading.digest
        return Contents(self.knowledge, vectors, self.arrays, embedder.name, embedder.dimension, sources)

    def report(
        self,
        generation: str,
        seconds: Mapping[str, float],
        *,
        published: bool = False,
        rehearsal: bool = False,
        verdict: Verdict | None = None,
        more: Sequence[Finding] = (),
        stop: KompasbotError | None = None,
    ) -> Report:
        """The report of this ingestion; ``generation`` is the one that serves after it, ``stop`` what stopped it."""
        return Report(
            generation=generation,
            published=published,
            rehearsal=rehearsal,
            **compare(self.before.knowledge, self.knowledge),
            embedded=self.embedded.fresh,
            tokens=self.embedded.tokens,
            cost=self.embedded.cost,
            questions_asked=self.findable.asked,
            questions_found=self.findable.found,
            evaluation=dict(verdict.figures) if verdict else {},
            evaluation_before=dict(verdict.before) if verdict else {},
            evaluation_message=verdict.message if verdict else "",
            worse=verdict.worse if verdict else (),
            facts=verdict.facts if verdict else (),
            findings=self.findings(verdict, more),
            seconds=dict(seconds),
            stopped=str(stop) if stop else "",
            advice=stop.hint if stop else "",
        )


def _uncompared(before: Before, verdict: Verdict | None) -> list[Finding]:
    """Says that questions were not held against an earlier generation, where there is one."""
    if not verdict or not verdict.uncompared or not before.folders:
        return []
    names = ", ".join(verdict.uncompared)
    message = f"Niet vergeleken: van deze vragen zijn er geen cijfers van een eerdere index: {names}."
    return [Finding("waarschuwing", "evaluatie", message, "Kijk zelf of de cijfers goed genoeg zijn.")]


def prepare(
    settings: Settings,
    corpus: Path,
    embedder: Embedder,
    steps: Steps,
    *,
    accept: bool = False,
    dry: bool = False,
    check_answers: AnswerCheck = unchecked,
) -> Prepared:
    """Read the corpus and make everything of a new generation but Chroma; with ``dry`` nothing is kept or asked, nor
    is it where ids are in doubt. Reviewed answers that do not hold by ``check_answers`` are left out.
    """
    doubt = None
    with steps.timed("lezen"):
        before = before_now(place_of(settings))
        readings = Readings(settings.readings_dir, writes=not dry)
        try:
            reading = read_corpus(corpus, before.knowledge, accept, settings.links_dir, readings)
        except UncertainReading as error:
            reading, doubt = error.reading, error
    with steps.timed("knippen"):
        knowledge = replace(reading.knowledge, passages=cut(reading.knowledge.items))
        _refuse_empty(knowledge, corpus)
        knowledge, withheld = _without_faults(knowledge, check_answers)  # before their questions get vectors
    with steps.timed("vectoren"):
        known = Vectors(settings.vectors_dir, embedder.name, embedder.dimension)
        items = {item.id: item for item in knowledge.items}
        texts = [embedded_text(items[passage.item_id], passage) for passage in knowledge.passages]
        whole = embed(
            (*texts, *reviewed_questions(knowledge.answers)),
            embedder,
            known,
            partial(steps.progress, "vectoren"),
            shipped=read_vectors(corpus, embedder.name, embedder.dimension),
            dry=dry or doubt is not None,
            per_million=settings.embedding_price,
        )
        embedded, asked = whole.parted(len(knowledge.passages))
    with steps.timed("index"):
        arrays = {**build_arrays(knowledge), ANSWER_VECTORS: asked, MEAN_VECTOR: _mean(knowledge, embedded)}
    with steps.timed("nakijken"):
        findable = try_questions(knowledge, embedded.vectors, arrays, embedder.name)
        inspected = (*withheld, *inspect(knowledge.items, knowledge.passages))
    return Prepared(before, reading, readings, knowledge, embedded, arrays, findable, inspected, doubt)


def _without_faults(knowledge: Knowledge, check: AnswerCheck) -> tuple[Knowledge, tuple[Finding, ...]]:
    """The knowledge without the answers that do not hold, and a finding on each of these."""
    faults = check(knowledge)
    hint = "Pas de zin aan, of laat hem rusten op een bron die dit wel zegt."
    findings = tuple(
        Finding("fout", f"{one.factsheet}/{ANSWERS_FILE}", f"Het antwoord '{one.id}' doet niet mee: {reason}.", hint)
        for one, reason in faults.items()
    )
    kept = tuple(one for one in knowledge.answers if one not in faults)
    return replace(knowledge, answers=kept), findings


def _mean(knowledge: Knowledge, embedded: Embedded) -> NDArray[np.generic]:
    """The mean of the vectors of what can be cited."""
    rows = [row for row, passage in enumerate(knowledge.passages) if passage.kind is PassageKind.TEXT]
    return embedded.vectors[rows].mean(axis=0) if rows else embedded.vectors[:0]


def _refuse_empty(knowledge: Knowledge, corpus: Path) -> None:
    if not knowledge.passages:
        raise PublicationStopped(
            f"In het corpus '{corpus}' staat geen tekst om te doorzoeken.", "Voeg een factsheet of document toe."
        )
