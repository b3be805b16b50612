"""The proper names of a text, and whether a source holds them."""

import re
from collections.abc import Collection
from functools import cache
from typing import Final

from kompasbot.answering.faithfulness.wording import wording
from kompasbot.dutch import fold, is_dictionary_word, is_function_word, parts, sentences, stem, words

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_CAPITALS: Final = re.compile(r"[A-Z]")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:nl|com|org|eu|net)\b")
_ADDRESS_PARTS: Final = frozenset("http https www nl com org eu net".split())
_CITED: Final = re.compile(r"\s*(?:et al|& [A-Z]|e\.a\.|\((?:19|20)\d\d|,? (?:19|20)\d\d\))")
"""What follows an author who is cited."""
_ORDINARY: Final = frozenset("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag et al".split())


def names(text: str) -> tuple[str, ...]:
    """The folded words of a text that are names: written with a capital, other than only because a sentence begins.

    The parts of a web address are names too.
    """
    found: dict[str, None] = {}
    for sentence in sentences(re.sub(r"\[\d+\]", " ", text)):
        for match in _TOKEN.finditer(sentence):
            opens = _opens(sentence[: match.start()])
            cited = _CITED.match(sentence, match.end()) is not None
            pieces = re.split(r"['’.&-]", match[0])
            several = sum(piece[:1].isupper() for piece in pieces) > 1
            for part in pieces:
                if _is_name(part, opens and not cited and not several):
                    found[fold(part)] = None
        for address in _ADDRESS.findall(fold(sentence)):
            found |= dict.fromkeys(part for part in words(address) if part not in _ADDRESS_PARTS)
    return tuple(found)


def _opens(before: str) -> bool:
    """Whether what follows begins a sentence or a clause, so that a capital says nothing."""
    return not before.strip("\"“”‘’'( -") or before.rstrip().endswith((":", '"', "“", "‘", "(", "–", ";"))


def _is_name(word: str, opens: bool) -> bool:
    if len(word) < 2 or not any(char.isupper() for char in word):
        return False
    folded = fold(word)
    if is_function_word(folded) or folded in _ORDINARY:
        return False
    return not opens or any(char.isupper() for char in word[1:]) or not _is_ordinary(folded)


def _is_ordinary(word: str) -> bool:
    return is_dictionary_word(word) or stem(word) in wording().neutral


def foreign(name: str, held_words: Collection[str], stems: Collection[str], held_acronyms: Collection[str]) -> bool:
    """Whether a name is not one of the source's: no word or stem of it, no abbreviation, no other spelling."""
    if name in held_words or stem(name) in stems or name in held_acronyms:
        return False
    if parts(name) and all(part in stems for part in parts(name)):
        return False
    return not any(set(other) <= set(held_words) for other in _aliases().get(name, ()))


@cache
def _aliases() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for group in wording().aliases:
        for member in group:
            for word in member:
                found.setdefault(word, []).extend(group)
    return found


def acronyms(text: str) -> frozenset[str]:
    """The short forms that a text's names may take: the initials of neighbours, and the capitals inside a word."""
    found: set[str] = set()
    for sentence in sentences(text):
        tokens = re.findall(r"[^\W\d_]+", sentence)
        initials = [_initials(token) for token in tokens]
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + 5, len(tokens)) + 1):
                for short in _joined(initials[start:end]):
                    if 2 <= len(short) <= 6:
                        found.add(short)
                        found.add(short + "s")
    return frozenset(found)


def _initials(token: str) -> tuple[str, ...]:
    """What a word may add to an abbreviation: its first letter, its capitals, or a letter for each of its parts."""
    if not token[0].isupper():
        return ()
    camel = "".join(_CAPITALS.findall(token)) if not token.isupper() else ""
    second = [part for part in parts(fold(token)) if not fold(token).startswith(part[:3])]
    compound = token[0] + "".join(part[0] for part in second[:1])
    return tuple(dict.fromkeys(fold(short) for short in (token[0], camel, compound) if short))


def _joined(options: list[tuple[str, ...]]) -> list[str]:
    found = [""]
    for each in options:
        found = [before + short for before in found for short in each]
    return found
