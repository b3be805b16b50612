"""Takes out of a text what leads to a person, before it is kept or sent: BSN, IBAN, e-mail address, phone number, home
address, names of pupils.

Only what has an unmistakable shape, and passes its own check where it has one: years, amounts and numbers of pupils in
an ordinary question stay. Names are those of :mod:`kompasbot.personal.names`. Sources: the eleven-test of the
burgerservicenummer (Wet algemene bepalingen burgerservicenummer), ISO 13616 with its check modulo 97 for bank accounts.
"""

import re
from collections.abc import Callable
from typing import Final

from kompasbot.personal.names import names_in

_LENGTHS: Final = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24AT20BE16BG22CH21CY28CZ24DE22DK18EE20ES24FI18FR27GB22GI23GR27HR21HU28IE22IS26IT27LI21LT20LU20LV21MC27MT31NL18"
        "NO15PL28PT25RO24SE24SI19SK24SM27TR26UA29",
    )
}
"""How long an account number is, by country."""
_GAP: Final = r"[\s.\-]?"
_IBAN: Final = re.compile(rf"(?<![^\W_])[A-Za-z]{{2}}{_GAP}\d{{2}}(?:{_GAP}[A-Za-z0-9]){{11,30}}")
_BSN: Final = re.compile(
    r"(?<![\d.,])(?:\d{9}|\d{3}([\s.\-])\d{3}\1\d{3}|\d{4}([\s.\-])\d{2}\2\d{3}|\d{2}([\s.\-])\d{2}\3\d{2}\3\d{3})"
    r"(?![.,]?\d)"
)
_NAMED_BSN: Final = re.compile(
    r"(?i)(\b(?:bsn|burgerservicenummer|sofi-?nummer|onderwijsnummer|persoonsgebonden nummer|pgn)\b[^\d\n]{0,60})"
    r"\d(?:[\s.\-]?\d){7,8}(?!\d)"
)
_IN_BRACKETS: Final = r"\s?[\[({{<]\s?(?:{})\s?[\])}}>]\s?"
_AT_IN_BRACKETS: Final = _IN_BRACKETS.format("at|apenstaart(?:je)?|@")
_AT_AS_WORD: Final = r"\s{1,2}(?:at|apenstaart(?:je)?)\s{1,2}"
_DOT: Final = rf"(?:\.|{_IN_BRACKETS.format('dot|punt|[.]')})"
_DOT_AS_WORD: Final = r"\s{1,2}(?:dot|punt|\.)\s{1,2}"
_ANY_DOT: Final = rf"(?:{_DOT}|{_DOT_AS_WORD})"
_LABEL: Final = r"[\w\-]{1,63}"
_KNOWN_DOMAIN: Final = (
    rf"{_LABEL}(?:{_ANY_DOT}{_LABEL}){{0,4}}{_ANY_DOT}"
    r"(?:nl|com|org|net|eu|be|de|fr|uk|edu|gov|info|io|frl|amsterdam|online|example)(?![\w\-])"
)
"""Where words stand for the signs, only an ending that domains have tells an address from a sentence."""
_EMAIL: Final = re.compile(
    rf"(?<![\w.+\-])[\w.+\-]{{1,64}}(?:"
    rf"(?:@|\s@\s|{_AT_IN_BRACKETS})(?:{_KNOWN_DOMAIN}|{_LABEL}(?:{_DOT}{_LABEL}){{1,5}}|{_LABEL}\s(?:dot|punt)\s{_LABEL})"
    rf"|(?:{_ANY_DOT}[\w+\-]{{1,63}}){{0,2}}(?:{_AT_AS_WORD}|{_AT_IN_BRACKETS}){_KNOWN_DOMAIN})",
    re.IGNORECASE,
)
_BETWEEN: Final = r"(?:\s?[\-./]\s?|\s)?"  # the digits of a phone number
_DATE: Final = r"\d{1,2}[\-/.\s]\d{1,2}[\-/.\s]\d{4}(?!\d)"
_PHONE: Final = re.compile(
    rf"(?<![\w.,+])(?!{_DATE})"
    rf"(?:(?:\+|00)\s?[1-9](?:{_BETWEEN}(?:\(0\){_BETWEEN})?\d){{7,14}}|\(?0[1-9](?:{_BETWEEN}\)?{_BETWEEN}\d){{8}})(?![.,]?\d)"
)
_POSTCODE: Final = r"[1-9]\d{3}(?: ?(?!SA|SD|SS)[A-Z]{2}|[a-z]{2})(?![^\W_])"
_SCHOOL_YEAR: Final = r"(?!(?:19|20)\d\d ?(?:PO|VO|HO|SO|WO|BO|KO|OB|BB)(?![^\W_]))"
_NUMBER: Final = r"\d{1,5}(?:[ \-]?[A-Za-z](?![^\W_])|-\d{1,4})?"
_ADDRESS: Final = re.compile(
    rf"(?<!\w){_NUMBER},?\s{{1,3}}{_SCHOOL_YEAR}{_POSTCODE}"
    rf"|(?<!\w){_SCHOOL_YEAR}{_POSTCODE},?\s{{1,3}}(?:(?:nr|nummer|huisnummer)\.?\s)?{_NUMBER}(?![\w%])(?![.,]\d)"
)
_STREET: Final = (
    r"(?:(?:[A-Z][\w.'’\-]{0,40}|\d{1,2}e)\s(?:(?:[A-Z][\w.'’\-]{0,40}|van|de|der|den|het|ter|ten)\s){0,3})?"
    r"(?:[\w.'’\-]{0,40}(?i:straat|laan|plein|gracht|kade|singel|dreef|plantsoen|steeg|boulevard)"
    r"|(?!Onder|Leer|Groei|Stap|Snel|Spoor|Vanweg)[A-Z][\w.'’\-]{0,40}"
    r"(?:weg|dijk|hof|pad|park|markt|wal|haven|baan|erf|ring|zijde|veld)"
    r"|(?:(?<=op de )|(?<=aan de )|(?<=op het )|(?<=aan het ))(?!onder|leer|groei|stap|snel|spoor)"
    r"\w{2,40}(?:weg|dijk|hof|pad)"
    r"|(?:Laan|Weg|Plein|Straat|Dijk|Hof)(?:\s(?:van|de|der|den|het|ten|ter|op))*\s[A-Z][\w'’\-]*)"
)
_NO_COUNT: Final = (
    r"(?!\w)(?![.,]\d)(?!\s?%)"
    r"(?!\s(?:jaar|uur|weken|dagen|leerlingen|scholen|bedrijven|lessen|keer|euro|minuten|maanden)\b)"
)
_STREET_NUMBER: Final = re.compile(
    rf"(?<!\w)(?i:nummer )\d{{1,4}} (?:in|aan|op) de {_STREET}\b"
    rf"|(?<!\w){_STREET},?\s(?:op )?(?:(?:nr|nummer|huisnummer)\.?\s)?"
    rf"\d{{1,4}}(?:[ \-]?[A-Za-z](?![^\W_])|-\d{{1,4}})?{_NO_COUNT}"
)
_LONE_POSTCODE: Final = re.compile(
    r"(?i:(?<=postcode )|(?<=postcode: )|(?<=postcode is ))[1-9]\d{3} ?[A-Za-z]{2}(?![^\W_])"
    r"|(?<![\w.,])(?!(?:19|20)\d\d)[1-9]\d{3} ?"
    r"(?!SA|SD|SS|PO|VO|HO|SO|WO|BO|EU|NL|KM|MB|GB|KG|HP|KB|MW|KW|CO)[A-Z]{2}(?![^\W_])"
)

Stays = Callable[[str], bool]
"""Says of an address, number or name whether it may stay, since the sources tell it themselves."""


def mask(text: str, stays: Stays = lambda _value: False) -> str:
    """A text without numbers, addresses and names that lead to a person, save those that ``stays`` lets through."""
    text = _EMAIL.sub(_unless(stays, "[e-mailadres]"), _masked_numbers(text, stays))
    text = _PHONE.sub(_unless(stays, "[telefoonnummer]"), text)
    for address in (_STREET_NUMBER, _ADDRESS, _LONE_POSTCODE):
        text = address.sub(_unless(stays, "[adres]"), text)
    for start, end in reversed(names_in(text, stays)):
        text = f"{text[:start]}[naam]{text[end:]}"
    return text


def mask_numbers(text: str) -> str:
    """A text without BSN and IBAN; how to reach the one who wrote it may be meant to stay."""
    return _masked_numbers(text, lambda _value: False)


def _masked_numbers(text: str, stays: Stays) -> str:
    text = _replace_ibans(text, stays)
    text = _NAMED_BSN.sub(r"\1[persoonsnummer]", text)
    return _BSN.sub(
        lambda number: "[persoonsnummer]" if is_bsn(number[0]) and not stays(number[0]) else number[0], text
    )


def is_bsn(text: str) -> bool:
    """Whether nine digits pass the eleven-test; a round amount is none, whatever the test says."""
    digits = [int(char) for char in text if char.isdigit()]
    if len(digits) != 9 or digits[-3:] == [0, 0, 0]:
        return False
    weighed = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighed % 11 == 0


def is_iban(text: str) -> bool:
    """Whether a text, without gaps, is a bank account of its country's length that passes the check modulo 97."""
    plain = text.upper()
    if len(plain) != _LENGTHS.get(plain[:2]) or not (plain.isascii() and plain.isalnum()):
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _unless(stays: Stays, name: str) -> Callable[[re.Match[str]], str]:
    return lambda value: value[0] if stays(value[0]) else name


def _replace_ibans(text: str, stays: Stays) -> str:
    """The expression takes too much where words follow; the country says where an account ends."""
    kept, at = [], 0
    while found := _IBAN.search(text, at):
        end = _end_of(text, found.start(), _LENGTHS.get(found[0][:2].upper(), 0))
        value = text[found.start() : end]
        is_one = end and is_iban(re.sub(r"[\s.\-]", "", value)) and not stays(value)
        kept.append(text[at : found.start()] + ("[bankrekening]" if is_one else text[found.start()]))
        at = end if is_one else found.start() + 1
    return "".join(kept) + text[at:]


def _end_of(text: str, start: int, length: int) -> int:
    """Where ``length`` letters and digits from ``start`` end, 0 when a word goes on there or they are not there."""
    if not length:
        return 0
    place = start
    while length and place < len(text):
        length -= text[place].isalnum()
        place += 1
    return 0 if length or text[place : place + 1].isalnum() else place
