"""Ranks the items for a question in its conversation: what it says itself first, then what it leans on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kompasbot.answering.asked import Asked
from kompasbot.answering.conversation import Resolved, Turn
from kompasbot.answering.evidence import names_item
from kompasbot.dutch import fold, is_function_word, words
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored
from kompasbot.retrieval.sections import is_section_word

_CONTEXT: Final = 0.45
"""How much an earlier question counts for one that says nothing itself."""
_CLEAR: Final = 0.5
"""From this score on a question speaks for itself."""
_COVERED: Final = 0.5
"""A follow-up stays with what was just told when that holds this share of it."""
_BETTER: Final = 0.3
"""It moves on when another item holds so much more of it."""
_FEW: Final = 1
_POINTS: Final = re.compile(r"\b(dat|die|dit|deze|daar\w*|hier\w*|er\w*|ze|zij|hun|it|that|they)\b")
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
    return _focused(mixed, alone, resolved.focus) if not asked.types else mixed


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


def _focused(mixed: Ranking, alone: Ranking, focus: Sequence[str]) -> Ranking:
    """The items just told first, unless the question holds much more of another; the best fitting of them first."""
    own = {one.item.id: one for one in alone.scored}
    held = max((own[one].coverage for one in focus if one in own), default=0.0)
    best = max((one.coverage for one in alone.scored), default=0.0)
    points = len(_content(alone.question)) <= _FEW and bool(_POINTS.search(fold(alone.question)))
    named = bool(alone.scored) and names_item(alone.scored[0].item, alone.question)
    if not focus or named or (not points and held < _COVERED and best - held > _BETTER):
        return mixed
    top = mixed.scored[0].score if mixed.scored else 0.0
    raised = [
        replace(one, score=one.score + top) if one.item.id == _best_of(focus, own) else one for one in mixed.scored
    ]
    return Ranking(mixed.question, mixed.concepts, tuple(sorted(raised, key=lambda one: -one.score)))


def _best_of(focus: Sequence[str], own: Mapping[str, Scored]) -> str:
    """Of the items just told the one that the question fits best; the first where it says nothing."""
    return max(focus, key=lambda one: (_score(own, one), -focus.index(one)))
