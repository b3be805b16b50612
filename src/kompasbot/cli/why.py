"""What ``kompasbot ask --why`` prints: how an answer came about, for a maintainer."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kompasbot.answering.why import PartTrace, PassageTrace, SentenceTrace, Trace, UnderstandingTrace, UnitTrace

_STATUS: Final = {
    "answered": "beantwoord",
    "partial": "deels beantwoord",
    "refused": "niet beantwoord",
    "clarify": "vraag terug",
    "smalltalk": "praatje",
}
_ORIGIN: Final = {
    "item": "woorden van het item",
    "document": "woorden van het document",
    "reviewed": "onze samenvatting",
    "composed": "onze woorden",
    "absence": "wat er niet gevonden is",
    "own": "vaste zin",
}


def lines(trace: "Trace") -> Iterator[str]:
    """The trace as lines of text; those without spaces in front are headings."""
    yield "Zo is de vraag begrepen"
    yield from _understood(trace.understanding)
    yield "Hier is gezocht"
    if not trace.units:
        yield "  Er is niet in de teksten gezocht."
    for number, units in groupby(trace.units, lambda unit: unit.part):
        yield f"  Deel {number}"
        for unit in units:
            yield from _unit(unit, [each for each in trace.evidence if (each.part, each.unit) == (number, unit.id)])
    yield f"Dit is het oordeel: {_STATUS[trace.verdict.status]}"
    yield from (f"  {reason}" for reason in trace.verdict.reasons if not trace.verdict.parts)
    for decided in trace.verdict.parts:
        yield f"  Deel {decided.part}: {decided.outcome}"
        yield from (f"    {reason}" for reason in decided.reasons)
    yield "Dit werd er van elke zin"
    for sentence in trace.sentences:
        yield from _sentence(sentence)


def _understood(understood: "UnderstandingTrace") -> Iterator[str]:
    yield f"  Bericht: {understood.act}"
    facts = {
        "Taal": "Engels" if understood.english else understood.language,
        "Vaste tekst": understood.reply,
        "Eerder verteld": ", ".join(understood.told),
        **understood.reasons,
    }
    yield from (f"  {name}: {value}" for name, value in facts.items() if value)
    for number, part in enumerate(understood.parts, 1):
        yield f"  Deel {number}: {part.text}"
        yield from (f"    {name}: {value}" for name, value in _facts(part).items() if value)


def _facts(part: "PartTrace") -> dict[str, str]:
    return {
        "soort antwoord": f"{part.kind}{', ja of nee' if part.yes_no else ''}",
        "gezocht met": part.query if part.query != part.text else "",
        "gaat om": part.of or "",
        "noemt": ", ".join(part.units),
        "niet": ", ".join(part.excluded),
        "vergelijkt": " met ".join(part.operands),
        "onderdelen": ", ".join(part.sections),
        "kenmerken": "; ".join(part.filters),
        "vraagt naar kenmerk": part.facet or "",
        "leunt op eerder": "ja" if part.leans else "",
    }


def _unit(unit: "UnitTrace", passages: "list[PassageTrace]") -> Iterator[str]:
    yield f"    {unit.title} ({unit.id})"
    yield f"      samen {unit.score:.2f}, plaats bij het zoeken {unit.rank:.2f}"
    for passage in passages:
        likeness = "niet vergeleken" if passage.likeness is None else f"{passage.likeness:.2f}"
        fits = ", past bij de vraag" if passage.fits else ""
        yield f"      betekenis {likeness}, woorden {passage.coverage:.2f}, samen {passage.score:.2f}{fits}"
        places = [passage.source if passage.source != passage.unit else "", _page(passage), passage.heading or ""]
        yield f"        {' · '.join(filter(None, [*places, ' '.join(passage.text.split())]))}"


def _page(passage: "PassageTrace") -> str:
    return f"bladzijde {passage.page}" if passage.page else ""


def _sentence(sentence: "SentenceTrace") -> Iterator[str]:
    whose = _ORIGIN[sentence.origin] if sentence.origin else ""
    because = f": {sentence.reason}" if sentence.reason else ""
    yield f"  {sentence.fate}{because}{f' ({whose})' if whose else ''}"
    yield f"    {' '.join(sentence.text.split())}"
    if sentence.instead:
        yield f"    in plaats daarvan: {' '.join(sentence.instead.split())}"
