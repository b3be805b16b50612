"""Lists of items: a section in full, what meets a filter, counts, and which is oldest."""

from collections.abc import Iterable, Sequence
from typing import Final

from kompasbot.answering.answer import BlockKind, Speaker
from kompasbot.answering.draft import Basis, Paragraph, Statement
from kompasbot.answering.telling.quoting import own, presenting, quoted, support
from kompasbot.answering.understanding import AnswerKind, FacetFilter, Part
from kompasbot.answering.understanding.filters import met_by
from kompasbot.answering.units import Unit, Units
from kompasbot.knowledge import SECTIONS, Facet, FacetKind, Item, ItemType
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index

_LONGEST: Final = 40
_QUOTES: Final = 2
"""Sentences of an item that are told in a list when the values of a facet are asked for."""
_NUMBERS: Final = "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf".split()


def number(count: int) -> str:
    """A number as it is written in running text."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


class Lister:
    """Makes lists over one index."""

    def __init__(self, index: Index, units: Units, texts: Texts) -> None:
        self._index = index
        self._units = units
        self._texts = texts

    def candidates(self, part: Part, factsheet: str | None, told: Sequence[str]) -> list[Unit]:
        """The units that a list is made from: of the sections that are named, else of all three; without those told
        before when others are asked for.
        """
        wanted = part.sections or frozenset(SECTIONS)
        units = [unit for unit in self._units.within(factsheet) if unit.item.type in wanted]
        units = [unit for unit in units if unit.id not in part.excluded]
        return [unit for unit in units if not (part.other and unit.id in told)]

    def meeting(self, units: Iterable[Unit], filters: Sequence[FacetFilter]) -> list[Unit]:
        """The units that meet all filters."""
        return [unit for unit in units if all(self._meets(unit, wanted) for wanted in filters)]

    def _meets(self, unit: Unit, wanted: FacetFilter) -> bool:
        if wanted.negated:
            known = any(facet.kind is FacetKind.COUNTRY for facet in unit.item.facets)
            return met_by(unit.item.facets, wanted) is None and (known or FacetKind.COUNTRY not in wanted.kinds)
        return met_by(unit.item.facets, wanted) is not None

    def listed(self, units: Sequence[Unit], part: Part) -> Paragraph | None:
        """The units as entries: the sentence that the facet asked for rests on, else the one that presents the item."""
        entries = tuple(entry for unit in units[:_LONGEST] for entry in self._entries(unit, part))
        return Paragraph(BlockKind.SECTION, entries, list=len(entries) > 1) if entries else None

    def _entries(self, unit: Unit, part: Part) -> list[Statement]:
        facets = self._facets(unit.item, part)
        quotes = {facet.support.quote: facet for facet in facets if facet.support.item_id == unit.id}
        if quotes:
            chosen = list(quotes.values())[: _QUOTES if part.facet is not None else 1]
            return [Statement(each.support.quote, support((each.support,), self._index.items)) for each in chosen]
        if facets and part.facet is not None:
            value = facets[0].value
            text = self._texts.get("samengesteld.kenmerk", titel=unit.item.title, waarde=value)
            return [Statement(text, support((facets[0].support,), self._index.items), Speaker.COMPOSED)]
        line = presenting(unit.item)
        return list(quoted(unit.item, unit.item.text, [line], None)[0].statements) if line else []

    def _facets(self, item: Item, part: Part) -> list[Facet]:
        """The facets of an item that a part asks for: by its filters, else of the kind whose values are asked."""
        met = [facet for wanted in part.filters if not wanted.negated if (facet := met_by(item.facets, wanted))]
        return met or [facet for facet in item.facets if part.facet is not None and facet.kind is part.facet]

    def section(self, part: Part, factsheet: str | None, without: Sequence[str] = ()) -> list[Paragraph]:
        """A section in full, but for the items told before where others are asked for."""
        kind = part.whole
        units = [unit for unit in self._units.within(factsheet) if unit.item.type is kind and unit.id not in without]
        told = self.listed(units, part)
        if told is None or kind is None:
            return []
        if part.kind is AnswerKind.COUNT:
            return self.counted({kind: units}, listing=True)
        return [own(BlockKind.INTRO, self._texts.get(f"antwoord.lijst.{kind}")), told]

    def counted(self, by_section: dict[ItemType, list[Unit]], listing: bool = False) -> list[Paragraph]:
        """How many items there are, with their titles where one section is asked for."""
        counts = [
            self._texts.get(f"samengesteld.aantal.{kind}", aantal=number(len(units)))
            for kind, units in by_section.items()
        ]
        joined = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} en {counts[-1]}"
        shown = [unit for units in by_section.values() for unit in units]
        text = self._texts.get("samengesteld.telling", aantallen=joined)
        text = text[:1].upper() + text[1:]
        lead = Paragraph(BlockKind.SECTION, (Statement(text, self._quotes(shown), Speaker.COMPOSED),))
        if not listing:
            return [lead]
        titles = tuple(Statement(f"{unit.item.title}.", self._quotes([unit]), Speaker.COMPOSED) for unit in shown)
        return [lead, Paragraph(BlockKind.SECTION, titles, list=True)]

    def _quotes(self, units: Iterable[Unit]) -> tuple[Basis, ...]:
        lines = ((unit.item, presenting(unit.item)) for unit in units)
        return tuple(Basis(item, item.text[line.start : line.end]) for item, line in lines if line)

    def oldest(self, units: Sequence[Unit], newest: bool) -> list[Paragraph]:
        """Which of some units began first, by their years; empty when none has one."""
        dated = [
            (facet.value, unit, facet) for unit in units for facet in unit.item.facets if facet.kind is FacetKind.SINCE
        ]
        dated = [row for row in dated if row[0][:4].isdigit()]
        if not dated:
            return []
        value, unit, facet = sorted(dated, key=lambda row: row[0], reverse=newest)[0]
        known = {each.id for _, each, _ in dated}
        unknown = [each.item.title.split(":")[0].split("(")[0].strip() for each in units if each.id not in known]
        key = "nieuwste" if newest else "oudste"
        text = self._texts.get(f"samengesteld.{key}", titel=unit.item.title.split(":")[0], waarde=value)
        paragraphs = [
            Paragraph(
                BlockKind.SECTION,
                (Statement(text, support((facet.support,), self._index.items), Speaker.COMPOSED),),
            )
        ]
        if unknown:
            text = self._texts.get("afwezig.beginjaar", titels=" en ".join(unknown[:3]))
            paragraphs.append(own(BlockKind.NOTICE, text, Speaker.ABSENCE))
        return paragraphs
