"""An answer in the making: blocks are written, citations get their numbers, and every step is one event of the
stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kompasbot.answering.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Cited,
    Done,
    EngineUsed,
    Event,
    Place,
    Said,
    Sentence,
    Speaker,
    Started,
    Status,
    Usage,
)
from kompasbot.knowledge import Item, ItemType, Origin


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence before it has numbers: its text without markers, and what it rests on.

    Without a ``speaker`` it is the words of its first source, or our own where it has none.
    """

    text: str
    sources: tuple["Basis", ...] = ()
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sentence rests on: an item or document, the words in it, and where in a document they stand.

    ``origin`` says whose words they are where they are not the source's own: of an editor's note.
    """

    item: Item
    quote: str
    place: Place | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block before its sentences have numbers."""

    kind: BlockKind
    statements: tuple[Statement, ...]
    heading: str | None = None
    list: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence that a language model wrote. ``reason`` says in Dutch why it is not shown as it was written and is
    empty when it is, ``instead`` what is said in its place.
    """

    text: str
    reason: str = ""
    instead: str | None = None


@dataclass(slots=True)
class Draft:
    """Collects what was said, in order; the finished answer is exactly what the events told.

    ``judged`` are the sentences that a language model wrote for it.
    """

    id: str
    status: Status
    index: str
    engine: EngineUsed
    blocks: list[Block] = field(default_factory=list)
    citations: dict[tuple[str, str], Citation] = field(default_factory=dict)
    complete: bool = True
    judged: list[Judged] = field(default_factory=list)

    def start(self) -> Event:
        """The first event."""
        return Started(self.id, self.status)

    def write(self, paragraph: Paragraph) -> Iterator[Event]:
        """Add a block, as events: each sentence, preceded by the citations that it uses for the first time."""
        number = len(self.blocks)
        self.blocks.append(Block(paragraph.kind, (), paragraph.heading, paragraph.list))
        for statement in paragraph.statements:
            yield from self.say(number, statement)

    def say(self, number: int, statement: Statement) -> Iterator[Event]:
        """Add a sentence to block ``number``."""
        cited = []
        for basis in statement.sources:
            known = self.citations.get((basis.item.id, basis.quote))
            if known is None:
                known = self._cite(basis)
                yield Cited(known)
            cited.append(known.number)
        block = self.blocks[number]
        sentence = _marked(statement, tuple(dict.fromkeys(cited)))
        self.blocks[number] = Block(block.kind, (*block.sentences, sentence), block.heading, block.list)
        yield Said(number, block.kind, block.heading, block.list, sentence)

    def _cite(self, basis: Basis) -> Citation:
        item = basis.item
        citation = Citation(
            len(self.citations) + 1,
            item.id,
            item.factsheet,
            item.type,
            item.position,
            item.title,
            basis.quote,
            item.url,
            item.known,
            basis.origin or item.origin,
            item.updated,
            item.linked_from,
            basis.place,
        )
        self.citations[item.id, basis.quote] = citation
        return citation

    def finish(self, suggestions: tuple[str, ...] = (), usage: Usage | None = None) -> Done:
        """The last event, with the complete answer."""
        answer = Answer(
            self.id,
            self.status,
            tuple(self.blocks),
            tuple(self.citations.values()),
            suggestions,
            self.engine,
            self.index,
            self.complete,
            usage,
        )
        return Done(answer)


def _marked(statement: Statement, numbers: tuple[int, ...]) -> Sentence:
    if not numbers:
        return Sentence(statement.text, origin=statement.speaker or Speaker.OWN)
    markers = "".join(f"[{number}]" for number in numbers)
    speaker = Speaker.DOCUMENT if statement.sources[0].item.type is ItemType.DOCUMENT else Speaker.ITEM
    return Sentence(f"{statement.text} {markers}", numbers, statement.speaker or speaker)
