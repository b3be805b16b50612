"""The part of an ingestion that changes nothing that serves: read, cut, embed, index, look over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.corpus import CorpusReading, read_corpus
from ingest.findable import Findability, try_questions
from ingest.findings import Finding
from ingest.gate import Verdict
from ingest.inspection import inspect
from ingest.passages import cut
from ingest.readings import Readings
from ingest.report import Report, compare
from ingest.steps import Steps
from ingest.vectors import Embedded, embed
from kompasbot.embedding import Embedder
from kompasbot.errors import IndexFailure, PublicationStopped
from kompasbot.knowledge import Knowledge
from kompasbot.retrieval.lexical import build_arrays
from kompasbot.settings import Settings
from kompasbot.store import Place, current, place_of
from kompasbot.store.place import fetched
from kompasbot.store.vectors import Vectors
from kompasbot.store.written import read_knowledge

SHRINKAGE: Final = 0.2
"""A loss of more than this share of the items or passages must be meant."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What serves now: the generation's folder and its knowledge."""

    folder: Path
    knowledge: Knowledge


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a new generation will hold, and what is to be said about it; ``before`` serves now."""

    before: Serving | None
    reading: CorpusReading
    readings: Readings
    knowledge: Knowledge
    embedded: Embedded
    arrays: Mapping[str, NDArray[np.generic]]
    findable: Findability
    inspected: tuple[Finding, ...]

    def report(
        self, generation: str, verdict: Verdict | None, more: Sequence[Finding], seconds: Mapping[str, float]
    ) -> Report:
        """The report of this ingestion; without a ``generation`` it was a rehearsal."""
        findings = (*more, *self.reading.findings, *self.inspected, *self.findable.findings)
        old = self.before.knowledge if self.before else None
        return Report(
            generation=generation,
            published=bool(generation),
            rehearsal=not generation,
            **compare(old, self.knowledge),
            embedded=self.embedded.fresh,
            tokens=self.embedded.tokens,
            cost=self.embedded.cost,
            questions_asked=self.findable.asked,
            questions_found=self.findable.found,
            evaluation=dict(verdict.figures) if verdict else {},
            evaluation_before=dict(verdict.before) if verdict else {},
            evaluation_message=verdict.message if verdict else "",
            findings=findings,
            seconds=dict(seconds),
        )


def prepare(
    settings: Settings, corpus: Path, embedder: Embedder, steps: Steps, *, accept: bool = False, dry: bool = False
) -> Prepared:
    """Read the corpus and make everything of a new generation but Chroma; with ``dry`` nothing is kept or asked."""
    with steps.timed("lezen"):
        before = serving_now(place_of(settings))
        readings = Readings(settings.readings_dir, writes=not dry)
        reading = read_corpus(corpus, before.knowledge if before else None, accept, settings.links_dir, readings)
    with steps.timed("knippen"):
        knowledge = replace(reading.knowledge, passages=cut(reading.knowledge.items))
        _refuse_empty(knowledge, corpus)
    with steps.timed("vectoren"):
        known = Vectors(settings.vectors_dir, embedder.name, embedder.dimension)
        told = partial(steps.progress, "vectoren")
        price = settings.embedding_price
        embedded = embed(knowledge.passages, embedder, known, told, dry=dry, per_million=price)
    with steps.timed("index"):
        arrays = build_arrays(knowledge)
    with steps.timed("nakijken"):
        findable = try_questions(knowledge, embedded.vectors, arrays, embedder.name)
        inspected = tuple(inspect(knowledge.items, knowledge.passages))
    return Prepared(before, reading, readings, knowledge, embedded, arrays, findable, inspected)


def serving_now(place: Place) -> Serving | None:
    """What serves now, as far as it can be read; a damaged generation counts as none."""
    name = current(place)
    if name is None:
        return None
    try:
        folder = fetched(place, name)
        return Serving(folder, read_knowledge(folder))
    except (IndexFailure, OSError, ValueError):
        return None


def _refuse_empty(knowledge: Knowledge, corpus: Path) -> None:
    if not knowledge.passages:
        raise PublicationStopped(
            f"In het corpus '{corpus}' staat geen tekst om te doorzoeken.", "Voeg een factsheet of document toe."
        )


def refuse_shrinkage(before: Serving | None, knowledge: Knowledge) -> None:
    """Stop when much is gone that was there: more often a damaged file than an editor's wish."""
    if before is None:
        return
    for what, old, new in (
        ("items", len(before.knowledge.items), len(knowledge.items)),
        ("passages", len(before.knowledge.passages), len(knowledge.passages)),
    ):
        if new < (1 - SHRINKAGE) * old:
            raise PublicationStopped(
                f"Het aantal {what} daalt van {old} naar {new}. De oude index blijft in gebruik.",
                "Controleer of er geen bestand ontbreekt of leeg is. Klopt het zo? Gebruik dan --force.",
            )
