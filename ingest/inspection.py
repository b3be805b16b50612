"""Looks over what was read for what a person should see: text that came out oddly, and text that stands twice."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from ingest.findings import Finding
from kompasbot.dutch import LONGEST_WORD, words, zipf, zipf_english
from kompasbot.knowledge import Item, ItemType, Passage, PassageKind

_MOST: Final = 20
_SHORT_DOCUMENT: Final = 80
_FEW_LETTERS: Final = 0.6
_LONG_WORDS: Final = 14.0
_LONE_LETTERS: Final = 0.35
_ENOUGH: Final = 60
"""Characters from which on a text can be judged by its letters."""
_JUDGED: Final = 20_000
"""Characters of a text by whose words it is judged."""
_ENOUGH_WORDS: Final = 400
_FEW_DIFFERENT: Final = 0.1
_KNOWN: Final = 2.0
_FEW_KNOWN: Final = 0.4
"""Of the words of our own documents 85 to 96 % are as common as that, of random ones of three letters 26 %."""
_ENOUGH_DIFFERENT: Final = 20
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")


def inspect(items: Sequence[Item], passages: Sequence[Passage]) -> list[Finding]:
    """Findings on odd texts and on passages that stand twice."""
    return [*_short(list(_odd(items))), *_short(list(_doubles(passages)))]


def _short(findings: list[Finding]) -> list[Finding]:
    if len(findings) <= _MOST:
        return findings
    rest = Finding("info", "corpus", f"Dit geldt voor nog {len(findings) - _MOST} andere plaatsen.")
    return [*findings[:_MOST], rest]


def _odd(items: Iterable[Item]) -> Iterator[Finding]:
    for item in items:
        oddity = oddity_of(item.text, is_document=item.type is ItemType.DOCUMENT)
        if oddity:
            yield Finding(
                "waarschuwing",
                item.id,
                f"De tekst van dit item ziet er vreemd uit: {oddity}.",
                "Open het bestand en kijk of de tekst goed is overgenomen. Zet hem anders om naar een ander formaat.",
            )


def oddity_of(text: str, *, is_document: bool = False) -> str | None:
    """What is odd about a text that was taken out of a file, or None."""
    if not text.strip():
        return "hij is leeg"
    if is_document and len(text) < _SHORT_DOCUMENT:
        return f"hij heeft maar {len(text)} tekens"
    return next((name for name, judge in _ODDITIES if judge(text)), None)


def _is_signs(text: str) -> bool:
    dense = "".join(text.split())
    letters = len(_NO_LETTERS.sub("", dense)) / len(dense)
    return len(text) >= _ENOUGH and letters < _FEW_LETTERS


def _lacks_spaces(text: str) -> bool:
    words = text.split()
    return len(text) >= _ENOUGH and sum(map(len, words)) / len(words) > _LONG_WORDS


def _has_endless_words(text: str) -> bool:
    return any(len(word) > LONGEST_WORD for word in re.split(r"[\W_]+", text))


def _repeats(text: str) -> bool:
    found = words(text[:_JUDGED])
    return len(found) >= _ENOUGH_WORDS and len(set(found)) < _FEW_DIFFERENT * len(found)


def _is_no_language(text: str) -> bool:
    found = {word for word in words(text[:_JUDGED]) if word.isalpha()}
    known = sum(max(zipf(word), zipf_english(word)) >= _KNOWN for word in found)
    return len(found) >= _ENOUGH_DIFFERENT and known < _FEW_KNOWN * len(found)


def _is_spaced_out(text: str) -> bool:
    words = text.split()
    return len(text) >= _ENOUGH and list(map(len, words)).count(1) / len(words) > _LONE_LETTERS


_ODDITIES: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("er staan onleesbare tekens in", lambda text: "\ufffd" in text),
    ("hij bestaat voor een groot deel uit cijfers en tekens", _is_signs),
    ("er ontbreken spaties", _lacks_spaces),
    ("er staan spaties tussen de letters", _is_spaced_out),
    (
        f"hij heeft woorden van meer dan {LONGEST_WORD} letters, die alleen aan hun begin te vinden zijn",
        _has_endless_words,
    ),
    ("hij herhaalt steeds dezelfde woorden", _repeats),
    ("de meeste woorden bestaan niet in het Nederlands of Engels", _is_no_language),
)


def _doubles(passages: Iterable[Passage]) -> Iterator[Finding]:
    places: dict[tuple[str | None, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        if passage.kind is PassageKind.TEXT:
            places[passage.heading, passage.text].append(passage)
    for same in places.values():
        if len(same) > 1:
            others = sorted({one.item_id for one in same[1:]} - {same[0].item_id})
            where = f"ook in {', '.join(others[:3])}" if others else f"{len(same)} keer"
            start = same[0].text if len(same[0].text) <= 60 else f"{same[0].text[:60].rpartition(' ')[0]} …"
            yield Finding(
                "info",
                same[0].item_id,
                f"Deze tekst staat {where}: '{start}'",
                "Eén keer is genoeg: haal weg wat dubbel is.",
            )
