"""A Word file as a package: its parts and what they point at, its styles and lists. Strict and transitional files,
those with macros and templates are read alike: elements go by their local name."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from kompasbot.errors import UnreadableFile

MOST_PARTS: Final = 2_000
MOST_BYTES: Final = 50 * 1024 * 1024
MOST_RATIO: Final = 150
_SMALL: Final = 1024 * 1024
"""A part up to this size may be packed as tightly as it likes."""
_LONGEST_CHAIN: Final = 20
"""Styles that may stand on one another."""
_OTHERS: Final = (
    ("xl/", "een Excel-bestand"),
    ("ppt/", "een PowerPoint-bestand"),
    ("content.xml", "een bestand van LibreOffice of OpenOffice"),
    ("META-INF/container.xml", "een e-boek (EPUB)"),
)
_STARTS: Final = (
    (b"\xd0\xcf\x11\xe0", "een Word-bestand van voor 2007 (.doc), of een dat met een wachtwoord is beveiligd"),
    (b"{\\rtf", "een RTF-bestand"),
    (b"%PDF-", "een PDF"),
)
_AGAIN: Final = "Open het in Word, sla het opnieuw op als .docx (Word-document) en vervang het bestand."


def check_archive(data: bytes, where: str) -> None:
    """Refuse a zip that would grow too large, before anything is unpacked; raises :class:`UnreadableFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        other = next((name for start, name in _STARTS if data.startswith(start)), None)
        message = f"dit is {other}" if other else "dit is geen Word-bestand (.docx), of het is beschadigd"
        raise UnreadableFile(f"{where}: {message}.", _AGAIN) from error
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(f"{where}: dit Word-bestand is versleuteld.", "Sla het op zonder wachtwoord.")
    total = sum(part.file_size for part in parts)
    swollen = any(part.file_size > _SMALL and part.file_size > MOST_RATIO * part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_BYTES or swollen:
        raise UnreadableFile(
            f"{where}: dit Word-bestand is uitgepakt te groot ({total >> 20} MB in {len(parts)} delen).",
            "Haal grote plaatjes en bijlagen eruit, of lever de tekst als Markdown.",
        )


def name_of(element: Any) -> str:
    """The local name of an element; empty for a comment or the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """The attribute of this local name."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def relation_of(element: Any, name: str = "id") -> str | None:
    """The id of what an element points at in another part."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name and "elationships" in key:
            return str(value)
    return None


def child(element: Any, *names: str) -> Any:
    """The element that these local names lead to, or None."""
    for name in names:
        element = next((one for one in element if name_of(one) == name), None) if element is not None else None
    return element


def value(element: Any, *names: str) -> str:
    """The ``val`` of the element that these names lead to; empty where there is none."""
    found = child(element, *names) if element is not None else None
    return (attribute(found, "val") or "") if found is not None else ""


def is_on(element: Any, *names: str) -> bool | None:
    """Whether a switch such as ``w:b`` is on; None where it is not there."""
    found = child(element, *names) if element is not None else None
    return None if found is None else (attribute(found, "val") or "true").lower() not in ("0", "false", "off", "none")


def walk(element: Any, *names: str) -> Iterator[Any]:
    """The elements of these names inside an element."""
    return (one for one in element.iter() if name_of(one) in names)


@dataclass(frozen=True, slots=True)
class Target:
    """What a part points at: a path in the package, or an address outside of it."""

    kind: str
    place: str
    is_external: bool


class Part:
    """A part of the package: its tree, and what it points at."""

    def __init__(self, package: "Package", path: str) -> None:
        self.package = package
        self.path = path

    @cached_property
    def tree(self) -> Any:
        """Its root element; raises :class:`KeyError` and :class:`etree.LxmlError`."""
        return self.package.parsed(self.path)

    @cached_property
    def targets(self) -> dict[str, Target]:
        """What it points at, by id."""
        return self.package.targets(self.path)

    def part(self, relation: str | None) -> "Part | None":
        """The part that an id points at, or None."""
        target = self.targets.get(relation or "")
        is_there = target is not None and not target.is_external and self.package.has(target.place)
        return Part(self.package, target.place) if target is not None and is_there else None

    def of_kind(self, kind: str) -> "Part | None":
        """The part of a kind that it points at, such as ``styles``, or None."""
        return next((self.part(key) for key, target in self.targets.items() if target.kind == kind), None)


class Package:
    """The zip of a Word file; raises :class:`UnreadableFile` for a file of another program, :class:`KeyError` for a zip
    of no program at all."""

    def __init__(self, data: bytes, where: str) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self.read("[Content_Types].xml")  # without it, no program takes the zip for a Word file
        main = next((one.place for one in self.targets("").values() if one.kind == "officeDocument"), "")
        other = next(
            (name for start, name in _OTHERS if main.startswith(start) or (not main and self.has(start))), None
        )
        if other:
            raise UnreadableFile(f"{where}: dit is {other}, geen Word-bestand.", _AGAIN)
        self.main = Part(self, main if self.has(main) else "word/document.xml")

    def has(self, path: str) -> bool:
        """Whether there is such a part."""
        return path.lower() in self._names

    def read(self, path: str) -> bytes:
        """The content of a part; raises :class:`KeyError`."""
        return self._archive.read(self._names[path.lower()])

    def parsed(self, path: str) -> Any:
        """The tree of a part: no entities are filled in, and nothing is fetched."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(self.read(path), parser)

    def targets(self, path: str) -> dict[str, Target]:
        """What a part points at, by id; the package itself for an empty path."""
        folder, name = posixpath.split(path)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, Target] = {}
        for one in self.parsed(relations) if self.has(relations) else ():
            place, is_external = one.get("Target") or "", one.get("TargetMode") == "External"
            if not is_external:
                place = posixpath.normpath(posixpath.join("/", folder, unquote(place))).lstrip("/")
            found[one.get("Id") or ""] = Target((one.get("Type") or "").rpartition("/")[2], place, is_external)
        return found


class Styles:
    """The styles of a document, each with what it stands on."""

    def __init__(self, document: Part) -> None:
        part = document.of_kind("styles")
        self._styles = {attribute(one, "styleId") or "": one for one in walk(part.tree, "style")} if part else {}
        self._default = next(
            (
                name
                for name, one in self._styles.items()
                if attribute(one, "type") == "paragraph" and attribute(one, "default") in ("1", "true", "on")
            ),
            "",
        )

        self._chains: dict[str, list[Any]] = {}
        self._switches: dict[tuple[str, str], bool | None] = {}

    def chain(self, style: str) -> list[Any]:
        """A style (the default one for an empty name) and those that it stands on, itself first."""
        if style not in self._chains:
            self._chains[style] = self._chain(style or self._default)
        return self._chains[style]

    def switch(self, style: str, name: str) -> bool | None:
        """Whether a style, or what it stands on, has a switch of its letters on; None where none of them has it."""
        key = style, name
        if key not in self._switches:
            given = (is_on(one, "rPr", name) for one in self.chain(style))
            self._switches[key] = next((one for one in given if one is not None), None)
        return self._switches[key]

    def _chain(self, style: str) -> list[Any]:
        found: list[Any] = []
        while style in self._styles and self._styles[style] not in found and len(found) < _LONGEST_CHAIN:
            found.append(self._styles[style])
            style = value(found[-1], "basedOn")
        return found


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    style: str


class Lists:
    """The lists of a document: the kind of each level (``bullet``, ``decimal``, ``none`` …)."""

    def __init__(self, document: Part, styles: Styles) -> None:
        part = document.of_kind("numbering")
        tree = part.tree if part else None
        kinds = {attribute(one, "abstractNumId"): one for one in walk(tree, "abstractNum")} if tree is not None else {}
        self._levels: dict[tuple[str, int], _Level] = {}
        for number in walk(tree, "num") if tree is not None else ():
            kind = kinds.get(value(number, "abstractNumId"))
            link = value(kind, "numStyleLink") if kind is not None else ""
            for style in styles.chain(link)[:1] if link else ():
                linked = value(style, "pPr", "numPr", "numId")
                other = next((one for one in walk(tree, "num") if attribute(one, "numId") == linked), None)
                kind = kinds.get(value(other, "abstractNumId")) if other is not None else kind
            for level in (*walk(kind, "lvl"), *walk(number, "lvl")) if kind is not None else ():
                key = attribute(number, "numId") or "", int(attribute(level, "ilvl") or 0)
                self._levels[key] = _Level(value(level, "numFmt") or "bullet", value(level, "pStyle"))

    def kind(self, number: str, level: int) -> str | None:
        """The kind of a level, or None for one that is not known."""
        found = self._levels.get((number, level))
        return found.kind if found else None

    def level_of(self, number: str, style: str) -> int | None:
        """The level of a list that belongs to a style, or None."""
        return next((key[1] for key, one in self._levels.items() if key[0] == number and one.style == style), None)
