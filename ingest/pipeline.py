"""The maintainer's flow, top to bottom: read, cut, embed what changed, build, check, have approved, switch, report.

A crash at any point leaves the serving generation untouched; the next run cleans up and starts anew.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.files import corpus_digest
from ingest.findings import Finding
from ingest.gate import Gate, Verdict, open_gate
from ingest.report import Report
from ingest.steps import Progress, Steps
from kompasbot.embedding import Embedder
from kompasbot.errors import CorpusError, IndexFailure, PublicationStopped
from kompasbot.settings import Settings
from kompasbot.store import Contents, Manifest, Place, alone, current, place_of, prune, publish, read_manifest, sweep
from kompasbot.store.generation import check_fit
from kompasbot.store.manifest import damage
from kompasbot.store.place import fetched, withdrawn

if TYPE_CHECKING:
    from ingest.corpus import CorpusReading
    from ingest.preparing import Prepared, Serving

__all__ = ["Progress", "ingest", "rehearse"]

TURNED_BACK: Final = (
    "Van deze stand van het corpus is teruggegaan met 'kompasbot index rollback'. "
    "Verander de bestanden, of gebruik --force om hem toch te publiceren."
)


def ingest(
    settings: Settings,
    corpus: Path,
    embedder: Embedder,
    *,
    accept: bool = False,
    force: bool = False,
    rebuild: bool = False,
    gate: Gate = open_gate,
    progress: Progress = lambda _name, _done, _all: None,
) -> Report:
    """Bring the index up to date with the corpus, and report.

    ``accept`` takes ids that are not certain; ``force`` publishes in spite of an unexplained shrinkage, a worse
    evaluation or a rollback; ``rebuild`` builds although nothing changed. ``gate`` is asked between check and switch.
    Raises :class:`~kompasbot.errors.Busy` at once when another ingestion runs; otherwise what its steps raise.
    """
    place, steps = place_of(settings), Steps(progress)
    steps("slot")
    with alone(place):
        steps("vergelijken")
        sweep(place)
        quiet = None if rebuild else _nothing_to_do(settings, corpus, embedder, force)
        if quiet:
            return quiet
        # Only now: dictionaries and parsers take a second to load, and there was nothing to do but look.
        from ingest.preparing import prepare, refuse_shrinkage

        prepared = prepare(settings, corpus, embedder, steps, accept=accept)
        if not force:
            refuse_shrinkage(prepared.before, prepared.knowledge)
        with steps.timed("ids bewaren"):
            sources, doubts = _remember(prepared.reading, corpus, settings.links_dir)
        with steps.timed("publiceren"):
            manifest, verdict = _publish(place, prepared, embedder, sources, steps, gate, force)
        with steps.timed("opruimen"):
            prune(place, settings.keep_generations)
            prepared.readings.drop_unused()
    return prepared.report(manifest.id, verdict, doubts, steps.seconds)


def rehearse(
    settings: Settings,
    corpus: Path,
    embedder: Embedder,
    *,
    accept: bool = False,
    progress: Progress = lambda _name, _done, _all: None,
) -> Report:
    """Report what an ingestion would do, and change nothing: no lock, no file, no request to an endpoint."""
    from ingest.preparing import prepare, refuse_shrinkage

    steps = Steps(progress)
    prepared = prepare(settings, corpus, embedder, steps, accept=accept, dry=True)
    stops = []
    try:
        refuse_shrinkage(prepared.before, prepared.knowledge)
    except PublicationStopped as error:
        stops.append(Finding("fout", "corpus", str(error), error.hint))
    return prepared.report("", None, stops, steps.seconds)


def _nothing_to_do(settings: Settings, corpus: Path, embedder: Embedder, force: bool) -> Report | None:
    """The report of a run that finds everything as it was, decided before Chroma is imported."""
    place = place_of(settings)
    name = current(place)
    if name is None:
        return None
    try:
        folder = fetched(place, name)
        manifest = read_manifest(folder)
        check_fit(manifest, embedder.name)
    except IndexFailure:
        return None
    digest = corpus_digest(corpus, settings.links_dir)
    if digest == withdrawn(place) and not force:
        return Report.nothing_changed(manifest, TURNED_BACK)
    # Chroma's own files change when they are opened: only ours can be compared.
    sound = damage(folder, manifest, skip=("vectors.npy",)) is None and (
        bool(place.url) or (folder / "chroma").is_dir()
    )
    return Report.nothing_changed(manifest) if manifest.sources == digest and sound else None


def _publish(
    place: Place, prepared: "Prepared", embedder: Embedder, sources: str, steps: Steps, gate: Gate, force: bool
) -> tuple[Manifest, Verdict]:
    contents = Contents(
        prepared.knowledge, prepared.embedded.vectors, prepared.arrays, embedder.name, embedder.dimension, sources
    )
    verdicts: list[Verdict] = []
    manifest = publish(place, contents, steps, _approval(place, prepared.before, gate, force, verdicts.append))
    return manifest, verdicts[0]


def _approval(
    place: Place, before: "Serving | None", gate: Gate, force: bool, noted: Callable[[Verdict], None]
) -> Callable[[Path], None]:
    """Asks the gate about a draft, and raises :class:`PublicationStopped` when it does not pass."""

    def approve(draft: Path) -> None:
        verdict = gate(draft, before.folder if before else None, place.url)
        noted(verdict)
        if not verdict.passed and not force:
            raise PublicationStopped(
                f"De nieuwe index is niet gepubliceerd. {verdict.message}",
                "De oude index blijft in gebruik. Bekijk wat er veranderd is; klopt het zo, gebruik dan --force.",
            )

    return approve


def _remember(reading: "CorpusReading", corpus: Path, links: Path) -> tuple[str, list[Finding]]:
    """Write the ids of new items into the corpus, and give the digest of the corpus as it then is.

    Where they can't be written, a finding says so: these ids could change later. A corpus that was edited since it was
    read keeps its old digest, so that the next run sees the edit.
    """
    if not reading.new_ids or corpus_digest(corpus, links) != reading.digest:
        return reading.digest, []
    from ingest.items import remember_ids

    doubts = []
    for folder, entries in reading.new_ids.items():
        try:
            remember_ids(folder, entries)
        except CorpusError as error:
            message = f"De ids van nieuwe items zijn niet bewaard. {error}"
            doubts.append(Finding("waarschuwing", f"{folder.name}/items.yaml", message, error.hint))
    return corpus_digest(corpus, links), doubts
