"""``kompasbot ingest``: bring the index up to date with the corpus."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kompasbot.cli import links
from kompasbot.errors import KompasbotError, reason_of

if TYPE_CHECKING:
    from ingest.pipeline import Progress
    from ingest.report import Report
    from kompasbot.settings import Settings

Corpus = Annotated[Path | None, typer.Option(help="Map met de factsheets (anders KOMPASBOT_CORPUS).")]
Accept = Annotated[bool, typer.Option("--accept", help="Neem ids over die niet zeker zijn.")]
Force = Annotated[
    bool, typer.Option("--force", help="Publiceer ook als er veel minder is dan eerst of de evaluatie slechter is.")
]
AcceptFact = Annotated[
    bool, typer.Option("--accept-fact", help="Publiceer ook als feiten veranderd zijn die de evaluatie verwacht.")
]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Bouw de index ook als er niets veranderd is.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Laat zien wat er zou gebeuren, en verander niets.")]
Fetch = Annotated[bool, typer.Option("--fetch", help="Haal eerst de gelinkte documenten op.")]
Watch = Annotated[bool, typer.Option("--watch", help="Blijf kijken en werk bij zodra er bestanden veranderen.")]
First = Annotated[bool, typer.Option("--first", help="Alleen als er nog geen index is, bij een eerste start.")]
Html = Annotated[Path | None, typer.Option(help="Schrijf het verslag als HTML in dit bestand.")]
AsJson = Annotated[bool, typer.Option("--json", help="Geef het verslag als JSON.")]


def ingest(
    corpus: Corpus = None,
    accept: Accept = False,
    accept_fact: AcceptFact = False,
    force: Force = False,
    rebuild: Rebuild = False,
    dry_run: DryRun = False,
    watch: Watch = False,
    fetch: Fetch = False,
    first: First = False,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Read the factsheets, publish a new generation of the index and print the report."""
    from kompasbot.settings import load_settings

    settings = load_settings(corpus=corpus)
    if watch and (dry_run or rebuild):
        raise KompasbotError("--watch gaat niet samen met --dry-run of --rebuild.", "Geef die opdracht apart.")
    if fetch and dry_run:
        raise KompasbotError("--fetch en --dry-run gaan niet samen.", "Gebruik eerst 'kompasbot links', dan --dry-run.")
    if first and _present(settings):
        typer.echo("Er is al een index. Bijwerken doe je met: kompasbot ingest", err=True)
        return
    fetch = (fetch or settings.fetch) and not dry_run
    if watch:
        from kompasbot.cli.watch import watch as keep_up

        daily = links.Daily(settings) if fetch else None

        def once() -> None:
            if daily:
                daily()
            _once(settings, accept, accept_fact, force, False, False, html, as_json)

        keep_up(settings.corpus, once, daily.is_due if daily else lambda: False)
        return
    if fetch:
        links.fetch(settings)
    _once(settings, accept, accept_fact, force, rebuild, dry_run, html, as_json)


def _present(settings: "Settings") -> bool:
    from kompasbot.store import current, place_of

    return current(place_of(settings)) is not None


def _once(
    settings: "Settings",
    accept: bool,
    accept_fact: bool,
    force: bool,
    rebuild: bool,
    dry_run: bool,
    html: Path | None,
    as_json: bool,
) -> None:
    from ingest import pipeline
    from ingest.report import Report
    from kompasbot.cli.gate import answer_faults, gate_for
    from kompasbot.embedding import embedder_for

    embedder = embedder_for(settings)
    gate = gate_for(settings.corpus)
    try:
        with progress_bar() as progress:
            if dry_run:
                report = pipeline.rehearse(
                    settings,
                    settings.corpus,
                    embedder,
                    accept=accept,
                    accept_fact=accept_fact,
                    gate=gate,
                    check_answers=answer_faults,
                    progress=progress,
                )
            else:
                report = pipeline.ingest(
                    settings,
                    settings.corpus,
                    embedder,
                    accept=accept,
                    accept_fact=accept_fact,
                    force=force,
                    rebuild=rebuild,
                    gate=gate,
                    check_answers=answer_faults,
                    progress=progress,
                )
    except KompasbotError as error:
        # What stopped it can only be judged with the whole report.
        if isinstance(error.report, Report):
            _tell(error.report, as_json)
            _write_page(error.report, html, settings)
        raise
    _tell(report, as_json)
    _write_page(report, html, settings)


def _tell(report: "Report", as_json: bool) -> None:
    from rich.console import Console

    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
    else:
        report.render(Console(soft_wrap=True))


def _write_page(report: "Report", html: Path | None, settings: "Settings") -> None:
    """Write the report as a page: where it is asked for, else beside the index when there is more to read than that
    nothing changed. A page that is there is not replaced by one that says no more than that.
    """
    path = html or (None if report.is_quiet or report.rehearsal else settings.data / "verslag.html")
    if path is None:
        return
    if report.is_quiet and path.is_file():
        typer.echo(f"Er is niets veranderd: het verslag in {path} blijft staan.", err=True)
        return
    from ingest.report_html import page

    try:
        path.write_text(page(report), encoding="utf-8")
    except OSError as error:
        raise KompasbotError(
            f"Het verslag is niet te schrijven in '{path}': {reason_of(error)}.",
            "De index zelf is in orde. Kies met --html een ander bestand.",
        ) from error
    typer.echo(f"Het verslag staat ook in {path}", err=True)


@contextmanager
def progress_bar() -> Iterator["Progress"]:
    """A progress bar on stderr; plain lines where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        seen: set[str] = set()

        def tell(name: str, _done: int, _total: int) -> None:
            if name not in seen:
                seen.add(name)
                typer.echo(f"{name} …", err=True)

        yield tell
        return
    columns = (TextColumn("{task.description:>14}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")

        def show(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total)

        yield show
