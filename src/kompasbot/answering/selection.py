"""Which items an answer is made of: one for a question about one thing, several for a broad one, a section in full."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.asked import Asked
from kompasbot.answering.conversation import Resolved, Turn
from kompasbot.knowledge import SECTIONS, Item, ItemType
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored

_SECOND: Final = 0.86
"""A second item is told beside the best one from this share of its score on."""
_BROAD: Final = 0.72
"""A question is broad when at least ``_MANY`` items of two types reach this share of the best score."""
_MANY: Final = 4
_MOST: Final = 6
_LONGEST_LIST: Final = 40


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
    scored = ranking.scored
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
