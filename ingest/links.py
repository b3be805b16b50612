"""The link registry ``links.yaml``, joined with the labels found in the text. The registry is the truth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.blocks import Label
from ingest.files import CorpusFile
from ingest.findings import Finding
from ingest.yamlfiles import LINE, load_entries
from kompasbot.dutch import words
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Known, Link

LINKS_FILE: Final = "links.yaml"
_LONGEST: Final = 80
_KEYS: Final = frozenset({"item", "label", "url", "file", "known", "opmerking", LINE})


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """An entry of the registry; ``file`` is a document of the same folder, ``where`` the entry's file and line."""

    item: str
    link: Link
    file: str | None
    where: str


@dataclass(frozen=True, slots=True)
class LinkedText:
    """What the registry is compared with: an item's id, its text and the links that stand in it."""

    id: str
    text: str
    labels: tuple[Label, ...]


def load_links(file: CorpusFile) -> tuple[LinkEntry, ...]:
    """Read a registry; raises :class:`UnreadableFile` with file and line."""
    return tuple(_entry(entry, f"{file.where}, regel {entry[LINE]}") for entry in load_entries(file))


def _entry(entry: Mapping[str, object], where: str) -> LinkEntry:
    for key in entry:
        if key not in _KEYS:
            raise UnreadableFile(
                f"{where}: '{key}' is hier niet bekend.", "Gebruik item, label, url, file, known, opmerking."
            )
    item, label, url, file = (" ".join(str(entry.get(key) or "").split()) for key in ("item", "label", "url", "file"))
    if not item or not label:
        raise UnreadableFile(
            f"{where}: hier ontbreekt een item of een label.", "Vul 'item: …' en 'label: …' allebei in."
        )
    return LinkEntry(item, Link(label, checked_url(url, where), _known(entry, bool(url), where)), file or None, where)


def checked_url(url: str, where: str) -> str | None:
    """An address of the web, None for an empty text; raises :class:`UnreadableFile` for anything else."""
    if url and not url.lower().startswith(("https://", "http://")):
        raise UnreadableFile(
            f"{where}: '{url if len(url) <= _LONGEST else f'{url[:_LONGEST]}…'}' is geen adres van een webpagina.",
            "Een adres begint met https:// of http://.",
        )
    return url or None


def _known(entry: Mapping[str, object], has_url: bool, where: str) -> Known:
    given = str(entry.get("known") or (Known.PROBABLE if has_url else Known.UNKNOWN))
    if given not in list(Known):
        raise UnreadableFile(f"{where}: 'known: {given}' is niet bekend.", f"Kies uit: {', '.join(Known)}.")
    return Known(given) if has_url else Known.UNKNOWN


def same_label(one: str, other: str) -> bool:
    """Whether two labels are the same but for capitals, accents and punctuation."""
    return words(one) == words(other)


def links_of(text: LinkedText, entries: Sequence[LinkEntry]) -> tuple[Link, ...]:
    """The links of an item: in the order of its text, then those that only the registry has.

    An address in the text only counts for a label that the registry does not have.
    """
    own = [entry.link for entry in entries if entry.item == text.id]
    found = [
        next(
            (link for link in own if same_label(link.label, label)),
            Link(label, url, Known.KNOWN if url else Known.UNKNOWN),
        )
        for label, url in text.labels
    ]
    return tuple(dict.fromkeys([*found, *own]))


def check_links(
    texts: Sequence[LinkedText], entries: Sequence[LinkEntry], where: str, files: Sequence[str]
) -> Iterator[Finding]:
    """What does not fit between the registry ``where``, the items and the ``files`` of the folder."""
    by_id = {text.id: text for text in texts}
    if not entries:
        yield from _without_registry(texts, where)
    for text in texts if entries else ():
        yield from _unregistered(text, [entry.link.label for entry in entries if entry.item == text.id], where)
    for entry in entries:
        if entry.item not in by_id:
            yield Finding(
                "waarschuwing",
                entry.where,
                f"De link '{entry.link.label}' hoort bij '{entry.item}', maar dat item is er niet.",
                "Kijk in items.yaml welk id het moet zijn, of haal de link weg.",
            )
        elif not _in_text(entry.link.label, by_id[entry.item]):
            yield Finding(
                "info", entry.where, f"De woorden '{entry.link.label}' staan niet in de tekst van {entry.item}."
            )
        if entry.file and entry.file not in files:
            yield Finding(
                "waarschuwing", entry.where, f"Het bestand '{entry.file}' is er niet.", "Kijk of de naam klopt."
            )


def _without_registry(texts: Sequence[LinkedText], where: str) -> Iterator[Finding]:
    number = sum(len(text.labels) for text in texts)
    if number:
        yield Finding(
            "waarschuwing",
            where,
            f"Geen van de {number} links in de factsheet staat in dit bestand.",
            "Zet elke link erin met item, label, url en known.",
        )


def _unregistered(text: LinkedText, registered: Sequence[str], where: str) -> Iterator[Finding]:
    for label, url in text.labels:
        if not any(same_label(label, one) for one in registered):
            address = f"url: {url}, known: bekend" if url else "known: onbekend"
            yield Finding(
                "waarschuwing",
                text.id,
                f"De link '{label}' staat nog niet in {where}.",
                f"Zet erbij: item: {text.id}, label: {label}, {address}.",
            )


def _in_text(label: str, text: LinkedText) -> bool:
    return f" {' '.join(words(label))} " in f" {' '.join(words(text.text))} "
