"""The check itself: a list of named rules, each of which can contradict a sentence or doubt it, with the reason.

``contradicted``: a number, name or quantity that the source does not hold, another sign or strength of claim, a
fact of another item. ``unclear``: content that the source does not cover. ``supported``: the rest.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.faithfulness import polarity
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.faithfulness.numbers import Number, numbers
from kompasbot.dutch import fold, is_function_word, parts, sentences, stem, words, zipf
from kompasbot.embedding import rarity
from kompasbot.knowledge import Item, ItemType
from kompasbot.retrieval.query import Synonyms
from kompasbot.retrieval.terms import hyphenated, terms

_COVERED: Final = 0.6
"""The share of a sentence's weight that the source must cover."""
_HEAVY: Final = 0.55
"""A single uncovered word of this share of the sentence's weight is a claim of its own."""
_ELSEWHERE: Final = 0.25
"""How much better another item must cover a sentence for it to be that item's fact."""


class Support(StrEnum):
    """The verdict on a sentence."""

    SUPPORTED = "supported"
    UNCLEAR = "unclear"
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


@dataclass(frozen=True, slots=True)
class Held:
    """What the sources of a sentence hold, prepared for the rules.

    ``stems`` come from text and titles; ``wording`` adds the expected questions and terms, which count for wording
    only.
    """

    text: str
    stems: frozenset[str]
    wording: frozenset[str]
    names: frozenset[str]
    numbers: tuple[Number, ...]


Rule = Callable[[str, Held], str | None]


class Checker:
    """Checks sentences against items of one corpus; ``synonyms`` are the corpus's."""

    def __init__(self, items: Iterable[Item], synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._held = {item.id: _hold([item]) for item in items if item.type is not ItemType.DOCUMENT}
        self._contradictions: tuple[Rule, ...] = (_wrong_number, _wrong_name, _other_sign, _other_strength)

    def check(self, sentence: str, sources: Sequence[Item]) -> Checked:
        """Check one sentence (markers ``[n]`` are ignored) against the items that it cites."""
        held = _hold(sources)
        reasons = [reason for rule in self._contradictions if (reason := rule(sentence, held))]
        coverage, missing = self._coverage(sentence, held)
        elsewhere = self._fits_elsewhere(sentence, coverage, {item.id for item in sources})
        if elsewhere:
            reasons.append(f"de inhoud hoort bij een ander item: {elsewhere}")
        if reasons:
            return Checked(Support.CONTRADICTED, tuple(reasons), coverage)
        doubt = self._doubt(coverage, missing)
        return Checked(Support.UNCLEAR if doubt else Support.SUPPORTED, (doubt,) if doubt else (), coverage)

    def _doubt(self, coverage: float, missing: dict[str, float]) -> str | None:
        if coverage < _COVERED or (missing and max(missing.values()) >= _HEAVY):
            return "niet in de bron: " + ", ".join(sorted(missing, key=lambda word: -missing[word])[:6])
        return None

    def _coverage(self, sentence: str, held: Held) -> tuple[float, dict[str, float]]:
        """The covered share of a sentence's content, and the uncovered words with their weights."""
        content = [word for word in words(_plain(sentence)) if _counts(word)]
        weights = {word: rarity(word) for word in content}
        missing = {word: weight for word, weight in weights.items() if not self._covered(word, content, held)}
        total = sum(weights.values())
        return (1.0 - sum(missing.values()) / total if total else 1.0), missing

    def _covered(self, word: str, content: Sequence[str], held: Held) -> bool:
        own = {stem(word), *hyphenated(word)}
        if own & held.stems or own & held.wording:
            return True
        compound = parts(word)
        if compound and all(part in held.wording for part in compound):
            return True
        return any(
            set(other) <= held.wording for phrase in _phrases(word, content) for other in self._synonyms.of(phrase)
        )

    def _fits_elsewhere(self, sentence: str, coverage: float, cited: set[str]) -> str | None:
        best = max(
            (
                (self._coverage(sentence, held)[0], item_id)
                for item_id, held in self._held.items()
                if item_id not in cited
            ),
            default=(0.0, ""),
        )
        return best[1] if best[0] >= 0.8 and best[0] - coverage >= _ELSEWHERE else None


def _plain(sentence: str) -> str:
    import re

    return re.sub(r"\[\d+\]", " ", sentence)


_REPORTING: Final = frozenset(
    stem(word)
    for word in (
        "volgens factsheet bron onderzoek onderzoekers onderzoeker laten zien blijkt blijken noemen noemt staat zegt "
        "zeggen "
        "beschrijft beschrijven gaat gaan geeft geven betekent namelijk bijvoorbeeld zoals verder daarnaast bovendien "
        "hierdoor daardoor daarmee dus vooral manier manieren zowel zichzelf vinden maken gebruiken gebruikt hebben "
        "worden "
        "samen eigen kunnen willen doen komen krijgen bieden biedt bestaat bestaan vormt vormen stelt stellen aantal "
        "enkele"
    ).split()
)


def _counts(word: str) -> bool:
    return not is_function_word(word) and stem(word) not in _REPORTING and not word[0].isdigit() and zipf(word) < 6.3


def _phrases(word: str, content: Sequence[str]) -> list[tuple[str, ...]]:
    """The word, and the phrases of two or three neighbours that it is part of, as stems."""
    found = [stem(one) for one in content]
    at = content.index(word)
    spans = [(at, 1), *((start, size) for size in (2, 3) for start in range(at - size + 1, at + 1) if start >= 0)]
    return [tuple(found[start : start + size]) for start, size in spans if start + size <= len(found)]


def _hold(sources: Sequence[Item]) -> Held:
    text = "\n".join(f"{item.title}\n{item.text}" for item in sources)
    stems = frozenset(terms(text))
    wording = stems | {term for item in sources for line in (*item.questions, *item.terms) for term in terms(line)}
    held_names = {*names(text), *(fold(word) for word in words(text))}
    entries = sum(line.startswith("- ") for line in text.splitlines())
    counted = (*numbers(text), *((Number(str(entries), "", None),) if entries > 1 else ()))
    return Held(text, stems, frozenset(wording), frozenset(held_names), counted)


def _wrong_number(sentence: str, held: Held) -> str | None:
    known: dict[str, set[str | None]] = {}
    for number in held.numbers:
        known.setdefault(number.value, set()).add(number.counts)
    for number in numbers(sentence):
        if number.value not in known:
            return f"het getal '{number.word}' staat niet in de bron"
    return None


def _wrong_name(sentence: str, held: Held) -> str | None:
    for name in names(sentence):
        if name not in held.names and stem(name) not in held.stems and not _acronym(name, held):
            return f"de naam '{name}' staat niet in de bron"
    return None


def _acronym(name: str, held: Held) -> bool:
    """Whether a short name is made of the first letters of neighbouring words of the source, or says a whole one."""
    initials = "".join(word[0] for word in words(held.text))
    return 2 <= len(name) <= 5 and name in initials


def _other_sign(sentence: str, held: Held) -> str | None:
    source = _nearest(sentence, held.text)
    opposite = polarity.opposed(sentence, source)
    if opposite:
        return f"'{opposite}' is het omgekeerde van wat de bron zegt"
    mine, theirs = polarity.negations(sentence), polarity.negations(source)
    if mine and not theirs:
        return "de zin ontkent wat de bron niet ontkent"
    if theirs and not mine and _share(source, sentence) > 0.6:
        return "de bron ontkent wat de zin zegt"
    return None


def _other_strength(sentence: str, held: Held) -> str | None:
    source = _nearest(sentence, held.text)
    new = polarity.strong(sentence) - polarity.strong(held.text)
    if new:
        return f"sterker dan de bron: '{min(new)}'"
    if polarity.universal(sentence) and not polarity.universal(held.text):
        return "de zin gaat over alles, de bron niet"
    if polarity.hedged(source) and not polarity.hedged(sentence) and not polarity.hedged(_whole(sentence)):
        return "de bron zegt dat het kan, de zin dat het zo is"
    return None


def _whole(sentence: str) -> str:
    return sentence


def _share(text: str, other: str) -> float:
    mine, theirs = set(terms(text)), set(terms(other))
    return len(mine & theirs) / len(mine) if mine else 0.0


def _nearest(sentence: str, text: str) -> str:
    """The sentence of the source that shares most with a sentence."""
    return max(sentences(text), key=lambda one: len(set(terms(one)) & set(terms(sentence))), default="")
