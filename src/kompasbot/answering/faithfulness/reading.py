"""A sentence as the rules read it: its words with their stems, and what its negations deny."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kompasbot.answering.faithfulness.wording import wording
from kompasbot.dutch import fold, is_dictionary_word, is_function_word, is_verb, parts, stem, words

_MARKER: Final = re.compile(r"\[\d+\]")
_PLAINLY: Final = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\bverlie\w+\b(.{0,60}?)\bniet uit (?:het|je) oog\b", r"\1 voor ogen houden"),
        (r"\bniet uit (?:het|je) oog(?: te)? verlie\w+", "voor ogen houden"),
        (r"\buit (?:het|je) oog\b", "niet voor ogen"),
        (r"\b(?:minder|weinig|niet) (?:goed |vaak |sterk )?vertegenwoordig\w+", "ondervertegenwoordigd"),
        (r"\bval(?:t|len|lend)\b(.{0,20}?)\bniet mee\b", r"\1 moeilijk"),
        (r"\bniet mee(?:te)?val\w+|\bgeen (?:sinecure|kleinigheid)\b", "moeilijk"),
        (r"\bniet (?:op|in|binnen) (?:de |een )?school\b", "buiten school"),
        (r"\bniet (?:alleen|enkel|slechts|uitsluitend|te vergeten|voor niets)\b|\bmeer dan (?:alleen|enkel)\b", " "),
        (r"\bzonder (?:twijfel|meer|moeite|problemen|gedoe)\b|\bgeen probleem\b", "makkelijk"),
        (r"\bverge(?:et|ten)\b(.{0,40}?)\bniet\b|\bniet(?: te)? vergeten\b", r"denken aan \1"),
        (r"\bniet (?:een|1|maar een) \w+,? maar\b", "meerdere"),
        (r"\bmeer of minder\b", " "),
        (r"\bindien nodig\b|\bzo nodig\b|\bwaar nodig\b", " "),
    )
)
"""Fixed expressions whose negation is none, or hidden, said plainly."""
_REGARDLESS: Final = re.compile(
    r"\b(maakt|maken|doet|doen|speelt|spelen) (\w+ ){0,4}?(niet uit|er niet toe|geen rol|geen verschil|niets uit)\b"
    r"|\bzonder onderscheid\b|\bniet (bepalend|belangrijk) (is|zijn)\b|\bmag (geen|niet) \w+ (rol|uit)\w*"
    r"|\bgeen (rol|verschil) (speelt|spelen|maakt|maken)\b|\bniet uitma\w+"
)
_IS_REGARDLESS: Final = re.compile(r"\bongeacht\b|\blos van\b|\bonafhankelijk van\b|\bwelke? \w+ (\w+ )?ook\b")
_NEGATOR: Final = re.compile(
    r"niet|geen|nooit|zonder|nauwelijks|amper|evenmin|minder|zelden|weinig|noch|niemand|nergens|niets|not|no|never"
    r"|ontbre(?:ken|ekt)|ontbrak(?:en)?|gebrek|weiger(?:t|en|de|den)|belemmer(?:t|en|de|den)|verhinder(?:t|en|de|den)"
    r"|voorkom(?:t|en)|vermijd(?:t|en)?|negeer(?:t)?|negeren|vergeet|tegenhoud(?:t|en)|afgeraden|verbied(?:t|en)|verboden"
    r"|mis(?:t|ten)|verzuim(?:t|en|de)"
)
_WHOLE: Final = frozenset("niemand nergens niets".split())
_REACH: Final = 2
_PARTICLES: Final = frozenset(
    "aan af achter bij bijeen binnen door in mee na om op over rond samen terecht terug tegen toe uit vast voor voort "
    "weg kennis deel ineen".split()
)
_APART: Final = 8
"""How many words may stand between a verb and its particle."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``stems`` run parallel to ``words``; ``content`` are the stems of content words, with the parts of compounds.

    ``joined`` maps the place of a verb to its stem with its particle (``vullen … aan``). ``denied``: for each negation,
    the stems that it denies; ``regardless``: whether it says that something is all the same (``ongeacht``).
    """

    text: str
    folded: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    content: frozenset[str]
    joined: dict[int, frozenset[str]]
    denied: tuple[frozenset[str], ...]
    regardless: bool

    @property
    def denied_stems(self) -> frozenset[str]:
        """All that is denied."""
        return frozenset().union(*self.denied)


@lru_cache(maxsize=4096)
def read(sentence: str) -> Reading:
    """Read a sentence; citation markers are left out."""
    plain = _MARKER.sub(" ", sentence)
    folded = fold(plain)
    regardless = bool(_IS_REGARDLESS.search(folded) or _REGARDLESS.search(folded))
    plainly = _plainly(folded)
    found = tuple(words(plainly))
    joined = _joined(found)
    content = {one for word in found if not is_function_word(word) for one in (stem(word), *parts(word))}
    content |= {stem(word.replace("-", "")) for word in re.findall(r"[^\W_]+(?:-[^\W_]+)+", plainly)}
    content |= frozenset().union(*joined.values())
    denied = tuple(_denials(_REGARDLESS.sub(" ", plainly)))
    return Reading(plain, plainly, found, tuple(map(stem, found)), frozenset(content), joined, denied, regardless)


def _plainly(folded: str) -> str:
    for pattern, instead in _PLAINLY:
        folded = pattern.sub(lambda match, instead=instead: match.expand(instead), folded)  # type: ignore[misc]
    return folded


def _joined(found: tuple[str, ...]) -> dict[int, frozenset[str]]:
    """Verbs with the particle that stands apart from them."""
    particles = [(at, word) for at, word in enumerate(found) if word in _PARTICLES]
    joined: dict[int, frozenset[str]] = {}
    for at, word in enumerate(found):
        if particles and is_verb(word):
            near = [particle for place, particle in particles if abs(place - at) <= _APART and place != at]
            whole = frozenset(one for particle in near if (one := _separable(particle, word)))
            if whole:
                joined[at] = whole
    return joined


@lru_cache(maxsize=4096)
def _separable(particle: str, verb: str) -> str | None:
    return stem(particle + verb) if is_dictionary_word(particle + verb) else None


def _denials(folded: str) -> list[frozenset[str]]:
    found = []
    for clause in re.split(r"[,;:.]", folded):
        tokens = words(clause)
        found += [_denied(tokens, at) for at, token in enumerate(tokens) if _NEGATOR.fullmatch(token)]
    return found


def _denied(tokens: list[str], at: int) -> frozenset[str]:
    """The nearest content words after a negation, or before one that ends its clause."""
    if tokens[at] in _WHOLE:
        return frozenset(stem(word) for word in tokens if _says(word))
    after = [word for word in tokens[at + 1 :] if _says(word)]
    before = [word for word in reversed(tokens[:at]) if _says(word)]
    return frozenset(stem(word) for word in (after or before)[:_REACH])


def _says(word: str) -> bool:
    return not is_function_word(word) and not _NEGATOR.fullmatch(word)


def opposites(stems: frozenset[str]) -> frozenset[str]:
    """The stems that mean the contrary of any of these."""
    table = wording().opposites
    return frozenset(other for one in stems for other in table.get(one, ()))
