"""Where facets are thin, and drafts for them by a language model, each held against the text before it is kept."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ingest.enrich import entries_by_item, shown_item
from ingest.facetdrafts import FACET_DRAFTS_FILE, entries_of, load_facet_drafts, number_of, save_facet_drafts
from ingest.facets import facet_of
from ingest.reviewed import Quotes, Withheld
from kompasbot.knowledge import SECTIONS, Facet, FacetKind, Item
from kompasbot.prompts import load_prompt

ENOUGH_KINDS: Final = 3
"""Kinds of facets from which on an item is told apart well enough from others."""
_LONGEST_VALUE: Final = 80
_LONGEST_DOCUMENTS: Final = 6_000
"""Characters of an item's documents that a model sees."""
_MOST: Final = 40

EXPLAINED: Final = {
    FacetKind.PLACE: "plaats of streek",
    FacetKind.COUNTRY: "land",
    FacetKind.AUDIENCE: "voor welke groepen: po, vmbo, vo, mbo, gezinnen, leraren, netwerken, gemeenten, bedrijven …",
    FacetKind.PARTNER: "wie eraan meedoet: elke partij die genoemd wordt, en elke soort partij",
    FacetKind.SINCE: "het jaar waarin het begon of verscheen",
    FacetKind.KIND: "wat voor iets het is: project, netwerk, lokaal, programma, handboek, onderzoek, adviezen …",
    FacetKind.EVIDENCE: "hoe zeker het is: onderzoek, praktijkervaring, theorie, een verband …",
}
"""What each kind of facet says of an item, in Dutch."""


@dataclass(frozen=True, slots=True)
class ThinFacets:
    """An item with few kinds of facets; ``drafts`` wait for a person."""

    item: Item
    kinds: tuple[FacetKind, ...]
    drafts: int


def thin_facets(corpus: Path, items: Iterable[Item]) -> list[ThinFacets]:
    """The items of the three sections with few kinds of facets, the poorest first."""
    drafts: dict[str, Any] = {}
    found = []
    for item in items:
        kinds = tuple(kind for kind in FacetKind if any(one.kind is kind for one in item.facets))
        if item.type in SECTIONS and len(kinds) < ENOUGH_KINDS:
            own = drafts.setdefault(item.factsheet, load_facet_drafts(corpus / item.factsheet)).get(item.id, {})
            found.append(ThinFacets(item, kinds, number_of(own)))
    return sorted(found, key=lambda one: len(one.kinds))


@dataclass(slots=True)
class FacetDrafting:
    """Drafts of facets; ``items`` are those of the corpus, with their documents."""

    corpus: Path
    items: Sequence[Item]
    name: str = "kenmerken"
    file: str = FACET_DRAFTS_FILE
    tokens_back: int = 1_200
    refused: int = 0
    _quotes: Quotes = field(init=False)

    def __post_init__(self) -> None:
        self._quotes = Quotes(self.items)

    def prompt(self, batch: Sequence[Item]) -> tuple[str, str]:
        """What the model is told, and what it is given of a batch: the items, each with its documents."""
        kinds = "\n".join(f"- {kind}: {explained}" for kind, explained in EXPLAINED.items())
        shown = "\n\n".join(self._shown(item, number) for number, item in enumerate(batch, 1))
        return load_prompt("kenmerken", frozenset({"soorten", "onderdelen"})).fill(soorten=kinds, onderdelen=shown)

    def _shown(self, item: Item, number: int) -> str:
        documents = "\n\n".join(f"Document bij [{number}]: {one.title}\n{one.text}" for one in self._documents(item))
        return f"{shown_item(item, number)}\n\n{documents[:_LONGEST_DOCUMENTS]}".rstrip()

    def _documents(self, item: Item) -> list[Item]:
        return [one for one in self.items if item.id in one.linked_from]

    def keep(self, answer: str, batch: Sequence[Item]) -> Collection[str]:
        """Keep the drafts in an answer whose sentence stands in the item or in a document of it, word for word."""
        found = {}
        for item, entries in entries_by_item(answer, batch):
            facets = tuple(self._facets(item, entries))[:_MOST] if isinstance(entries, list) else ()
            if facets:
                found[item.id] = entries_of(facets, item.id)
        if found:
            folder = self.corpus / batch[0].factsheet
            save_facet_drafts(folder, {**load_facet_drafts(folder), **found})
        return found

    def _facets(self, item: Item, entries: Sequence[Any]) -> Iterator[Facet]:
        known = {(one.kind, one.value.casefold()) for one in item.facets}
        for entry in entries:
            facet = self._facet(item, entry) if isinstance(entry, dict) else None
            if facet is None:
                self.refused += 1
            elif (facet.kind, facet.value.casefold()) not in known:
                known.add((facet.kind, facet.value.casefold()))
                yield facet

    def _facet(self, item: Item, entry: dict[str, Any]) -> Facet | None:
        """The facet that a model proposes, with the source in which its sentence stands; None when there is none."""
        if entry.get("kenmerk") not in list(FacetKind):
            return None
        told = {key: entry.get(key) for key in ("waarde", "ook", "zin")}
        for source in (item, *self._documents(item)):
            try:
                facet = facet_of(self._quotes, item, FacetKind(entry["kenmerk"]), told | {"bron": source.id})
            except Withheld:
                continue
            return facet if len(facet.value) <= _LONGEST_VALUE else None
        return None
