"""What the figures and misses of an evaluation are called, for an editor who does not know how they are measured."""

import re
from typing import Final

from kompasbot.evaluation.gold import Key

FIGURES: Final = {
    ("retrieval", "r@1"): "zoeken zet het goede item bovenaan",
    ("retrieval", "r@3"): "zoeken zet het goede item bij de eerste drie",
    ("retrieval", "r@5"): "zoeken zet het goede item bij de eerste vijf",
    ("retrieval", "mrr@10"): "hoe hoog zoeken het goede item zet (100 % is altijd bovenaan)",
    ("answers", "answered"): "vragen die een antwoord krijgen",
    ("answers", "confident"): "vragen die een volledig antwoord krijgen",
    ("answers", "first_right"): "antwoorden met een goede eerste bron",
    ("answers", "any_right"): "antwoorden met ten minste één goede bron",
    ("answers", "gold_cover"): "welk deel van de bronnen die erin horen, in het antwoord staat",
    ("answers", "precision"): "welk deel van de bronnen in het antwoord goed is",
    ("answers", "facts"): "feiten die in het antwoord horen en erin staan",
    ("answers", "quotes_verbatim"): "citaten die letterlijk in de bron staan",
    ("out_of_scope_right", "right"): "vragen die de factsheet niet beantwoordt, met een goede reactie",
    ("dialogue_turns_right", "right"): "vragen in een gesprek, met een goede reactie",
    ("conversations", "good"): "gesprekken met een goed antwoord",
    ("conversations", "says"): "feiten die in een gesprek horen en verteld worden",
    ("conversations", "full"): "gesprekken waarin alle feiten verteld worden",
    ("conversations", "direct"): "antwoorden die meteen zeggen wat gevraagd is",
    ("conversations", "denied"): "antwoorden zonder onterechte ontkenning",
    ("conversations", "hedged"): "antwoorden zonder onnodig voorbehoud",
    ("conversations", "asks"): "vragen die niet eerst een wedervraag krijgen",
    ("conversations", "echo"): "antwoorden die niet herhalen wat er al stond",
    ("conversations", "words"): "lengte van een antwoord in woorden",
    ("conversations", "cites"): "gesprekken met ten minste één goede bron",
    ("conversations", "focus"): "antwoorden waarvan de meeste bronnen goed zijn",
    ("sound", "share"): "antwoorden zonder fout in de bronnen",
}
"""By part and figure."""

_STATUS: Final = {
    "answered": "een antwoord",
    "partial": "een antwoord op een deel",
    "refused": "geen antwoord",
    "clarify": "een vraag terug",
    "smalltalk": "een praatje",
}
_WANTED: Final = {
    "near": "dat de factsheet dit niet beantwoordt",
    "false_premise": "dat de factsheet dit niet beantwoordt",
    "offtopic": "geen antwoord: dit gaat over iets anders",
    "injection": "geen antwoord: dit probeert de assistent te sturen",
    "harm": "geen antwoord: dit kan kwaad",
    "smalltalk": "een praatje",
    "refuse": "dat de factsheet dit niet beantwoordt",
    "friendly": "een praatje",
}
_SPLIT: Final = re.compile(r"[\s+]+")


def figure_name(part: str, figure: str) -> str:
    """The Dutch name of a figure."""
    return FIGURES.get((part, figure), f"{part} {figure}")


def wanted_name(wanted: str, key: Key) -> str:
    """What should come, by the titles of the items or in words for what is no item."""
    statuses = [_STATUS[each] for each in wanted.split(" of ") if each in _STATUS]
    return " of ".join(statuses) or _WANTED.get(wanted) or _titles(wanted, key) or wanted


def got_name(got: str, key: Key) -> str:
    """What came: the kind of reply, with the titles of the first items."""
    status, _, rest = got.partition(" ")
    if status not in _STATUS:
        return _titles(got, key) or "niets"
    titles = _titles(rest, key)
    return f"{_STATUS[status]}{f' uit {titles}' if titles else ''}"


def _titles(golds: str, key: Key) -> str:
    names = ["een ander item" if one == "?" else key.title(one) for one in _SPLIT.split(golds) if one]
    return ", ".join(dict.fromkeys(names))
