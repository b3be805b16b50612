"""Ranks the items for a question in its conversation: what it says itself first, then what it leans on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kompasbot.answering.asked import Asked
from kompasbot.answering.conversation import Resolved, Turn
from kompasbot.answering.evidence import missed_by, names_item
from kompasbot.answering.wants import FACTS, Wish
from kompasbot.dutch import fold, is_function_word, words
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored
from kompasbot.retrieval.sections import is_section_word

_CONTEXT: Final = 0.45
"""How much an earlier question counts for one that says nothing itself."""
_CLEAR: Final = 0.5
"""From this score on a question speaks for itself."""
_WEIGHTY: Final = 0.5
"""A follow-up moves on for a word of this weight that what was just told does not hold."""
_COVERED: Final = 0.5
_BETTER: Final = 0.3
"""It also moves on when that holds less than half of it and another item so much more."""
_FEW: Final = 1
_POINTS: Final = re.compile(r"\b(dat|die|dit|deze|daar\w*|hier\w*|er\w*|ze|zij|hun|hen|it|that|they|them)\b")
_FIRST: Final = 2.0
"""By so many times the best score what was just told is raised: it is told alone then."""
_OTHER: Final = re.compile(r"\b(ander|andere|anders|nog een|nog meer|naast|behalve|verder nog|other|another|else)\b")


def find(index: Index, resolved: Resolved, asked: Asked, factsheet: str | None) -> Ranking:
    """The items for a question, best first."""
    alone = index.rank(asked.text, factsheet)
    if resolved.turn is Turn.NEW or not resolved.context:
        return alone
    mixed = _mixed(alone, index.rank(resolved.context, factsheet))
    if asked.types and len(_content(asked.text)) <= _FEW:
        both = replace(index.rank(f"{asked.text} {resolved.context}", factsheet), concepts=alone.concepts)
        return _only(both, lambda one: one.item.type in asked.types and one.item.id not in resolved.focus) or mixed
    if _OTHER.search(fold(asked.text)):
        return _only(mixed, lambda one: one.item.id not in resolved.told) or mixed
    return _focused(index, mixed, alone, resolved.focus, asked.wish) if not asked.types else mixed


def _content(text: str) -> list[str]:
    """The words of a question that say what it is about: neither function words nor names of a section."""
    return [word for word in words(text) if not is_function_word(word) and not is_section_word(word)]


def _only(ranking: Ranking, wanted: Callable[[Scored], bool]) -> Ranking | None:
    kept = tuple(one for one in ranking.scored if wanted(one))
    return Ranking(ranking.question, ranking.concepts, kept) if kept else None


def _mixed(alone: Ranking, before: Ranking) -> Ranking:
    """The question's own scores, with those of the earlier question as far as it leans on that."""
    best = alone.scored[0].score if alone.scored else 0.0
    leaning = max(0.0, 1.0 - best / _CLEAR) * _CONTEXT
    own = {one.item.id: one for one in alone.scored}
    earlier = {one.item.id: one for one in before.scored}
    scored = [
        replace(own.get(item_id, one), score=_score(own, item_id) + leaning * _score(earlier, item_id))
        for item_id, one in {**earlier, **own}.items()
    ]
    return Ranking(alone.question, alone.concepts, tuple(sorted(scored, key=lambda one: -one.score)))


def _score(scored: Mapping[str, Scored], item_id: str) -> float:
    return scored[item_id].score if item_id in scored else 0.0


def _focused(index: Index, mixed: Ranking, alone: Ranking, focus: Sequence[str], wish: Wish | None) -> Ranking:
    """What was just told first, unless the question names another item or asks for what only another one holds."""
    if not focus or not alone.scored or _moves_on(index, alone, focus, wish):
        return mixed
    own = {one.item.id: one for one in alone.scored}
    first, top = _best_of(focus, own), mixed.scored[0].score
    raised = [replace(one, score=one.score + _FIRST * top) if one.item.id == first else one for one in mixed.scored]
    return Ranking(mixed.question, mixed.concepts, tuple(sorted(raised, key=lambda one: -one.score)))


def _moves_on(index: Index, alone: Ranking, focus: Sequence[str], wish: Wish | None) -> bool:
    best = alone.scored[0].item
    if best.id in focus:
        return False
    if names_item(best, alone.question):
        return True
    fact = wish is not None and wish.kind in FACTS
    points = len(_content(alone.question)) <= _FEW + fact and bool(_POINTS.search(fold(alone.question)))
    if points and fact:
        return False
    return _only_elsewhere(index, alone, focus) or (not points and _better_elsewhere(alone, focus))


def _only_elsewhere(index: Index, alone: Ranking, focus: Sequence[str]) -> bool:
    """Whether the best item holds a weighty word of the question that nothing just told holds."""
    told = [missed_by(index.items[one], alone.concepts) for one in focus]
    other = missed_by(alone.scored[0].item, alone.concepts)
    lacked = {word for word, weight in told[0].items() if weight >= _WEIGHTY and all(word in one for one in told)}
    return any(word not in other for word in lacked)


def _better_elsewhere(alone: Ranking, focus: Sequence[str]) -> bool:
    held = max((one.coverage for one in alone.scored if one.item.id in focus), default=0.0)
    return held < _COVERED and alone.scored[0].coverage - held > _BETTER


def _best_of(focus: Sequence[str], own: Mapping[str, Scored]) -> str:
    """Of the items just told the one that the question fits best; the first where it says nothing."""
    return max(focus, key=lambda one: (_score(own, one), -focus.index(one)))
