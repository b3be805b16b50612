"""The maintainer's flow, top to bottom: read, cut, embed what changed, build, check, have approved, switch, report.

A crash at any point leaves the serving generation untouched; the next run cleans up and starts anew.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from ingest.files import corpus_digest
from ingest.findings import Finding
from ingest.gate import AnswerCheck, Gate, Verdict, open_gate, unchecked
from ingest.report import Report
from ingest.steps import Progress, Steps
from kompasbot.embedding import Embedder
from kompasbot.errors import IndexFailure, KompasbotError, PublicationStopped, UncertainMatch
from kompasbot.fetching.shelf import Shelf
from kompasbot.settings import Settings
from kompasbot.store import alone, current, place_of, prune, publish, read_manifest, sweep
from kompasbot.store.generation import check_fit
from kompasbot.store.manifest import damage
from kompasbot.store.place import fetched, withdrawn
from kompasbot.store.publishing import write_draft
from kompasbot.store.written import read_knowledge

if TYPE_CHECKING:
    from ingest.preparing import Prepared

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
    accept_fact: bool = False,
    force: bool = False,
    rebuild: bool = False,
    gate: Gate = open_gate,
    check_answers: AnswerCheck = unchecked,
    progress: Progress = lambda _name, _done, _all: None,
) -> Report:
    """Bring the index up to date with the corpus, and report.

    ``accept`` takes ids that are not certain, ``accept_fact`` facts that changed; ``force`` publishes in spite of an
    unexplained loss, a worse evaluation or a rollback; ``rebuild`` builds although nothing changed. ``gate`` is asked
    between check and switch; reviewed answers that do not hold by ``check_answers`` are left out and named.
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
        from ingest.approval import Approval
        from ingest.preparing import prepare

        prepared = prepare(settings, corpus, embedder, steps, accept=accept, check_answers=check_answers)
        approval = Approval(prepared, corpus, settings.links_dir, gate, place.url, force, accept_fact)
        try:
            _refuse_doubts(prepared, force)
            with steps.timed("publiceren"):
                manifest = publish(place, prepared.contents(embedder), steps, approval)
        except (UncertainMatch, PublicationStopped) as error:
            error.report = prepared.report(
                prepared.before.serving, steps.seconds, verdict=approval.verdict, more=approval.doubts, stop=error
            )
            raise
        with steps.timed("opruimen"):
            prune(place, settings.keep_generations)
            prepared.readings.drop_unused()
    return prepared.report(manifest.id, steps.seconds, published=True, verdict=approval.verdict, more=approval.doubts)


def rehearse(
    settings: Settings,
    corpus: Path,
    embedder: Embedder,
    *,
    accept: bool = False,
    accept_fact: bool = False,
    gate: Gate = open_gate,
    check_answers: AnswerCheck = unchecked,
    progress: Progress = lambda _name, _done, _all: None,
) -> Report:
    """Report what an ingestion would do, and change nothing: no lock, no file, no request to an endpoint.

    The ``gate`` is asked about a draft in a temporary folder. Raises as the reading does; what would stop a publication
    stands in the report, but for :class:`~kompasbot.errors.UncertainMatch`, which carries it.
    """
    from ingest.approval import refusal
    from ingest.preparing import prepare

    steps = Steps(progress)
    prepared = prepare(settings, corpus, embedder, steps, accept=accept, dry=True, check_answers=check_answers)
    stop: KompasbotError | None = None
    try:
        _refuse_doubts(prepared, force=False)
    except UncertainMatch as error:
        error.report = prepared.report(prepared.before.serving, steps.seconds, rehearsal=True, stop=error)
        raise
    except PublicationStopped as error:
        stop = error
    verdict, doubts = None, []
    if getattr(embedder, "remote", False):
        message = "De antwoorden zijn niet beoordeeld: een proef vraagt niets aan het embeddingmodel."
        doubts = [Finding("info", "evaluatie", message, "Een echte ingestie beoordeelt ze wel.")]
    else:
        verdict = _tried(prepared, embedder, gate, steps)
        stop = stop or refusal(verdict, accept_fact)
    serving = prepared.before.serving
    return prepared.report(serving, steps.seconds, rehearsal=True, verdict=verdict, more=doubts, stop=stop)


def _tried(prepared: "Prepared", embedder: Embedder, gate: Gate, steps: Steps) -> Verdict:
    """What the gate says of a draft that is thrown away."""
    with steps.timed("beoordelen"), TemporaryDirectory(prefix="kompasbot-proef-") as folder:
        draft = Path(folder) / "proef"
        write_draft(draft, "proef", datetime.now(UTC), prepared.contents(embedder))
        return gate(draft, prepared.before.folders, None)


def _refuse_doubts(prepared: "Prepared", force: bool) -> None:
    """Raise what stops a publication before anything is built."""
    if prepared.doubt:
        raise prepared.doubt
    if not force:
        prepared.before.refuse_losses(prepared.knowledge)


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
    if manifest.sources != digest or not sound:
        return None
    return Report.nothing_changed(manifest, "", tuple(_standing(folder, settings.links_dir)))


def _standing(folder: Path, links: Path) -> Iterator[Finding]:
    """What still should be looked at when nothing changed: what the report of the generation said, save of links that
    the last check found in order, and what that check did not renew.
    """
    records = Shelf(links).load()
    old = {one.where: one for one in _old_copies(folder, links)} if any(one.reason for one in records.values()) else {}
    for one in _noted(folder):
        record = records.get(one.where)
        if record is None or (record.reason and one.where not in old):
            yield one
    yield from old.values()


def _noted(folder: Path) -> tuple[Finding, ...]:
    from kompasbot.store.notes import read_notes

    try:
        return tuple(Finding(**one) for one in read_notes(folder).findings)  # type: ignore[arg-type]
    except TypeError:
        return ()


def _old_copies(folder: Path, links: Path) -> list[Finding]:
    """What the last check of the links did not renew of what a generation's folder holds."""
    from ingest.linked import old_copies

    return old_copies(links, read_knowledge(folder).items)
