"""What the last check of the links left behind: the health of each link, and the documents that were fetched."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ingest.blocks import SourceText
from ingest.documents import DOCUMENTS_FOLDER, parse_document
from ingest.findings import Finding
from ingest.folders import left_out
from ingest.links import LinkEntry, same_label
from ingest.naming import full_slug, humanised, unique
from ingest.readings import Readings
from kompasbot.errors import UnreadableFile
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health, Item, ItemType, Link, Origin

_LONGEST_SLUG: Final = 60
_NO_SLUG: Final = "pagina"


@dataclass
class _Target:
    """An address with the link that names it and the items that link to it."""

    link: Link
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Linked:
    """The records and copies of a shelf; without one every link is unchecked and nothing was fetched."""

    shelf: Shelf | None
    records: Mapping[str, Record]
    readings: Readings

    @classmethod
    def of(cls, folder: Path | None, readings: Readings) -> "Linked":
        """What stands in the folder with the checked links."""
        shelf = Shelf(folder) if folder else None
        return cls(shelf, shelf.load() if shelf else {}, readings)

    def checked(self, item: Item) -> Item:
        """An item whose links carry what the last check found."""
        links = tuple(map(self._with_health, item.links))
        return replace(item, links=links) if links != item.links else item

    def _with_health(self, link: Link) -> Link:
        record = self.records.get(link.url or "")
        return replace(link, health=record.health) if record else link

    def documents(
        self, folder: str, items: Sequence[Item], entries: Sequence[LinkEntry], findings: list[Finding]
    ) -> Iterator[Item]:
        """The fetched documents of a folder's items, as items of their own behind the ``items`` there are.

        A link with a file of its own in the registry needs no copy. What can't be read costs a finding.
        """
        position = sum(item.type is ItemType.DOCUMENT for item in items)
        taken = {item.id for item in items}
        for url, target in _targets(items, entries).items():
            record = self.records.get(url)
            path = self.shelf.copy(record) if self.shelf and record else None
            if record is None or path is None:
                continue
            try:
                document = _document(folder, record, self._read(record, path), target, position + 1, taken)
            except UnreadableFile as error:
                findings.append(left_out(error))
                continue
            position += 1
            taken.add(document.id)
            findings += _said(record)
            yield document

    def _read(self, record: Record, path: Path) -> SourceText:
        """The text of a copy. What a fetched text says of itself counts for its title only, never as front matter."""
        source = self.readings.read(record.kind or "html", path, record.url, record.url)
        return replace(source, meta={key: value for key, value in source.meta.items() if key == "titel"})


def _targets(items: Iterable[Item], entries: Sequence[LinkEntry]) -> dict[str, _Target]:
    """The addresses that items link to, but for those that the registry has a file for."""
    local = [(entry.item, entry.link.label) for entry in entries if entry.file]
    found: dict[str, _Target] = {}
    for item in items:
        for link in item.links if item.type is not ItemType.DOCUMENT else ():
            if link.url and not any(id == item.id and same_label(label, link.label) for id, label in local):
                target = found.setdefault(link.url, _Target(link))
                if item.id not in target.items:
                    target.items.append(item.id)
    return found


def _document(
    folder: str, record: Record, source: SourceText, target: _Target, position: int, taken: Collection[str]
) -> Item:
    place = " ".join(urlsplit(record.url)[1:3]).removeprefix("www.")
    slug = full_slug(place)[:_LONGEST_SLUG].strip("-") or _NO_SLUG
    parsed = parse_document(source, f"{DOCUMENTS_FOLDER}/{slug}.html")
    title = target.link.label if parsed.title == humanised(slug) else parsed.title
    return Item(
        id=unique(f"{folder}/{ItemType.DOCUMENT}/{slug}", taken),
        factsheet=folder,
        type=ItemType.DOCUMENT,
        position=position,
        title=title,
        text="\n\n".join(section.text for section in parsed.sections),
        origin=Origin.DOCUMENT,
        updated=(record.fetched or record.checked)[:10],
        links=(replace(target.link, label=title, health=record.health),),
        linked_from=tuple(target.items),
        sections=parsed.sections,
    )


def _said(record: Record) -> Iterator[Finding]:
    """That an old copy serves, and why."""
    if record.reason and record.health is not Health.OK:
        day = (record.fetched or "")[:10]
        yield Finding(
            "waarschuwing",
            record.url,
            f"Bij de laatste controle lukte het ophalen niet: {record.reason}. De kopie van {day} blijft in gebruik.",
            "Kijk of het adres nog klopt. Zo niet: zet het nieuwe adres in links.yaml.",
        )
