"""When the factsheet does not say what is asked, a document or note beside it may: knowledge of the second class."""

from typing import Final

from kompasbot.answering.asked import Asked
from kompasbot.answering.conversation import Resolved, Turn
from kompasbot.answering.wants import lacks
from kompasbot.knowledge import Item, ItemType, PassageKind
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored

_FOUND: Final = 0.3
_SCORE: Final = 0.4
_SHARE: Final = 0.85
_WHOLE: Final = 0.99
"""A passage tells what is asked when it is found well, and holds nearly all of the question's weight together with its
heading. A heading that asks the question itself, or a text that holds all of it, needs only be found at all.

Chosen over the development questions: of questions that only a note answers, nearly all lie above these; of those that
no source answers, none does.
"""


def telling(index: Index, asked: Asked, resolved: Resolved, ranking: Ranking) -> Scored | None:
    """The document whose passage tells what is asked, or None. A follow-up question ("wie betaalt dat?") says too
    little by itself: it only finds documents that the items just told link to.
    """
    documents = (one for one in ranking.scored if one.item.type is ItemType.DOCUMENT)
    best = next((one for one in documents if _may_tell(one.item, resolved)), None)
    if best is None or best.score < _FOUND or best.passage is None or best.passage.kind is not PassageKind.TEXT:
        return None
    heading = best.passage.heading or ""
    told = f"{heading}\n{best.passage.text}"
    share = index.share(ranking.concepts, told)
    says_it = index.share(ranking.concepts, heading) >= _SHARE
    if says_it and heading.endswith("?"):
        return best
    fits = says_it or share >= _WHOLE or (share >= _SHARE and best.score >= _SCORE)
    return best if fits and not lacks(asked.wish, asked.text, told, index.alike) else None


def _may_tell(document: Item, resolved: Resolved) -> bool:
    return resolved.turn is Turn.NEW or bool(set(document.linked_from) & set(resolved.focus))
