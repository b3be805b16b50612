"""``kompasbot feedback``: what visitors thought of answers, and what they suggest."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kompasbot.records import Judgement, Suggestion


def feedback(
    as_json: Annotated[bool, typer.Option("--json", help="Geef alles als JSON.")] = False,
) -> None:
    """Show what was kept, the newest first."""
    from kompasbot.records.store import records_of
    from kompasbot.settings import load_settings

    records = records_of(load_settings())
    try:
        judgements, suggestions = records.judgements()[::-1], records.suggestions()[::-1]
    finally:
        records.close()
    if as_json:
        _print_json(judgements, suggestions)
    else:
        _show(judgements, suggestions)


def _print_json(judgements: "list[Judgement]", suggestions: "list[Suggestion]") -> None:
    import json
    from dataclasses import asdict

    found = {"feedback": [asdict(one) for one in judgements], "suggestions": [asdict(one) for one in suggestions]}
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1, default=datetime.isoformat))


def _show(judgements: "list[Judgement]", suggestions: "list[Suggestion]") -> None:
    helped = sum(one.rating == "up" for one in judgements)
    typer.echo(f"Antwoorden die hielpen: {helped} van de {len(judgements)} die zijn beoordeeld.")
    for one in judgements:
        if one.remark or one.question:
            thumb = "hielp" if one.rating == "up" else "hielp niet"
            typer.echo(f"\n{_heading(one.created, one.site)}, {thumb}")
            _field("Vraag", one.question)
            _field("Opmerking", one.remark)
    typer.echo(f"\nSuggesties: {len(suggestions)}.")
    for idea in suggestions:
        typer.echo(f"\n{_heading(idea.created, idea.site)}")
        _field("Factsheet", idea.factsheet)
        _field("Suggestie", idea.text)
        _field("Bereikbaar via", idea.contact)


def _heading(created: datetime | None, site: str | None) -> str:
    return (created.strftime("%d-%m-%Y") if created else "?") + (f", site {site}" if site else "")


def _field(name: str, text: str | None) -> None:
    """A line of what a visitor typed, without what would steer a terminal."""
    if text:
        plain = "".join(char if char.isprintable() else " " for char in text)
        typer.echo(f"  {name}: {plain}")
