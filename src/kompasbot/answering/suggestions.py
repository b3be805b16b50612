"""What can be asked next: what lies near the answer and was not told yet, in words that the sources can answer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.planted import planted
from kompasbot.answering.understanding import Understanding
from kompasbot.answering.units import Unit, Units, squeezed
from kompasbot.dutch import looks_english, words
from kompasbot.knowledge import SECTIONS, Item, ItemType
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.terms import terms

MOST: Final = 3
_SHORTEST: Final = 20
_LONGEST: Final = 90
_NAMED: Final = 0.5
_FROM_ONE_UNIT: Final = 2
_OPEN: Final = re.compile(
    r"(Wat|Hoe|Welke?|Wie|Waarvoor|Waarmee|Waar|Met wie|Voor wie)\b(?! (jaar|datum)|veel| lang| twee| drie| vijf)"
)


class Suggester:
    """Suggests questions over one index."""

    def __init__(self, index: Index, units: Units, texts: Texts) -> None:
        self._index = index
        self._units = units
        self._texts = texts

    def suggest(
        self, understood: Understanding, told: Sequence[str], near: Iterable[str], asks_back: bool = False
    ) -> tuple[str, ...]:
        """Up to three questions: about what the told units hold more, then about units that lie near.

        ``told`` are the items and documents that were just cited, ``near`` units that were found, best first. A
        question back (``asks_back``) needs choices: when these run out, any unit will do.
        """
        said = f"{understood.told.text}\n{understood.text}"
        before = set(terms(understood.text))
        units = list(dict.fromkeys(owner for source in told for owner in self._units.of.get(source, ())))
        inside = (question for unit in units[:2] for question in self._within(self._units[unit], said))
        everything = (unit.id for unit in self._units) if asks_back else ()
        others = (unit for unit in chain(near, self._one_of_each(), everything) if unit not in units)
        outside = (question_for(self._units[unit].item, self._texts) for unit in others if unit in self._units.of)
        chosen: list[str] = []
        for question in chain(islice(inside, _FROM_ONE_UNIT), outside):
            repeats = question in chosen or _repeats(before, question) or squeezed(question) in squeezed(said)
            if not repeats and not planted(question):
                chosen.append(question)
            if len(chosen) == MOST:
                break
        return tuple(chosen)

    def _within(self, unit: Unit, said: str) -> Iterator[str]:
        """The headings of a unit's notes that are questions, of sections that were not told."""
        before = squeezed(said)
        for document in unit.documents:
            for section in document.sections:
                heading = section.heading or ""
                if heading.endswith("?") and squeezed(section.text)[:80] not in before:
                    yield heading

    def _one_of_each(self) -> list[str]:
        items = self._index.knowledge.items
        first = {kind: item.id for item in reversed(items) for kind in SECTIONS if item.type is kind}
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
    plain = [each for each in item.questions if _SHORTEST <= len(each) <= _LONGEST and _is_plain(each)]
    if not plain:
        return texts.get("vervolg.meer_over", titel=item.title)
    return max(plain, key=lambda each: _plainness(each, held, called))


def _is_plain(question: str) -> bool:
    """One Dutch sentence that asks openly: not for a yes or no, a number or a year."""
    return bool(_OPEN.match(question)) and question.count("?") == 1 and not looks_english(question)


def _plainness(question: str, held: frozenset[str], called: set[str]) -> float:
    asked = terms(question)
    share = sum(term in held for term in asked) / max(1, len(asked))
    return share + _NAMED * bool(called & set(words(question))) - len(question) / _LONGEST / 2
