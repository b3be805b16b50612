"""The answer and the events of its stream, as frozen values: the one shape behind JSON, stream and other interfaces.

An answer is emitted as events: ``Started`` once; ``Cited`` before the first sentence that uses the citation;
``Said`` per sentence; ``Done`` with the complete answer. JSON is the last event; so they can't differ.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kompasbot.knowledge import ItemType, Known, Origin

if TYPE_CHECKING:
    from kompasbot.answering.why import Trace


class Status(StrEnum):
    """What kind of reply an answer is; see the table in the README."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    REFUSED = "refused"
    CLARIFY = "clarify"
    SMALLTALK = "smalltalk"


class BlockKind(StrEnum):
    """The role of a block in the answer."""

    NOTICE = "notice"
    INTRO = "intro"
    SECTION = "section"
    OUTRO = "outro"


class Speaker(StrEnum):
    """Whose statement a sentence is: an item's or a document's, word for word; of a reviewed answer; composed by us
    from facets and verdict; what was not found; or our own connecting text. The last two have no source.
    """

    ITEM = "item"
    DOCUMENT = "document"
    REVIEWED = "reviewed"
    COMPOSED = "composed"
    ABSENCE = "absence"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document a quote stands; ``page`` counts from 1."""

    title: str
    page: int | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered source of the answer. ``quote`` stands word for word in the item or document."""

    number: int
    item_id: str
    factsheet: str
    type: ItemType
    position: int
    title: str
    quote: str
    url: str | None
    known: Known
    origin: Origin
    updated: str
    linked_from: tuple[str, ...] = ()
    document: Place | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its markers ``[n]`` in the text; only ``own`` and ``absence`` sentences have no citations."""

    text: str
    citations: tuple[int, ...] = ()
    origin: Speaker = Speaker.OWN


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences that belong together, with a heading where they need one; ``list`` puts each on a line of its own."""

    kind: BlockKind
    sentences: tuple[Sentence, ...]
    heading: str | None = None
    list: bool = False

    @property
    def text(self) -> str:
        """The block as it stands in the answer."""
        lines = [f"- {s.text}" for s in self.sentences] if self.list else [" ".join(s.text for s in self.sentences)]
        return "\n".join([self.heading, *lines] if self.heading else lines)


@dataclass(frozen=True, slots=True)
class EngineUsed:
    """What wrote the answer; ``prompt`` is the prompt's hash; ``fallback_reason`` why it was not the one asked for."""

    name: str
    model: str | None = None
    prompt: str | None = None
    fallback_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the language model counted, and their price in euros where prices are set."""

    prompt_tokens: int
    completion_tokens: int
    cost: float | None = None

    @property
    def total_tokens(self) -> int:
        """Tokens in and out together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete reply. ``index`` is the id of the generation it rests on; ``trace`` is there when the question asked
    why.
    """

    id: str
    status: Status
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    suggestions: tuple[str, ...]
    engine: EngineUsed
    index: str
    complete: bool = True
    usage: Usage | None = None
    trace: "Trace | None" = None

    @property
    def text(self) -> str:
        """The blocks joined by a blank line: the ``answer`` field of the HTTP interface."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def message(self) -> str:
        """The answer as a message that stands by itself: a question back has its choices below it, as a list."""
        return self.text + self.choices

    @property
    def choices(self) -> str:
        """What :attr:`message` adds to the text: the choices of a question back; else nothing."""
        if self.status is not Status.CLARIFY or not self.suggestions:
            return ""
        return "\n\n" + "\n".join(f"- {choice}" for choice in self.suggestions)


@dataclass(frozen=True, slots=True)
class Started:
    """First event: the status was decided."""

    id: str
    status: Status


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation that the next sentence uses for the first time."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Said:
    """A checked sentence; ``block`` counts from 0."""

    block: int
    kind: BlockKind
    heading: str | None
    list: bool
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Done:
    """Last event: the complete answer."""

    answer: Answer


Event = Started | Cited | Said | Done


@dataclass(frozen=True, slots=True)
class Carried:
    """A citation that an assistant message carries back: its number and the item it stood for."""

    number: int
    item_id: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation; ``role`` is ``user`` or ``assistant``."""

    role: str
    content: str
    citations: tuple[Carried, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What the assistant is asked: the conversation, whose last message is the visitor's question.

    ``why`` asks for the answer's trace too.
    """

    messages: tuple[Message, ...]
    factsheet: str | None = None
    engine: str = "auto"
    why: bool = False

    @property
    def history(self) -> tuple[Message, ...]:
        """The turns before the question."""
        return self.messages[:-1]

    @property
    def text(self) -> str:
        """The visitor's last question."""
        return self.messages[-1].content
