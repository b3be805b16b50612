"""The common form of every file that is read: a list of blocks, whatever the format was.

A reader for another format only has to yield these blocks; sections, items and documents follow from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ingest.findings import Finding


class BlockKind(StrEnum):
    """What role a block has in its file."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    QUOTE = "quote"


Label = tuple[str, str | None]
"""The text of a link and its address, or None when the address was lost."""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list entry or quote, as plain text on one line.

    ``level`` is the level of a heading (1–6), or the indent of a bullet or of a paragraph inside one (0 and up);
    ``line`` counts from 1, ``page`` too where the format has pages.
    """

    kind: BlockKind
    text: str
    level: int = 0
    labels: tuple[Label, ...] = ()
    line: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    """What every reader hands back: the blocks of a file, its front matter (empty without one), and what a person
    should know of the reading, such as what was left out and where.

    ``where`` is the name to use in messages. It is the ``where`` of each finding too; a message says the page itself.
    """

    where: str
    blocks: tuple[Block, ...]
    meta: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """All but the name of the file, as plain data that JSON can hold."""
        return {
            "blocks": [[one.kind, one.text, one.level, one.labels, one.line, one.page] for one in self.blocks],
            "meta": self.meta,
            "findings": [[one.severity, one.message, one.hint] for one in self.findings],
        }

    @classmethod
    def from_data(cls, where: str, data: Mapping[str, Any]) -> "SourceText":
        """What :meth:`to_data` gave, of a file of this name."""
        blocks = (
            Block(BlockKind(kind), text, level, tuple((label, url) for label, url in labels), line, page)
            for kind, text, level, labels, line, page in data["blocks"]
        )
        findings = (Finding(severity, where, message, hint) for severity, message, hint in data["findings"])
        return cls(where, tuple(blocks), data["meta"], tuple(findings))


def as_text(blocks: list[Block]) -> str:
    """Join blocks to the plain text of an item: a blank line between paragraphs, list entries as lines with ``- ``."""
    text = ""
    previous: Block | None = None
    for block in blocks:
        line = f"- {block.text}" if block.kind is BlockKind.BULLET else block.text
        both_bullets = previous is not None and previous.kind is block.kind is BlockKind.BULLET
        text += ("" if previous is None else "\n" if both_bullets else "\n\n") + line
        previous = block
    return text
