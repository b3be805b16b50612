"""What kompasbot knows, as frozen values: factsheets, their items, linked documents and passages.

Everything here is plain data that pickles, compares and serialises; nothing here reads a file.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class ItemType(StrEnum):
    """The section of the factsheet that an item belongs to; a document is knowledge of the second class."""

    INSIGHT = "inzicht"
    EXAMPLE = "praktijkvoorbeeld"
    TOOL = "tool"
    GENERAL = "algemeen"
    DOCUMENT = "document"


SECTIONS: Final = (ItemType.INSIGHT, ItemType.EXAMPLE, ItemType.TOOL)
"""The three sections of a factsheet, in their order."""


class Known(StrEnum):
    """How sure the address of a link is."""

    KNOWN = "bekend"
    PROBABLE = "vermoedelijk"
    UNKNOWN = "onbekend"


class Health(StrEnum):
    """What the last check of a link found."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    BLOCKED = "blocked"
    UNCHECKED = "unchecked"


class Origin(StrEnum):
    """Whose words a text is: the publisher's, our rewording, a document's, or our note on one."""

    FACTSHEET = "factsheet"
    SUMMARY = "samenvatting"
    DOCUMENT = "document"
    NOTE = "notitie"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an item: its label in the text and, where known, the address."""

    label: str
    url: str | None = None
    known: Known = Known.UNKNOWN
    health: Health = Health.UNCHECKED


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document that can be cited: its text under a heading, on a page (from 1) where there are pages."""

    text: str
    heading: str | None = None
    page: int | None = None


class FacetKind(StrEnum):
    """What a facet says of an item; the values are the keys of ``kenmerken.yaml``."""

    PLACE = "waar"
    COUNTRY = "land"
    AUDIENCE = "voor_wie"
    PARTNER = "wie"
    SINCE = "sinds"
    KIND = "soort"
    EVIDENCE = "bewijs"


@dataclass(frozen=True, slots=True)
class Support:
    """What a reviewed statement rests on: ``quote`` stands word for word in the item or document ``item_id``."""

    item_id: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A reviewed property of an item: where it plays, for whom, who takes part, since when, …

    ``aliases`` are other words that people use for ``value``. ``support`` is the sentence that the value rests on, in
    the item itself or in a document that it links to.
    """

    kind: FacetKind
    value: str
    aliases: tuple[str, ...] = ()
    support: Support


@dataclass(frozen=True, slots=True)
class AskedSentence:
    """A sentence of an item or its editor's note, with ways to ask for what it says; these find it, and are never
    quoted.
    """

    sentence: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewedSentence:
    """A sentence of a reviewed answer, in our own words, with all that it rests on."""

    text: str
    supports: tuple[Support, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedAnswer:
    """An answer that a person reviewed: to a broad question, or (with ``about``) one item in plain words or English.

    ``questions`` are ways to ask it, compared by meaning. ``sentences`` are told as running text, ``steps`` after them
    as a list. ``simple`` marks the easier wording of an item (level A2), ``english`` a telling in English. One that is
    ``outside`` has ways to ask alone: what the sources do not answer, though it may look as if they do.
    """

    id: str
    factsheet: str
    questions: tuple[str, ...] = ()
    sentences: tuple[ReviewedSentence, ...] = ()
    steps: tuple[ReviewedSentence, ...] = ()
    about: str | None = None
    simple: bool = False
    english: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """The unit of retrieval and citation: one insight, example, tool, general item or linked document.

    ``text`` is plain text: paragraphs joined by a blank line, list entries on lines that begin with ``- ``.
    For a document it is the text of all ``sections`` joined by a blank line. ``questions`` and ``terms`` are the
    reviewed expected questions, ``asked`` those that a certain sentence answers; they help to find the item and are
    never quoted. ``updated`` is an ISO date.
    """

    id: str
    factsheet: str
    type: ItemType
    position: int
    title: str
    text: str
    origin: Origin
    updated: str
    editor_note: str | None = None
    links: tuple[Link, ...] = ()
    linked_from: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    questions: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    asked: tuple[AskedSentence, ...] = ()

    @property
    def url(self) -> str | None:
        """The first address that is known of this item, or None."""
        return next((link.url for link in self.links if link.url), None)

    @property
    def known(self) -> Known:
        """How sure :attr:`url` is."""
        return next((link.known for link in self.links if link.url), Known.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Factsheet:
    """A folder of the corpus: a factsheet, or a folder of documents (then without items of the three sections).

    ``id`` is the folder's name; ``synonyms`` of the field belong to the corpus, not to a factsheet.
    """

    id: str
    title: str
    topic: str
    publisher: str
    updated: str
    source: str
    origin: Origin


class PassageKind(StrEnum):
    """What part of an item a passage is."""

    TITLE = "title"
    TEXT = "text"
    QUESTION = "question"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest indexed text. ``digest`` (32 hex digits) covers what is embedded: equal digests, equal vectors.

    ``heading`` and ``page`` say where in a document it stands. Passages of kind question and terms are found but
    never cited; ``answer`` is the sentence of the item that answers such a question, where a person said so.
    """

    digest: str
    item_id: str
    kind: PassageKind
    text: str
    heading: str | None = None
    page: int | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that one generation of the index knows. Items in corpus order: by factsheet, section, position."""

    factsheets: tuple[Factsheet, ...]
    items: tuple[Item, ...]
    synonyms: tuple[tuple[str, ...], ...] = ()
    passages: tuple[Passage, ...] = field(default=())
    answers: tuple[ReviewedAnswer, ...] = ()
