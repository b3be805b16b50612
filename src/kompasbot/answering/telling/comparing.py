"""Two things side by side: what each is, and what they share."""

from collections.abc import Sequence

from kompasbot.answering.answer import BlockKind, Speaker
from kompasbot.answering.draft import Paragraph, Statement
from kompasbot.answering.telling.quoting import presenting, quoted, support
from kompasbot.answering.units import Unit
from kompasbot.knowledge import Facet, FacetKind
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index

_SHARED = (FacetKind.AUDIENCE, FacetKind.PARTNER, FacetKind.COUNTRY, FacetKind.KIND)
_SENTENCES = 2


class Comparer:
    """Compares units of one index."""

    def __init__(self, index: Index, texts: Texts) -> None:
        self._index = index
        self._texts = texts

    def compared(self, units: Sequence[Unit], common: bool) -> list[Paragraph]:
        """Units side by side under their titles; what they share comes first where ``common`` is asked for."""
        shared = self._shared(units)
        sides = [paragraph for unit in units for paragraph in self._side(unit)]
        return [*shared, *sides] if common else [*sides, *shared]

    def _side(self, unit: Unit) -> list[Paragraph]:
        from kompasbot.answering.fitting import lines

        found = [line for line in lines(unit.item.text) if not line.entry]
        first = presenting(unit.item)
        chosen = list(dict.fromkeys([*([first] if first else []), *found]))[:_SENTENCES]
        chosen.sort(key=lambda line: line.start)
        paragraphs = quoted(unit.item, unit.item.text, chosen, None)
        return [
            Paragraph(each.kind, each.statements, unit.item.title if at == 0 else None, each.list)
            for at, each in enumerate(paragraphs)
        ]

    def _shared(self, units: Sequence[Unit]) -> list[Paragraph]:
        """The facet values that all of some units have."""
        statements = []
        for kind in _SHARED:
            sets = [{facet.value: facet for facet in unit.item.facets if facet.kind is kind} for unit in units]
            common = set.intersection(*(set(values) for values in sets)) if sets else set()
            for value in sorted(common)[:2]:
                facets: list[Facet] = [values[value] for values in sets]
                text = self._texts.get(f"samengesteld.gedeeld.{kind}", waarde=value)
                basis = support((facet.support for facet in facets), self._index.items)
                statements.append(Statement(text, basis, Speaker.COMPOSED))
        return [Paragraph(BlockKind.SECTION, tuple(statements))] if statements else []
