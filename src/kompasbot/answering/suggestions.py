"""Follow-up questions that the sources can answer: the plainest expected question of an item near the one just told."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from kompasbot.answering.faithfulness.names import names
from kompasbot.dutch import looks_english, words
from kompasbot.knowledge import SECTIONS, Item, ItemType
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.terms import terms

MOST: Final = 3
_SHORTEST: Final = 20
_LONGEST: Final = 90
_NAMED: Final = 0.5
_OPEN: Final = re.compile(
    r"(Wat|Hoe|Welke?|Wie|Waarvoor|Waarmee|Waar|Met wie|Voor wie)\b(?! (jaar|datum)|veel| lang| twee| drie| vijf)"
)


def suggest(index: Index, texts: Texts, asked: str, told: Sequence[str], candidates: Iterable[str]) -> tuple[str, ...]:
    """Up to three questions, each about another item: first the ``candidates`` (item ids), then one of every section.

    Items in ``told`` were just cited and are left out, as is anything that nearly repeats the question ``asked``.
    """
    ids = [one for one in dict.fromkeys((*candidates, *_one_of_each(index))) if one not in told]
    before = set(terms(asked))
    found: list[str] = []
    for item in (index.items[one] for one in ids if one in index.items):
        question = question_for(item, texts)
        if item.type is not ItemType.DOCUMENT and not _repeats(before, question) and question not in found:
            found.append(question)
        if len(found) == MOST:
            break
    return tuple(found)


def _one_of_each(index: Index) -> list[str]:
    first = {kind: item.id for item in reversed(index.knowledge.items) for kind in SECTIONS if item.type is kind}
    return [first[kind] for kind in (ItemType.TOOL, ItemType.EXAMPLE, ItemType.INSIGHT) if kind in first]


def _repeats(before: set[str], question: str) -> bool:
    mine = set(terms(question))
    return len(mine & before) >= 0.7 * max(1, len(mine))


@lru_cache(maxsize=2048)
def question_for(item: Item, texts: Texts) -> str:
    """The expected question of an item that says most plainly what it is about, else one made from its title.

    Plain is short, in the item's own words and, best of all, with a name of its title.
    """
    held = frozenset(terms(f"{item.title} {item.text}"))
    called = set(names(item.title))
    plain = [one for one in item.questions if _SHORTEST <= len(one) <= _LONGEST and _is_plain(one)]
    if not plain:
        return texts.get("vervolg.meer_over", titel=item.title)
    return max(plain, key=lambda one: _plainness(one, held, called))


def _is_plain(question: str) -> bool:
    """One Dutch sentence that asks openly: not for a yes or no, a number or a year."""
    return bool(_OPEN.match(question)) and question.count("?") == 1 and not looks_english(question)


def _plainness(question: str, held: frozenset[str], called: set[str]) -> float:
    asked = terms(question)
    share = sum(term in held for term in asked) / max(1, len(asked))
    return share + _NAMED * bool(called & set(words(question))) - len(question) / _LONGEST / 2
