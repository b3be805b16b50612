"""``kompasbot index``: the generations of the index, and the way back."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kompasbot.store.upkeep import Listed

app = typer.Typer(help="Bekijk de generaties van de index, ga terug of ruim op.", no_args_is_help=True)


@app.command("list", help="Toon de generaties, de nieuwste eerst.")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Geef de lijst als JSON.")] = False) -> None:
    """Show all generations."""
    from kompasbot.embedding import embedder_for
    from kompasbot.settings import load_settings
    from kompasbot.store import place_of, upkeep

    settings = load_settings()
    found = upkeep.listed(place_of(settings), embedder_for(settings).name)
    if as_json:
        typer.echo(json.dumps([_row(one) for one in found], ensure_ascii=False, indent=1))
    elif not found:
        typer.echo("Er is nog geen index. Bouw hem: kompasbot ingest.")
    else:
        _show(found)


def _row(one: "Listed") -> dict[str, object]:
    manifest = {key: value for key, value in asdict(one.manifest).items() if key != "files"} if one.manifest else {}
    return {**manifest, "id": one.id, "serving": one.serving, "harm": one.harm, "bytes": one.size}


def _show(found: "list[Listed]") -> None:
    from rich.console import Console
    from rich.table import Column, Table

    whole = partial(Column, no_wrap=True)
    columns = (
        whole(""),
        whole("Generatie"),
        whole("Gemaakt (UTC)"),
        "Items",
        "Doc.",
        "Passages",
        "MB",
        whole("Toestand"),
    )
    table = Table(*columns, box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for one in found:
        manifest = one.manifest
        counts = (manifest.items, manifest.documents, manifest.passages) if manifest else ("?", "?", "?")
        table.add_row(
            "→" if one.serving else "",
            one.id,
            manifest.created[:16].replace("T", " ") if manifest else "?",
            *map(str, counts),
            f"{one.size / 1e6:.1f}",
            "[red]niet bruikbaar[/]" if one.harm else "[green]in gebruik[/]" if one.serving else "goed",
        )
    console = Console(soft_wrap=True)
    console.print(table)
    for one in found:
        if one.harm:
            console.print(f"{one.id}: {one.harm}", markup=False, highlight=False)


@app.command("activate", help="Neem een generatie in gebruik.")
def activate(name: Annotated[str, typer.Argument(metavar="GENERATIE", help="Haar naam uit de lijst.")]) -> None:
    """Let another generation serve."""
    from kompasbot.embedding import embedder_for
    from kompasbot.settings import load_settings
    from kompasbot.store import place_of, upkeep

    settings = load_settings()
    upkeep.activate(place_of(settings), name, embedder_for(settings).name)
    typer.echo(f"De index {name} is in gebruik. Draaiende servers nemen hem vanzelf over.")


@app.command("rollback", help="Ga terug naar de vorige generatie.")
def rollback() -> None:
    """Go back to the generation before the serving one."""
    from kompasbot.embedding import embedder_for
    from kompasbot.settings import load_settings
    from kompasbot.store import place_of, upkeep

    settings = load_settings()
    name = upkeep.rollback(place_of(settings), embedder_for(settings).name)
    typer.echo(f"Terug naar de index {name}. Draaiende servers nemen hem vanzelf over.")
    typer.echo("Een volgende ingestie publiceert pas weer als er bestanden veranderd zijn.")


@app.command(
    "vectors", help="Zet de vectoren van het corpus bij het corpus: een eerste ingestie rekent ze dan niet uit."
)
def vectors(corpus: Annotated[Path | None, typer.Option(help="Map met de factsheets.")] = None) -> None:
    """Write the vectors of the corpus beside it, from nothing but its files."""
    from tempfile import TemporaryDirectory

    from ingest.corpusvectors import write_vectors
    from ingest.preparing import prepare
    from ingest.steps import Steps
    from kompasbot.cli.ingest import progress_bar
    from kompasbot.embedding import embedder_for
    from kompasbot.settings import load_settings

    with TemporaryDirectory(prefix="kompasbot-vectoren-") as folder, progress_bar() as progress:
        settings = load_settings(corpus=corpus, data=Path(folder))
        embedder = embedder_for(settings)
        prepared = prepare(settings, settings.corpus, embedder, Steps(progress), accept=True)
    embedded = prepared.embedded
    path = write_vectors(settings.corpus, embedder.name, embedded.by_digest)
    typer.echo(f"Van {len(embedded.by_digest)} teksten staan de vectoren in {path}; {embedded.fresh} zijn nieuw.")


@app.command("clean", help="Ruim oude generaties en ongebruikte vectoren op.")
def clean(
    keep: Annotated[int | None, typer.Option(min=1, help="Houd zoveel generaties over.")] = None,
) -> None:
    """Remove old generations, what broken ingestions left, and vectors that nothing uses."""
    from kompasbot.embedding import embedder_for
    from kompasbot.settings import load_settings
    from kompasbot.store import place_of, upkeep
    from kompasbot.store.vectors import Vectors

    settings = load_settings()
    embedder = embedder_for(settings)
    vectors = Vectors(settings.vectors_dir, embedder.name, embedder.dimension)
    gone = upkeep.clean(place_of(settings), keep or settings.keep_generations, vectors)
    typer.echo(f"Opgeruimd. Generaties: {len(gone.generations)}. Vectoren: {gone.vectors}.")
