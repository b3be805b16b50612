"""The ids of a factsheet's items: recognised from ``items.yaml``, made for new ones, and written there to stay."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.factsheets import ParsedFactsheet, ParsedItem
from ingest.files import CorpusFile, replace_text
from ingest.likeness import KnownItem
from ingest.matching import match_items
from ingest.naming import mint
from ingest.yamlfiles import LINE, load_entries, parse_yaml, texts
from kompasbot.errors import CorpusError, UnreadableFile, reason_of
from kompasbot.knowledge import ItemType

ITEMS_FILE: Final = "items.yaml"
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS: Final = frozenset({"id", "titel", "namen", "kernwoorden", LINE})
_FIRST_ENTRY: Final = re.compile(r"^( *)- ", re.MULTILINE)
_HEADER: Final = """\
# De vaste naam (id) van elk item, met de woorden waaraan een ingestie het item herkent.
# Een ingestie voegt nieuwe items onderaan toe. Verander een id nooit: links en vragen wijzen ernaar.
"""


@dataclass(frozen=True, slots=True)
class Identified:
    """An item with its entry, whose title holds when the factsheet gives none; ``doubt`` says what is not certain."""

    item: ParsedItem
    entry: KnownItem
    is_new: bool
    doubt: str | None = None

    @property
    def title(self) -> str:
        """The title of the factsheet, else that of ``items.yaml``."""
        return self.item.title or self.entry.title


def load_known(file: CorpusFile, folder: str) -> tuple[KnownItem, ...]:
    """Read ``items.yaml`` of the folder with this id; raises :class:`UnreadableFile` with file and line."""
    found: dict[str, KnownItem] = {}
    for entry in load_entries(file):
        known = _known(entry, f"{file.where}, regel {entry[LINE]}", folder)
        if known.id in found:
            raise UnreadableFile(
                f"{file.where}, regel {entry[LINE]}: '{known.id}' staat er twee keer.", "Haal er een weg."
            )
        found[known.id] = known
    return tuple(found.values())


def _known(entry: Mapping[str, object], where: str, folder: str) -> KnownItem:
    unknown = [str(key) for key in entry if key not in _KEYS]
    if unknown:
        raise UnreadableFile(
            f"{where}: '{unknown[0]}' is hier niet bekend.", "Gebruik alleen id, titel, namen en kernwoorden."
        )
    given, title = str(entry.get("id") or ""), " ".join(str(entry.get("titel") or "").split())
    if not is_id(given, folder):
        raise UnreadableFile(
            f"{where}: '{given}' is geen goed id.",
            f"Een id ziet eruit als {folder}/inzicht/korte-naam; in het midden staat inzicht, praktijkvoorbeeld, "
            "tool of algemeen.",
        )
    if not title:
        raise UnreadableFile(f"{where}: bij '{given}' staat geen titel.", "Voeg een regel 'titel: …' toe.")
    return KnownItem(given, title, texts(entry.get("namen"), where), texts(entry.get("kernwoorden"), where))


def is_id(given: str, folder: str) -> bool:
    """Whether a text is an id of an item in the folder with this id."""
    parts = given.split("/")
    types = [kind.value for kind in ItemType if kind is not ItemType.DOCUMENT]
    return (
        len(parts) == 3
        and parts[0] == folder
        and _SLUG.fullmatch(folder) is not None
        and parts[1] in types
        and bool(_SLUG.fullmatch(parts[2]))
    )


def identify(
    factsheet: ParsedFactsheet, folder: str, known: Sequence[KnownItem], previous: Mapping[str, str]
) -> tuple[Identified, ...]:
    """Give every item its id, in the order of the factsheet; a new item gets a new entry.

    ``previous`` maps ids to the texts under which they were last published. Decides nothing that is in doubt: that is
    the caller's to stop at or accept.
    """
    taken = {entry.id for entry in known}
    found = []
    for match in match_items(factsheet.items, known, previous):
        entry = match.known or mint(match.item, folder, factsheet.meta.topic, taken, factsheet.items)
        taken.add(entry.id)
        found.append(Identified(match.item, entry, match.known is None, match.doubt))
    return tuple(found)


def remember_ids(folder: Path, entries: Sequence[KnownItem]) -> None:
    """Append new entries to ``items.yaml`` of a folder, atomically; what stands there stays, comments included.

    Raises :class:`CorpusError` when the file can't be written, or not without changing what it says.
    """
    path = folder / ITEMS_FILE
    try:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = _appended(old, entries)
        if parse_yaml(new, str(path))[: -len(entries) or None] != (parse_yaml(old, str(path)) or []):
            raise CorpusError(f"De nieuwe items passen niet onder de lijst in {path}.", _by_hand(entries))
        folder.mkdir(parents=True, exist_ok=True)
        replace_text(path, new)
    except OSError as error:
        raise CorpusError(f"{path} kan niet worden geschreven: {reason_of(error)}.", _by_hand(entries)) from error


def _by_hand(entries: Sequence[KnownItem]) -> str:
    return "Zet dit er zelf onderaan bij:\n" + "\n".join(_as_yaml(entry, "") for entry in entries)


def _appended(old: str, entries: Sequence[KnownItem]) -> str:
    first = _FIRST_ENTRY.search(old)
    indent = first[1] if first else ""
    start = old or _HEADER
    return start + ("" if start.endswith("\n") else "\n") + "".join(f"\n{_as_yaml(entry, indent)}" for entry in entries)


def _as_yaml(entry: KnownItem, indent: str) -> str:
    quoted = [json.dumps(value, ensure_ascii=False) for value in (entry.title, entry.names, entry.keywords)]
    lines = (f"- id: {entry.id}", f"  titel: {quoted[0]}", f"  namen: {quoted[1]}", f"  kernwoorden: {quoted[2]}")
    return "".join(f"{indent}{line}\n" for line in lines)
