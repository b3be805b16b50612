"""What a new generation is held against: the serving one, or the newest before it that can be read."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ingest.findings import Finding
from kompasbot.dutch import is_function_word, stem, words
from kompasbot.errors import IndexFailure, PublicationStopped
from kompasbot.knowledge import Factsheet, Item, ItemType, Knowledge
from kompasbot.store import Place, current, generations, read_manifest
from kompasbot.store.place import earlier, fetched
from kompasbot.store.written import read_knowledge

LOSS: Final = 0.2
"""A loss of more than this share of what a factsheet holds must be meant."""
LESS: Final = 1 / 3
"""A loss of more than this share of the text of what stays must be meant."""
ALIKE: Final = 0.2
"""An item of which less than this share of the words stayed has another text; a rewording keeps 0.6 or more."""
_WORDS: Final = 8
"""Different words from which on a text can be told from another."""
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Before:
    """``folders`` are the generations, the ``serving`` one first, then the newest before it.

    ``knowledge`` is of the first that can be read, which is the one ``compared`` with; None when none can. ``counts``
    are its numbers of items and passages, from the first manifest that can be read.
    """

    serving: str = ""
    folders: tuple[Path, ...] = ()
    compared: str = ""
    knowledge: Knowledge | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def doubts(self) -> list[Finding]:
        """What a person should know about the comparison; nothing at a first ingestion."""
        if not self.folders or self.compared == self.serving:
            return []
        if self.compared:
            message = f"De index die in gebruik was, is niet te lezen. Er is vergeleken met de index {self.compared}."
        else:
            message = "Niet vergeleken: geen van de bewaarde indexen is te lezen. Daarom heet alles hier nieuw."
        return [Finding("waarschuwing", "index", message, "Kijk zelf of er niets mist.")]

    def refuse_losses(self, knowledge: Knowledge) -> None:
        """Raise :class:`PublicationStopped` when a factsheet is gone, or much of what one held: more often a damaged
        file or a folder that is not there than an editor's wish.
        """
        losses = list(_losses(self.knowledge, knowledge) if self.knowledge else _fewer(self.counts, knowledge))
        if losses:
            raise PublicationStopped(
                " ".join([*losses, "De oude index blijft in gebruik."]),
                "Controleer of er geen bestand of map ontbreekt of leeg is. Klopt het zo? Gebruik dan --force.",
            )


def _losses(before: Knowledge, after: Knowledge) -> Iterator[str]:
    """What is lost of each factsheet or folder of documents, in Dutch."""
    for sheet in before.factsheets:
        old = [item for item in before.items if item.factsheet == sheet.id]
        new = {item.id: item for item in after.items if item.factsheet == sheet.id}
        items = [item for item in old if item.type is not ItemType.DOCUMENT]
        if items and not any(item.type is not ItemType.DOCUMENT for item in new.values()):
            yield f"De factsheet '{sheet.title}' is weg, met {len(items)} items."
            continue
        yield from _lost("items", sheet, items, new)
        yield from _lost("documenten", sheet, [item for item in old if _is_missed(item, new)], new)
        kept = [(item, new[item.id]) for item in items if item.id in new]
        yield from _replaced(sheet, [before.title for before, after in kept if not _is_alike(before.text, after.text)])
        documents = [(item, new[item.id]) for item in old if item.id in new and item.type is ItemType.DOCUMENT]
        expected = [(_expected(one), _expected(two)) for one, two in kept]
        expected += [(_asked(one), _asked(two)) for one, two in documents]
        yield from _less("verwachte vragen en termen", sheet, expected)
        yield from _less("tekens van de items", sheet, [(len(one.text), len(two.text)) for one, two in kept])
        yield from _less("tekens van de documenten", sheet, [(len(one.text), len(two.text)) for one, two in documents])


def _lost(what: str, sheet: Factsheet, old: Sequence[Item], new: Collection[str]) -> Iterator[str]:
    """One item may always go; of many no more than a share."""
    gone = [item.title for item in old if item.id not in new]
    if len(gone) > max(1, LOSS * len(old)):
        more = f" en nog {len(gone) - _SHOWN}" if len(gone) > _SHOWN else ""
        names = ", ".join(f"'{title}'" for title in gone[:_SHOWN])
        yield f"Van de {len(old)} {what} van '{sheet.title}' zijn er {len(gone)} weg: {names}{more}."


def _is_missed(document: Item, new: Collection[str]) -> bool:
    """Whether a document should still be there: it does not go with the items that linked to it."""
    linked = document.linked_from
    return document.type is ItemType.DOCUMENT and (not linked or any(item_id in new for item_id in linked))


def _replaced(sheet: Factsheet, titles: Sequence[str]) -> Iterator[str]:
    if titles:
        names = ", ".join(f"'{title}'" for title in titles[:_SHOWN])
        yield f"In '{sheet.title}' staat onder dezelfde naam een heel andere tekst: {names}."


def _is_alike(before: str, after: str) -> bool:
    """Whether a text may be a rewording of another, by the words that they share."""
    old, new = ({stem(word) for word in words(text) if not is_function_word(word)} for text in (before, after))
    least = min(len(old), len(new))
    return least < _WORDS or len(old & new) >= ALIKE * least


def _expected(item: Item) -> int:
    return len(item.questions) + len(item.terms) + _asked(item)


def _asked(item: Item) -> int:
    """The questions that a sentence of it answers."""
    return sum(len(asked.questions) for asked in item.asked)


def _less(what: str, sheet: Factsheet, pairs: Sequence[tuple[int, int]]) -> Iterator[str]:
    """A loss from what is still there."""
    old, new = sum(one for one, _ in pairs), sum(two for _, two in pairs)
    if new < (1 - LESS) * old:
        yield f"In '{sheet.title}' daalt het aantal {what} van {old} naar {new}, zonder wat er verwijderd is."


def _fewer(counts: Mapping[str, int], knowledge: Knowledge) -> Iterator[str]:
    """What is lost by the numbers alone, where it can't be read what there was."""
    items = sum(item.type is not ItemType.DOCUMENT for item in knowledge.items)
    for what, new in (("items", items), ("passages", len(knowledge.passages))):
        old = counts.get(what, 0)
        if new < (1 - LOSS) * old:
            yield f"Het aantal {what} daalt van {old} naar {new}."


def before_now(place: Place) -> Before:
    """What is there; a damaged generation gives what can still be read of it."""
    serving = current(place) or ""
    # Without the pointer it is not known which one served: the newest is the likeliest.
    names = [serving, *earlier(place, serving)] if serving else [*reversed(generations(place))]
    folders: list[Path] = []
    compared, knowledge = "", None
    counts: Mapping[str, int] = {}
    for name in names:
        folder = _folder(place, name, fetch=knowledge is None)
        if folder is None:
            continue
        folders.append(folder)
        counts = counts or _noted_counts(folder)
        if knowledge is None:
            knowledge = _knowledge(folder)
            compared = name if knowledge else ""
    return Before(serving, tuple(folders), compared, knowledge, counts)


def _folder(place: Place, name: str, fetch: bool) -> Path | None:
    """The folder of a generation; None when it is on a server, and not fetched or not whole."""
    try:
        return fetched(place, name) if fetch or (place.folder / name).is_dir() else None
    except (IndexFailure, OSError, ValueError):
        return None


def _knowledge(folder: Path) -> Knowledge | None:
    try:
        return read_knowledge(folder)
    except (OSError, ValueError):
        return None


def _noted_counts(folder: Path) -> dict[str, int]:
    try:
        manifest = read_manifest(folder)
    except IndexFailure:
        return {}
    return {"items": manifest.items, "passages": manifest.passages}
