"""``kompasbot questions``: export or delete the questions that were kept."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TextIO

import typer

if TYPE_CHECKING:
    from kompasbot.records import KeptQuestion

app = typer.Typer(help="Bewaarde vragen van bezoekers: exporteer ze of gooi ze weg.", no_args_is_help=True)
_COLUMNS: Final = ("tijd", "vraag", "status", "engine", "items", "factsheet", "site")
_ALL: Final = 10_000_000
_STEERS: Final = ("=", "+", "-", "@", "\t", "\r")


class Kind(StrEnum):
    """Which answer a question got."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    REFUSED = "refused"
    CLARIFY = "clarify"
    SMALLTALK = "smalltalk"


@app.command(help="Schrijf de bewaarde vragen als CSV, of met --json als JSON; de nieuwste eerst.")
def export(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="JJJJ-MM-DD", help="Alleen vanaf deze dag (UTC).")
    ] = None,
    status: Annotated[list[Kind] | None, typer.Option(help="Alleen met dit antwoord; mag vaker.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Bestand; anders op het scherm.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Geef de vragen als JSON.")] = False,
) -> None:
    """Write what was kept; a file is replaced."""
    import sys

    from kompasbot.errors import KompasbotError, reason_of
    from kompasbot.records.store import records_of
    from kompasbot.settings import load_settings

    settings = load_settings()
    records = records_of(settings)
    found = records.questions(_utc(since), frozenset(one.value for one in status) if status else None, _ALL)
    write = _write_json if as_json else _write_csv
    if output is None:
        write(found, sys.stdout)
    else:
        try:
            # The mark tells a spreadsheet that this is UTF-8.
            with output.open("w", encoding="utf-8" if as_json else "utf-8-sig", newline="") as file:
                write(found, file)
        except OSError as error:
            raise KompasbotError(
                f"{output} is niet te schrijven: {reason_of(error)}.", "Kies een ander bestand met --output."
            ) from error
    typer.echo(f"Vragen: {len(found)}.", err=True)
    if not found and not settings.keep_questions:
        typer.echo("Vragen worden niet bewaard. Wil je dat wel, zet dan KOMPASBOT_KEEP_QUESTIONS=true.", err=True)


@app.command(help="Gooi bewaarde vragen weg: alles (--all), of wat ouder is dan een dag (--before).")
def delete(
    before: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="JJJJ-MM-DD", help="Alles van vóór deze dag (UTC).")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Alle vragen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Vraag niet eerst of het mag.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Geef het aantal als JSON.")] = False,
) -> None:
    """Remove questions for good."""
    import json

    from kompasbot.errors import KompasbotError
    from kompasbot.records.store import records_of
    from kompasbot.settings import load_settings

    if everything == (before is not None):
        raise KompasbotError("Zeg welke vragen weg mogen.", "Kies --all, of --before met een dag: 2026-01-31.")
    if not yes and not _agreed("Deze vragen komen niet terug. Weggooien? [j/N] "):
        typer.echo("Er is niets weggegooid.", err=True)
        raise typer.Exit(1)
    count = records_of(load_settings()).forget_questions(_utc(before))
    typer.echo(json.dumps({"deleted": count}) if as_json else f"Weggegooid: {count} vragen.")


def _agreed(question: str) -> bool:
    import sys

    typer.echo(question, err=True, nl=False)
    return sys.stdin.readline().strip().lower() in {"j", "ja"}


def _utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _write_json(found: "list[KeptQuestion]", file: TextIO) -> None:
    import json
    from dataclasses import asdict

    json.dump([asdict(one) for one in found], file, ensure_ascii=False, indent=1, default=datetime.isoformat)
    file.write("\n")


def _write_csv(found: "list[KeptQuestion]", file: TextIO) -> None:
    import csv

    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found:
        moment = one.created.strftime("%Y-%m-%d %H:%M:%S")
        row = (moment, one.text, one.status, one.engine, " ".join(one.item_ids), one.factsheet or "", one.site or "")
        writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet takes for text and not for a formula."""
    plain = "".join(char if char.isprintable() or char == "\n" else " " for char in cell)
    return f"'{plain}" if plain.startswith(_STEERS) else plain
