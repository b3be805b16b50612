"""The terms under which a text is indexed: stems, the parts of compounds and hyphenated words written as one."""

import re
from functools import lru_cache
from typing import Final

from kompasbot.dutch import CACHE, LONGEST_WORD, fold, is_function_word, parts, stem, words

PART: Final = 0.5
"""What a compound's part counts beside the whole word."""

_HYPHENATED: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


def terms(text: str) -> dict[str, float]:
    """The weighted terms of a text: each stem counts 1 an occurrence, each part of a compound a half."""
    found: dict[str, float] = {}
    for word in words(text):
        for term, count in _terms_of(word):
            found[term] = found.get(term, 0.0) + count
    for joined in hyphenated(text):
        found[joined] = found.get(joined, 0.0) + 1.0
    return found


@lru_cache(maxsize=CACHE)
def _terms_of(word: str) -> tuple[tuple[str, float], ...]:
    if is_function_word(word):
        return ()
    return (stem(word), 1.0), *((part, PART) for part in parts(word))


def hyphenated(text: str) -> list[str]:
    """Words with a hyphen, written as one and stemmed: ``Jet-Net`` gives ``jetnet``."""
    if "-" not in text:
        return []
    return [stem(word.replace("-", "")[:LONGEST_WORD]) for word in _HYPHENATED.findall(fold(text))]
