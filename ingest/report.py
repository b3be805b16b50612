"""The report of an ingestion: an immutable value that prints itself, for a person and for a program."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from ingest.findings import Finding
from kompasbot.knowledge import Item, ItemType, Knowledge, Known
from kompasbot.store import Manifest

if TYPE_CHECKING:
    from rich.console import Console

_PLURAL: Final = {
    ItemType.INSIGHT: "inzichten",
    ItemType.EXAMPLE: "praktijkvoorbeelden",
    ItemType.TOOL: "tools",
    ItemType.GENERAL: "algemene items",
    ItemType.DOCUMENT: "documenten",
}
_MARKS: Final = {"nieuw": "[green]+[/]", "gewijzigd": "[yellow]~[/]", "verwijderd": "[red]-[/]"}
_COLOURS: Final = {"fout": "red", "waarschuwing": "yellow", "info": "cyan"}


@dataclass(frozen=True, slots=True)
class Change:
    """One item or document that is not as it was: ``kind`` is nieuw, gewijzigd or verwijderd."""

    kind: str
    id: str
    type: str
    title: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of something are new, changed, removed and unchanged."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What changed in one factsheet or folder of documents; ``counts`` is by type of item."""

    id: str
    title: str
    changes: tuple[Change, ...]
    counts: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did. ``published`` is false when nothing had changed; ``seconds`` is by step."""

    generation: str
    published: bool
    sheets: tuple[SheetReport, ...]
    passages: Counts
    embedded: int
    links: Mapping[str, int]
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]

    @classmethod
    def nothing_changed(cls, manifest: Manifest) -> "Report":
        """The report of a run that found everything as it was."""
        return cls(manifest.id, False, (), Counts(unchanged=manifest.passages), 0, {}, (), {})

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, for ``--json``."""
        return asdict(self)

    def render(self, console: "Console") -> None:
        """Print the report for a person."""
        if not self.published:
            console.print(f"Er is niets veranderd. De index [bold]{self.generation}[/] blijft in gebruik.")
            return
        for sheet in self.sheets:
            _print_sheet(console, sheet)
        _print_totals(console, self)
        _print_findings(console, self.findings)
        console.print(f"\n[green]Klaar.[/] De nieuwe index [bold]{self.generation}[/] is in gebruik.")


def changes(
    manifest: Manifest,
    before: Knowledge | None,
    after: Knowledge,
    embedded: int,
    findings: Sequence[Finding],
    seconds: Mapping[str, float],
) -> Report:
    """Compare what was published with what served before."""
    old = {item.id: item for item in before.items} if before else {}
    new = {item.id: item for item in after.items}
    titles = {sheet.id: sheet.title for sheet in (*(before.factsheets if before else ()), *after.factsheets)}
    folders = dict.fromkeys(item.factsheet for item in (*after.items, *old.values()))
    return Report(
        manifest.id,
        True,
        tuple(_sheet(folder, titles.get(folder, folder), old, new) for folder in folders),
        _passages(before, after),
        embedded,
        _links(after.items),
        tuple(findings),
        dict(seconds),
    )


def _sheet(folder: str, title: str, old: Mapping[str, Item], new: Mapping[str, Item]) -> SheetReport:
    found: list[Change] = []
    counts: dict[str, Counts] = {}
    for kind in ItemType:
        before = {key: item for key, item in old.items() if item.factsheet == folder and item.type is kind}
        after = {key: item for key, item in new.items() if item.factsheet == folder and item.type is kind}
        if not before and not after:
            continue
        mine = [Change("nieuw", key, kind, after[key].title) for key in after if key not in before]
        mine += [
            Change("gewijzigd", key, kind, after[key].title)
            for key in after
            if key in before and after[key] != before[key]
        ]
        mine += [Change("verwijderd", key, kind, before[key].title) for key in before if key not in after]
        counts[kind] = _counted(mine, len(after))
        found += mine
    return SheetReport(folder, title, tuple(found), counts)


def _counted(found: Iterable[Change], total: int) -> Counts:
    kinds = [change.kind for change in found]
    new, changed = kinds.count("nieuw"), kinds.count("gewijzigd")
    return Counts(new, changed, kinds.count("verwijderd"), total - new - changed)


def _passages(before: Knowledge | None, after: Knowledge) -> Counts:
    old = {passage.digest for passage in before.passages} if before else set()
    new = {passage.digest for passage in after.passages}
    return Counts(new=len(new - old), removed=len(old - new), unchanged=len(new & old))


def _links(items: Iterable[Item]) -> dict[str, int]:
    known = [link.known for item in items for link in item.links]
    return {str(kind): known.count(kind) for kind in Known}


def _print_sheet(console: "Console", sheet: SheetReport) -> None:
    console.print(f"\n[bold]{sheet.title}[/]  [dim]{sheet.id}[/]")
    for kind, counts in sheet.counts.items():
        console.print(f"  {_PLURAL[ItemType(kind)]}: {_sentence(counts)}")
    for change in sheet.changes[:40]:
        console.print(f"    {_MARKS[change.kind]} {change.kind}: {change.title}", highlight=False)
    if len(sheet.changes) > 40:
        console.print(f"    … en nog {len(sheet.changes) - 40}")


def _sentence(counts: Counts) -> str:
    parts = (
        (counts.new, "nieuw"),
        (counts.changed, "gewijzigd"),
        (counts.removed, "verwijderd"),
        (counts.unchanged, "ongewijzigd"),
    )
    return ", ".join(f"{number} {word}" for number, word in parts if number) or "geen"


def _print_totals(console: "Console", report: Report) -> None:
    console.print(f"\nPassages: {_sentence(report.passages)}. Vectoren berekend: {report.embedded}.")
    if any(report.links.values()):
        console.print("Links: " + ", ".join(f"{number} {kind}" for kind, number in report.links.items()) + ".")
    console.print(f"[dim]Tijd: {sum(report.seconds.values()):.1f} seconden.[/]")


def _print_findings(console: "Console", findings: Sequence[Finding]) -> None:
    if findings:
        console.print("\n[bold]Let op[/]")
    for finding in findings:
        colour = _COLOURS[finding.severity]
        console.print(f"  [{colour}]{finding.severity}[/] {finding.where}: {finding.message}", highlight=False)
        if finding.hint:
            console.print(f"    → {finding.hint}", highlight=False)
