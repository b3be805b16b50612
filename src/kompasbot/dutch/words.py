"""Tokens, stems and frequencies of Dutch (and, for visitors who write it, English) words."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, Final

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_APOSTROPHES: Final = frozenset("'’")
_APOSTROPHE_S: Final = re.compile(r"['’]s$")
_VOWEL_PAIR: Final = re.compile(r"(aa|ee|oo|uu)(?=[^aeiou]*$)")
_FINAL: Final = str.maketrans({"v": "f", "z": "s"})
CACHE: Final = 16_384
"""Words that each cache remembers. None is longer than :data:`LONGEST_WORD`, so that a cache holds 8 MB at the most."""
LONGEST_WORD: Final = 60
"""Letters of a word that are read: beyond the longest in any dictionary. What is done with a word takes time and memory
by the square of its length, and its writer may be anyone."""
_LONGEST_FOLD: Final = 4
"""Letters that one character may stand for; U+FDFA would stand for eighteen."""
_FOLDS: Final = 4_096

_FUNCTION_NL: Final = """
aan al alle alleen als altijd andere anders beetje ben bent beter bij bijvoorbeeld daar daarbij daarmee daarna daarom
daarover daarvan daarvoor dan dat de deze die dit doe doen doet door dus echt een eens eerst eigenlijk elk elke elkaar
en er eraan erbij ergens ermee erover ertoe eruit ervan ervoor even gaan gaat ga gedaan geef geen geven gewoon graag
ging haar had hadden hallo heb hebben hebt heeft hele hem hen het hier hij hoe hoeveel hun iemand iets ik in is ja je
jij jou jouw jullie kan kom komen komt kon konden krijg krijgen krijgt kun kunnen kunt laat laten liefst maar maken
mag me mee meer meest men met mij mijn misschien moet moeten mocht na naar natuurlijk nee nergens net niet niets nog
nodig nou nu of om omdat ons onze ook op over per soms soort staan staat steeds te tegen terug toch toen tot tussen
uit uw van vaak vanaf veel verder via voor vooral waar waaraan waarbij waarin waarmee waarom waarop waarover waartoe
waarvan waarvoor wanneer want waren was wat we weer wel welk welke wie wij wil willen wilt word worden wordt zal ze
zeg zeggen zegt zei zelf zelfs zich zie zien ziet zij zijn zitten zit zo zoals zou zouden zonder zulke zullen zodat
zodra terwijl alsof alles ding dingen niks daaraan ff ofzo alweer betere betreft wel eens alsjeblieft aub svp gauw m'n
z'n zo'n d'r hoor joh hè hé hey toevallig allemaal u deed deden hee yo hoi gast he hm jo man zeg beetje precies
uiteindelijk wa da nie terecht effe effen efkes eh ehm uh uhm ge gij enzo idd mn zn dr tis
""".split()
_FUNCTION_EN: Final = """
a about all also an and any are as at be been but by can could do does for from get had has have how i if in into is
it its just me more my not of on one or our out please should so some such than that the their them then there these
they this those to up us was we were anyone anything someone something did does done want wants wanted know really
whole also many much very what when where which who whom whose why will with would you your
""".split()
_ENGLISH_ONLY: Final = (
    frozenset(_FUNCTION_EN) - frozenset(_FUNCTION_NL) - {"a", "i", "all", "on", "do", "my", "so", "but"}
)


def fold(text: str) -> str:
    """Lower case without diacritics: ``Bètapartners`` becomes ``betapartners``.

    At most twelve times as long as the text; a sign that stands for a whole phrase becomes a space.
    """
    if text.isascii():
        return text.lower()
    return text.casefold().replace("’", "'").translate(_folded)


class _Folded(dict[int, str]):
    """What stands for a character, worked out when it is first met.

    Each by itself: to normalise a whole text takes time by the square of a row of combining signs.
    """

    def __missing__(self, code: int) -> str:
        flat = "".join(char for char in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(char))
        if len(self) >= _FOLDS:
            self.clear()
        self[code] = plain = flat if len(flat) <= _LONGEST_FOLD else " "
        return plain


_folded: Final = _Folded()


def words(text: str) -> list[str]:
    """The words of a text, folded, in order; a hyphen separates, an apostrophe inside a word does not.

    A word has at most :data:`LONGEST_WORD` characters: what is longer is read as far as that.
    """
    found = (word[:LONGEST_WORD] for word in _WORD.findall(fold(text)))
    return [_APOSTROPHE_S.sub("", word) if word[-2:-1] in _APOSTROPHES else word for word in found]


def always_capitalised(texts: Iterable[str]) -> frozenset[str]:
    """The folded words that the texts write with a capital wherever they stand inside a line: names, nearly always."""
    upper: set[str] = set()
    lower: set[str] = set()
    for text in texts:
        for found in set(_WORD.findall(text)):
            (upper if found[0].isupper() else lower).add(fold(found))
    return frozenset(upper - lower)


@cache
def _porter() -> Any:
    import Stemmer

    return Stemmer.Stemmer("dutch_porter")


@cache
def _frequencies() -> tuple[dict[str, float], dict[str, float]]:
    """The frequencies by word, and by the folded form of words with an accent: apart, for a joined table costs 8 MB."""
    from wordfreq import get_frequency_dict

    table = get_frequency_dict("nl", wordlist="best")
    return table, {fold(word): frequency for word, frequency in table.items() if not word.isascii()}


@lru_cache(maxsize=CACHE)
def zipf(word: str) -> float:
    """How common a folded word is in general Dutch, from 0 (unknown) to about 7.6 (``de``), on the Zipf scale.

    Source: the wordfreq package (Speer, 2022); the scale is of van Heuven and others (2014).
    """
    from math import log10

    table, accented = _frequencies()
    frequency = table.get(word) or accented.get(word, 0.0)
    return round(log10(frequency) + 9, 2) if frequency else 0.0


@cache
def _english_frequencies() -> dict[str, float]:
    from wordfreq import get_frequency_dict

    return get_frequency_dict("en", wordlist="small")


@lru_cache(maxsize=CACHE)
def zipf_english(word: str) -> float:
    """How common a folded word is in general English, on the scale of :func:`zipf`."""
    from math import log10

    frequency = _english_frequencies().get(word, 0.0)
    return round(log10(frequency) + 9, 2) if frequency else 0.0


@lru_cache(maxsize=CACHE)
def _lemma(word: str) -> str:
    from simplemma import lemmatize

    return fold(lemmatize(word, lang=("nl", "en"), low_memory=True)).replace("_", "")


@lru_cache(maxsize=CACHE)
def stem(word: str) -> str:
    """The stem that binds a folded word's forms: ``bedrijven`` and ``bedrijf``, ``onderzocht`` and ``onderzoek``.

    The dictionary form (simplemma) brings irregular forms together, Porter's Dutch stemmer (Snowball) nouns and
    verbs; what is left of open and closed syllables (``scholen``, ``school``; ``brieven``, ``brief``) is levelled.
    """
    if not word.isalpha():
        return word
    stemmed = str(_porter().stemWord(_lemma(word)))
    if len(stemmed) < 3:
        return word
    if stemmed[-1] == stemmed[-2]:
        stemmed = stemmed[:-1]
    return _VOWEL_PAIR.sub(lambda pair: pair[0][0], stemmed[:-1] + stemmed[-1].translate(_FINAL))


def ngrams(word: str, sizes: tuple[int, ...] = (3, 4)) -> tuple[str, ...]:
    """The character n-grams of a word between ``<`` and ``>``, which keep typing errors near: ``<sch``, ``scho``, …"""
    framed = f"<{word}>"
    return tuple(framed[at : at + size] for size in sizes for at in range(len(framed) - size + 1))


_FUNCTION: Final = frozenset(fold(word) for word in (*_FUNCTION_NL, *_FUNCTION_EN))


def is_function_word(word: str) -> bool:
    """Whether a folded word (Dutch or English) carries grammar rather than content."""
    return word in _FUNCTION


def is_common(word: str) -> bool:
    """Whether a folded word is among the everyday words of general Dutch."""
    return zipf(word) >= 4.0


def looks_english(text: str) -> bool:
    """Whether a text is rather English than Dutch, judged by its function words."""
    found = words(text)
    english = sum(word in _ENGLISH_ONLY for word in found)
    dutch = sum(word in _FUNCTION_NL_ONLY for word in found)
    return english > dutch


_FUNCTION_NL_ONLY: Final = frozenset(_FUNCTION_NL) - frozenset(_FUNCTION_EN)


@lru_cache(maxsize=CACHE)
def is_dictionary_word(word: str) -> bool:
    """Whether a folded word is a form that the Dutch dictionary knows; most proper names are not."""
    from simplemma import is_known

    return bool(is_known(word, lang="nl", low_memory=True))


_INFINITIVES: Final = ("en", "aan", "ien", "oen")
_MODIFIERS: Final = ("ig", "lijk", "isch", "baar", "zaam", "loos", "end", "ief", "eel", "aal", "ele", "ale", "ieve")


@lru_cache(maxsize=CACHE)
def is_verb(word: str) -> bool:
    """Whether a folded word is, as far as the dictionary tells, a form of a verb: its lemma is an infinitive."""
    lemma = _lemma(word)
    return is_dictionary_word(word) and lemma.endswith(_INFINITIVES)


@lru_cache(maxsize=CACHE)
def is_modifier(word: str) -> bool:
    """Whether a folded word looks like an adjective or adverb: by its ending, or because it is inflected as one."""
    lemma = _lemma(word)
    inflected = word.endswith("e") and (lemma != word or word[:-1].endswith(_MODIFIERS)) and not lemma.endswith("en")
    return inflected or lemma.endswith(_MODIFIERS)
