"""``kompasbot check``: whether sentences are supported by an item, by the deterministic check alone."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from kompasbot.errors import BadRequest, KompasbotError, NotFound, reason_of

if TYPE_CHECKING:
    from kompasbot.knowledge import Item

_USE: Final = "Geef --item en --sentence samen, of --file met een rij per regel."
_FIELDS: Final = ("item", "sentence")


def check(
    item: Annotated[str | None, typer.Option(help="Het item: zijn id, of factsheet/soort/plaats.")] = None,
    sentence: Annotated[str | None, typer.Option(help="De zin die je wilt controleren.")] = None,
    file: Annotated[Path | None, typer.Option(help="JSON-regels met 'item' en 'sentence'; - is de invoer.")] = None,
) -> None:
    """Check one sentence, or all rows of a file; a JSON line a row on stdout, exit 1 when a row can't be checked."""
    if (file is None) == (item is None and sentence is None) or (file is None and None in (item, sentence)):
        raise BadRequest("Het is niet duidelijk wat je wilt controleren.", _USE)
    lines = None if file is None else _lines(file)
    shelf = _Shelf()
    if lines is None:
        _say(shelf.check({"item": item, "sentence": sentence}))
        return
    broken = 0
    for number, line in lines:
        try:
            _say(shelf.check(_row(line)))
        except KompasbotError as error:
            broken += 1
            typer.echo(f"Regel {number}: {error} {error.hint}".rstrip(), err=True)
            _say({"line": number, "supported": False, "verdict": "error", "reasons": [str(error)]})
    if broken:
        typer.echo(f"{broken} van de regels zijn niet gecontroleerd; ze hebben verdict 'error'.", err=True)
        raise typer.Exit(1)


class _Shelf:
    """The published items under both their names, and the check over them."""

    def __init__(self) -> None:
        from kompasbot.answering.faithfulness import Checker
        from kompasbot.retrieval.index import open_index
        from kompasbot.retrieval.query import Synonyms
        from kompasbot.settings import load_settings

        index = open_index(load_settings())
        try:
            knowledge = index.knowledge
        finally:
            index.close()
        self._checker: Checker = Checker(knowledge.items, Synonyms(knowledge.synonyms))
        places = {f"{one.factsheet}/{one.type}/{one.position}": one for one in knowledge.items}
        self._items: dict[str, Item] = places | {one.id: one for one in knowledge.items}

    def check(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The verdict on a row; raises :class:`NotFound` for an unknown item."""
        item = self._items.get(row["item"].strip().strip("/"))
        if item is None:
            raise NotFound(
                f"Er is geen item met de naam '{row['item'][:120]}'.",
                "Gebruik een id zoals in items.yaml, of factsheet/soort/plaats.",
            )
        found = self._checker.check(row["sentence"], [item])
        return {
            "item": row["item"],
            "sentence": row["sentence"],
            "supported": found.supported,
            "verdict": found.verdict.value,
            "reasons": list(found.reasons),
        }


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file (or of stdin) that are not blank, with their numbers."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"Het bestand {file} is geen tekst in UTF-8.", "Sla het op als UTF-8.") from error
    except OSError as error:
        raise BadRequest(f"Het bestand {file} is niet te lezen: {reason_of(error)}.", "Controleer de naam.") from error
    return ((at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip())


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadRequest(f"Dit is geen JSON: {error}.", "Zet op elke regel een JSON-object.") from error
    if not isinstance(row, dict):
        raise BadRequest("Dit is geen JSON-object.", "Zet op elke regel een JSON-object.")
    missing = [name for name in _FIELDS if not isinstance(row.get(name), str) or not row[name].strip()]
    if missing:
        raise BadRequest(f"Het veld '{missing[0]}' ontbreekt of is geen tekst.", "Geef 'item' en 'sentence' als tekst.")
    return row


def _say(row: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(row, ensure_ascii=False))
