"""The figures as a maintainer reads them: tables by style and kind, what was missed, what changed. In Dutch."""

from collections.abc import Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from kompasbot.evaluation.comparison import Change, name_of
from kompasbot.evaluation.figures import ALL, Figures, Miss, Table

_TITLES: Final = {
    "retrieval": "Zoeken: staat een goed item bovenaan?",
    "answers": "Antwoorden op vragen die de bronnen beantwoorden",
    "out_of_scope_right": "Vragen buiten de bronnen: goed herkend",
    "dialogue_turns_right": "Beurten in gesprekken: goed begrepen",
    "conversations": "Gesprekken: zoals een zorgvuldige collega zou antwoorden",
    "sound": "Antwoorden zonder fout in de opbouw",
    "latency": "Tijd in milliseconden",
}
_COLUMNS: Final = {
    "n": "aantal",
    "r@1": "in 1",
    "r@3": "in 3",
    "r@5": "in 5",
    "mrr@10": "mrr",
    "answered": "antwoord",
    "confident": "volledig",
    "first_right": "1e goed",
    "gold_cover": "dekking",
    "precision": "precisie",
    "facts": "feiten",
    "quotes_verbatim": "letterl.",
    "right": "goed",
    "good": "goed",
    "says": "verteld",
    "direct": "meteen",
    "denied": "ontkend",
    "hedged": "voorbehoud",
    "echo": "herhaald",
    "asks": "vraagt",
    "words": "woorden",
    "focus": "gericht",
    "share": "aandeel",
    "p50_ms": "midden",
    "p95_ms": "traagste 5 %",
}


def show_figures(console: Console, figures: Figures, misses: int) -> None:
    """Print all tables, the faults, and the first ``misses`` misses."""
    for part, title in _TITLES.items():
        if figures.tables.get(part):
            console.print(_grid(title, figures.tables[part]))
    for fault in figures.faults[:misses]:
        console.print(f"fout in {fault.id}: {fault.fault}", markup=False)
    for one in figures.set_aside:
        console.print(
            f"telt niet mee  {one.id}  {', '.join(one.items)} is er niet (meer)  {one.question}", markup=False
        )
    _show_misses(console, figures.misses, misses)


def _grid(title: str, table: Table) -> Grid:
    columns = [column for column in _COLUMNS if any(column in row for row in table.values())]
    grid = _plain(title, "", *(_COLUMNS[column] for column in columns))
    for key, row in table.items():
        name = "samen" if key == ALL else key
        grid.add_row(name, *(_number(row.get(column), column) for column in columns))
    return grid


def _plain(title: str, *columns: str) -> Grid:
    grid = Grid(*columns, title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=0)
    for column in grid.columns[1:]:
        column.justify = "right"
    return grid


def _number(value: float | None, column: str) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if column in ("n", "words") else f"{value:.1f}" if column.endswith("_ms") else f"{value:.3f}"


def _show_misses(console: Console, misses: Sequence[Miss], most: int) -> None:
    for miss in misses[:most]:
        line = f"mis  {miss.part}  {miss.id}  verwacht: {miss.wanted}  gekregen: {miss.got or 'niets'}"
        console.print(f"{line}  {miss.question}{f'  ({miss.why})' if miss.why else ''}", markup=False)
    left = len(misses) - most
    if left > 0:
        console.print(f"Nog {left} missers: geef --misses {len(misses)} mee, of --json.", markup=False)


def show_changes(console: Console, changes: Sequence[Change]) -> None:
    """Print what differs from an earlier run."""
    if not changes:
        console.print("\nAlle cijfers zijn gelijk aan die van de eerdere meting.")
        return
    grid = _plain("Anders dan in de eerdere meting", "cijfer", "eerder", "nu", "verschil")
    for change in changes:
        numbers = (f"{change.before:.3f}", f"{change.after:.3f}", f"{change.difference:+.3f}")
        grid.add_row(name_of(change.part, change.row, change.figure), *numbers)
    console.print(grid)
