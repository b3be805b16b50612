"""Understands a question in its conversation, by rules: what "die", "daar" and "de tweede" refer to.

The server keeps no session. What was told before is found in the messages themselves: in the citations that an
assistant message carries back, where there are any, else by the sentences of items that stand in its text, else by
asking the index the earlier question again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kompasbot.answering.answer import Message, Question
from kompasbot.answering.fitting import lines
from kompasbot.answering.intents import Intents
from kompasbot.dutch import fold, is_function_word, words
from kompasbot.knowledge import Item, ItemType
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.sections import is_section_word, sections_named, whole_section


class Turn(StrEnum):
    """What a question is in its conversation."""

    NEW = "nieuw"
    FOLLOW_UP = "vervolg"
    MORE = "meer"
    SHORTER = "korter"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question with what it refers to.

    ``context`` is the earlier question that it leans on (empty for a new one), ``focus`` the items last told, in their
    order, ``told`` all items told in the conversation, and ``picked`` the item that it points at by number
    (``de tweede``), or None.
    """

    text: str
    turn: Turn
    context: str = ""
    focus: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    picked: str | None = None


_ORDINALS: Final = (
    "eerste|1e|first",
    "tweede|2e|second",
    "derde|3e|third",
    "vierde|4e|fourth",
    "vijfde|5e|fifth",
    "zesde|6e|sixth",
)
_ORDINAL: Final = tuple(
    re.compile(
        rf"\b(de|het|die|dat|nummer|the|over)\s+({names}|{at})(?!\s+(?!tool|voorbeeld|inzicht|advies|punt|bron|item|one)\w)"
        rf"|^\W*({names})\W*$|\[{at}\]"
    )
    for at, names in enumerate(_ORDINALS, 1)
)
_LAST: Final = re.compile(r"\b(de|het|die) (laatste|onderste)\b(?! \w+en\b)|\bthe last one\b")
_SHORTER: Final = re.compile(
    r"^\W*((en|kan|kun|mag|graag|het|je|dat|dit|ook|iets|wat|nog|in|een)\s+)*"
    r"(korter|samengevat|samenvatten|kort samengevat|het kort|bondiger|één zin|een zin|kort|tldr|shorter|briefly)"
    r"(\s+(graag|aub|alsjeblieft|svp|kan|kun|je|dat|het|ook|antwoord|please|uitleggen|zeggen|samenvatten))*\W*$"
)
_MORE: Final = re.compile(
    r"^\W*((en|kan|kun|je|mag|ik|wil|graag|daar|hier|er|nog|iets|wat|me|mij|hierover|daarover|ja|oke|leg|dat|dit"
    r"|eens|heb)\s+)*"
    r"(meer|verder|uitgebreider|tell me more|more|dieper|langer|details|toelichting|toelichten|uitleggen|uitleg)"
    r"(\s+(graag|aub|alsjeblieft|svp|vertellen|weten|horen|lezen|informatie|info|details|daarover|hierover|daarvan|"
    r"erover|over|dat|dit|die|deze|je|uit|er|please|about|that|it))*\W*$|^\W*(vertel|zeg|leg)\b.{0,25}\b(meer|verder"
    r"|uit)"
    r"(\s+(daarover|hierover|erover|over (dat|dit|die|deze|het)))?\W*$"
)
_LEANS: Final = re.compile(
    r"^\W*(en|ook|maar|oke|ok|ja|dus|hm+|ah|aha|and)\b(?! (hoe|wat|welke|waar|wie) (is|zijn|moet|kan|start"
    r"|begin) (een|ik))"
    r"|\b(daar\w*|hier(over|van|voor|bij|mee|aan|in|op|uit)|er(over|van|voor|bij|mee|aan|in|uit)|die|dat|dit|deze"
    r"|zij|ze|hun|hen|hij"
    r"|it|that|this|they|them|their|there|those|these)\b"
)
_SWITCH: Final = re.compile(r"\b(iets (heel )?anders|andere vraag|ander onderwerp|nieuwe vraag|overigens|trouwens)\b")
_FEW: Final = 3
_LONG: Final = 14
_REMEMBERED: Final = 6
"""Turns: an earlier question counts as context when no more than this many messages lie between."""


def resolve(question: Question, index: Index, intents: Intents) -> Resolved:
    """What a question means after the messages before it."""
    text = question.text
    told = _last_answer(question.history)
    earlier = _earlier_question(question.history, intents)
    if told is None or not earlier:
        return Resolved(text, Turn.NEW)
    focus = focus_of(told, earlier, index, question.factsheet)
    answers = _answers(question.history, index.items)
    known = Resolved(text, Turn.NEW, earlier, focus, tuple(item for answer in answers for item in answer))
    folded = fold(text)
    for turn, pattern in ((Turn.SHORTER, _SHORTER), (Turn.MORE, _MORE)):
        if pattern.search(folded):
            return replace(known, turn=turn)
    picked = _picked(folded, [focus, *answers])
    if picked:
        return replace(known, turn=Turn.MORE if _only_points(folded) else Turn.FOLLOW_UP, picked=picked)
    if _SWITCH.search(folded) or not (_leans(folded) or _asks_for_a_section(folded)):
        return known
    return replace(known, turn=Turn.FOLLOW_UP)


def _asks_for_a_section(folded: str) -> bool:
    """Whether a question asks for examples or tools and says of what in a word at the most: ``zijn er tools?``."""
    content = [word for word in words(folded) if not is_function_word(word) and not is_section_word(word)]
    return bool(sections_named(folded)) and len(content) <= 1 and not whole_section(folded)


def _leans(folded: str) -> bool:
    """Whether a question can't stand alone: it points back, or says so little that it must."""
    content = [word for word in words(folded) if not is_function_word(word)]
    return len(content) <= 1 or (len(words(folded)) <= _LONG and bool(_LEANS.search(folded)))


def _only_points(folded: str) -> bool:
    content = [word for word in words(folded) if not is_function_word(word) and not word.isdigit()]
    return len(content) <= _FEW and not re.search(r"\b(hoeveel|wanneer|wie|waar|waarom|hoe)\b", folded)


def _picked(folded: str, answers: Sequence[Sequence[str]]) -> str | None:
    """The item that a question points at by number, in the latest answer that told so many."""
    for told in answers:
        if len(told) > 1 and _LAST.search(folded):
            return told[-1]
        found = next((item for pattern, item in zip(_ORDINAL, told, strict=False) if pattern.search(folded)), None)
        if found:
            return found
    return None


def _answers(history: Sequence[Message], items: Mapping[str, Item]) -> list[tuple[str, ...]]:
    """The items of each earlier answer, latest first, one answer a tuple."""
    told = (message for message in reversed(history[-_REMEMBERED:]) if message.role == "assistant")
    return [found for message in told if (found := _told_items(message, items))]


def _told_items(message: Message, items: Mapping[str, Item]) -> tuple[str, ...]:
    carried = [one.item_id for one in message.citations if one.item_id in items]
    return tuple(dict.fromkeys(carried or quoted_items(message.content, items)))


def _last_answer(history: Sequence[Message]) -> Message | None:
    recent = history[-_REMEMBERED:]
    return next((message for message in reversed(recent) if message.role == "assistant"), None)


def _earlier_question(history: Sequence[Message], intents: Intents) -> str:
    """The last question that asked something of the sources, with the one before it when it could not stand alone."""
    asked = [
        message.content
        for message in history[-_REMEMBERED:]
        if message.role == "user" and not intents.small_talk(message.content) and not intents.refusal(message.content)
    ]
    if not asked:
        return ""
    if len(asked) > 1 and _leans(fold(asked[-1])) and not _SWITCH.search(fold(asked[-1])):
        return f"{asked[-2]} {asked[-1]}"
    return asked[-1]


def focus_of(told: Message, earlier: str, index: Index, factsheet: str | None) -> tuple[str, ...]:
    """The items that an assistant message told about, in the order of its text."""
    found = _told_items(told, index.items)
    if found or not told.content.strip():
        return found
    best = index.rank(earlier, factsheet).scored[:1]
    return tuple(one.item.id for one in best)


def quoted_items(text: str, items: Mapping[str, Item]) -> list[str]:
    """The ids of the items whose sentences stand in a text, in the order of the text. Documents are not searched."""
    found: list[tuple[int, str]] = []
    for item in items.values():
        if item.type is not ItemType.DOCUMENT:
            places = [place for line in lines(item.text) if (place := text.find(line.text.rstrip(":."))) >= 0]
            found += [(min(places), item.id)] if places else []
    return [item_id for _, item_id in sorted(found)]


def told_sentences(history: Iterable[Message]) -> str:
    """All that the assistant said before, as one text: what need not be said again."""
    return "\n".join(message.content for message in history if message.role == "assistant")
