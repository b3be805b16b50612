"""Whether a sentence claims more, or about more, than its source: certainty, necessity, causes, superlatives, all."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.faithfulness.held import Held
from kompasbot.answering.faithfulness.reading import Reading
from kompasbot.dutch import is_function_word, stem, words, zipf

Alike = Callable[[frozenset[str]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A way to claim strongly: how it sounds, what in a source allows it, and the name of it for a reason."""

    name: str
    sounds: re.Pattern[str]
    allowed: re.Pattern[str]


def _claim(name: str, sounds: str, allowed: str = "") -> Claim:
    either = f"{sounds}|{allowed}" if allowed else sounds
    return Claim(name, re.compile(rf"\b(?:{sounds})\b"), re.compile(rf"\b(?:{either})\b"))


_CLAIMS: Final = (
    _claim("zekerheid", r"gegarandeerd\w*|garande\w+|garantie\w*|ongetwijfeld|(?<!weet )(?<!weten )zeker|per se"),
    _claim("altijd", r"altijd|te allen tijde|in elk geval|continu|onafgebroken", r"steeds"),
    _claim("toekomst", r"zal|zullen", r"zul\w*|wil\w*|moet\w*|wordt|gaat"),
    _claim("onmogelijk", r"onmogelijk\w*|onhaalba\w+|kanslo\w+|ondenkba\w+|uitgesloten|mislukt|mislukken|faalt|falen"),
    _claim("elk jaar", r"(?:elk|ieder|per) jaar|jaarlijks\w*"),
    _claim("elke maand", r"(?:elke|iedere|per) maand|maandelijks\w*"),
    _claim("elke week", r"(?:elke|iedere|per) week|wekelijks\w*"),
    _claim("elke dag", r"(?:elke|iedere|per) dag|dagelijks\w*"),
    _claim("bewijs", r"bewijz\w+|bewezen|bewijst?|bewees|aangetoond\w*|onomstotelijk|onweerlegbaar|vaststaand"),
    _claim("onvermijdelijk", r"onvermijdelijk\w*|automatisch\w*|vanzelf|per definitie", r"vanzelfsprekend"),
    _claim("voorgoed", r"definitief|voorgoed|voor altijd|permanent|onmiddellijk|meteen|direct|razendsnel"),
    _claim("volledigheid", r"volledig\w*|geheel|gehele|helemaal|totaal|totale|honderd procent|perfect|optimale?"),
    _claim("alleen", r"uitsluitend|alleen(?! maar ook)|louter|slechts|enkel|enige|exclusief", r"alleen maar"),
    _claim("overal", r"overal|wereldwijd|landelijke?|heel nederland|hele land|heel het land|in elke \w+"),
    _claim("verplichting", r"verplicht\w*|verplichting|eis|eisen|eist|opgelegd"),
    _claim("onmisbaar", r"onmisba\w+|essenti\w+|cruci\w+|doorslaggevend\w*|onontbeerlijk|van levensbelang|allesbepalend"),
    _claim(
        "noodzaak",
        r"moet|moeten|moest|moesten|nodig|noodza\w+|vereis\w+|dient te|dienen te",
        r"nodig\w*|randvoorwaarde\w*|adviezen|handvatten|ga \w+ na",
    ),
    _claim("oorzaak", r"bepaalt|bepalen(?! (?:welke|wat|of|hoe))|bepalend\w*|veroorza\w+|afdwing\w+|dwing\w+"),
    _claim(
        "gevolg",
        r"zorg(?:t|en|de|den) (?:er )?(?:\w+ )?(?:voor )?dat|leid(?:t|en|de|den) (?:\w+ ){0,4}?tot|resulte\w+|dankzij",
        r"zorg\w*|zodat|waardoor|daardoor|maken|maakt|helpt|helpen|blijkt|kiest voor|zo krijgt|verbindt|om te|met een",
    ),
    _claim("mate", r"enorm|fors|aanzienlijk|flink|drastisch\w*|spectaculair|sterk (?!techniek)|beduidend|veel (?=\w+er\b)"
           r"|maximaal|maximale|massaal|significant|uiterst|razend|zeer|dubbel zo|ver boven"),
    _claim("rang", r"het best|beste|belangrijkste|grootste|meeste|succesvolste|snelste|sterkste|hoogste|leidende?|toonaangevend"
           r"|uniek|unieke|ideale?|perfecte|ongekend\w*|beter dan|(?:meer|minder) dan (?!alleen|enkel)|de meest|het meest|nummer"),
    _claim("gewoonte", r"steeds vaker|steeds meer"
           r"|nooit eerder|voor het eerst", r"regelmatig\w*|idealiter|als het goed is|steeds"),
    _claim("tijd", r"inmiddels|onlangs|binnenkort|vorig|vorige|volgend|volgende|jarenlang\w*|al jaren|tijdelijk\w*"
           r"|recent\w*|tegenwoordig|sinds kort|nog altijd|al lang|decennia|eeuwen|voorlopig"),
)  # fmt: skip
_SINCE: Final = re.compile(
    r"\b(sinds|vanaf|tot)\b(?= (?:\w+ )?(?:\d{4}|jaar|kort|vorig|dit|begin|eind|najaar|voorjaar))"
)
_SUPERLATIVE: Final = re.compile(r"\b(\w{3,})ste\b")
_NO_SUPERLATIVE: Final = frozenset(
    "eerste laatste juiste vaste naaste beste bewuste gewenste tweeentwintigste verste vereiste gepaste geplaatste "
    "gemiste gepubliceerste verraste achtste twintigste dertigste honderdste eersteklas ernstige kunste wenste moeste".split()
)
_HEDGE: Final = re.compile(
    r"\b(kan|kunnen|kun|kon|konden|mogelijk\w*|misschien|soms|mogen|mag|zou|zouden|lijkt|lijken|waarschijnlijk|wellicht"
    r"|in staat|eventueel|may|can|might)\b"
)
_EFFECT: Final = re.compile(r"\b(invloed\w*|be?invloed\w*|effect(?:en)?|gevolg\w*|uitma\w+|maakt uit|verschil)\b")
_CAUSES: Final = re.compile(
    r"\b(zorg(?:t|en) (?:er )?voor|leid(?:t|en) (?:\w+ ){0,4}?tot|maakt (?:\w+ ){1,4}(?:beter|effectief|effectiever|succesvol)"
    r"|verbeter(?:t|en)|vergroot|vergroten|verhoog(?:t|en)|werkt (?:beter|het best)|slaagt)\b"
)
_ALL: Final = re.compile(
    r"(?<!niet )\b(?:alle|al (?:de|het|hun|deze)|elke?|iedere?)\b(?! (?:jaar|week|maand|dag|keer|moment|geval))((?: \w+){1,4})"
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
        _stronger(reading, held)
        or _certain(reading, held)
        or _superlative(reading, held)
        or _more_than_held(reading, held, alike)
        or _fewer_than_held(reading, held, alike)
    )


def _stronger(reading: Reading, held: Held) -> str | None:
    said = re.sub(
        r"\bniet (alleen|enkel|slechts|uitsluitend|verplicht|vanzelf\w*|automatisch|altijd|per se)\b",
        " ",
        reading.folded,
    )
    for claim in _CLAIMS:
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
        if match[0] in _NO_SUPERLATIVE or zipf(match[1]) < 3.0 or is_function_word(match[0]):
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
