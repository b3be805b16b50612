"""The check itself: a list of named rules, each of which can contradict a sentence or doubt it, with the reason.

``contradicted``: a number, name or quantity that the source does not hold, another sign or strength of claim, a
fact of another item. ``empty``: nothing that a source could carry. ``unclear``: content that the source does not cover.
``supported``: the rest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from kompasbot.answering.faithfulness.attribution import attribution_fault, kind_fault, name_fault
from kompasbot.answering.faithfulness.claims import claim_fault
from kompasbot.answering.faithfulness.coverage import Coverage, cover
from kompasbot.answering.faithfulness.held import Held, hold
from kompasbot.answering.faithfulness.numbers import number_fault
from kompasbot.answering.faithfulness.polarity import sign_fault
from kompasbot.answering.faithfulness.reading import Reading, read
from kompasbot.answering.faithfulness.roles import role_fault
from kompasbot.answering.faithfulness.strength import strength_fault
from kompasbot.answering.faithfulness.wording import Alike, Rewordings, wording
from kompasbot.dutch import stem
from kompasbot.knowledge import Item, ItemType
from kompasbot.retrieval.query import Synonyms

_LACKING: Final = 1.15
"""The weight of words that the source lacks from which a sentence says something of its own."""
_SHARE: Final = 0.6
"""The share of a sentence's weight that the source must cover."""
_OTHERS: Final = 1.05
"""The weight of words that the source lacks and one other item holds, from which it is that item's fact."""
_KEPT: Final = 256

Rule = Callable[[Reading, Held, Alike], str | None]


class Support(StrEnum):
    """The verdict on a sentence."""

    SUPPORTED = "supported"
    UNCLEAR = "unclear"
    EMPTY = "empty"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict with its reasons, in Dutch for maintainers; ``coverage`` is the share of content that is covered."""

    verdict: Support
    reasons: tuple[str, ...]
    coverage: float

    @property
    def supported(self) -> bool:
        """Whether the sentence may be shown."""
        return self.verdict is Support.SUPPORTED


def _wrong_number(reading: Reading, held: Held, alike: Alike) -> str | None:
    return number_fault(reading.text, held.numbers, alike)


_CONTRADICTIONS: Final[tuple[Rule, ...]] = (
    _wrong_number,
    name_fault,
    attribution_fault,
    sign_fault,
    strength_fault,
    kind_fault,
    role_fault,
)


class Checker:
    """Checks sentences against items of one corpus; ``synonyms`` are the corpus's."""

    def __init__(self, items: Iterable[Item], synonyms: Synonyms) -> None:
        rewordings = Rewordings([*wording().groups, *synonyms.groups])
        self._owners: dict[str, set[str]] = defaultdict(set)
        self.held = lru_cache(_KEPT)(lambda sources: hold(sources, rewordings))
        self._alike = lru_cache(4096)(lambda stems: rewordings.of(stems)[0])
        for item in items:
            if item.type is not ItemType.DOCUMENT:
                for one in self.held((item,)).stems:
                    self._owners[one].add(item.id)

    def check(self, sentence: str, sources: Sequence[Item]) -> Checked:
        """Check one sentence (markers ``[n]`` are ignored) against the items that it cites."""
        reading, held = read(sentence), self.held(tuple(sources))
        reasons = [reason for rule in _CONTRADICTIONS if (reason := rule(reading, held, self._alike))]
        coverage = cover(reading, held)
        elsewhere = self._elsewhere(coverage, {item.id for item in sources})
        if elsewhere:
            reasons.append(f"de inhoud hoort bij een ander item: {elsewhere}")
        if reasons:
            return Checked(Support.CONTRADICTED, tuple(reasons), coverage.share)
        if coverage.lacking >= _LACKING or coverage.share < _SHARE:
            return Checked(Support.UNCLEAR, (_lacks(coverage),), coverage.share)
        empty = claim_fault(reading, held, coverage.lacking)
        if empty:
            return Checked(Support.EMPTY, (empty,), coverage.share)
        return Checked(Support.SUPPORTED, (), coverage.share)

    def _elsewhere(self, coverage: Coverage, cited: set[str]) -> str | None:
        """The other item that holds what the sources lack, if one holds enough of it."""
        found: dict[str, float] = defaultdict(float)
        for word, weight in coverage.missing.items():
            for item_id in self._owners.get(stem(word), ()) if weight else ():
                found[item_id] += weight
        best = max(found, key=lambda item_id: found[item_id], default=None)
        return best if best and best not in cited and found[best] >= _OTHERS else None


def _lacks(coverage: Coverage) -> str:
    most = sorted(coverage.missing, key=lambda word: -coverage.missing[word])
    return "niet in de bron: " + ", ".join(most[:6])
