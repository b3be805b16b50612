"""A small fictional factsheet and an index over it, without Chroma: what most tests stand on.

:func:`index` holds the bare items; ``tests/fullshelf.py`` adds notes, facets, reviewed answers and editor's notes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kompasbot.answering.answer import Answer, Message, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.embedding import QuestionEmbedder, local_embedder
from kompasbot.knowledge import Factsheet, Item, ItemType, Knowledge, Known, Link, Origin, Passage, PassageKind
from kompasbot.prompts import load_texts
from kompasbot.retrieval import lexical
from kompasbot.retrieval.index import ANSWER_VECTORS, MEAN_VECTOR, Index
from kompasbot.settings import Settings

SHEET = "lesmateriaal"


def item(
    kind: ItemType, position: int, slug: str, title: str, text: str, questions: Sequence[str] = (), **more: object
) -> Item:
    """An item of the fictional factsheet."""
    return Item(
        f"{SHEET}/{kind}/{slug}",
        SHEET,
        kind,
        position,
        title,
        text,
        Origin.SUMMARY,
        "2026-01-01",
        questions=tuple(questions),
        **more,  # type: ignore[arg-type]
    )


ITEMS = (
    item(
        ItemType.GENERAL,
        1,
        "over-deze-factsheet",
        "Over deze factsheet",
        "Deze factsheet gaat over lesmateriaal voor technologieonderwijs. Hoe vinden leraren goed lesmateriaal?",
        ["Waar gaat deze factsheet over?", "Wat is het nut van dit document?"],
    ),
    item(
        ItemType.INSIGHT,
        1,
        "jansen-pieters",
        "Jansen & Pieters: eigen materiaal werkt",
        "Jansen & Pieters (2011) lieten zien dat lesmateriaal dat leraren zelf maken vaker wordt gebruikt. "
        "Zij noemen ook drie voorwaarden voor goed lesmateriaal.",
        ["Wordt zelfgemaakte lesstof vaker ingezet?", "Loont het om als juf je eigen opdrachten te schrijven?"],
        links=(Link("Jansen & Pieters (2011)", "https://example.org/jansen", Known.PROBABLE),),
    ),
    item(
        ItemType.INSIGHT,
        2,
        "de-wit",
        "De Wit: robots in de kleuterklas",
        "De Wit (2019) onderzocht robots in de kleuterklas. Kleuters kunnen met een robot leren programmeren.",
        ["Kunnen kleintjes al coderen?", "Vanaf welke groep kun je een robotje inzetten?"],
    ),
    item(
        ItemType.EXAMPLE,
        1,
        "techkist-drentstad",
        "Techkist Drentstad",
        "In Drentstad leent de bibliotheek een Techkist uit aan 12 basisscholen. "
        "De Techkist bevat bouwdozen en opdrachten.",
        ["Kun je ergens spullen voor techniek lenen?", "Waar haalt een school tijdelijk constructiemateriaal vandaan?"],
    ),
    item(
        ItemType.EXAMPLE,
        2,
        "lesfabriek",
        "De Lesfabriek",
        "De Lesfabriek is een werkplaats waar bedrijven en leraren lessen maken. Het museum van Oudestad doet mee.",
        ["Wie ontwerpt er samen met ondernemers onderwijs?", "Is er een plek waar firma's meedenken over de lesstof?"],
    ),
    item(
        ItemType.TOOL,
        1,
        "kieswijzer",
        "Kieswijzer lesmateriaal",
        "De Kieswijzer helpt leraren om lesmateriaal te kiezen. Hij geeft drie adviezen:\n\n"
        "- Begin bij het leerdoel.\n- Vraag een collega om mee te kijken.\n- Probeer het materiaal eerst zelf uit.",
        ["Hoe bepaal ik welke methode bij mijn klas past?", "Waar moet je op letten als je een pakket aanschaft?"],
    ),
    item(
        ItemType.TOOL,
        2,
        "bouwplaat",
        "Bouwplaat voor lessen",
        "De Bouwplaat beschrijft stap voor stap hoe je een techniekles maakt. "
        "Stichting Voorbeeld gaf de Bouwplaat uit in 2014.",
        ["Is er een draaiboek om zelf een les in elkaar te zetten?", "Hoe begin ik met het schrijven van opdrachten?"],
    ),
)
SYNONYMS = (("lesmateriaal", "lesstof", "teaching material"), ("leraar", "docent", "leerkracht", "juf", "meester"))


def knowledge(items: Sequence[Item] = ITEMS) -> Knowledge:
    """The fictional factsheet, cut into passages."""
    found = [passage for one in items for passage in _passages(one)]
    sheet = Factsheet(SHEET, "Lesmateriaal", "Lesmateriaal", "Uitgeverij Voorbeeld", "2026-01-01", "", Origin.SUMMARY)
    return Knowledge((sheet,), tuple(items), SYNONYMS, tuple(found))


def _passages(one: Item) -> list[Passage]:
    texts = [(PassageKind.TITLE, one.title), (PassageKind.TEXT, one.text)]
    texts += [(PassageKind.QUESTION, question) for question in one.questions]
    return [Passage(f"{one.id}-{at}", one.id, kind, text) for at, (kind, text) in enumerate(texts)]


@dataclass
class Manifest:
    """What an index asks of a manifest."""

    created: str = "2026-01-01T00:00:00Z"


@dataclass
class Shelf:
    """A generation that lives in memory and compares vectors exactly; ``texts`` are embedded in place of passages."""

    knowledge: Knowledge
    embedder: QuestionEmbedder = field(default_factory=local_embedder)
    texts: Sequence[str] = ()
    id: str = "20260101-000000-test"
    manifest: Manifest = field(default_factory=Manifest)
    arrays: Mapping[str, NDArray[np.generic]] = field(init=False)

    def __post_init__(self) -> None:
        passages = self.knowledge.passages
        self._vectors = self.embedder.embed_matrix(self.texts or [passage.text for passage in passages])
        asked = [text for answer in self.knowledge.answers for text in answer.questions]
        citable = [row for row, passage in enumerate(passages) if passage.kind is PassageKind.TEXT]
        self.arrays = {
            **lexical.build_arrays(self.knowledge),
            ANSWER_VECTORS: self.embedder.embed_matrix(asked) if asked else self._vectors[:0],
            MEAN_VECTOR: self._vectors[citable].mean(axis=0),
        }

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        likeness = self._vectors @ vector
        return [(int(at), float(likeness[at])) for at in np.argsort(-likeness)[:k]]

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        return self._vectors[list(rows)]

    def close(self) -> None:
        """Nothing to close."""


@cache
def index() -> Index:
    """An index over the fictional factsheet."""
    return Index(Shelf(knowledge()), local_embedder())  # type: ignore[arg-type]


@cache
def assistant() -> Assistant:
    """An assistant without a language model."""
    return Assistant(Settings(), load_texts())


async def ask(*messages: str, engine: str = "auto", factsheet: str | None = None) -> Answer:
    """The answer to a conversation whose messages alternate between visitor and assistant."""
    roles = ("user", "assistant")
    turns = tuple(Message(roles[at % 2], text) for at, text in enumerate(messages))
    return await assistant().answer(index(), Question(turns, factsheet, engine))
