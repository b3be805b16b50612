"""Drafts of facets: a file of their own beside ``kenmerken.yaml``, which a person moves over item by item."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from ingest.facets import FACETS_FILE
from ingest.files import CorpusFile
from ingest.yamlediting import DEPTH, added, quoted, write
from ingest.yamlfiles import LINE, load_mapping, parse_yaml
from kompasbot.errors import CorpusError, UnreadableFile
from kompasbot.knowledge import Facet

FACET_DRAFTS_FILE: Final = "kenmerken.concept.yaml"
_HEAD: Final = (
    "# Concept: bedacht door een taalmodel en nog niet nagekeken. Deze kenmerken doen niet mee.\n"
    "# Verbeter ze of haal ze weg. Neem ze daarna over: kompasbot enrich --approve <id van het item>\n\n"
)

Entries = Mapping[str, Sequence[Mapping[str, Any]]]
"""The entries of an item as they stand in the file, by the kind of facet."""


def load_facet_drafts(folder: Path) -> dict[str, Entries]:
    """The drafts of a folder, by item id; raises :class:`~kompasbot.errors.UnreadableFile`."""
    return _load(folder, FACET_DRAFTS_FILE)


def _load(folder: Path, name: str) -> dict[str, Entries]:
    file = CorpusFile(f"{folder.name}/{name}", folder / name)
    return _plain(load_mapping(file), file.where) if file.path.is_file() else {}


def _plain(table: Mapping[str, Any], where: str) -> dict[str, Entries]:
    """A table without the numbers of its lines; raises :class:`UnreadableFile` for one of another shape."""
    try:
        return {
            item: {
                str(kind): [
                    {key: _text(value) for key, value in entry.items() if key != LINE} for entry in entries or ()
                ]
                for kind, entries in (kinds or {}).items()
            }
            for item, kinds in table.items()
        }
    except (AttributeError, TypeError) as error:
        hint = "Zet bij elk id regels als 'land:', en daaronder een lijst met 'waarde:' en 'zin:'."
        raise UnreadableFile(f"{where}: hier horen kenmerken te staan, bij elk item.", hint) from error


def _text(value: object) -> str | list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def entries_of(facets: Sequence[Facet], item: str) -> dict[str, list[dict[str, Any]]]:
    """Facets of an item as they stand in the file."""
    found: dict[str, list[dict[str, Any]]] = {}
    for facet in facets:
        entry: dict[str, Any] = {"waarde": facet.value}
        if facet.aliases:
            entry["ook"] = list(facet.aliases)
        if facet.support.item_id != item:
            entry["bron"] = facet.support.item_id
        found.setdefault(str(facet.kind), []).append(entry | {"zin": facet.support.quote})
    return found


def number_of(entries: Entries) -> int:
    """How many facets these are."""
    return sum(map(len, entries.values()))


def save_facet_drafts(folder: Path, drafts: Mapping[str, Entries]) -> None:
    """Write the drafts of a folder at once, or remove the file when there are none."""
    path = folder / FACET_DRAFTS_FILE
    if drafts:
        table = {item: dict(entries) for item, entries in drafts.items()}
        write(path, _HEAD + yaml.safe_dump(table, allow_unicode=True, sort_keys=False, width=1000))
    else:
        path.unlink(missing_ok=True)


def approve_facets(folder: Path, item: str) -> int:
    """Move the drafts of an item into ``kenmerken.yaml``, behind what stands there; returns how many were moved.

    Raises :class:`CorpusError` when there are none, or when the file is written so that they can't be added.
    """
    drafts = load_facet_drafts(folder)
    where = f"{folder.name}/{FACETS_FILE}"
    if item not in drafts:
        raise CorpusError(f"Er zijn geen conceptkenmerken bij '{item}'.", f"Kijk in {folder.name}/{FACET_DRAFTS_FILE}.")
    path = folder / FACETS_FILE
    reviewed = _load(folder, FACETS_FILE)
    own = reviewed.get(item, {})
    moved = _without(drafts.pop(item), own)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lists = {kind: [_lines(entry) for entry in entries] for kind, entries in moved.items()}
    changed = added(text, item, lists, item in reviewed)
    wanted = {kind: [*own.get(kind, ()), *moved.get(kind, ())] for kind in dict.fromkeys((*own, *moved))}
    _refuse_unlike(changed, {**reviewed, item: wanted}, where, item)
    write(path, changed)
    save_facet_drafts(folder, drafts)
    return number_of(moved)


def _without(drafts: Entries, reviewed: Entries) -> Entries:
    """Drafts less what was reviewed already, whatever its capitals."""
    known = {(kind, _value(entry)) for kind, entries in reviewed.items() for entry in entries}
    left = {
        kind: [entry for entry in entries if (kind, _value(entry)) not in known] for kind, entries in drafts.items()
    }
    return {kind: entries for kind, entries in left.items() if entries}


def _value(entry: Mapping[str, Any]) -> str:
    return str(entry.get("waarde")).casefold()


def _refuse_unlike(text: str, wanted: Mapping[str, Entries], where: str, item: str) -> None:
    """Refuse to write what would not be read as ``wanted``: people write YAML in more forms than lines can join."""
    try:
        fits = _plain(parse_yaml(text, where) or {}, where) == wanted
    except UnreadableFile:
        fits = False
    if not fits:
        raise CorpusError(
            f"De conceptkenmerken passen niet vanzelf bij '{item}' in {where}.",
            f"Zet ze er zelf bij; ze staan in {FACET_DRAFTS_FILE}.",
        )


def _lines(entry: Mapping[str, Any]) -> str:
    """An entry as lines of the file."""
    shown = "\n".join(_fields(entry)).replace("\n", f"\n{DEPTH}  ")
    return f"{DEPTH}- {shown}\n"


def _fields(entry: Mapping[str, Any]) -> Iterator[str]:
    for key, value in entry.items():
        if isinstance(value, list):
            yield f"{key}: [{', '.join(quoted(str(one)) for one in value)}]"
        else:
            yield f"{key}: {value if key == 'bron' else quoted(str(value))}"
