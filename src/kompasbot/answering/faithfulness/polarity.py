"""How strongly and with what sign a text claims something: negations, modal verbs, quantifiers, causes."""

import re
from typing import Final

from kompasbot.dutch import fold

_NOT_A_NEGATION: Final = re.compile(
    r"\bniet (alleen|enkel|slechts|uitsluitend|in de laatste plaats)\b"
    r"|\bniet uit het oog\b|\buit het oog niet\b|\bniet (te )?vergeten\b|\bniet voor niets\b|\bzonder twijfel\b"
    r"|\bgeen enkel probleem\b"
)
_NEGATION: Final = re.compile(
    r"\b(niet|geen|nooit|nergens|niemand|niets|noch|zonder|nauwelijks|amper|evenmin|not|no|never)\b"
)
_OPPOSITES: Final = (
    ("makkelijk gemakkelijk eenvoudig simpel", "moeilijk lastig ingewikkeld complex"),
    (
        "groter vergroten vergroot toenemen neemt toe meer stijgen stijgt verhogen verhoogt versterken versterkt",
        "kleiner verkleinen verkleint afnemen neemt af minder dalen daalt verlagen verlaagt verzwakken verzwakt",
    ),
    ("beter verbeteren verbetert", "slechter verslechteren verslechtert"),
    ("begonnen gestart begint start", "gestopt stopt beeindigd geeindigd gesloten opgeheven"),
    ("binnen binnenschools binnenschoolse", "buiten buitenschools buitenschoolse"),
    ("creatiever origineler", "voorspelbaarder saaier"),
    ("voor", "tegen"),
)
_STRONG: Final = re.compile(
    r"\b(altijd|zeker|ongetwijfeld|gegarandeerd|garandeert|garanderen|bewijst|bewijzen|bewezen|aangetoond"
    r"|noodzakelijk|onmisbaar|"
    r"vereist|verplicht|verplichte|moet|moeten|zal|zullen|leidt tot|leiden tot|zorgt (er)?voor|zorgen (er)?voor"
    r"|zorgt dat|veroorzaakt|veroorzaken|bepaalt|bepalen|"
    r"volledig|geheel|helemaal|automatisch|vanzelf|onmiddellijk|direct|overal|uitsluitend|alleen maar|enige|beste|"
    r"belangrijkste|grootste|sterkste|snelste|doorslaggevend\w*|cruciaal|cruciale|essentieel|essentiele"
    r"|onvermijdelijk|enorm|sterk|aanzienlijk|fors|drastisch|spectaculair)\b"
)
_WEAK: Final = re.compile(
    r"\b(kan|kunnen|kun|kon|konden|mogelijk|misschien|soms|vaak|mogen|mag|zou|zouden|lijkt|lijken|waarschijnlijk"
    r"|idealiter|"
    r"als het goed is|meestal|doorgaans|may|can|might)\b"
)
_ALL: Final = re.compile(r"\b(alle|al de|allemaal|elk|elke|ieder|iedere|iedereen|elkeen|all|every)\b")
_SOME: Final = re.compile(
    r"\b(veel|vele|sommige|enkele|een paar|een aantal|een deel|de meeste|meeste|meerdere|verschillende|diverse|weinig|"
    r"een enkele|enige|some|many|most)\b"
)


def negations(text: str) -> int:
    """How many negations a text holds; idioms such as ``niet alleen`` are none."""
    return len(_NEGATION.findall(_NOT_A_NEGATION.sub(" ", fold(text))))


def strong(text: str) -> frozenset[str]:
    """The words by which a text claims strongly."""
    return frozenset(match[0] for match in _STRONG.finditer(fold(text)))


def hedged(text: str) -> bool:
    """Whether a text says that something may be so."""
    return bool(_WEAK.search(fold(text)))


def universal(text: str) -> bool:
    """Whether a text speaks of all."""
    return bool(_ALL.search(fold(text)))


def partial(text: str) -> bool:
    """Whether a text speaks of some."""
    return bool(_SOME.search(fold(text)))


def opposed(text: str, source: str) -> str | None:
    """The word of a text whose opposite, and not itself, stands in the source; None when there is none."""
    said, held = set(fold(text).split()), set(fold(source).split())
    said, held = {word.strip(".,:;()") for word in said}, {word.strip(".,:;()") for word in held}
    for left, right in _OPPOSITES:
        for mine, theirs in ((set(left.split()), set(right.split())), (set(right.split()), set(left.split()))):
            if said & mine and held & theirs and not held & mine and not said & theirs:
                return min(said & mine)
    return None
