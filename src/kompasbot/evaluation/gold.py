"""What a question set means by its gold ids, over one index."""

from collections.abc import Iterable
from typing import Final

from kompasbot.errors import KompasbotError
from kompasbot.evaluation.soundness import squeeze
from kompasbot.knowledge import Item, ItemType
from kompasbot.retrieval.index import Index

_LETTERS: Final = {ItemType.INSIGHT: "I", ItemType.EXAMPLE: "P", ItemType.TOOL: "T", ItemType.GENERAL: "G"}
_UNKNOWN: Final = frozenset({"?"})

Gold = frozenset[str]


class Key:
    """Translates the items of an index to the gold ids of one factsheet, and gives their texts for comparison."""

    def __init__(self, index: Index, factsheet: str) -> None:
        self._items = index.items
        self._factsheet = factsheet
        self._texts: dict[str, str] = {}

    def distinct(self, item_ids: Iterable[str]) -> list[Gold]:
        """What items stand for, in their order, each once."""
        return list(dict.fromkeys(map(self.gold, item_ids)))

    def gold(self, item_id: str) -> Gold:
        """What an item stands for: a document for all items that link to it; ``?`` for what the set does not know."""
        item = self._items.get(item_id)
        if item is None:
            return _UNKNOWN
        meant = [item]
        if item.type is ItemType.DOCUMENT:
            meant = [self._items[one] for one in item.linked_from if one in self._items]
        return frozenset(filter(None, map(self._name, meant))) or _UNKNOWN

    def _name(self, item: Item) -> str | None:
        letter = _LETTERS.get(item.type)
        if letter is None or item.factsheet != self._factsheet:
            return None
        return letter if letter == "G" else f"{letter}{item.position}"

    def title(self, gold: str) -> str:
        """What a person calls a gold id: the title of its item, or the gold id itself where there is no such item."""
        if gold == "G":
            return "een algemeen item"
        found = (item.title for item in self._items.values() if self._name(item) == gold)
        return next((f"'{title}'" for title in found), gold)

    def text(self, item_id: str) -> str:
        """The squeezed text of an item; empty when it is unknown."""
        if item_id not in self._texts:
            item = self._items.get(item_id)
            self._texts[item_id] = squeeze(item.text) if item else ""
        return self._texts[item_id]


def factsheet_of(index: Index, name: str | None) -> str:
    """The factsheet that a set is about: the one named, else the only one; raises :class:`KompasbotError`."""
    known = list(dict.fromkeys(item.factsheet for item in index.knowledge.items if item.type in _LETTERS))
    if name in known:
        return str(name)
    if name is None and len(known) == 1:
        return known[0]
    what = f"De index heeft geen factsheet met de naam '{name}'." if name else "De index heeft meer factsheets."
    raise KompasbotError(what, f"Kies er een met --factsheet: {', '.join(known)}.")
