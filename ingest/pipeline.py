"""The maintainer's flow, top to bottom: read, cut, embed what changed, build, check, switch, report.

A crash at any point leaves the serving generation untouched; the next run cleans up and starts anew.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from ingest.corpus import CorpusReading, corpus_digest, read_corpus
from ingest.findings import Finding
from ingest.items import remember_ids
from ingest.passages import cut, embedded_text
from ingest.report import Report, changes
from kompasbot.embedding import Embedder
from kompasbot.errors import Busy, CorpusError, IndexFailure, KompasbotError, PublicationStopped
from kompasbot.knowledge import Knowledge, Passage
from kompasbot.retrieval.lexical import build_arrays
from kompasbot.settings import Settings
from kompasbot.store import Contents, Manifest, current, prune, publish, read_manifest, sweep
from kompasbot.store.generation import check_fit, read_knowledge

Progress = Callable[[str, int, int], None]
"""Told the step's name, how much of it is done and how much there is."""

SHRINKAGE: Final = 0.2
"""A loss of more than this share of the items or passages must be meant."""
_EMBED_BATCH: Final = 256

Matrix = NDArray[np.float32]


@dataclass(slots=True)
class Steps:
    """Times the steps and tells a listener where the ingestion is."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, name: str) -> None:
        """Begin a step that the store reports itself."""
        self.progress(name, 0, 1)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Run a step, and note how long it took."""
        self.progress(name, 0, 1)
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 3)
        self.progress(name, 1, 1)


@dataclass(frozen=True, slots=True)
class Serving:
    """What serves now: the generation's manifest, its knowledge and the row of vectors of each passage's digest."""

    manifest: Manifest
    knowledge: Knowledge
    rows: dict[str, int]
    vectors: Matrix


def ingest(
    settings: Settings,
    corpus: Path,
    embedder: Embedder,
    *,
    accept: bool = False,
    force: bool = False,
    progress: Progress = lambda _name, _done, _all: None,
) -> Report:
    """Bring the index up to date with the corpus, and report.

    ``accept`` takes ids that are not certain, ``force`` publishes in spite of an unexplained shrinkage. Raises
    :class:`Busy` at once when another ingestion runs; otherwise what its steps raise.
    """
    steps = Steps(progress)
    with _alone(settings.index_dir):
        sweep(settings.index_dir)
        unchanged = _unchanged(settings, corpus, embedder)
        if unchanged:
            return Report.nothing_changed(unchanged)
        with steps.timed("lezen"):
            before = _serving(settings.index_dir)
            reading = read_corpus(corpus, before.knowledge if before else None, accept, settings.links_dir)
        with steps.timed("knippen"):
            knowledge = replace(reading.knowledge, passages=cut(reading.knowledge.items))
            _refuse_empty(knowledge, corpus)
            _refuse_shrinkage(before, knowledge, force)
        with steps.timed("vectoren"):
            vectors, embedded = _embed(knowledge.passages, before, embedder, progress)
        with steps.timed("index"):
            arrays = build_arrays(knowledge)
        with steps.timed("ids bewaren"):
            sources, doubts = _remember(reading, corpus, settings.links_dir)
        with steps.timed("publiceren"):
            contents = Contents(knowledge, vectors, arrays, embedder.name, embedder.dimension, sources)
            manifest = publish(settings.index_dir, contents, steps)
            prune(settings.index_dir, settings.keep_generations)
    old = before.knowledge if before else None
    return changes(manifest, old, knowledge, embedded, (*reading.findings, *doubts), steps.seconds)


@contextmanager
def _alone(index_dir: Path) -> Iterator[None]:
    """Hold the lock of the index; raises :class:`Busy` at once when another process has it."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(index_dir / "ingest.lock", timeout=0):
            yield
    except Timeout as error:
        raise Busy("Er loopt al een ingestie.", "Wacht tot die klaar is en probeer het opnieuw.") from error
    except OSError as error:
        raise KompasbotError(
            f"De map '{index_dir}' is niet te gebruiken: {error.strerror or error}.",
            "Controleer de schijfruimte en de rechten, of kies een andere map met KOMPASBOT_DATA.",
        ) from error


def _unchanged(settings: Settings, corpus: Path, embedder: Embedder) -> Manifest | None:
    """The serving manifest when the corpus, its links, the embedder and the program's formats are still the same."""
    index_dir = settings.index_dir
    name = current(index_dir)
    if name is None:
        return None
    try:
        manifest = read_manifest(index_dir / name)
        check_fit(manifest, embedder.name)
    except IndexFailure:
        return None
    return manifest if manifest.sources == corpus_digest(corpus, settings.links_dir) else None


def _serving(index_dir: Path) -> Serving | None:
    """What serves now, as far as it can be read; a damaged generation counts as none."""
    name = current(index_dir)
    if name is None:
        return None
    try:
        folder = index_dir / name
        manifest, knowledge = read_manifest(folder), read_knowledge(folder)
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    except (IndexFailure, OSError, ValueError):
        return None
    rows = {passage.digest: row for row, passage in enumerate(knowledge.passages)}
    return Serving(manifest, knowledge, rows, vectors)


def _refuse_empty(knowledge: Knowledge, corpus: Path) -> None:
    if not knowledge.passages:
        raise PublicationStopped(
            f"In het corpus '{corpus}' staat geen tekst om te doorzoeken.", "Voeg een factsheet of document toe."
        )


def _refuse_shrinkage(before: Serving | None, knowledge: Knowledge, force: bool) -> None:
    """Stop when much is gone that was there: more often a damaged file than an editor's wish."""
    if before is None or force:
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


def _embed(
    passages: Sequence[Passage], before: Serving | None, embedder: Embedder, progress: Progress
) -> tuple[Matrix, int]:
    """A vector for each passage, and how many had to be computed: the others are taken over by their digest."""
    vectors = np.zeros((len(passages), embedder.dimension), np.float32)
    known = before if before and before.manifest.embedder == embedder.name else None
    fresh: dict[str, list[int]] = {}
    for at, passage in enumerate(passages):
        row = known.rows.get(passage.digest) if known else None
        if row is None or known is None:
            fresh.setdefault(passage.digest, []).append(at)
        else:
            vectors[at] = known.vectors[row]
    places = list(fresh.values())
    for start in range(0, len(places), _EMBED_BATCH):
        batch = places[start : start + _EMBED_BATCH]
        found = embedder.embed_matrix([embedded_text(passages[same[0]]) for same in batch])
        for vector, same in zip(found, batch, strict=True):
            vectors[same] = vector
        progress("vectoren", min(start + _EMBED_BATCH, len(places)), len(places))
    return vectors, len(places)


def _remember(reading: CorpusReading, corpus: Path, links: Path) -> tuple[str, list[Finding]]:
    """Write the ids of new items into the corpus, and give the digest of the corpus as it then is.

    Where they can't be written, a finding says so: these ids could change later. A corpus that was edited since it was
    read keeps its old digest, so that the next run sees the edit.
    """
    if not reading.new_ids or corpus_digest(corpus, links) != reading.digest:
        return reading.digest, []
    doubts = []
    for folder, entries in reading.new_ids.items():
        try:
            remember_ids(folder, entries)
        except CorpusError as error:
            message = f"De ids van nieuwe items zijn niet bewaard. {error}"
            doubts.append(Finding("waarschuwing", f"{folder.name}/items.yaml", message, error.hint))
    return corpus_digest(corpus, links), doubts
