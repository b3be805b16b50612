"""What a visitor's message means, as one value that is made once: nothing behind it reads the message again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kompasbot.knowledge import FacetKind, ItemType


class Act(StrEnum):
    """What a message does in a conversation."""

    ASK = "vraag"
    SOURCE = "bron"
    EXPLAIN = "uitleg"
    SIMPLER = "eenvoudiger"
    SHORTER = "korter"
    LONGER = "langer"
    SUMMARY = "samenvatting"
    LANGUAGE = "taal"
    DOUBT = "twijfel"
    COMPLAINT = "klacht"
    VAGUE = "vaag"
    SMALL_TALK = "praatje"
    REFUSED = "weigering"


class AnswerKind(StrEnum):
    """What kind of answer a question asks for; the values are the names in ``begrip.yaml``."""

    COMPARE = "vergelijk"
    SOURCE = "herkomst"
    UNSURE = "onzeker"
    PROVEN = "bewijs"
    LOCATE = "vindplaats"
    DATED = "actueel"
    AMOUNT = "bedrag"
    COUNT = "aantal"
    MEASURE = "maat"
    YEAR = "jaar"
    WHEN = "wanneer"
    WHO = "wie"
    WHERE = "waar"
    WHY = "waarom"
    CONTACT = "contact"
    DEFINE = "wat_is"
    HOW_TO = "hoe_doe_ik"
    HOW = "hoe"
    WHICH = "welke"
    YES_NO = "ja_nee"
    OPEN = "open"


FACTS = frozenset(
    {
        AnswerKind.AMOUNT,
        AnswerKind.COUNT,
        AnswerKind.MEASURE,
        AnswerKind.YEAR,
        AnswerKind.WHEN,
        AnswerKind.WHO,
        AnswerKind.WHERE,
        AnswerKind.WHY,
        AnswerKind.CONTACT,
    }
)
"""Kinds that ask for one fact about something; only these can be told to be absent."""


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """A facet value that a question asks for, or (``negated``) excludes: ``value`` in stems, as one text."""

    value: str
    kinds: tuple[FacetKind, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One question of a message.

    ``text`` is the question as asked; ``query`` what is searched for: with the words that it leans on. ``of`` is the
    noun that is counted or whose name is asked for. ``units`` are ids of the items that it names or points at, in its
    order, ``excluded`` those that it leaves out; ``operands`` the phrases that it compares. ``sections`` are the
    sections that it names, ``lists`` says that it asks for items of these rather than naming them in passing, ``whole``
    is the one that is asked for in full. ``several`` asks for all that fits rather than for one thing; ``exists``
    whether there is any. ``other`` asks for what was not told yet. ``filters`` are facet values it names; ``facet`` the
    facet whose values are asked for. ``leans`` says that it can't be understood without what came before,
    ``tells`` that it states something of the visitor rather than asking.
    ``subject`` is a phrase that the
    question is about by its wording, where an ordinal or a phrase of the list told before was pointed at.
    ``confirms_negation`` asks to confirm that something is not so, ``doubts`` whether it is right.
    """

    text: str
    query: str
    kind: AnswerKind = AnswerKind.OPEN
    yes_no: bool = False
    of: str | None = None
    units: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    operands: tuple[str, ...] = ()
    sections: frozenset[ItemType] = frozenset()
    lists: bool = False
    whole: ItemType | None = None
    several: bool = False
    exists: bool = False
    other: bool = False
    filters: tuple[FacetFilter, ...] = ()
    facet: FacetKind | None = None
    superlative: bool = False
    leans: bool = False
    tells: bool = False
    subject: str = ""
    confirms_negation: bool = False
    doubts: bool = False

    @property
    def asked(self) -> str:
        """The words that are looked for in passages: the question with the entry that it points at."""
        return f"{self.subject} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Told:
    """What the conversation told before.

    ``last`` are the ids of the items of the latest answer that told any, in its order; ``documents`` those of the
    documents it quoted. ``all`` are the items of the whole conversation. ``question`` is the question that the latest
    answer replied to, ``text`` all that the assistant said; ``options`` the list that was shown last, each entry with
    the item it tells of, where known; ``numbered`` the items of the citations that the latest answer carries back.
    """

    last: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    question: str = ""
    text: str = ""
    latest: str = ""
    options: tuple[tuple[str, str | None], ...] = ()
    numbered: Mapping[int, str] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        """Whether an earlier answer told of an item."""
        return bool(self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A message as it is understood. ``reply`` is the key of the own text for small talk and refusals; ``language`` the
    language that is asked for (``en``, or a name of another); ``context`` the sentences around the questions.
    """

    act: Act
    text: str
    parts: tuple[Part, ...] = ()
    told: Told = field(default_factory=Told)
    english: bool = False
    reply: str = ""
    language: str = ""
    context: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
