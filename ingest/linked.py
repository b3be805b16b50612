"""What the last check of the links left behind: the health of each link, and the documents that were fetched."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ingest.documents import DOCUMENTS_FOLDER, ParsedDocument, parse_document
from ingest.findings import Finding
from ingest.folders import left_out
from ingest.links import LinkEntry, same_label
from ingest.naming import full_slug, humanised, unique
from ingest.readings import Readings
from kompasbot.errors import UnreadableFile
from kompasbot.fetching.addresses import page_of
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Item, ItemType, Link, Origin

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
        record = self.records.get(page_of(link.url or ""))
        return replace(link, health=record.health) if record else link

    def documents(
        self, folder: str, items: Sequence[Item], entries: Sequence[LinkEntry], findings: list[Finding]
    ) -> Iterator[Item]:
        """The fetched documents of a folder's items, as items of their own behind the ``items`` there are; addresses
        that gave the same copy are one document.

        A link with a file of its own in the registry needs no copy. What can't be read costs a finding.
        """
        position = sum(item.type is ItemType.DOCUMENT for item in items)
        taken = {item.id for item in items}
        copies: dict[Path, list[tuple[Record, _Target]]] = {}
        for url, target in _targets(items, entries).items():
            record = self.records.get(url)
            path = self.shelf.copy(record) if self.shelf and record else None
            if record is None or path is None:
                findings += _said(replace(record, body=None)) if record else ()
            else:
                copies.setdefault(path, []).append((record, target))
        for path, same in copies.items():
            record = same[0][0]
            try:
                parsed = _parsed(self.readings, record.kind or "html", path, record.url)
                document = _document(folder, same, parsed, position + 1, taken)
            except UnreadableFile as error:
                findings.append(left_out(error))
                continue
            position += 1
            taken.add(document.id)
            findings += parsed.findings
            findings += (finding for record, _ in same for finding in _said(record))
            yield document


def _targets(items: Iterable[Item], entries: Sequence[LinkEntry]) -> dict[str, _Target]:
    """The pages that items link to, once each, but for those that the registry has a file for."""
    local = [(entry.item, entry.link.label) for entry in entries if entry.file]
    found: dict[str, _Target] = {}
    for item in items:
        for link in item.links if item.type is not ItemType.DOCUMENT else ():
            if link.url and not any(id == item.id and same_label(label, link.label) for id, label in local):
                page = page_of(link.url)
                target = found.setdefault(page, _Target(replace(link, url=page)))
                if item.id not in target.items:
                    target.items.append(item.id)
    return found


def _document(
    folder: str, same: Sequence[tuple[Record, _Target]], parsed: ParsedDocument, position: int, taken: Collection[str]
) -> Item:
    """The document of the addresses that gave the ``same`` copy; it is named after the first."""
    record, target = same[0]
    slug = _slug(record.url)
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
        links=tuple(replace(target.link, label=title, health=record.health) for record, target in same),
        linked_from=tuple(dict.fromkeys(item for _, target in same for item in target.items)),
        sections=parsed.sections,
    )


def _slug(url: str) -> str:
    place = " ".join(urlsplit(url)[1:3]).removeprefix("www.")
    return full_slug(place)[:_LONGEST_SLUG].strip("-") or _NO_SLUG


def read_copy(kind: str, path: Path, url: str, readings: Readings | None = None) -> str:
    """The title and text of a copy, as an ingestion will read it; raises :class:`UnreadableFile`."""
    parsed = _parsed(readings or Readings(), kind, path, url)
    sections = (part for section in parsed.sections for part in (section.heading, section.text) if part)
    return "\n\n".join((parsed.title, *sections))


def _parsed(readings: Readings, kind: str, path: Path, url: str) -> ParsedDocument:
    """What a copy holds. What a fetched text says of itself counts for its title only, never as front matter."""
    source = readings.read(kind, path, url, url)
    meta = {key: value for key, value in source.meta.items() if key == "titel"}
    return parse_document(replace(source, meta=meta), f"{DOCUMENTS_FOLDER}/{_slug(url)}.html")


def _said(record: Record) -> Iterator[Finding]:
    """That an old copy serves, and why; or that there is none, although there is a page."""
    if not record.reason:
        return
    hint = "Kijk of het adres nog klopt. Zo niet: zet het nieuwe adres in links.yaml."
    if record.doubted:
        hint = f"Kijk zelf in een browser. Is het goed zo? Neem het over: kompasbot links --accept {record.url}"
    if record.body is None:
        message = f"Van deze link is geen document gemaakt: {record.reason}."
        yield Finding("waarschuwing", record.url, message, hint)
        return
    day = (record.fetched or "")[:10]
    message = (
        f"Bij de laatste controle is de kopie niet vernieuwd: {record.reason}. De kopie van {day} blijft in gebruik."
    )
    yield Finding("waarschuwing", record.url, message, hint)


def old_copies(folder: Path, items: Iterable[Item]) -> list[Finding]:
    """What to say of the fetched documents among an index's items: of those whose copy the last check did not renew."""
    records = Shelf(folder).load()
    found: list[Finding] = []
    for item in items:
        # A document from a file of the corpus may have the same address, but is not named after it.
        is_fetched = item.type is ItemType.DOCUMENT and item.origin is Origin.DOCUMENT
        if is_fetched and item.id.rpartition("/")[2].startswith(_slug(item.url or "")):
            kept = (records.get(page_of(link.url or "")) for link in item.links)
            found += (finding for record in kept if record for finding in _said(record))
    return found
