"""Follow-up questions that the sources can answer: the plainest expected question of an item near the one just told."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from kompasbot.dutch import looks_english, stem, words
from kompasbot.knowledge import SECTIONS, Item, ItemType
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.terms import terms

MOST: Final = 3
_LONGEST: Final = 90


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
    """The expected question of an item that says best what it is about, else one made from its title."""
    held = {stem(word) for word in words(f"{item.title} {item.text}")}
    plain = [one for one in item.questions if len(one) <= _LONGEST and one.endswith("?") and not looks_english(one)]
    if not plain:
        return texts.get("vervolg.meer_over", titel=item.title)
    return max(plain, key=lambda one: (sum(term in held for term in terms(one)), -len(one)))
