"""A row of a table to blocks: short cells side by side on one line, cells that hold more one after the other."""

from collections.abc import Iterable, Sequence
from typing import Final

from ingest.blocks import Block, BlockKind
from ingest.sections import stands_alone

_MOST_PARAGRAPHS: Final = 3
_LONGEST: Final = 150
"""Characters up to which a cell of several paragraphs is a short one."""


def row_text(cells: Iterable[str]) -> str:
    """The cells of a row as one text. An empty cell between others keeps its place; a text that is alone stands so."""
    texts = [cell.strip() for cell in cells]
    filled = list(filter(None, texts))
    if len(filled) < 2:
        return "".join(filled)
    while not texts[-1]:
        texts.pop()
    return " ".join(" | ".join(texts).split())


def row_blocks(cells: Sequence[Sequence[Block]], above: Sequence[bool]) -> list[Block]:
    """The blocks of a row by its cells, of which some come from a row ``above`` that they are merged with."""
    filled = sum(map(bool, cells))
    if filled > 1 and all(map(_is_short, cells)):
        text = row_text(" ".join(block.text for block in cell) for cell in cells)
        labels = tuple(dict.fromkeys(label for cell in cells for block in cell for label in block.labels))
        first = next(cell for cell in cells if cell)[0]
        return [Block(BlockKind.PARAGRAPH, text, 0, labels, first.line)]
    return [block for cell, is_above in zip(cells, above, strict=True) if not is_above for block in cell]


def _is_short(cell: Sequence[Block]) -> bool:
    if len(cell) < 2:
        return all(block.kind is not BlockKind.BULLET for block in cell)
    return (
        len(cell) <= _MOST_PARAGRAPHS
        and sum(len(block.text) for block in cell) <= _LONGEST
        and all(block.kind is BlockKind.PARAGRAPH and not stands_alone(block.text) for block in cell)
    )
