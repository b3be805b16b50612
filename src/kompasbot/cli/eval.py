"""``kompasbot eval``: the figures of a question set, in tables or as JSON, compared and gated."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from kompasbot.cli.ingest import progress_bar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kompasbot.evaluation import Figures
    from kompasbot.settings import Settings
    from kompasbot.store.notes import Resolved

HELP: Final = (
    "Meet hoe goed de antwoorden zijn, met een map met vragen (standaard: de map 'evaluatie' van de factsheet). "
    "Met --gate is de exitcode 9 als de cijfers de grens niet halen."
)


def evaluate(
    questions: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SET]",
            help="Map met questions.jsonl, outofscope.jsonl, dialogues.jsonl en gesprekken.jsonl.",
            show_default=False,
        ),
    ] = None,
    factsheet: Annotated[str | None, typer.Option(help="De factsheet waar de vragen over gaan.")] = None,
    compare: Annotated[Path | None, typer.Option(help="Cijfers van een eerdere meting, om mee te vergelijken.")] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Stop met exitcode 9 als de cijfers te laag zijn, of lager dan eerst.")
    ] = False,
    save: Annotated[Path | None, typer.Option(help="Bewaar de cijfers in dit bestand.")] = None,
    engine: Annotated[Literal["auto", "extractive", "llm"], typer.Option(help="Wat de antwoorden schrijft.")] = "auto",
    misses: Annotated[int, typer.Option(min=0, help="Toon hoogstens zoveel missers.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Geef alle cijfers en missers als JSON.")] = False,
) -> None:
    """Measure the published index with a question set."""
    from kompasbot.evaluation import compare as changes_between
    from kompasbot.evaluation import read_figures

    earlier = read_figures(compare) if compare else None
    figures = measure(questions, factsheet, engine, earlier)
    changes = changes_between(earlier, figures) if earlier else ()
    if save:
        _write(save, json.dumps(figures.to_dict(), ensure_ascii=False, indent=1))
    if as_json:
        compared = {"changes": [asdict(change) for change in changes]} if earlier else {}
        typer.echo(json.dumps(figures.to_dict() | compared, ensure_ascii=False, indent=1))
    else:
        from rich.console import Console

        from kompasbot.evaluation.rendering import show_changes, show_figures

        console = Console(soft_wrap=True, highlight=False)
        show_figures(console, figures, misses)
        if earlier:
            show_changes(console, changes)
    if gate:
        _pass_gate(figures, earlier)


def measure(folder: Path | None, factsheet: str | None, engine: str, earlier: "Figures | None" = None) -> "Figures":
    """The figures of the published index over a set; its rows mean what they did in an ``earlier`` run."""
    from kompasbot.answering.assistant import Assistant
    from kompasbot.evaluation import evaluate as run
    from kompasbot.evaluation import find_set, load_set
    from kompasbot.prompts import load_texts
    from kompasbot.retrieval.index import open_index
    from kompasbot.settings import load_settings

    settings = load_settings()
    own = folder or find_set(settings.corpus, factsheet)
    questions = load_set(own)
    index = open_index(settings)
    try:
        about = factsheet or (own.parent.name if folder is None else None)
        with progress_bar() as progress:
            return run(
                index,
                Assistant(settings, load_texts()),
                questions,
                about,
                engine=engine,
                known=earlier.rows if earlier else _noted(settings, questions.name),
                progress=progress,
            )
    finally:
        index.close()


def _noted(settings: "Settings", name: str) -> "Mapping[str, Resolved]":
    """What the rows of a set meant when the serving generation was published."""
    from kompasbot.store import current, place_of
    from kompasbot.store.notes import Measured, read_notes
    from kompasbot.store.place import fetched

    where = place_of(settings)
    serving = current(where)
    measured = read_notes(fetched(where, serving)).measured if serving else {}
    return measured.get(name, Measured()).rows


def _write(path: Path, text: str) -> None:
    from kompasbot.errors import KompasbotError, reason_of

    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise KompasbotError(f"De cijfers kunnen niet in {path} worden bewaard: {reason_of(error)}.") from error


def _pass_gate(figures: "Figures", earlier: "Figures | None") -> None:
    from kompasbot.errors import BelowGate
    from kompasbot.evaluation import shortcomings

    found = shortcomings(figures, earlier)
    if found:
        raise BelowGate(
            "De cijfers halen de grens niet:\n" + "\n".join(f"- {one}" for one in found),
            "Bekijk de missers en verbeter de factsheet, vragen.yaml of begrippen.yaml.",
        )
