"""How much of what a sentence says its source says too, in these or in other words."""

import re
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.faithfulness.held import Held
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.faithfulness.numbers import is_number_word
from kompasbot.answering.faithfulness.reading import Reading, opposites
from kompasbot.answering.faithfulness.wording import wording
from kompasbot.dutch import is_function_word, is_modifier, is_verb, parts, stem
from kompasbot.embedding import rarity

_THING: Final = 0.8
"""What a missing noun weighs at least: new things are what invented sentences bring."""
_DOING: Final = 0.45
"""What a missing verb or adjective weighs at least: those change most in a rewording."""
_SPREAD: Final = 0.4
"""How much more a rare word weighs than a common one."""
_ASKED: Final = 0.85
"""What is left of a missing word's weight when the item's expected questions use it."""
_SUBJECTS: Final = frozenset("je jij we wij ze zij hij ik u men".split())
_BEFORE_NOUNS: Final = frozenset(
    "de het een geen deze die dit dat hun zijn haar onze ons mijn jouw uw elke elk alle iedere welke enkele van voor "
    "met in op bij naar uit door zonder over aan om tot onder tussen en of als".split()
)
_POINTS: Final = re.compile(
    r"(?:waar|daar|hier|er)(?:aan|achter|bij|binnen|door|in|mee|na|naar|naast|om|onder|op|over|rond|tegen|toe|tussen|uit|van"
    r"|voor)"
)
"""Words that only point to another: ``daaruit``, ``waarbij``."""
_SHORTEST_HEAD: Final = 5


@dataclass(frozen=True, slots=True)
class Coverage:
    """The weights of a sentence's words that its source covers, and of those that it lacks."""

    covered: float
    missing: dict[str, float]

    @property
    def lacking(self) -> float:
        """The weight that the source lacks."""
        return sum(self.missing.values())

    @property
    def share(self) -> float:
        """The covered share, from 0 to 1."""
        total = self.covered + self.lacking
        return self.covered / total if total else 1.0


def cover(reading: Reading, held: Held) -> Coverage:
    """Weigh the content words of a sentence against what a source holds."""
    said = frozenset(reading.stems) | reading.content
    in_phrases = frozenset(one for phrase in held.phrases if phrase <= said for one in phrase)
    own_names = frozenset(names(reading.text))
    covered, missing = 0.0, dict[str, float]()
    for at, (word, one) in enumerate(zip(reading.words, reading.stems, strict=True)):
        if is_function_word(word) or is_number_word(word) or len(word) < 2 or _POINTS.fullmatch(word):
            continue
        apart = reading.joined.get(at, frozenset())
        if one in in_phrases or word in own_names or apart & held.told or _covered(word, one, held):
            covered += weigh(reading.words, at)
        elif one not in wording().neutral and not apart & wording().neutral:
            missing[word] = weigh(reading.words, at) * (_ASKED if one in held.asked else 1.0)
    return Coverage(covered, missing)


def weigh(found: tuple[str, ...], at: int) -> float:
    """The weight of a word: a noun more than a verb or adjective, a rare word more than a common one."""
    return (_THING if _is_noun(found, at) else _DOING) + _SPREAD * rarity(found[at])


def _is_noun(found: tuple[str, ...], at: int) -> bool:
    """Whether a word is probably a noun, by its form and its neighbours."""
    word, before = found[at], found[at - 1] if at else ""
    after = found[at + 1] if at + 1 < len(found) else ""
    if is_verb(word) or is_modifier(word) or before == "te" or after in _SUBJECTS:
        return False
    if not word.endswith("en") or at == 0:
        return at > 0 or not word.endswith("en")
    return before in _BEFORE_NOUNS or is_modifier(before) or (is_verb(before) and not is_function_word(before))


def _covered(word: str, one: str, held: Held) -> bool:
    if one in held.told or word.split("'", maxsplit=1)[0] in held.words or word in held.acronyms:
        return True
    if word.endswith("e") and stem(word[:-1]) in held.told:
        return True
    compound = parts(word)
    known = [part for part in compound if part in held.told]
    if known and all(part in known or part in wording().neutral for part in compound):
        return True
    if len(word) >= _SHORTEST_HEAD and any(other.endswith(word) for other in held.words):
        return True
    return bool(opposites(frozenset((one,))) & held.denied)
