"""Which items an answer is made of: one for a question about one thing, several for a broad one, a section in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.asked import Asked
from kompasbot.answering.conversation import Resolved, Turn
from kompasbot.dutch import sentences
from kompasbot.knowledge import SECTIONS, Item, ItemType
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored

_SECOND: Final = 0.86
"""A second item is told beside the best one from this share of its score on."""
_BROAD: Final = 0.72
"""A question is broad when at least ``_MANY`` items of two types reach this share of the best score."""
_SEVERAL: Final = 0.6
"""When whatever there is is asked for, an item is told from this share of the best score on."""
_MANY: Final = 4
_MOST: Final = 6
_LONGEST_LIST: Final = 40
_FOCUSED: Final = 2


class Shape(StrEnum):
    """How an answer is laid out."""

    FOCUSED = "focused"
    BROAD = "broad"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen items, best first (a section: in its order), and the layout that fits them."""

    shape: Shape
    chosen: tuple[Scored, ...]


def select(index: Index, asked: Asked, resolved: Resolved, ranking: Ranking, factsheet: str | None) -> Selection:
    """Choose the items for an answer."""
    if resolved.picked or resolved.turn in (Turn.MORE, Turn.SHORTER):
        return _pointed_at(index, resolved, ranking)
    if asked.section is not None:
        return Selection(Shape.SECTION, section(index, asked.section, ranking, factsheet))
    scored = _preferred(asked, ranking.scored)
    if scored and _only_asks(index, ranking, scored[0].item):
        return _several(scored[1:])
    if asked.several:
        return _several(scored)
    return _fitting(scored)


def _preferred(asked: Asked, scored: Sequence[Scored]) -> Sequence[Scored]:
    """The items of the sections that a question names, when it asks for several and there are such."""
    named = [one for one in scored if one.item.type in asked.types] if asked.several else []
    return named or scored


def _only_asks(index: Index, ranking: Ranking, item: Item) -> bool:
    """Whether what fits best in a general item is a question itself: the one that the factsheet as a whole answers."""
    if item.type is not ItemType.GENERAL:
        return False
    best = max(sentences(item.text), key=lambda one: index.share(ranking.concepts, one), default="")
    return best.endswith("?")


def _several(scored: Sequence[Scored]) -> Selection:
    """All items that fit nearly as well as the best one; of the three sections where there are such."""
    own = [one for one in scored if one.item.type in SECTIONS] or list(scored)
    near = tuple(one for one in own if one.score >= _SEVERAL * own[0].score)[:_MOST] if own else ()
    return Selection(Shape.BROAD if len(near) > _FOCUSED else Shape.FOCUSED, near)


def _fitting(scored: Sequence[Scored]) -> Selection:
    """One item, two that fit about as well, or more of several sections when many do."""
    if not scored:
        return Selection(Shape.FOCUSED, ())
    near = [one for one in scored if one.score >= _BROAD * scored[0].score and one.item.type in SECTIONS]
    if len(near) >= _MANY and len({one.item.type for one in near}) >= 2:
        return Selection(Shape.BROAD, tuple(near[:_MOST]))
    return Selection(Shape.FOCUSED, tuple(one for one in scored[:2] if one.score >= _SECOND * scored[0].score))


def _pointed_at(index: Index, resolved: Resolved, ranking: Ranking) -> Selection:
    """The items of the answer before, or the one of them that is pointed at."""
    known = {one.item.id: one for one in ranking.scored}
    wanted = (resolved.picked,) if resolved.picked else resolved.focus[: _MOST if resolved.turn is Turn.SHORTER else 2]
    return Selection(Shape.FOCUSED, tuple(known.get(one) or _unscored(index.items[one]) for one in wanted))


def _unscored(item: Item) -> Scored:
    return Scored(item, 0.0, 0.0, 0.0, 0.0, None)


def section(index: Index, kind: ItemType, ranking: Ranking, factsheet: str | None) -> tuple[Scored, ...]:
    """All items of a section, in its order, of one factsheet where one is given."""
    known = {one.item.id: one for one in ranking.scored}
    items = [
        item
        for item in index.knowledge.items
        if item.type is kind and (factsheet is None or item.factsheet == factsheet)
    ]
    return tuple(known.get(item.id) or _unscored(item) for item in items[:_LONGEST_LIST])
