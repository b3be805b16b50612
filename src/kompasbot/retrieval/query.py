"""What a question asks for, as concepts: each with the terms under which the index may know it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from kompasbot.dutch import LONGEST_WORD, is_function_word, looks_english, parts, stem, words, zipf, zipf_english
from kompasbot.embedding import rarity
from kompasbot.retrieval.terms import PART, hyphenated

SYNONYM: Final = 0.6
_LIKENESS: Final = 0.75
_TYPED_RIGHT: Final = 2.8
"""From this general frequency (Zipf) on, a word that the corpus lacks is a real word, not a typing error."""
_LONGEST_PHRASE: Final = 4
_MOST_WORDS: Final = 250
"""Words with content that a question is read for. A text of 2,000 characters has some 180."""
_MOST_CORRECTED: Final = 40
"""Words that are looked up as typing errors, each against all words of the sources: who mistypes more says nothing."""
_FRAME_WEIGHT: Final = 0.25
_BARE_NUMBER: Final = 0.3
_NO_WORD: Final = 0.5
"""What a word counts that neither the sources nor general Dutch and English know: likely a typing error."""
_FRAME: Final = frozenset(
    stem(word)
    for word in (
        "factsheet bron bronnen noemen genoemd noem staan vermeld vermelden zoeken zoek weten weet vertellen vertel "
        "uitleggen leg vraag vragen antwoord lezen vinden vind noemt beschreven informatie interessant graag bekend "
        "rol voordeel nut zin bedoeling inhoud kern naartoe gedoe handig handige nuttig leuk leuke mooi mooie goede "
        "tell explain find information looking described mentioned"
    ).split()
)
"""Words that say that something is asked rather than what: ``wat staat er in de bronnen over …``."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One weighty word (or phrase) of a question.

    ``alternatives`` map each term that may stand for it to how well it does, from 0 to 1; ``weight`` says how rare the
    word is in general Dutch; ``corrected`` names the corpus word that a typing error was read as.
    """

    word: str
    alternatives: dict[str, float]
    weight: float
    corrected: str | None = None


class Synonyms:
    """Groups of words and phrases that may stand for one another, looked up by their stems."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._members: list[list[tuple[str, ...]]] = []
        self._groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, group in enumerate(groups):
            members = [phrase for phrase in (stems(member) for member in group) if phrase]
            self._members.append(members)
            for member in set(members):
                self._groups[member].append(number)

    @property
    def groups(self) -> Sequence[Sequence[tuple[str, ...]]]:
        """The groups, each a list of phrases (stems)."""
        return self._members

    def of(self, phrase: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The other phrases of the groups that hold ``phrase`` (stems)."""
        return [other for number in self._groups.get(phrase, ()) for other in self._members[number] if other != phrase]


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words, without function words unless there is nothing else."""
    found = words(text)
    return tuple(stem(word) for word in found if not is_function_word(word)) or tuple(stem(word) for word in found)


class Analyser:
    """Turns a question into concepts, with the corpus's synonyms and its own words for typing errors."""

    def __init__(self, synonyms: Synonyms, surfaces: Iterable[str], known: Mapping[str, int]) -> None:
        self._synonyms = synonyms
        self._surfaces = sorted(set(surfaces))
        self._known = known

    def analyse(self, question: str) -> tuple[Concept, ...]:
        """The concepts of a question, in order; a question of function words only has none.

        Only the first 250 words with content are read, and of those the first 40 unknown ones corrected.
        """
        content = [word for word in words(question) if not is_function_word(word)][:_MOST_WORDS]
        english = looks_english(question)
        corrected = self._corrections(content)
        concepts = [self._concept(word, english, corrected.get(word)) for word in content]
        self._add_phrases(content, concepts)
        joined = [term for term in (*hyphenated(question), *self._written_apart(content)) if term in self._known]
        return tuple(concepts) + tuple(Concept(term, {term: 1.0}, 1.0) for term in dict.fromkeys(joined))

    def _corrections(self, content: Sequence[str]) -> dict[str, str | None]:
        """What the first mistyped words of a question are read as."""
        doubtful = (word for word in dict.fromkeys(content) if stem(word) not in self._known and _may_be_mistyped(word))
        return {word: self._likest(word) for word in islice(doubtful, _MOST_CORRECTED)}

    def _concept(self, word: str, english: bool, corrected: str | None) -> Concept:
        alternatives = {stem(word): 1.0}
        for part in parts(word):
            _offer(alternatives, part, PART)
        self._offer_synonyms(alternatives, (stem(word),))
        if corrected:
            _offer(alternatives, stem(corrected), 0.9)
            self._offer_synonyms(alternatives, (stem(corrected),))
        return Concept(word, alternatives, self._weight(corrected or word, english), corrected)

    def _weight(self, word: str, english: bool) -> float:
        if word.isdigit() and word not in self._known:
            return _BARE_NUMBER
        if stem(word) not in self._known and not zipf(word) and not zipf_english(word):
            return _NO_WORD
        return rarity(word, english) * (_FRAME_WEIGHT if stem(word) in _FRAME else 1.0)

    def _offer_synonyms(self, alternatives: dict[str, float], phrase: tuple[str, ...]) -> None:
        for other in self._synonyms.of(phrase):
            for term in other:
                _offer(alternatives, term, SYNONYM / len(other))

    def _add_phrases(self, content: list[str], concepts: list[Concept]) -> None:
        """Give each word of a known phrase (``handen ineenslaan``) what the phrase's synonyms are worth."""
        found = [stem(word) for word in content]
        for size in range(2, _LONGEST_PHRASE + 1):
            for at in range(len(found) - size + 1):
                others = self._synonyms.of(tuple(found[at : at + size]))
                for concept in concepts[at : at + size] if others else ():
                    for other in others:
                        for term in other:
                            _offer(concept.alternatives, term, SYNONYM / len(other))

    def _written_apart(self, content: list[str]) -> list[str]:
        """Neighbours written as one word: ``college tour`` is asked, ``collegetour`` is known."""
        return [stem((first + second)[:LONGEST_WORD]) for first, second in pairwise(content)]

    def _likest(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        best = process.extractOne(word, self._surfaces, scorer=OSA.normalized_similarity, score_cutoff=_LIKENESS)
        return str(best[0]) if best else None


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= 4 and word.isalpha() and zipf(word) < _TYPED_RIGHT


def _offer(alternatives: dict[str, float], term: str, weight: float) -> None:
    alternatives[term] = max(weight, alternatives.get(term, 0.0))
