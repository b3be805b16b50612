"""Finds names of pupils, and of people around them, in a visitor's question: "mijn leerling Daan de Vries".

A name is told from other words by what stands around it (a pupil, a child, a class, an age, a greeting) and by a list
of first names; there is no model. A surname is what follows a first name with a capital. Names of schools, prizes and
well-known people stay.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from kompasbot.dutch import fold, is_dictionary_word, is_verb, zipf_english

Span = tuple[int, int]
_MOST_WORDS: Final = 5
"""Words in a surname, without "van der" and the like."""

_WORD: Final = re.compile(r"[^\W\d_](?:[\w'’]|-(?=[^\W\d_]))*")
_INITIALS: Final = re.compile(r"(?:[A-Z]\.\s?){1,4}(?=[^\W\d_])")
_INITIAL: Final = re.compile(r"[A-Z]\.(?!\w)(?!\s?[A-Z]\.)(?!\s[A-Z][a-z])")
"""What is left of a surname in "Sara B."."""
_PREFIX: Final = re.compile(r"['’]t\b|[^\W\d_]+")
_PREFIXES: Final = frozenset("van von de der den het 't ’t ter ten te el al bin ben ibn da di do dos la le du".split())
"""What may stand between a first name and a surname, or begin a surname."""
_SURNAMES: Final = frozenset(
    "bakker visser smit smits meijer meyer mulder bos vos peters hendriks dekker brouwer dijkstra smeets kok "
    "jacobs vermeulen schouten willems hoekstra koster prins huisman peeters kuiper kuipers veenstra kramer "
    "wolters postma martens blom jansen janssen vries berg dijk boer jong groot graaf linden heuvel haan koning "
    "post zwart molenaar timmerman schipper wit".split()
)
"""Frequent surnames that are words as well."""
_NOT_ALONE: Final = frozenset(
    "max bas job lot floor wolf mark ward stan storm roos fleur linde merel mees noor pip frank ernst puck faye "
    "bella fien iris leon nova maas rosa luna victor elke els".split()
)
"""First names that are words as well: without a capital they are no names."""
_BODIES: Final = (
    "school college lyceum gymnasium academie academy universiteit hogeschool instituut stichting fonds museum "
    "huis prijs straat laan plein weg methode onderwijs lezing bibliotheek scholengroep scholengemeenschap mavo "
    "pabo"
).split()
_BODY: Final = re.compile(rf"[\s\-]*\w*(?:{'|'.join(_BODIES)})", re.IGNORECASE)
_WELL_KNOWN: Final = frozenset(
    "einstein curie lovelace turing newton galilei darwin tesla edison vinci huygens leeuwenhoek montessori "
    "steiner piaget freinet parkhurst frank dijkgraaf rutte beatrix erasmus witt rietveld gogh rembrandt musk "
    "gates jobs berners-lee zuckerberg hawking philips cruijff heijn havelaar comenius hattie biesta vygotsky "
    "bloom dewey papert more planck".split()
)
_SUBJECTS: Final = tuple(
    "kunde techniek muziek nica fysica logie logy atie teit wetenschap design school lab hub".split()
)
"""How words end that are subjects rather than names."""
_ENGLISH: Final = 4.0
"""How frequent a word is in English that is no name after "mijn leerling", on the scale of Zipf."""
_OWN: Final = r"(?:mijn|m'n|onze|ons|een|de|het|deze|die|dit|dat|zijn|haar|hun|jullie|uw|je|jouw)"
_CHILD: Final = (
    r"(?:\w*leerlinge?|\w*student(?:e|je)?|pupil|\w*kind(?:je)?|\w*zoon(?:tje)?|\w*dochter(?:tje)?|jongen(?:tje)?|jongetje|"
    r"meisje|neef(?:je)?|nicht(?:je)?|\w*broer(?:tje)?|\w*zus(?:je)?|scholier(?:e)?|kleuter|peuter|puber|tiener|"
    r"\w*brugklasser|stagiaire?|klasgeno(?:ot|te)|vriend(?:je|in|innetje)?|achtstegroeper|havist|vwo'er|mbo'er|vmbo'er)"
)
_CHILDREN: Final = (
    r"(?:\w*leerlingen|\w*studenten|pupillen|\w*kinderen|zonen|zoons|zoontjes|dochters|dochtertjes|jongens|meisjes|"
    r"tweeling|stagiairs|stagiaires|klasgenoten|broers|zussen|vrienden|vriendinnen)"
)
_BETWEEN: Final = (
    r"(?:[,:]?\s*\(?(?:(?:die|dat)\s+)?(?:genaamd|geheten|heet|heten|met de naam|met als naam|namelijk|te weten|is)\s+"
    r"|\s*[:(]\s*|,?\s+)"
)
_TITLE: Final = (
    re.compile(
        r"\b(?:mevrouw|mevr\.?|mw\.|meneer|mijnheer|dhr\.?|de heer|juf|juffrouw|meester|familie|fam\.)\s+",
        re.IGNORECASE,
    ),
)
"""What comes right before a name: any word with a capital is one."""
_ANY_NAME: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_CHILD}{_BETWEEN}['\"‘“]?",
        rf"\b{_OWN} (?:collega|mentor|moeder|vader|oma|opa|tante|oom|buurman|buurvrouw|man|vrouw|partner),?\s+",
        r"\b(?:mijn|zijn|haar|hun|de) (?:volledige |voor- en achter|voor|achter)?na(?:am|men) (?:is|zijn|luidt)\s+",
        r"\bna(?:am|men)(?: van (?:de|het|mijn|onze|een) \w+)?\s*(?::|is)\s*",
        r"\b(?:ik|hij|zij|ze) heet(?:te)?\s+",
    )
)
"""What comes right before a name, whatever name it is: only a word of the dictionary is none."""
_FIRST_NAME: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_CHILDREN}{_BETWEEN}['\"‘“]?",
        rf"\b(?:{_CHILD}|{_CHILDREN})\b[^.?!,:;()\n]{{1,60}}?"
        r"(?:[,:(]\s*|\s(?:heet|heten|genaamd|namelijk|met de naam)\s+|\s)",
        r"\bik ben\s+",
        r"\b(?:mijn|onze|ons)\s+(?=(?-i:[A-Z]))",
        r"\b(?:groet(?:en|jes)?|gr\.?|mvg|dank|alvast bedankt)[,.!]?\s+",
        r"\b(?:cijfers?|rapport|dossier|gegevens|ouders?|moeder|vader|toets|gedrag|advies|adres|profielkeuze) van\s+",
    )
)
"""What comes before a name of the list; other words may stand here as well."""
_CLASS: Final = (
    r"(?:groep\s*\d|(?:de )?klas\b|\d\s?[a-z]{1,2}\d?\b|leerjaar|(?:de )?brugklas|havo|vwo|vmbo|mavo"
    r"|de (?:boven|onder)bouw)"
)
_AFTER: Final = re.compile(
    rf"\s*(?:\(\s*(?:\d{{1,2}}\b|{_CLASS}|{_CHILD}\b)"
    rf"|,?\s+(?:van\s+)?\d{{1,2}} jaar|,?\s+(?:is|wordt|was) (?:\d{{1,2}}\b|{_OWN}\s+(?:\w+\s+)?{_CHILD}\b)"
    rf"|,?\s+(?:komt |zit |uit |in |zat |van )+(?:{_OWN} )?{_CLASS}"
    rf"|,\s+{_OWN}\s+(?:\w+\s+)?{_CHILD}\b|,\s+\d{{1,2}}\b"
    r"|,?\s+(?:die )?(?:heeft|met) (?:\w+ )?(?:adhd|add|autisme|dyslexie|dyscalculie|ass|onvoldoende)\b"
    r"|\s+(?:ouders?|moeder|vader|cijfers|rapport|profielkeuze)\b)",
    re.IGNORECASE,
)
"""What comes after a name of the list."""
_ABOUT_CHILD: Final = re.compile(
    rf"\b(?:mijn|m'n|onze|ons|een|deze|die|zijn|haar)\s+(?:\w+\s+)?{_CHILD}\b", re.IGNORECASE
)
_AND: Final = re.compile(r"\s*,?\s+(?:en|of|&)\s+|\s*,\s+|\s*&\s*|\s*/\s*")


def names_in(text: str, stays: Callable[[str], bool] = lambda _name: False) -> list[Span]:
    """Where names of pupils and people around them stand in a text, in order, none within another.

    ``stays`` says of a name whether the sources tell it: it is left then, unless what stands around it tells of
    a pupil.
    """
    found: list[Span] = []
    for patterns, begins in _CUES:
        for start in _starts(text, patterns):
            span = _name_at(text, start, begins)
            if not (span and patterns is _TITLE and stays(text[slice(*span)])):
                found += _listed(text, span)
    about_child = bool(_ABOUT_CHILD.search(text))
    at = 0
    for word in _WORD.finditer(text):
        if word.start() < at or not (word[0][0].isupper() and _is_first_name(word[0])):
            continue
        span = _name_at(text, word.start(), _is_first_name)
        if span is None:
            continue
        at = span[1]
        full = text[slice(*span)]
        if (
            _AFTER.match(text, span[1])
            or (about_child and not _is_known(text, span))
            or (
                len(full) > len(word[0])
                and not is_verb(fold(_WORD.findall(full)[1]))
                and not _is_known(text, span)
                and not stays(full)
            )
        ):
            found.append(span)
    return _merged([*found, *_again(text, found)])


def _starts(text: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[int]:
    for pattern in patterns:
        at = 0
        while cue := pattern.search(text, at):
            yield cue.end()
            at = cue.start() + 1


def _name_at(text: str, start: int, begins: Callable[[str], bool]) -> Span | None:
    """The name at ``start``, if there is one; ``begins`` says whether a word may be the first of it."""
    initials = _INITIALS.match(text, start)
    begin = initials.end() if initials else start
    at = _prefixes_end(text, begin)
    first = _WORD.match(text, at)
    if first is None:
        return None
    introduced = at > start and first[0][0].isupper() and text[start].isupper()
    if introduced and begins is not _is_first_name:
        return start, _surname_end(text, first.end(), first[0])
    return (start, _surname_end(text, first.end(), first[0])) if at == start and begins(first[0]) else None


def _prefixes_end(text: str, at: int) -> int:
    """Where the words "van der" and the like that begin at ``at`` end, with the blank after them."""
    while (
        (word := _PREFIX.match(text, at))
        and word[0].casefold() in _PREFIXES
        and text[word.end() : word.end() + 1] == " "
    ):
        at = word.end() + 1
    return at


def _surname_end(text: str, end: int, first: str) -> int:
    """Where a name ends of which ``first`` was read up to ``end``."""
    for _ in range(_MOST_WORDS):
        if text[end : end + 1] != " ":
            break
        last = _INITIAL.match(text, end + 1)
        if last:
            return last.end()
        initials = _INITIALS.match(text, end + 1)
        begin = initials.end() if initials else end + 1
        at = _prefixes_end(text, begin)
        word = _WORD.match(text, at)
        if word is None or not _goes_on(word[0], at > begin, first):
            break
        end = word.end()
    return end


def _goes_on(word: str, prefixed: bool, first: str) -> bool:
    """Whether a word is part of the name before it, which began with ``first``."""
    if word[0].isupper():
        return _is_capital(word)
    folded = fold(word)
    if folded in _SURNAMES:
        return True
    if first[0].islower():
        return prefixed or not (is_dictionary_word(folded) or folded in _PREFIXES)
    return prefixed and not is_dictionary_word(folded)


def _listed(text: str, first: Span | None) -> list[Span]:
    """A name and those that are listed with it: "Daan, Sem en Fatima"."""
    found = []
    while first is not None:
        found.append(first)
        joint = _AND.match(text, first[1])
        first = _name_at(text, joint.end(), _is_first_name) if joint else None
    return found


def _again(text: str, found: list[Span]) -> list[Span]:
    """Where the first names that were found stand once more."""
    firsts = {word[0] for start, end in found if (word := _WORD.match(text, start)) and word.end() <= end}
    firsts = {word for word in firsts if len(word) > 1 and word.casefold() not in _PREFIXES}
    if not firsts:
        return []
    again = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(firsts)))})(?:'s|’s|s)?\b")
    return [(one.start(), one.end()) for one in again.finditer(text)]


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_known(text: str, span: Span) -> bool:
    """Whether a name is that of a well-known person, or of a school, street or prize."""
    before = text[max(0, span[0] - 60) : span[0]].rstrip(" ")
    inside = [fold(word[0]) for word in _WORD.finditer(text, *span)]
    last_before = before.rpartition(" ")[2]
    return (
        not _WELL_KNOWN.isdisjoint(inside)
        or bool(_BODY.match(text, span[1]))
        or any(word.endswith(tuple(_BODIES)) for word in inside)
        or bool(last_before and last_before[0].isupper() and last_before.isalpha() and " " in before)
        or last_before.casefold() in _BODIES
    )


def _is_capital(word: str) -> bool:
    """Whether a word has a capital and is no abbreviation."""
    return word[0].isupper() and not (len(word) > 1 and word.isupper())


def _is_strange(word: str) -> bool:
    """Whether a word is a first name or a surname, or has a capital and is no word or subject that is known."""
    folded = fold(word)
    if _is_first_name(word) or not _is_capital(word):
        return _is_first_name(word)
    ordinary = is_dictionary_word(folded) or folded.endswith(_SUBJECTS) or zipf_english(folded) >= _ENGLISH
    return folded in _SURNAMES or not ordinary


def _is_first_name(word: str) -> bool:
    """Whether a word, or its part before a hyphen, is a first name of the list."""
    names, folded = _first_names(), fold(word)
    if word[0].isupper():
        return not {folded, _without_s(word), folded.partition("-")[0]}.isdisjoint(names)
    return folded in names and folded not in _NOT_ALONE


def _without_s(word: str) -> str:
    """The name in "Daans" and "Sem's"."""
    return fold(re.sub(r"['’]?s$", "", word))


_CUES: Final = ((_TITLE, _is_capital), (_ANY_NAME, _is_strange), (_FIRST_NAME, _is_first_name))


@cache
def _first_names() -> frozenset[str]:
    """The first names of the list, folded."""
    text = (Path(__file__).parent / "voornamen.txt").read_text(encoding="utf-8")
    return frozenset(fold(name) for name in text.split())
