"""Cuts Dutch text into sentences, word for word: each sentence is a slice of the text."""

import re
from typing import Final

_ABBREVIATIONS: Final = frozenset(
    "al apr art aug blz bijv bv ca cf co d dec dhr dr drs ds e.a e.d e.g e.v ed enz etc evt excl feb fig ggf hfst "
    "i.e i.p.v i.s.m "
    "i.v.m incl ing ir jan jl jr juni juli jul jun lett max m.a.w m.b.t m.i m.i.v m.m.v m.n m.u.v mej mevr min mr "
    "mrt mw n.a.v nl no nov nr o.a "
    "o.l.v o.m okt p pag par ph prof q.q red resp sept sep st t.a.v t.b.v t.g.v t.m t.o.v t.z.t tel v v.a v.d vgl "
    "vol vs "
    "w.o z.g zgn zie".split()
)
_END: Final = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s)")
"""Only from the first mark of a row: from each of them, a row of many would take time by the square of its length."""
_LAST_WORD: Final = re.compile(r"([\w.]+)$")
_LONGEST: Final = 40
"""Characters before a mark that are looked at: no abbreviation is as long."""
_NEXT: Final = re.compile(r"\s*\S")
_BULLET: Final = re.compile(r"^[-*•]\s+")


def _ends(line: str, match: re.Match[str]) -> bool:
    """Whether the mark at ``match`` ends a sentence, rather than an abbreviation, an initial or a number."""
    after = _NEXT.match(line, match.end())
    if after and after[0][-1].islower():
        return False
    if match[0][0] != ".":
        return True
    before = _LAST_WORD.search(line, max(0, match.start() - _LONGEST), match.start())
    last = before[1] if before else ""
    if last.casefold().rstrip(".") in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last.isupper()):
        return False
    return not (before and last.isdigit() and len(last) <= 2 and before.start() == 0)


def _line_sentences(line: str) -> list[str]:
    found, start = [], 0
    for match in _END.finditer(line):
        if _ends(line, match):
            found.append(line[start : match.end()].strip())
            start = match.end()
    found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def sentences(text: str) -> list[str]:
    """The sentences of a text in order; each line ends a sentence, and the mark of a list entry is left out."""
    return [sentence for line in text.splitlines() for sentence in _line_sentences(_BULLET.sub("", line.strip()))]
