"""Recognises what gives a factsheet its shape: section headings, the capitals at the top of an export, bullets."""

import re
from typing import Final

from kompasbot.dutch import fold
from kompasbot.knowledge import ItemType

BULLET_SIGNS: Final = "•·▪■□◦○●‣➢➤❖✓\uf0a7\uf0b7\uf0d8\uf0fc\uf076\uf02d"
"""Signs that people and programs type for a bullet; those of the private area come from the fonts of Word."""
_SECTIONS: Final = (
    (re.compile(r"inzicht(en)? uit (het )?onderzoek(en)?"), ItemType.INSIGHT),
    (re.compile(r"praktijk ?voorbeeld(en)?"), ItemType.EXAMPLE),
    (re.compile(r"tools? (en|&|/|\+) handvat(t?en)?"), ItemType.TOOL),
)
_USUAL: Final = re.compile(
    r"\d{1,2}(?:\.\d{1,2})*[.)]\s.*|\d{1,2}(?:\.\d{1,2})+\s.*"  # a numbered point
    r"|[a-z]+ (?:\d{1,2}|[ivx]{1,4})[.:]?"  # a numbered part: stap 1, bijlage ii
    r"|(?:(?:\d{1,2}|[ivx]{1,4})\s+)?(?:inhoud|inhoudsopgave|inleiding|introductie|colofon|voorwoord|leeswijzer"
    r"|samenvatting|aanleiding|achtergrond|doel|context|agenda|vooraf|ten geleide|bronnen|literatuur|noten|contact"
    r"|concept|vertrouwelijk|opening(?: (?:en|&) mededelingen)?|mededelingen|aanwezig|aanwezigen|afwezig|datum|versie"
    r"|bijlagen?|contents|table of contents|introduction|summary|abstract|preface|foreword)[\s:.]*"
)
_AROUND: Final = " \t#*_>:.\\-–="
_NUMBERED: Final = re.compile(r"^\d{1,2}[.)]\s+")
_KICKER: Final = re.compile(r"kompaspunt\s*:|interventiekompas\b")
_LONGEST: Final = 100
_FEWEST_CAPITALS: Final = 8


def is_usual_heading(text: str) -> bool:
    """Whether a heading stands in many documents, and so says nothing of what this one is about."""
    return bool(_USUAL.fullmatch(" ".join(fold(text).split())))


def section_of(line: str) -> ItemType | None:
    """The section that a line is the heading of, in any case and with any markup around it, or None."""
    if len(line) > _LONGEST:
        return None
    name = " ".join(fold(_NUMBERED.sub("", line.strip(_AROUND))).split())
    return next((section for pattern, section in _SECTIONS if pattern.fullmatch(name)), None)


def is_capitals(line: str) -> bool:
    """Whether a line is a heading in capitals: no small letters, no end of a sentence, long enough to be no name."""
    bare = line.strip(_AROUND)
    letters = sum(map(str.isalpha, bare))
    return (
        _FEWEST_CAPITALS <= letters
        and len(bare) <= _LONGEST
        and bare == bare.upper()
        and not bare.endswith(("!", "?", ";"))
    )


def is_kicker(line: str) -> bool:
    """Whether a line is one of the lines at the top of an export that name the compass and its point."""
    return (
        len(line) <= _LONGEST and bool(_KICKER.match(fold(line.strip(_AROUND)))) and (is_capitals(line) or ":" in line)
    )


def stands_alone(line: str) -> bool:
    """Whether a line is a heading even without blank lines around it."""
    return section_of(line) is not None or is_capitals(line) or is_kicker(line)
