"""The check of all links of a corpus, and its report: an immutable value that prints itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape

from ingest.corpus import read_corpus
from ingest.readings import Readings
from kompasbot.fetching.addresses import page_of
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health, Item, Link

if TYPE_CHECKING:
    from rich.console import Console

Check = Callable[[Sequence[str]], dict[str, Record]]
"""Checks addresses: :meth:`kompasbot.fetching.checking.Checker.check`."""

WORDS: Final = {
    Health.OK: ("in orde", "green"),
    Health.MOVED: ("verhuisd", "yellow"),
    Health.DEAD: ("dood", "red"),
    Health.BLOCKED: ("geen toegang", "yellow"),
    Health.UNCHECKED: ("niet gecontroleerd", "cyan"),
}
_NO_ADDRESS: Final = "geen adres"


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link of an item as it was found; ``suggestion`` is what a person may do about it."""

    item: str
    label: str
    url: str | None
    known: str
    health: Health
    reason: str = ""
    checked: str = ""
    copied: str = ""
    suggestion: str = ""

    @classmethod
    def of(cls, item: str, link: Link, record: Record | None, copied: str) -> "LinkRow":
        """The link of an item as the last check found it, if there was one; ``copied`` is the time of its copy."""
        known = (item, link.label, link.url, link.known)
        if record is None:
            return cls(*known, Health.UNCHECKED)
        return cls(*known, record.health, record.reason, record.checked, copied, _suggestion(record))


@dataclass(frozen=True, slots=True)
class LinkReport:
    """All links of a corpus, in its order."""

    rows: tuple[LinkRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, for ``--json``."""
        return {"links": [asdict(row) for row in self.rows], "counts": self.counts}

    @property
    def counts(self) -> dict[str, int]:
        """How many links have which health; those without an address apart."""
        found = {
            str(health): sum(row.health is health and row.url is not None for row in self.rows) for health in Health
        }
        return {**found, "no_address": sum(row.url is None for row in self.rows)}

    def render(self, console: "Console") -> None:
        """Print the report for a person."""
        item = ""
        for row in self.rows:
            if row.item != item:
                item = row.item
                console.print(f"\n[bold]{item}[/]", highlight=False)
            word, colour = WORDS[row.health] if row.url else (_NO_ADDRESS, "dim")
            console.print(f"  [{colour}]{word}[/] {escape(row.label)}", highlight=False)
            for line in filter(None, (row.url, row.reason, row.copied and f"kopie van {row.copied[:10]}")):
                console.print(f"      {line}", highlight=False, markup=False)
            if row.suggestion:
                console.print(f"      → {row.suggestion}", highlight=False, markup=False)
        console.print(f"\n{self._total()}", highlight=False)

    def _total(self) -> str:
        counts = self.counts
        parts = [f"{counts[str(health)]} {word}" for health, (word, _) in WORDS.items() if counts[str(health)]]
        parts += [f"{counts['no_address']} zonder adres"] if counts["no_address"] else []
        return f"{len(self.rows)} links: {', '.join(parts)}." if parts else "Er zijn geen links."


def check_links(corpus: Path, shelf: Shelf, check: Check | None = None, readings: Readings | None = None) -> LinkReport:
    """Check all links of a corpus, or (without ``check``) tell what the last check found; writes nothing in the corpus.

    Raises what :func:`~ingest.corpus.read_corpus` does, save for ids that are in doubt.
    """
    items = read_corpus(corpus, accept=True, readings=readings).knowledge.items
    urls = list(dict.fromkeys(link.url for item in items for link in item.links if link.url))
    records = check(urls) if check else shelf.load()
    return LinkReport(tuple(row for item in items for row in _rows(item, records, shelf)))


def _rows(item: Item, records: dict[str, Record], shelf: Shelf) -> Iterator[LinkRow]:
    for link in item.links:
        record = records.get(page_of(link.url or ""))
        yield LinkRow.of(item.id, link, record, (record.fetched or "") if record and shelf.copy(record) else "")


def _suggestion(record: Record) -> str:
    if record.doubted:
        return f"Is wat er nu staat toch goed? Neem het over met: kompasbot links --accept {record.url}"
    if record.health is Health.MOVED and record.moved_to:
        return f"Klopt het nieuwe adres? Zet dan in links.yaml: url: {record.moved_to}"
    if record.health is Health.DEAD:
        return "Zoek het nieuwe adres en zet het in links.yaml, of maak er 'known: onbekend' van."
    return ""
