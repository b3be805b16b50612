"""Whether a text holds a string, as a person would say: markup, quotes and dashes make no difference."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MARKER: Final = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_SHORT: Final = 4
"""Letters of a word up to which it counts only as a whole word."""
_BULLET: Final = re.compile(r"^\s*-\s+", re.MULTILINE)
_SIGNS: Final = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "–": "-", "\u2011": "-"}
    | dict.fromkeys("\u00ad*•")
)


def plain(text: str) -> str:
    """Lower case, markers and bullets out, plain quotes and dashes, one space for any white space."""
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return " ".join(_BULLET.sub(" ", MARKER.sub("", text)).split()).lower()


def holds(text: str, wanted: str) -> bool:
    """Whether a plain text holds a string: a number only as a whole number, a short word only as a whole word."""
    wanted = plain(wanted)
    pattern = re.escape(wanted)
    if wanted[:1].isdigit():
        pattern = rf"(?<!\d)(?<!\d[.,]){pattern}"
    if wanted[-1:].isdigit():
        pattern += r"(?!\d)(?![.,]\d)"
    if len(wanted) <= _SHORT and wanted.isalpha():
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.search(pattern, text) is not None


def any_in(text: str, alternatives: Iterable[str]) -> bool:
    """Whether a plain text holds one of some strings."""
    return any(holds(text, each) for each in alternatives)
