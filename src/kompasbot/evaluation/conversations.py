"""Judges the reply to a conversation: are the facts told, directly, without a false denial and without an echo?

Strings stand in for a reader, who would judge a reply by its meaning; they err on the strict side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.answer import Answer
from kompasbot.evaluation.asking import Asker, Reply
from kompasbot.evaluation.figures import Marks
from kompasbot.evaluation.gold import Wanted
from kompasbot.evaluation.questions import Conversation
from kompasbot.evaluation.strings import MARKER, any_in, holds, plain

SINGLE: Final = "in-scope singles"
FOLLOW_UP: Final = "follow-ups"
OUT_OF_SCOPE: Final = "out of scope"
LOWER_IS_BETTER: Final = frozenset({"denied", "hedged", "asks", "echo", "words"})

_FOLLOWS: Final = "dialogue.follow"
_OUTSIDE: Final = "o-"
_REFUSED: Final = "refused"
_ASKS: Final = "clarify"
_GIVEN: Final = frozenset({"answered", "partial"})
_TURNED_BACK: Final = frozenset({_REFUSED, _ASKS})
_EXCUSES: Final = frozenset({_REFUSED, "partial", "smalltalk"})
"""Beside one of these an answer is not the only thing that will do."""
_OPENING: Final = 200
"""Characters from the first sentence with a source on, in which the answer must begin."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply adds to each figure; ``why`` says in Dutch what is not good about it, and is empty when it is."""

    group: str
    marks: Marks
    why: str


def judge(asker: Asker, row: Conversation, wanted: Wanted, reply: Reply) -> Judgement:
    """Judge a reply to the last message of a conversation.

    Facts that its items no longer tell are not asked for; see :meth:`Asker.remember`.
    """
    status, text = reply.status, plain(reply.text)
    accepted, only = frozenset(row.status), _only_an_answer(row)
    excused = status in accepted and status in _TURNED_BACK and bool(_GIVEN & accepted)
    facts = [] if excused else _asked_facts(asker, row, wanted, text)
    untold = [fact for fact in facts if not any_in(text, fact)]
    direct = any_in(_opening(reply.answer), row.first) if row.first and not excused else None
    forbidden = [each for each in row.forbidden if holds(text, each)]
    denied = bool(forbidden) or status == _REFUSED if only else None
    echo = _echoes(row, reply.answer) if row.echo else None
    why = [
        *([] if status in accepted else [f"status {status}, niet {' of '.join(row.status)}"]),
        *(f"niet verteld: {' of '.join(fact[:3])}" for fact in untold),
        *(["niet direct"] if direct is False else []),
        *(f"mag niet: '{each}'" for each in forbidden),
        *(["herhaalt zichzelf"] if echo else []),
    ]
    hits = [bool(asker.key.gold(item_id) & wanted.fitting) for item_id in reply.ids]
    known: dict[str, float | None] = {
        "good": not why,
        "says": (len(facts) - len(untold)) / len(facts) if facts else None,
        "full": not untold if facts else None,
        "direct": direct,
        "denied": denied,
        "hedged": status == "partial" or _has_notice(reply.answer) if only else None,
        "asks": status == _ASKS if only or "answered" in accepted else None,
        "echo": echo,
        "words": len(text.split()) if status in _GIVEN else None,
        "cites": any(hits) if row.gold else None,
        "focus": sum(hits) * 2 >= len(hits) if row.gold and hits else None,
    }
    marks = {name: () if value is None else (float(value),) for name, value in known.items()}
    return Judgement(_group(row), marks, "; ".join(why))


def _group(row: Conversation) -> str:
    if row.kind.startswith(_OUTSIDE) or row.status == (_REFUSED,):
        return OUT_OF_SCOPE
    return FOLLOW_UP if row.kind == _FOLLOWS else SINGLE


def _only_an_answer(row: Conversation) -> bool:
    """Whether only an answer, or asking back, is accepted."""
    return "answered" in row.status and not _EXCUSES & set(row.status)


def _asked_facts(asker: Asker, row: Conversation, wanted: Wanted, text: str) -> list[tuple[str, ...]]:
    """The facts that a reply must tell: all but those that an edit took out of the row's items."""
    told = [fact[0] for fact in row.says if any_in(text, fact)]
    gone = asker.remember(row, wanted, {fact[0]: fact for fact in row.says}, told)
    return [] if wanted.missing else [fact for fact in row.says if fact[0] not in gone]


def _sentences(answer: Answer | None) -> list[tuple[str, bool]]:
    """Each sentence with whether it has a source."""
    blocks = answer.blocks if answer else ()
    return [
        (one.text, bool(one.citations) or MARKER.search(one.text) is not None)
        for block in blocks
        for one in block.sentences
    ]


def _opening(answer: Answer | None) -> str:
    """The sentences without a source that come first, and the start of what follows."""
    sentences = _sentences(answer)
    first = next((number for number, (_, cited) in enumerate(sentences) if cited), len(sentences))
    own, rest = (plain(" ".join(text for text, _ in part)) for part in (sentences[:first], sentences[first:]))
    return f"{own} {rest[:_OPENING]}"


def _has_notice(answer: Answer | None) -> bool:
    return any(block.kind.value == "notice" for block in (answer.blocks if answer else ()))


def _echoes(row: Conversation, answer: Answer | None) -> bool:
    """Whether over half of the sentences with a source stood in an earlier reply."""
    earlier = plain("\n".join(said.content for said in row.messages if said.role == "assistant"))
    cited: Sequence[str] = [plain(text) for text, has_source in _sentences(answer) if has_source]
    return sum(bool(text) and text in earlier for text in cited) * 2 > len(cited)
