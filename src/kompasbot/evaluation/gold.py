"""What a question set means by its gold ids, over one index."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kompasbot.errors import KompasbotError
from kompasbot.evaluation.questions import Wanting
from kompasbot.evaluation.soundness import squeeze
from kompasbot.knowledge import Item, ItemType
from kompasbot.retrieval.index import Index

_TYPES: Final = {"I": ItemType.INSIGHT, "P": ItemType.EXAMPLE, "T": ItemType.TOOL, "G": ItemType.GENERAL}
_UNKNOWN: Final = frozenset({"?"})

Gold = frozenset[str]
"""Item ids: of what a citation stands for, or of which one will do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants, as item ids: ``best`` truly answer, each by any of its ids; ``fitting`` may be cited.

    ``missing`` is gold of which there is no item; ``positions`` are the ids of gold that was given by position.
    """

    best: tuple[Gold, ...] = ()
    fitting: Gold = frozenset()
    missing: tuple[str, ...] = ()
    positions: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> str:
        """The best ids as :class:`~kompasbot.evaluation.figures.Miss` says them."""
        return " ".join("+".join(sorted(ids)) for ids in self.best)


class Key:
    """Translates the gold ids of a set about one factsheet to the items of an index, and gives their texts.

    ``placed`` are the items that positions are counted in, by default those of the index.
    """

    def __init__(self, index: Index, factsheet: str, placed: Sequence[Item] | None = None) -> None:
        self._items = index.items
        own = [item for item in index.knowledge.items if item.factsheet == factsheet]
        self._of_type = {letter: [item.id for item in own if item.type is kind] for letter, kind in _TYPES.items()}
        self._annotated = frozenset(item.id for item in own if item.editor_note)
        counted = own if placed is None else [item for item in placed if item.factsheet == factsheet]
        self._places = {(item.type, item.position): item.id for item in counted}
        self._texts: dict[str, str] = {}

    def wanted(self, wanting: Wanting, positions: Mapping[str, str]) -> Wanted:
        """What a question wants; ``positions`` are the ids that were found for it before, and hold."""
        placed = {code: self._placed(code, positions) for code in wanting.gold + wanting.any_of if _is_position(code)}
        meant = {code: self._meant(placed.get(code, code)) for code in wanting.gold + wanting.any_of}
        return Wanted(
            tuple(meant[code] for code in wanting.gold if meant[code]),
            frozenset().union(*meant.values()),
            tuple(placed.get(code, code) for code in wanting.gold if not meant[code]),
            {code: name for code, name in placed.items() if name != code},
        )

    def _placed(self, code: str, positions: Mapping[str, str]) -> str:
        """The id at a position, as it was found before or is now; the code itself where there is none."""
        place = (_TYPES[code[0]], int(code[1:].rstrip("d")))
        return positions.get(code) or self._places.get(place, code)

    def _meant(self, code: str) -> Gold:
        if "/" in code:
            return self.gold(code) if code in self._items else frozenset()
        if code == "redactie":
            return self._annotated
        return frozenset(self._of_type[code[0]]) if not _is_position(code) else frozenset()

    def distinct(self, item_ids: Iterable[str]) -> list[Gold]:
        """What items stand for, in their order, each once."""
        return list(dict.fromkeys(map(self.gold, item_ids)))

    def gold(self, item_id: str) -> Gold:
        """What an item stands for: itself, a document for the items that link to it; ``?`` for what is unknown."""
        item = self._items.get(item_id)
        if item is None:
            return _UNKNOWN
        return frozenset(one for one in item.linked_from if one in self._items) or frozenset({item_id})

    def title(self, gold: str) -> str:
        """What a person calls a gold id: the title of its item, or the gold id itself where there is no such item."""
        item = self._items.get(gold)
        return f"'{item.title}'" if item else gold

    def text(self, item_id: str) -> str:
        """The squeezed text of an item; empty when it is unknown."""
        if item_id not in self._texts:
            item = self._items.get(item_id)
            self._texts[item_id] = squeeze(item.text) if item else ""
        return self._texts[item_id]

    def known_of(self, ids: Collection[str]) -> tuple[str, str]:
        """The titles and texts of items, and what else is known of them: editor's notes and linked documents."""
        own = [self._items[item_id] for item_id in ids if item_id in self._items]
        linked = [item for item in self._items.values() if any(item_id in ids for item_id in item.linked_from)]
        texts = [f"{item.title}\n{item.text}" for item in own]
        rest = [item.editor_note or "" for item in own] + [f"{item.title}\n{item.text}" for item in linked]
        return "\n".join(texts), "\n".join(rest)


def _is_position(code: str) -> bool:
    return "/" not in code and code[0] in "IPT" and code[1:2].isdigit()


def factsheet_of(index: Index, name: str | None) -> str:
    """The factsheet that a set is about: the one named, else the only one; raises :class:`KompasbotError`."""
    known = list(dict.fromkeys(item.factsheet for item in index.knowledge.items if item.type in _TYPES.values()))
    if name in known:
        return str(name)
    if name is None and len(known) == 1:
        return known[0]
    what = f"De index heeft geen factsheet met de naam '{name}'." if name else "De index heeft meer factsheets."
    raise KompasbotError(what, f"Kies er een met --factsheet: {', '.join(known)}.")
