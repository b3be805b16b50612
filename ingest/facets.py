"""The reviewed facets of items (``kenmerken.yaml``): where each plays, for whom, who takes part, since when, …"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ingest.findings import Finding
from ingest.reviewed import Losses, Quotes, Withheld, fields, line_of_text, lines_of_text, place
from kompasbot.knowledge import Facet, FacetKind, Item

FACETS_FILE: Final = "kenmerken.yaml"
_FIELDS: Final = ("waarde", "ook", "zin", "bron")
_SHAPE: Final = "Zet bij elk id regels als 'land:', en daaronder een lijst met 'waarde:' en 'zin:'."


def read_facets(
    table: Mapping[str, Any], items: Sequence[Item], where: str, findings: list[Finding]
) -> dict[str, tuple[Facet, ...]]:
    """The facets by item id. A value that can't be used is withheld, and costs a finding; nothing else is lost."""
    quotes = Quotes(items)
    found: dict[str, tuple[Facet, ...]] = {}
    for key, kinds in table.items():
        if key not in quotes.items:
            hint = "Kijk in items.yaml welk id het moet zijn, of haal de kenmerken weg."
            findings.append(Finding("fout", where, f"Er staan kenmerken bij '{key}', maar dat item is er niet.", hint))
        elif isinstance(kinds, dict):
            found[key] = tuple(_facets(quotes, quotes.items[key], kinds, f"{where}, bij {key}", findings))
        else:
            findings.append(Finding("fout", f"{where}, bij {key}", "Hier horen kenmerken te staan.", _SHAPE))
    return found


def _facets(
    quotes: Quotes, item: Item, kinds: Mapping[Any, Any], where: str, findings: list[Finding]
) -> Iterator[Facet]:
    seen: set[tuple[FacetKind, str]] = set()
    losses = Losses()
    for kind, entry in _entries(kinds, where, findings):
        try:
            facet = facet_of(quotes, item, kind, entry)
            _refuse_double(facet, seen)
        except Withheld as reason:
            losses.add(reason, place(where, entry), _named(kind, entry))
        else:
            yield facet
    findings += losses.findings("Het kenmerk", "De kenmerken")


def _entries(kinds: Mapping[Any, Any], where: str, findings: list[Finding]) -> Iterator[tuple[FacetKind, object]]:
    """The entries of an item with their kinds; what stands under no kind, or is no list, costs a finding."""
    for kind, entries in kinds.items():
        if kind not in list(FacetKind):
            hint = f"Kies uit: {', '.join(FacetKind)}."
            findings.append(Finding("fout", where, f"Het kenmerk '{kind}' is niet bekend.", hint))
        elif isinstance(entries, list):
            yield from ((FacetKind(kind), entry) for entry in entries)
        else:
            message = f"Bij '{kind}:' hoort een lijst te staan; elk deel begint met '- '."
            findings.append(Finding("fout", where, message, _SHAPE))


def facet_of(quotes: Quotes, item: Item, kind: FacetKind, entry: object) -> Facet:
    """The facet of one entry; raises :class:`Withheld` when it can't be used."""
    told = fields(entry, _FIELDS)
    value, sentence = line_of_text(told, "waarde"), line_of_text(told, "zin")
    if not value or not sentence:
        lacking = "zin" if value else "waarde"
        raise Withheld(f"'{lacking}:' ontbreekt.", "Zet bij elke waarde de zin uit de tekst waar zij uit blijkt.")
    source = line_of_text(told, "bron") or item.id
    document = quotes.items.get(source)
    if document and source != item.id and item.id not in document.linked_from:
        raise Withheld(
            f"de bron '{source}' hoort niet bij dit item.",
            "Een kenmerk rust op het item zelf of op een document bij dat item.",
        )
    aliases = lines_of_text(told.get("ook"), "ook")
    return Facet(kind=kind, value=value, aliases=aliases, support=quotes.support(source, sentence))


def _named(kind: str, entry: object) -> str:
    value = entry.get("waarde") if isinstance(entry, dict) else None
    return f"'{kind}: {value or '…'}'"


def _refuse_double(facet: Facet, seen: set[tuple[FacetKind, str]]) -> None:
    key = facet.kind, facet.value.casefold()
    if key in seen:
        raise Withheld("het staat er twee keer.", "Houd er één over.")
    seen.add(key)
