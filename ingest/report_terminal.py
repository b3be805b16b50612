"""The report of an ingestion in the terminal."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.markup import escape

from ingest.edits import ADDED, GONE, Edit
from ingest.findings import Finding
from ingest.report import HEALTH, PLURAL, Change, Report, SheetReport, percentage
from kompasbot.knowledge import Health, Known

if TYPE_CHECKING:
    from rich.console import Console

_MARKS: Final = {"nieuw": "[green]+[/]", "gewijzigd": "[yellow]~[/]", "verwijderd": "[red]-[/]"}
_COLOURS: Final = {"fout": "red", "waarschuwing": "yellow", "info": "cyan"}
_MOST_CHANGES: Final = 40
_MOST_FINDINGS: Final = 60


def show(report: Report, console: "Console") -> None:
    """Print a report for a person."""
    if report.is_quiet:
        console.print(f"{report.reason} De index [bold]{report.generation}[/] blijft in gebruik.")
        _findings(console, report.findings)
        return
    if report.rehearsal:
        console.print("[bold]Proef[/]: dit zou er gebeuren. Er is niets veranderd.")
    if report.stopped:
        _stop(console, report)
    for sheet in report.sheets:
        _sheet(console, sheet)
    _totals(console, report)
    _findings(console, report.findings)
    if report.published:
        console.print(f"\n[green]Klaar.[/] De nieuwe index [bold]{report.generation}[/] is in gebruik.")


def _stop(console: "Console", report: Report) -> None:
    console.print(f"[red bold]{'Publiceren zou stoppen' if report.rehearsal else 'Gestopt'}.[/] ", end="")
    console.print(report.stopped, markup=False, highlight=False)
    console.print(f"  → {report.advice}", markup=False, highlight=False)
    _worse(console, report)


def _worse(console: "Console", report: Report) -> None:
    """The questions that do worse than before; a whole table would not fit a terminal."""
    if report.facts:
        console.print("\n[bold]Feiten die veranderd zijn[/]")
    for fact in report.facts:
        lines = (
            fact.question,
            f"verwacht: {fact.fact}",
            f"antwoord eerst: {fact.before}",
            f"antwoord nu: {fact.after}",
            f"staat in: {fact.where}",
        )
        console.print("  " + "\n      ".join(lines), markup=False)
    if report.worse:
        console.print("\n[bold]Vragen die slechter gaan[/]")
    for one in report.worse:
        console.print(f"  {one.question}\n      moet geven: {one.wanted}\n      geeft nu: {one.got}", markup=False)


def _sheet(console: "Console", sheet: SheetReport) -> None:
    console.print(f"\n[bold]{escape(sheet.title)}[/]  [dim]{sheet.id}[/]")
    for kind, counts in sheet.counts.items():
        console.print(f"  {PLURAL[kind]}: {counts.sentence()}")
    for change in sheet.changes[:_MOST_CHANGES]:
        _change(console, change)
    if len(sheet.changes) > _MOST_CHANGES:
        console.print(f"    … en nog {len(sheet.changes) - _MOST_CHANGES}")


def _change(console: "Console", change: Change) -> None:
    console.print(f"    {_MARKS[change.kind]} {change.kind}: ", end="", highlight=False)
    console.print(change.title, markup=False, highlight=False)
    for edit in change.edits:
        _edit(console, edit)


def _edit(console: "Console", edit: Edit) -> None:
    from rich.text import Text

    line = Text(f"        {edit.field}: ", style="dim")
    for piece in edit.pieces:
        if piece.kind == GONE:
            line.append(f"[-{piece.text}-] ", style="red")
        elif piece.kind == ADDED:
            line.append(f"[+{piece.text}+] ", style="green")
        else:
            line.append(f"{piece.text} ", style="default")
    console.print(line)


def _totals(console: "Console", report: Report) -> None:
    console.print(f"\nPassages: {report.passages.sentence()}. Nieuwe vectoren: {report.embedded}.")
    if report.tokens is not None:
        cost = "" if report.cost is None else f", ongeveer € {report.cost:.2f}"
        console.print(f"Embeddingmodel: ongeveer {report.tokens} tokens{cost}.")
    if any(report.links.values()):
        console.print(
            f"Links: {report.links[Known.KNOWN]} bekend, {report.links[Known.PROBABLE]} vermoedelijk, "
            f"{report.links[Known.UNKNOWN]} onbekend."
        )
    if set(report.health) - {Health.UNCHECKED}:
        states = ", ".join(f"{number} {HEALTH[Health(kind)]}" for kind, number in report.health.items())
        console.print(f"Toestand van de links: {states}.")
    if report.questions_asked:
        console.print(f"Verwachte vragen: {report.questions_found} van {report.questions_asked} vinden hun eigen item.")
    same = [name for name, figure in report.evaluation.items() if report.evaluation_before.get(name) == figure]
    for name, figure in report.evaluation.items():
        before = report.evaluation_before.get(name)
        if name not in same:
            was = "" if before is None else f" (was {percentage(before)})"
            console.print(f"Evaluatie, {name}: {percentage(figure)}{was}.", markup=False)
    if same:
        console.print(f"Evaluatie, cijfers die niet veranderd zijn: {len(same)}.")
    if (report.evaluation_message or report.facts) and not report.stopped:
        console.print(f"[yellow]{escape(report.evaluation_message)}[/]")
        _worse(console, report)


def _findings(console: "Console", findings: Sequence[Finding]) -> None:
    if not findings:
        return
    console.print("\n[bold]Let op[/]")
    for finding, following in zip_longest(findings[:_MOST_FINDINGS], findings[1:_MOST_FINDINGS]):
        console.print(f"  [{_COLOURS[finding.severity]}]{finding.severity}[/] ", end="")
        console.print(f"{finding.where}: {finding.message}", highlight=False, markup=False)
        # The same advice for several findings in a row is given once, below the last.
        if finding.hint and (following is None or following.hint != finding.hint):
            console.print(f"    → {finding.hint}", highlight=False, markup=False)
    if len(findings) > _MOST_FINDINGS:
        console.print(f"  … en nog {len(findings) - _MOST_FINDINGS}; de HTML-pagina en --json geven ze alle.")
