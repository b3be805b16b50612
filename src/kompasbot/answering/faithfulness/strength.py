"""Whether a sentence claims more, or about more, than its source: certainty, necessity, causes, superlatives, all."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from kompasbot.answering.faithfulness.held import Held
from kompasbot.answering.faithfulness.reading import Reading
from kompasbot.answering.faithfulness.wording import Alike, table
from kompasbot.dutch import is_function_word, stem, words, zipf


@dataclass(frozen=True, slots=True)
class Claim:
    """A way to claim strongly: how it sounds, what in a source allows it, and the name of it for a reason."""

    name: str
    sounds: re.Pattern[str]
    allowed: re.Pattern[str]


@cache
def _claims() -> tuple[Claim, ...]:
    return tuple(
        Claim(one["naam"], _any(one["zegt"]), _any([*one["zegt"], *one.get("mag", [])])) for one in table("sterk.yaml")
    )


def _any(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


_SINCE: Final = re.compile(
    r"\b(sinds|vanaf|tot)\b(?= (?:\w+ )?(?:\d{4}|jaar|kort|vorig|dit|begin|eind|najaar|voorjaar))"
)
_SUPERLATIVE: Final = re.compile(r"\b(\w{3,})ste\b")
_NO_SUPERLATIVE: Final = frozenset(
    "eerste laatste juiste vaste naaste beste bewuste gewenste tweeentwintigste verste vereiste gepaste geplaatste "
    "gemiste verraste achtste twintigste dertigste honderdste wenste toegepaste gewoonste liefste".split()
)
_HEDGE: Final = re.compile(
    r"\b(kan|kunnen|kun|kon|konden|mogelijk\w*|misschien|soms|mogen|mag|zou|zouden|lijkt|lijken|waarschijnlijk|wellicht"
    r"|in staat|eventueel|may|can|might)\b"
)
_EFFECT: Final = re.compile(r"\b(invloed\w*|be?invloed\w*|effect(?:en)?|gevolg\w*|uitma\w+|maakt uit|verschil)\b")
_CAUSES: Final = re.compile(
    r"\b(zorg(?:t|en) (?:er )?voor|leid(?:t|en) (?:\w+ ){0,4}?tot"
    r"|maakt (?:\w+ ){1,4}(?:beter|effectief|effectiever|succesvol)|verbeter(?:t|en)|vergroot|vergroten|verhoog(?:t|en)"
    r"|werkt (?:beter|het best)|slaagt)\b"
)
_ALL: Final = re.compile(
    r"(?<!niet )\b(?:alle|al (?:de|het|hun|deze)|elke?|iedere?)\b"
    r"(?! (?:een|jaar|schooljaar|week|maand|dag|keer|moment|geval))"
    r"((?: \w+){1,4})"
    r"|\balles wat ([^,.;]+)|\b(iedereen|alles)\b"
)
_SCOPE: Final = 3
_SOME: Final = re.compile(
    r"\b(?:veel|vele|sommige|enkele|een paar|een aantal|een deel van|de meeste|meeste|een handvol|niet alle|bijna alle"
    r"|de helft van|vrijwel alle|een groot deel van)\b((?: \w+){1,3})"
)


def strength_fault(reading: Reading, held: Held, alike: Alike) -> str | None:
    """Why a sentence claims more than its source, or None."""
    return (
        _fewer_than_held(reading, held, alike)
        or _more_than_held(reading, held, alike)
        or _stronger(reading, held)
        or _certain(reading, held)
        or _superlative(reading, held)
    )


def _stronger(reading: Reading, held: Held) -> str | None:
    said = re.sub(
        r"\bniet (alleen|enkel|slechts|uitsluitend|verplicht|vanzelf\w*|automatisch|altijd|per se)\b",
        " ",
        reading.folded,
    )
    for claim in _claims():
        match = claim.sounds.search(said)
        if not match or claim.allowed.search(held.folded):
            continue
        if claim.name == "noodzaak" and (held.instructs or reading.denied):
            continue
        return f"sterker dan de bron ({claim.name}): '{match[0].strip()}'"
    match = _SINCE.search(said)
    if match and match[1] not in held.folded:
        return f"de tijd '{match[0]}' staat niet in de bron"
    return None


def _certain(reading: Reading, held: Held) -> str | None:
    """The source says that there may be an effect, the sentence that there is."""
    hedged = [line for line in held.lines if _EFFECT.search(line.reading.folded)]
    may = bool(hedged) and all(_HEDGE.search(line.reading.folded) for line in hedged)
    says = _EFFECT.search(reading.folded) or _CAUSES.search(reading.folded)
    if may and says and not _HEDGE.search(reading.folded):
        return "de bron zegt dat het kan, de zin dat het zo is"
    return None


def _superlative(reading: Reading, held: Held) -> str | None:
    for match in _SUPERLATIVE.finditer(reading.folded):
        if match[0] in _NO_SUPERLATIVE or zipf(match[1].removeprefix("aller")) < 3.0 or is_function_word(match[0]):
            continue
        if stem(match[0]) not in held.stems and match[0] not in held.words:
            return f"overtreffende trap die niet in de bron staat: '{match[0]}'"
    return None


def _scopes(pattern: re.Pattern[str], folded: str) -> list[frozenset[str]]:
    """What a quantifier is about: the stems of the first content words after it."""
    found = []
    for match in pattern.finditer(folded):
        content = [stem(word) for word in words(match[1] or "") if not is_function_word(word)][:_SCOPE]
        if pattern is _ALL and match[2]:
            content = [stem(word) for word in words(match[2]) if not is_function_word(word)][-1:]
        found.append(frozenset(content))
    return found


def _more_than_held(reading: Reading, held: Held, alike: Alike) -> str | None:
    theirs = [scope for line in held.lines for scope in _scopes(_ALL, line.reading.folded)]
    for mine in _scopes(_ALL, reading.folded):
        if not any(not mine or (mine | alike(mine)) & scope for scope in theirs):
            return "de zin gaat over alles of iedereen, de bron niet"
    return None


def _fewer_than_held(reading: Reading, held: Held, alike: Alike) -> str | None:
    universal = [scope for scope in _scopes(_ALL, held.folded) if scope]
    partial = [scope for scope in _scopes(_SOME, held.folded) if scope]
    for mine in _scopes(_SOME, reading.folded):
        wide = mine | alike(mine)
        if any(wide & scope for scope in universal) and not any(wide & scope for scope in partial):
            return "de bron gaat over alle, de zin over een deel"
    return None
