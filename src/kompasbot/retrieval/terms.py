"""The terms under which a text is indexed: stems, the parts of compounds and hyphenated words written as one."""

import re
from typing import Final

from kompasbot.dutch import fold, is_function_word, parts, stem, words

PART: Final = 0.5
"""What a compound's part counts beside the whole word."""

_HYPHENATED: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


def terms(text: str) -> dict[str, float]:
    """The weighted terms of a text: each stem counts 1 an occurrence, each part of a compound a half."""
    found: dict[str, float] = {}
    for word in words(text):
        if is_function_word(word):
            continue
        found[stem(word)] = found.get(stem(word), 0.0) + 1.0
        for part in parts(word):
            found[part] = found.get(part, 0.0) + PART
    for joined in hyphenated(text):
        found[joined] = found.get(joined, 0.0) + 1.0
    return found


def hyphenated(text: str) -> list[str]:
    """Words with a hyphen, written as one and stemmed: ``Jet-Net`` gives ``jetnet``."""
    return [stem(word.replace("-", "")) for word in _HYPHENATED.findall(fold(text))]
