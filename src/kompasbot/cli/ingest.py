"""``kompasbot ingest``: bring the index up to date with the corpus."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kompasbot.cli import links

if TYPE_CHECKING:
    from ingest.pipeline import Progress


def ingest(
    corpus: Annotated[Path | None, typer.Option(help="Map met de factsheets (anders KOMPASBOT_CORPUS).")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Neem ids over die niet zeker zijn.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Publiceer ook als er veel minder is dan eerst.")] = False,
    fetch: Annotated[bool, typer.Option("--fetch", help="Haal eerst de gelinkte documenten op.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Geef het verslag als JSON.")] = False,
) -> None:
    """Read the factsheets, publish a new generation of the index and print the report."""
    from rich.console import Console

    from ingest import pipeline
    from kompasbot.embedding import embedder_for
    from kompasbot.settings import load_settings

    settings = load_settings(corpus=corpus)
    if fetch or settings.fetch:
        links.fetch(settings, settings.corpus)
    with progress_bar() as progress:
        report = pipeline.ingest(
            settings, settings.corpus, embedder_for(settings), accept=accept, force=force, progress=progress
        )
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
    else:
        report.render(Console(soft_wrap=True))


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
