"""What is told from facets and sections rather than from passages: lists, counts, comparisons, the oldest."""

from collections.abc import Sequence
from dataclasses import replace

from kompasbot.answering.answer import BlockKind, Speaker
from kompasbot.answering.draft import Paragraph, Statement
from kompasbot.answering.evidence import Asking, Gatherer, content_words
from kompasbot.answering.telling.comparing import Comparer
from kompasbot.answering.telling.lists import Lister, number
from kompasbot.answering.telling.quoting import whole
from kompasbot.answering.understanding import AnswerKind, FacetFilter, Part, Told
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.answering.units import Unit, Units
from kompasbot.dutch import stem
from kompasbot.knowledge import SECTIONS, FacetKind, ItemType
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index


class Overviews:
    """Tells overviews over one index."""

    def __init__(self, index: Index, units: Units, texts: Texts, vocabulary: Vocabulary, gatherer: Gatherer) -> None:
        self._units = units
        self._texts = texts
        self._words = vocabulary
        self._gatherer = gatherer
        self._lister = Lister(index, units, texts)
        self._comparer = Comparer(index, texts)

    def told(self, part: Part, told: Told, asking: Asking) -> list[Paragraph]:
        """The paragraphs of a part that asks for a list, a count or a comparison; none when it does not."""
        factsheet = asking.factsheet
        if part.kind is AnswerKind.COMPARE:
            compared = self._compared(part, told, asking)
            if compared:
                return compared
        if part.superlative and part.facet is FacetKind.SINCE:
            before = (*told.last, *self._units.named(told.question))
            units = [self._units[unit] for unit in dict.fromkeys(part.units or before)]
            if len(units) < 2:
                units = self._lister.candidates(part, factsheet, ())
            oldest = self._lister.oldest(units, newest="nieuw" in part.text.lower() or "jong" in part.text.lower())
            if oldest:
                return oldest
        if part.kind is AnswerKind.COUNT and len(part.sections) > 1:
            by_section: dict[ItemType, list[Unit]] = {
                kind: [unit for unit in self._units.within(factsheet) if unit.item.type is kind]
                for kind in SECTIONS
                if kind in part.sections
            }
            return self._lister.counted(by_section)
        if part.whole and not part.filters and not part.units:
            return self._lister.section(part, factsheet, told.all if part.other else ())
        named = set(content_words(part.text)) - self._words.sections.keys()
        if part.other and len(part.sections) == 1 and told.last and not part.filters and len(named) <= 1:
            others = self._lister.section(replace(part, whole=next(iter(part.sections))), factsheet, told.all)
            if others:
                return others[-1:]
        return self._filtered(part, told, factsheet)

    def _filtered(self, part: Part, told: Told, factsheet: str | None) -> list[Paragraph]:
        """The items that meet the facet values a part names."""
        lists = part.lists or (part.several and not part.leans)
        content = {stem(word) for word in content_words(part.text)}
        plain = (
            part.leans
            and part.kind is AnswerKind.OPEN
            and not part.yes_no
            and all(not each.negated for each in part.filters)
        )
        bare = plain and bool(part.filters) and content <= {w for each in part.filters for w in each.value.split()}
        if not (part.filters or part.excluded) or not (lists or bare) or (part.units and not part.lists):
            return []
        asked = part if part.lists or not bare else replace(part, sections=frozenset({ItemType.EXAMPLE}))
        candidates = self._lister.candidates(asked, factsheet, told.all)
        filters = part.filters if part.lists or bare else _without_kinds(part.filters)
        if not filters and not part.excluded:
            return []
        units = self._lister.meeting(candidates, filters)
        if not units or (len(units) == len(candidates) > 3 and not part.excluded):
            return []
        if bare and not lists and len(units) == 1:
            return []  # the item itself says more than a line of a list
        entries = self._lister.listed(units, part)
        if entries is None:
            return []
        lead: list[Paragraph] = []
        if part.kind is AnswerKind.COUNT or (part.exists and part.yes_no):
            text = self._texts.get("samengesteld.ja") if part.exists and part.yes_no else self._count(units)
            basis = tuple(basis for statement in entries.statements for basis in statement.sources)
            lead = [Paragraph(BlockKind.SECTION, (Statement(text, basis, Speaker.COMPOSED),))]
        return [*lead, entries]

    def _count(self, units: Sequence[Unit]) -> str:
        counted = number(len(units))
        return self._texts.get("samengesteld.gevonden", aantal=counted[:1].upper() + counted[1:])

    def _compared(self, part: Part, told: Told, asking: Asking) -> list[Paragraph]:
        """Two units side by side, or two things within what is known, each by its own passage."""
        units = list(part.units)
        if len(units) < 2 and part.leans:
            units = list(dict.fromkeys((*units, *told.last)))
        by_operand = [self._operand(operand) for operand in part.operands]
        if len(by_operand) == 2 and all(by_operand) and by_operand[0].id != by_operand[1].id:  # type: ignore[union-attr]
            units = [unit.id for unit in by_operand if unit]
        common = any(word in part.text.lower() for word in ("gemeen", "overeenkomst", "lijk"))
        if len(units) >= 2 and len({self._units[unit].item.title for unit in units[:2]}) == 2:
            return self._comparer.compared([self._units[unit] for unit in units[:2]], common)
        if len(part.operands) == 2:
            sides = [self._side(operand, asking) for operand in part.operands]
            if all(sides):
                return [paragraph for side in sides for paragraph in side]
        return []

    def _operand(self, phrase: str) -> Unit | None:
        named = self._units.named(phrase)
        return self._units[named[0]] if named else None

    def _side(self, phrase: str, asking: Asking) -> list[Paragraph]:
        """The passage about one side of a comparison."""
        asked = Part(text=phrase, query=phrase, kind=AnswerKind.DEFINE)
        evidence = self._gatherer.gather(asked, (), asking)
        best = max(
            (passage for unit in evidence.units for passage in unit.passages), key=lambda p: p.score, default=None
        )
        return whole(best) if best is not None and best.coverage > 0.5 else []


def _without_kinds(filters: Sequence[FacetFilter]) -> tuple[FacetFilter, ...]:
    """The filters that tell where something plays, for whom and with whom, not what kind of thing it is."""
    return tuple(each for each in filters if set(each.kinds) - {FacetKind.KIND})
