"""The proper names of a text."""

import re
from typing import Final

from kompasbot.dutch import fold, is_function_word, sentences, zipf

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ORDINARY: Final = 3.6
"""A word that opens a sentence is no name when it is this common in general Dutch."""
_WEEKDAYS: Final = frozenset("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split())


def names(text: str) -> tuple[str, ...]:
    """The folded words of a text that are names: written with a capital, other than only because a sentence begins."""
    found: dict[str, None] = {}
    for sentence in sentences(re.sub(r"\[\d+\]", " ", text)):
        for at, match in enumerate(_TOKEN.finditer(sentence)):
            for part in _parts(match[0]):
                if _is_name(part, opens=at == 0 or _opens_clause(sentence, match.start())):
                    found[fold(part)] = None
    return tuple(found)


def _parts(token: str) -> list[str]:
    return [part for part in re.split(r"['’.-]", token) if part]


def _opens_clause(sentence: str, start: int) -> bool:
    return sentence[:start].rstrip().endswith((":", '"', "“", "‘", "(", "–", ";"))


def _is_name(word: str, opens: bool) -> bool:
    if not any(char.isupper() for char in word) or len(word) < 2:
        return False
    folded = fold(word)
    if is_function_word(folded) or folded in _WEEKDAYS:
        return False
    inner_capital = any(char.isupper() for char in word[1:])
    return inner_capital or not opens or zipf(folded) < _ORDINARY
