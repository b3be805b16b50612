"""Groups the blocks of a factsheet: into parts (introduction, sections, general text), then into drafts of items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ingest.blocks import Block, BlockKind, Label
from ingest.findings import Finding, Severity
from ingest.sections import is_capitals, is_kicker, section_of
from kompasbot.knowledge import ItemType

SECTION_NAMES: Final = {
    ItemType.INSIGHT: "Inzichten uit onderzoek",
    ItemType.EXAMPLE: "Praktijkvoorbeelden",
    ItemType.TOOL: "Tools en handvatten",
}
_LINE_LEVEL: Final = 1
"""A heading without markup (a line in capitals) counts as one of the highest level."""


@dataclass
class Draft:
    """An item under construction; ``labels`` are those of the links in its title."""

    type: ItemType
    title: str | None = None
    blocks: list[Block] = field(default_factory=list)
    line: int = 0
    labels: tuple[Label, ...] = ()

    def add(self, block: Block) -> None:
        """Add a block of the item's text."""
        self.line = self.line or block.line
        self.blocks.append(block)


@dataclass
class Part:
    """The blocks under one heading of the highest kind: a section, or general text."""

    type: ItemType
    title: str | None
    level: int
    line: int
    blocks: list[Block] = field(default_factory=list)


def block_section(block: Block) -> ItemType | None:
    """The section that a block is the heading of, or None."""
    if block.kind is BlockKind.HEADING or (block.kind is BlockKind.PARAGRAPH and block.level == 0):
        return section_of(block.text)
    return None


def is_kicker_block(block: Block) -> bool:
    """Whether a block is a line such as ``KOMPASPUNT: …``, which is no text of the factsheet."""
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and is_kicker(block.text)


def heading_level(block: Block) -> int | None:
    """The level of a heading, also of a line in capitals; None for any other block."""
    if block.kind is BlockKind.HEADING:
        return block.level
    if block.kind is BlockKind.PARAGRAPH and block.level == 0 and (section_of(block.text) or is_capitals(block.text)):
        return _LINE_LEVEL
    return None


def parts_of(blocks: Sequence[Block]) -> list[Part]:
    """Cut the blocks at section headings and at headings as high as these; the first part is the introduction."""
    parts = [Part(ItemType.GENERAL, None, 0, blocks[0].line if blocks else 1)]
    for block in blocks:
        level = heading_level(block)
        section = block_section(block)
        if level is not None and section:
            parts.append(Part(section, None, level, block.line))
        elif level is not None and len(parts) > 1 and level <= parts[-1].level:
            parts.append(Part(ItemType.GENERAL, _titled(block.text), parts[-1].level, block.line))
        else:
            parts[-1].blocks.append(block)
    return parts


def _titled(text: str) -> str:
    """A heading as a title: without its colon, and not in capitals."""
    bare = text.rstrip(" :")
    return bare.capitalize() if is_capitals(bare) else bare


def drafts_of(parts: Sequence[Part], where: str, findings: list[Finding]) -> list[Draft]:
    """The items of all parts, those of the sections first; adds to ``findings`` what a person should look at."""
    introduction, *rest = parts
    paragraphs = [block for block in introduction.blocks if heading_level(block) is None]
    general = [Draft(ItemType.GENERAL, None, paragraphs, introduction.line)]
    drafts: list[Draft] = []
    for part in rest:
        loose = _Loose(where, part, general[0], findings)
        if part.type is ItemType.GENERAL:
            general.append(Draft(ItemType.GENERAL, part.title, list(part.blocks), part.line))
        elif any(map(_is_heading, part.blocks)):
            drafts += _by_headings(part, loose)
        elif any(block.kind is BlockKind.BULLET for block in part.blocks):
            drafts += _by_bullets(part, loose)
            if part is parts[-1] and loose.last:
                general.append(Draft(ItemType.GENERAL, None, loose.last, loose.last[0].line))
            else:
                loose.keep(drafts[-1])
        else:
            drafts += _by_paragraphs(part, loose)
    return drafts + general


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING


@dataclass
class _Loose:
    """Deals with text in a section that clearly belongs to no item; nothing is lost without a finding."""

    where: str
    part: Part
    introduction: Draft
    findings: list[Finding]
    last: list[Block] = field(default_factory=list)
    """Paragraphs after the last bullet so far, of which only what follows tells where they belong."""

    def before_first(self, block: Block) -> None:
        """Text above the first item of a section goes to the introduction."""
        self.introduction.add(block)
        self._find("info", block, "Deze tekst staat boven het eerste item en is bij de inleiding gezet.")

    def keep(self, draft: Draft) -> None:
        """Text between two bullets goes to the item above it."""
        for block in self.last:
            draft.add(block)
            self._find("waarschuwing", block, "Deze alinea staat los en is bij het item erboven gezet.")
        self.last = []

    def no_bullets(self) -> None:
        """A section of mere paragraphs."""
        name = SECTION_NAMES[self.part.type]
        message = f"Onder '{name}' staan geen opsommingstekens of kopjes. Elke alinea is als een item gelezen."
        self._find("waarschuwing", self.part, message, "Zet voor elk item '- ', of geef elk item een kopje.")

    def _find(self, severity: Severity, place: Block | Part, message: str, hint: str = "") -> None:
        hint = hint or "Laat de tekst inspringen als hij bij een item hoort."
        where = f"{self.where}, regel {place.line}"
        self.findings.append(Finding(severity, where, message, hint))


def _by_headings(part: Part, loose: _Loose) -> Iterator[Draft]:
    top = min(block.level for block in part.blocks if _is_heading(block))
    draft: Draft | None = None
    for block in part.blocks:
        if _is_heading(block) and block.level == top:
            if draft:
                yield draft
            draft = Draft(part.type, block.text, line=block.line, labels=block.labels)
        elif draft:
            draft.add(block)
        else:
            loose.before_first(block)
    if draft:
        yield draft


def _by_bullets(part: Part, loose: _Loose) -> Iterator[Draft]:
    top = min(block.level for block in part.blocks if block.kind is BlockKind.BULLET)
    draft: Draft | None = None
    for block in part.blocks:
        if block.kind is BlockKind.BULLET and block.level <= top:
            if draft:
                loose.keep(draft)
                yield draft
            draft = Draft(part.type)
            draft.add(replace(block, kind=BlockKind.PARAGRAPH))
        elif draft is None:
            loose.before_first(block)
        elif (block.level > top or block.kind is BlockKind.QUOTE) and not loose.last:
            draft.add(block)
        else:
            loose.last.append(block)
    if draft:
        yield draft


def _by_paragraphs(part: Part, loose: _Loose) -> Iterator[Draft]:
    if part.blocks:
        loose.no_bullets()
    for block in part.blocks:
        yield Draft(part.type, None, [block], block.line)
