"""Ranks the items for a question in its conversation: what it says itself first, then what it leans on."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kompasbot.answering.asked import Asked
from kompasbot.answering.conversation import Resolved, Turn
from kompasbot.dutch import fold
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored

_CONTEXT: Final = 0.45
"""How much an earlier question counts for one that says nothing itself."""
_FOCUS: Final = 0.3
"""What an item that was just told gains, when the question only points back."""
_CLEAR: Final = 0.5
"""From this score on a question speaks for itself."""
_OTHER: Final = re.compile(r"\b(ander|andere|anders|nog een|nog meer|naast|behalve|verder nog|other|another|else)\b")


def find(index: Index, resolved: Resolved, asked: Asked, factsheet: str | None) -> Ranking:
    """The items for a question, best first."""
    alone = index.rank(asked.text, factsheet)
    if resolved.turn is Turn.NEW or not resolved.context:
        return alone
    before = {one.item.id: one for one in index.rank(resolved.context, factsheet).scored}
    best = alone.scored[0].score if alone.scored else 0.0
    leaning = max(0.0, 1.0 - best / _CLEAR)
    elsewhere = bool(asked.types) or bool(_OTHER.search(fold(asked.text)))
    gains = {
        item_id: leaning * (_CONTEXT * one.score + _gain(item_id, resolved, elsewhere))
        for item_id, one in before.items()
    }
    return _raised(alone, gains, before)


def _gain(item_id: str, resolved: Resolved, elsewhere: bool) -> float:
    """What an item gains because it was just told; what was told is not told again when something else is asked
    for.
    """
    if item_id not in resolved.focus:
        return 0.0
    place = resolved.focus.index(item_id)
    return -_FOCUS if elsewhere else _FOCUS / (1 + 0.25 * place)


def _raised(alone: Ranking, gains: Mapping[str, float], before: Mapping[str, Scored]) -> Ranking:
    own = {one.item.id: one for one in alone.scored}
    raised = [
        replace(one, score=max(0.0, (own[item_id].score if item_id in own else 0.0) + gains.get(item_id, 0.0)))
        for item_id, one in {**before, **own}.items()
    ]
    scored = tuple(sorted((one for one in raised if one.score > 0), key=lambda one: -one.score))
    return Ranking(alone.question, alone.concepts, scored)
