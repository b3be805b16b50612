"""The reviewed answers of a factsheet (``antwoorden.yaml``): to broad questions, and easier or English tellings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ingest.findings import Finding
from ingest.reviewed import Losses, Quotes, Withheld, fields, line_of_text, lines_of_text, place
from ingest.yamlfiles import LINE
from kompasbot.knowledge import Item, ReviewedAnswer, ReviewedSentence

ANSWERS_FILE: Final = "antwoorden.yaml"
MOST_WORDS: Final = 90
_FIELDS: Final = ("id", "vragen", "over", "niveau", "taal", "reactie", "antwoord", "stappen")
_SENTENCE: Final = ("tekst", "steunt_op")
_SUPPORT: Final = ("bron", "citaat")
_SIMPLE: Final = "eenvoudig"
_ENGLISH: Final = "en"
_REFUSE: Final = "weigeren"


def read_answers(
    entries: Sequence[Mapping[str, Any]], factsheet: str, items: Sequence[Item], where: str, findings: list[Finding]
) -> tuple[ReviewedAnswer, ...]:
    """The answers in their order. One that can't be used is withheld, and costs a finding; nothing else is lost."""
    quotes, losses = Quotes(items), Losses()
    found: dict[str, ReviewedAnswer] = {}
    for entry in entries:
        at = place(where, entry)
        lost: list[Withheld] = []
        try:
            answer = _answer(quotes, factsheet, entry, lost)
            if answer.id in found:
                raise Withheld(f"het id '{answer.id}' staat er twee keer.", "Geef het tweede antwoord een eigen id.")
        except Withheld as reason:
            lost.append(reason)
        for loss in lost:
            losses.add(loss, at, f"'{entry['id']}'" if entry.get("id") else f"zonder id op regel {entry.get(LINE)}")
        if not lost:
            found[answer.id] = answer
            findings += _long(answer, at)
    findings += losses.findings("Het antwoord", "De antwoorden")
    return tuple(found.values())


def _long(answer: ReviewedAnswer, where: str) -> Iterator[Finding]:
    length = sum(len(one.text.split()) for one in (*answer.sentences, *answer.steps))
    if length > MOST_WORDS:
        message = f"Het antwoord '{answer.id}' is {length} woorden lang; hoogstens {MOST_WORDS} is beter."
        yield Finding("waarschuwing", where, message, "Maak het korter, of maak er twee antwoorden van.")


def _answer(quotes: Quotes, factsheet: str, entry: object, lost: list[Withheld]) -> ReviewedAnswer:
    """The answer of an entry; quotes that are not there are ``lost``. Raises :class:`Withheld` for any other fault."""
    told = fields(entry, _FIELDS)
    answer = ReviewedAnswer(
        id=line_of_text(told, "id"),
        factsheet=factsheet,
        questions=lines_of_text(told.get("vragen"), "vragen"),
        about=line_of_text(told, "over") or None,
        simple=_is(told, "niveau", _SIMPLE),
        english=_is(told, "taal", _ENGLISH),
        outside=_is(told, "reactie", _REFUSE),
        sentences=_sentences(quotes, told, "antwoord", lost),
        steps=_sentences(quotes, told, "stappen", lost),
    )
    _refuse_lacking(answer)
    if answer.about and answer.about not in quotes.items:
        raise Withheld(
            f"het item '{answer.about}' bij 'over:' is er niet.", "Kijk in items.yaml welk id het moet zijn."
        )
    return answer


def _refuse_lacking(answer: ReviewedAnswer) -> None:
    if not answer.id:
        raise Withheld(
            "'id:' ontbreekt.", "Geef elk antwoord een korte naam die in dit bestand maar één keer voorkomt."
        )
    if answer.outside and (answer.sentences or answer.steps or answer.about):
        raise Withheld(
            "bij 'reactie: weigeren' hoort geen antwoord.",
            "Laat 'antwoord:', 'stappen:' en 'over:' weg, of 'reactie:'.",
        )
    if not answer.sentences and not answer.outside:
        raise Withheld("'antwoord:' ontbreekt.", "Begin met een of meer zinnen; stappen komen daarna.")
    if not answer.questions and not (answer.about and (answer.simple or answer.english)):
        raise Withheld(
            "niemand kan het vinden.",
            "Zet er 'vragen:' bij, of 'over:' met het id van een item en 'niveau: eenvoudig' of 'taal: en'.",
        )


def _is(told: Mapping[str, Any], key: str, wanted: str) -> bool:
    """Whether a field has the only value that it can have."""
    value = line_of_text(told, key)
    if value not in ("", wanted):
        raise Withheld(f"'{key}: {value}' is niet bekend.", f"Schrijf '{key}: {wanted}', of laat de regel weg.")
    return value == wanted


def _sentences(quotes: Quotes, told: Mapping[str, Any], key: str, lost: list[Withheld]) -> tuple[ReviewedSentence, ...]:
    return tuple(_sentence(quotes, entry, lost) for entry in _listed(told, key))


def _sentence(quotes: Quotes, entry: object, lost: list[Withheld]) -> ReviewedSentence:
    told = fields(entry, _SENTENCE)
    text, given = line_of_text(told, "tekst"), _listed(told, "steunt_op")
    if not text or not given:
        lacking = "steunt_op" if text else "tekst"
        raise Withheld(
            f"bij een zin ontbreekt '{lacking}:'.", "Elke zin heeft een tekst, en een citaat waar hij op rust."
        )
    supports = []
    for one in given:
        support = fields(one, _SUPPORT)
        try:
            supports.append(quotes.support(line_of_text(support, "bron"), line_of_text(support, "citaat")))
        except Withheld as reason:
            lost.append(reason)
    return ReviewedSentence(text, tuple(supports))


def _listed(told: Mapping[str, Any], key: str) -> list[Any]:
    value = told.get(key) or []
    if not isinstance(value, list):
        raise Withheld(f"bij '{key}:' hoort een lijst te staan.", "Elk deel begint met '- '.")
    return value
