"""Plain text to blocks: nothing in it is markup but the signs of a list at the start of a line."""

import re
from typing import Final

from ingest.blocks import Block, BlockKind, SourceText
from ingest.markdown import read_markdown, split_front_matter
from ingest.sections import BULLET_SIGNS, section_of, stands_alone

_ENTRY: Final = re.compile(rf"(\s*)(?:(?:[{BULLET_SIGNS}]\s*|[-–*+]\s+)(?=\S)|(?=(?:\d{{1,2}}|[a-z])[.)]\s+\S))")
"""The start of a list entry: a sign, which goes, or a number, which stays."""
_RULE: Final = re.compile(r"\s*([-=_*~#])\1{2,}\s*")


def read_text(text: str, where: str, address: str | None = None) -> SourceText:
    """Read a cleaned text. A factsheet is read as Markdown, which is what its exports as text are written in; so is
    the front matter of any text. Raises what :func:`read_markdown` does."""
    if len({section_of(line) for line in text.splitlines()} - {None}) >= 2:
        return read_markdown(text, where, address)
    meta, body, first_line = split_front_matter(text, where, address)
    return SourceText(where, tuple(text_blocks(body, first_line)), meta)


def text_blocks(body: str, first_line: int = 1) -> list[Block]:
    """The blocks of a text without front matter; ``first_line`` is the number of its first line in the file."""
    blocks: list[Block] = []
    is_open = False
    for number, line in enumerate(body.expandtabs(4).split("\n"), first_line):
        text = " ".join(line.split())
        entry = _ENTRY.match(line)
        indent = len(line) - len(line.lstrip())
        if not text or _RULE.fullmatch(line):
            is_open = False
        elif entry:
            text = " ".join(line[entry.end() :].split())
            blocks.append(Block(BlockKind.BULLET, text, len(entry[1]), line=number))
            is_open = True
        elif is_open and not stands_alone(text):
            last = blocks.pop()
            blocks.append(Block(last.kind, f"{last.text} {text}", last.level, line=last.line))
        else:
            blocks.append(Block(BlockKind.PARAGRAPH, text, indent, line=number))
            is_open = not stands_alone(text)
    return blocks
