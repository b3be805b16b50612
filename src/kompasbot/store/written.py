"""The knowledge of a generation as one file, ``knowledge.json``, in which every text stands once.

A document's text, its sections and its passages are the same words. Only the sections are written; a passage says which
part of which section it is. Reading 100,000 passages takes a second or two that way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import TypeAdapter

from kompasbot.knowledge import Factsheet, Item, Knowledge, Passage, PassageKind, ReviewedAnswer

NAME: Final = "knowledge.json"


class _Part(NamedTuple):
    """A part of the text of an item's section."""

    section: int
    start: int
    end: int


class _Own(NamedTuple):
    """A text that is no part of a section."""

    text: str
    heading: str | None
    page: int | None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class _Passages:
    """The passages in their order, as columns; ``owners`` are numbers of items."""

    owners: list[int]
    kinds: list[PassageKind]
    digests: list[str]
    texts: list[_Part | _Own]


@dataclass(frozen=True, slots=True)
class _File:
    factsheets: tuple[Factsheet, ...]
    items: tuple[Item, ...]
    synonyms: tuple[tuple[str, ...], ...]
    passages: _Passages
    answers: tuple[ReviewedAnswer, ...] = ()


_ADAPTER: Final = TypeAdapter(_File)


def write_knowledge(folder: Path, knowledge: Knowledge) -> None:
    """Write the knowledge into a generation's folder."""
    number = {item.id: at for at, item in enumerate(knowledge.items)}
    passages = _Passages(
        [number[passage.item_id] for passage in knowledge.passages],
        [passage.kind for passage in knowledge.passages],
        [passage.digest for passage in knowledge.passages],
        list(_texts(knowledge.passages, {item.id: item for item in knowledge.items})),
    )
    items = tuple(replace(item, text="") if item.text == _text_of(item) else item for item in knowledge.items)
    written = _File(knowledge.factsheets, items, knowledge.synonyms, passages, knowledge.answers)
    (folder / NAME).write_bytes(_ADAPTER.dump_json(written))


def read_knowledge(folder: Path) -> Knowledge:
    """The knowledge of a generation's folder; raises :class:`OSError` or :class:`ValueError` for a damaged file."""
    found = _ADAPTER.validate_json((folder / NAME).read_bytes())
    items = tuple(
        replace(item, text=_text_of(item)) if item.sections and not item.text else item for item in found.items
    )
    columns = found.passages
    rows = zip(columns.owners, columns.kinds, columns.digests, columns.texts, strict=True)
    try:
        passages = tuple(_passage(items[owner], kind, digest, text) for owner, kind, digest, text in rows)
    except IndexError as error:
        raise ValueError(f"{NAME}: een passage wijst naar een tekst die er niet is") from error
    return Knowledge(found.factsheets, items, found.synonyms, passages, found.answers)


def _text_of(item: Item) -> str:
    """What the text of a document is by its sections."""
    return "\n\n".join(section.text for section in item.sections)


def _texts(passages: Iterable[Passage], items: dict[str, Item]) -> Iterator[_Part | _Own]:
    """Where the text of each passage stands. Passages follow the sections of their item, so that each is looked for
    from where the one before it was found.
    """
    owner, section, after = "", 0, 0
    for passage in passages:
        if passage.item_id != owner:
            owner, section, after = passage.item_id, 0, 0
        part = _part(passage, items[owner], section, after)
        if part:
            section, _, after = part
        yield part or _Own(passage.text, passage.heading, passage.page, passage.answer)


def _part(passage: Passage, item: Item, section: int, after: int) -> _Part | None:
    if passage.kind is not PassageKind.TEXT:
        return None
    for number in range(section, len(item.sections)):
        one = item.sections[number]
        if (one.heading, one.page) == (passage.heading, passage.page):
            start = one.text.find(passage.text, after if number == section else 0)
            if start >= 0:
                return _Part(number, start, start + len(passage.text))
    return None


def _passage(item: Item, kind: PassageKind, digest: str, text: _Part | _Own) -> Passage:
    if isinstance(text, _Own):
        return Passage(digest, item.id, kind, text.text, text.heading, text.page, text.answer)
    section = item.sections[text.section]
    return Passage(digest, item.id, kind, section.text[text.start : text.end], section.heading, section.page)
