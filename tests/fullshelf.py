"""The fictional factsheet with all that a unit may hold: notes, facets, reviewed answers and editor's notes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from ingest.passages import cut, embedded_text
from kompasbot.answering.answer import Answer, Carried, Message, Question, Sentence, Speaker
from kompasbot.answering.understanding import Part, Understanding
from kompasbot.embedding import QuestionEmbedder, local_embedder
from kompasbot.knowledge import (
    Facet,
    FacetKind,
    Item,
    ItemType,
    Knowledge,
    Link,
    Origin,
    ReviewedAnswer,
    ReviewedSentence,
    Section,
    Support,
)
from kompasbot.retrieval.index import Index
from tests.shelf import ITEMS, SHEET, SYNONYMS, Shelf, assistant, item, knowledge

JANSEN: Final = f"{SHEET}/inzicht/jansen-pieters"
DE_WIT: Final = f"{SHEET}/inzicht/de-wit"
TECHKIST: Final = f"{SHEET}/praktijkvoorbeeld/techkist-drentstad"
LESFABRIEK: Final = f"{SHEET}/praktijkvoorbeeld/lesfabriek"
MAKERBUS: Final = f"{SHEET}/praktijkvoorbeeld/makerbus"
KIESWIJZER: Final = f"{SHEET}/tool/kieswijzer"
BOUWPLAAT: Final = f"{SHEET}/tool/bouwplaat"
PROEF: Final = f"{SHEET}/document/proef"
WERKPLAATS: Final = f"{SHEET}/document/werkplaats"
EDITORS_NOTE: Final = "Het is niet zeker of de werkplaats van de Lesfabriek blijft."

_LENDS: Final = "In Drentstad leent de bibliotheek een Techkist uit aan 12 basisscholen."
_MAKES: Final = "De Lesfabriek is een werkplaats waar bedrijven en leraren lessen maken."
_MUSEUM: Final = "Het museum van Oudestad doet mee."
_DRIVES: Final = "De Makerbus rijdt sinds 2018 door België en komt in Gent bij basisscholen op het plein."
_PUBLISHED: Final = "Stichting Voorbeeld gaf de Bouwplaat uit in 2014."
_OPENED: Final = "De werkplaats opende in 2015, meldt fabriek.example."
_TRIAL: Final = "Er deden 240 leraren mee aan de proef, meldt bieb.example."


def _facet(kind: FacetKind, value: str, quote: str, source: str, *aliases: str) -> Facet:
    return Facet(kind=kind, value=value, aliases=aliases, support=Support(source, quote))


FACETS: Final = {
    JANSEN: (_facet(FacetKind.SINCE, "2011", ITEMS[1].text.split(". ")[0] + ".", JANSEN),),
    TECHKIST: (
        _facet(FacetKind.PLACE, "Drentstad", _LENDS, TECHKIST),
        _facet(FacetKind.COUNTRY, "Nederland", _LENDS, TECHKIST),
        _facet(FacetKind.AUDIENCE, "basisscholen", _LENDS, TECHKIST, "basisonderwijs", "po"),
        _facet(FacetKind.PARTNER, "bibliotheek", _LENDS, TECHKIST, "bieb"),
    ),
    LESFABRIEK: (
        _facet(FacetKind.COUNTRY, "Nederland", _MUSEUM, LESFABRIEK),
        _facet(FacetKind.AUDIENCE, "leraren", _MAKES, LESFABRIEK),
        _facet(FacetKind.PARTNER, "bedrijven", _MAKES, LESFABRIEK, "ondernemers"),
        _facet(FacetKind.PARTNER, "museum", _MUSEUM, LESFABRIEK, "musea"),
        _facet(FacetKind.SINCE, "2015", _OPENED, WERKPLAATS),
    ),
    MAKERBUS: (
        _facet(FacetKind.PLACE, "Gent", _DRIVES, MAKERBUS),
        _facet(FacetKind.COUNTRY, "België", _DRIVES, MAKERBUS, "buitenland"),
        _facet(FacetKind.AUDIENCE, "basisscholen", _DRIVES, MAKERBUS, "basisonderwijs", "po"),
        _facet(FacetKind.SINCE, "2018", _DRIVES, MAKERBUS),
    ),
    BOUWPLAAT: (_facet(FacetKind.SINCE, "2014", _PUBLISHED, BOUWPLAAT),),
}


def _note(slug: str, title: str, owner: str, site: str, sections: Sequence[Section]) -> Item:
    return Item(
        id=f"{SHEET}/document/{slug}",
        factsheet=SHEET,
        type=ItemType.DOCUMENT,
        position=1,
        title=title,
        text="\n\n".join(section.text for section in sections),
        origin=Origin.NOTE,
        updated="2026-01-02",
        links=(Link(site, f"https://{site}/"),),
        linked_from=(owner,),
        sections=tuple(sections),
    )


TRIAL_NOTE: Final = _note(
    "proef",
    "Notitie: de proef van Jansen & Pieters",
    JANSEN,
    "bieb.example",
    (
        Section("Dit is een notitie bij Jansen & Pieters, gemaakt uit een bericht op bieb.example."),
        Section(_TRIAL, "Hoe groot was de proef?"),
        Section("De proef duurde negen maanden, meldt bieb.example.", "Duur van de proef"),
    ),
)
WORKSHOP_NOTE: Final = _note(
    "werkplaats",
    "Notitie: de Lesfabriek",
    LESFABRIEK,
    "fabriek.example",
    (
        Section("Dit is een notitie bij de Lesfabriek, gemaakt uit een pagina op fabriek.example."),
        Section(_OPENED, "Sinds wanneer bestaat de werkplaats?"),
        Section(
            "De bedrijven Smid, Weef en Lijm werken er samen, meldt fabriek.example. Zij betalen ook de huur.",
            "Welke bedrijven doen mee?",
        ),
        Section(
            "De stichting achter de werkplaats stopt, meldt fabriek.example. Een school neemt het werk over.",
            "Bestaat de Lesfabriek nog?",
        ),
    ),
)
_PLAIN: Final = (
    *ITEMS[:5],
    item(
        ItemType.EXAMPLE,
        3,
        "makerbus",
        "De Makerbus",
        f"{_DRIVES} Leerlingen bouwen er een eigen uitvinding.",
        ["Welke bus komt bij scholen langs om te knutselen?"],
    ),
    *ITEMS[5:],
)
FULL_ITEMS: Final = (
    *(
        replace(each, facets=FACETS.get(each.id, ()), editor_note=EDITORS_NOTE if each.id == LESFABRIEK else None)
        for each in _PLAIN
    ),
    TRIAL_NOTE,
    WORKSHOP_NOTE,
)


def _sentence(text: str, *supports: tuple[str, str]) -> ReviewedSentence:
    return ReviewedSentence(text, tuple(Support(source, quote) for source, quote in supports))


PLAN: Final = ReviewedAnswer(
    id="les-maken",
    factsheet=SHEET,
    questions=(
        "Hoe begin ik met eigen lesmateriaal?",
        "Hoe pak ik het maken van lesmateriaal aan?",
        "Welke stappen zet je om zelf lesmateriaal te maken?",
    ),
    sentences=(
        _sentence("Werk in stappen, vanuit wat leerlingen moeten leren.", (KIESWIJZER, "Begin bij het leerdoel.")),
    ),
    steps=(
        _sentence("Kies eerst een leerdoel.", (KIESWIJZER, "Begin bij het leerdoel.")),
        _sentence("Laat een collega meekijken.", (KIESWIJZER, "Vraag een collega om mee te kijken.")),
        _sentence("Volg de stappen van de Bouwplaat.", (BOUWPLAAT, ITEMS[6].text.split(". ")[0] + ".")),
    ),
)
SIMPLE: Final = ReviewedAnswer(
    id="techkist-eenvoudig",
    factsheet=SHEET,
    sentences=(_sentence("Scholen in Drentstad lenen een kist met spullen bij de bibliotheek.", (TECHKIST, _LENDS)),),
    about=TECHKIST,
    simple=True,
)
ENGLISH: Final = ReviewedAnswer(
    id="techkist-engels",
    factsheet=SHEET,
    sentences=(_sentence("In Drentstad the library lends a Techkist to 12 primary schools.", (TECHKIST, _LENDS)),),
    about=TECHKIST,
    english=True,
)


def known_of(items: Sequence[Item], *answers: ReviewedAnswer) -> Knowledge:
    """Items and reviewed answers as an ingestion leaves them, cut into passages."""
    return Knowledge(knowledge().factsheets, tuple(items), SYNONYMS, cut(items), answers)


def full_knowledge() -> Knowledge:
    """All that is known."""
    return known_of(FULL_ITEMS, PLAN, SIMPLE, ENGLISH)


def open_index(known: Knowledge, embedder: QuestionEmbedder) -> Index:
    """An index over what is known, embedded as an ingestion does."""
    items = {each.id: each for each in known.items}
    texts = [embedded_text(items[passage.item_id], passage) for passage in known.passages]
    return Index(Shelf(known, embedder, texts), embedder)  # type: ignore[arg-type]


@cache
def full_index() -> Index:
    """An index over all that is known, by words and hashed features."""
    return open_index(full_knowledge(), local_embedder())


@dataclass
class Talk:
    """A conversation with the assistant; with ``carries`` the answers come back with their citations, as the widget
    sends them.
    """

    index: Index = field(default_factory=full_index)
    carries: bool = False
    turns: list[Message] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def ask(self, text: str) -> Answer:
        """The answer to the next question."""
        self.turns.append(Message("user", text))
        reply = asyncio.run(assistant().answer(self.index, Question(tuple(self.turns))))
        carried = tuple(Carried(each.number, each.item_id) for each in reply.citations) if self.carries else ()
        self.turns.append(Message("assistant", reply.text, carried))
        self.answers.append(reply)
        return reply

    def understood(self, text: str) -> Understanding:
        """How the next question is understood; it is not asked."""
        question = Question((*self.turns, Message("user", text)))
        return assistant().replier(self.index).understander.understand(question)


def talk(*questions: str, index: Index | None = None, carries: bool = False) -> Answer:
    """The answer to the last of the questions, asked one after another."""
    conversation = Talk(index or full_index(), carries)
    for question in questions:
        conversation.ask(question)
    return conversation.answers[-1]


def understood(*questions: str) -> Understanding:
    """How the last question is understood after the others were asked."""
    conversation = Talk()
    for question in questions[:-1]:
        conversation.ask(question)
    return conversation.understood(questions[-1])


def part(*questions: str) -> Part:
    """The one question that the last message asks."""
    [only] = understood(*questions).parts
    return only


def cited(reply: Answer) -> list[str]:
    """The ids of what an answer cites, each once, in its order."""
    return list(dict.fromkeys(citation.item_id for citation in reply.citations))


def said(reply: Answer, *speakers: Speaker) -> list[str]:
    """The sentences of an answer without markers, of some speakers where these are given."""
    return [bare(each) for block in reply.blocks for each in block.sentences if not speakers or each.origin in speakers]


def bare(sentence: Sentence) -> str:
    """A sentence without its markers."""
    markers = "".join(f"[{number}]" for number in sentence.citations)
    return sentence.text.removesuffix(f" {markers}") if markers else sentence.text
