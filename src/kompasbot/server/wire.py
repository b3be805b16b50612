"""The shapes of the HTTP interface, version 1, and the one place where answers and items become them."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr
from pydantic.config import JsonDict

from kompasbot.answering.answer import Answer, Carried, Citation, Message, Question, Sentence
from kompasbot.knowledge import Item, ItemType
from kompasbot.retrieval.index import Hit
from kompasbot.server.trace_wire import WireTrace

_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


_INVISIBLE: Final = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)
"""Unicode's Default_Ignorable_Code_Point, white space and the empty Braille pattern."""


def clean(value: Any) -> Any:
    """A text without control characters (new lines and tabs stay) and broken characters; empty when nothing in it can
    be seen. Anything but a text as it is.
    """
    if not isinstance(value, str):
        return value
    text = _UNREADABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "" if _INVISIBLE.fullmatch(text) else text


Text = Annotated[StrictStr, BeforeValidator(clean)]


class Wire(BaseModel):
    """A shape of the interface, filled from the values of the same names: our own types, or a client's JSON.

    Unknown fields are ignored, so that newer clients keep working.
    """

    model_config = ConfigDict(extra="ignore", serialize_by_alias=True, validate_by_name=True, from_attributes=True)


class WireLink(Wire):
    """Een link van een item."""

    label: str
    url: str | None
    known: Literal["bekend", "vermoedelijk", "onbekend"]
    health: Literal["ok", "moved", "dead", "blocked", "unchecked"]


class WireItem(Wire):
    """Een inzicht, praktijkvoorbeeld, tool, algemeen item of document."""

    id: str
    factsheet: str
    type: ItemType
    position: int
    title: str
    text: str
    editor_note: str | None
    links: list[WireLink]
    linked_from: list[str]
    origin: Literal["factsheet", "samenvatting", "document", "notitie"]
    updated: str


class ItemPage(Wire):
    """Een bladzijde items, met het totale aantal."""

    items: list[WireItem]
    total: int


class WirePassage(Wire):
    """Waar in een document een resultaat staat."""

    heading: str | None
    page: int | None


class WireHit(Wire):
    """Een zoekresultaat."""

    id: str
    factsheet: str
    type: ItemType
    position: int
    title: str
    score: float
    snippet: str
    url: str | None
    passage: WirePassage | None
    linked_from: list[str]


class SearchPage(Wire):
    """Zoekresultaten, het beste eerst."""

    results: list[WireHit]


class WireCarried(Wire):
    """Een bron die bij een eerder antwoord hoorde."""

    number: int
    item_id: Text


class WireMessage(Wire):
    """Een bericht in het gesprek."""

    role: Literal["user", "assistant"]
    content: Text
    citations: list[WireCarried] | None = None


_EXAMPLE: Final[JsonDict] = {
    "messages": [{"role": "user", "content": "Hoe start ik een regionale samenwerking?"}],
    "stream": False,
}


class ChatRequest(Wire):
    """Een gesprek; het laatste bericht is de vraag."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_EXAMPLE]})

    messages: list[WireMessage] = Field(min_length=1)
    stream: bool = False
    factsheet: Text | None = None
    engine: Literal["auto", "extractive", "llm"] = "auto"

    def question(self, why: bool = False) -> Question:
        """The conversation as the assistant takes it; ``why`` asks for the trace."""
        messages = tuple(
            Message(one.role, one.content, tuple(Carried(c.number, c.item_id) for c in one.citations or ()))
            for one in self.messages
        )
        return Question(messages, self.factsheet, self.engine, why)


class WireSentence(Wire):
    """Een zin, met zijn verwijzingen `[n]`.

    `item` en `document` zijn de woorden van de bron, `reviewed` is onze samenvatting, `composed` zijn onze woorden over
    wat de bronnen zeggen. Alleen een vaste zin (`own`) en wat er niet gevonden is (`absence`) hebben geen verwijzing.
    """

    text: str
    citations: list[int]
    origin: Literal["item", "document", "reviewed", "composed", "absence", "own"]


class WireBlock(Wire):
    """Zinnen die bij elkaar horen."""

    kind: Literal["notice", "intro", "section", "outro"]
    heading: str | None
    is_list: bool = Field(alias="list")
    sentences: list[WireSentence]


class WirePlace(Wire):
    """De plek in een document."""

    title: str
    page: int | None
    heading: str | None


class WireCitation(Wire):
    """Een bron; `quote` staat woord voor woord in het item of document."""

    number: int
    item_id: str
    factsheet: str
    type: ItemType
    position: int
    title: str
    quote: str
    url: str | None
    known: Literal["bekend", "vermoedelijk", "onbekend"]
    origin: Literal["factsheet", "samenvatting", "document", "notitie"]
    updated: str
    linked_from: list[str]
    document: WirePlace | None


class WireEngine(Wire):
    """Wat het antwoord schreef."""

    name: Literal["extractive", "llm"]
    model: str | None
    prompt: str | None
    fallback_reason: str | None


class WireUsage(Wire):
    """Verbruik van het taalmodel."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cost: float | None


class ChatReply(Wire):
    """Een volledig antwoord."""

    id: str
    status: Literal["answered", "partial", "refused", "clarify", "smalltalk"] = Field(
        description="`partial`: er staat een `notice` bij wat ontbreekt. `clarify`: een vraag terug, met keuzes."
    )
    answer: str = Field(validation_alias="text")
    blocks: list[WireBlock]
    citations: list[WireCitation]
    suggestions: list[str] = Field(description="Vervolgvragen; bij `clarify` twee tot vier keuzes.")
    complete: bool
    engine: WireEngine
    index: str
    usage: WireUsage | None
    trace: WireTrace | None = Field(
        None, description="Waarom het antwoord zo is, als daarom gevraagd is.", exclude_if=lambda trace: trace is None
    )


class Problem(Wire):
    """Een fout, volgens RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None


def item_out(item: Item, full: bool = True) -> WireItem:
    """An item; in lists (not ``full``) a document's text is left empty."""
    found = WireItem.model_validate(item)
    return found if full or item.type is not ItemType.DOCUMENT else found.model_copy(update={"text": ""})


def hits_out(hits: Sequence[Hit]) -> SearchPage:
    """Search results, with scores rounded to four decimals."""
    return SearchPage(results=[_hit(hit) for hit in hits])


def _hit(hit: Hit) -> WireHit:
    item = hit.item
    return WireHit(
        id=item.id,
        factsheet=item.factsheet,
        type=item.type,
        position=item.position,
        title=item.title,
        score=round(hit.score, 4),
        snippet=hit.snippet,
        url=item.url,
        passage=WirePassage.model_validate(hit.passage) if hit.passage else None,
        linked_from=list(item.linked_from),
    )


def sentence_out(sentence: Sentence) -> WireSentence:
    """A sentence with its markers."""
    return WireSentence.model_validate(sentence)


def citation_out(citation: Citation) -> WireCitation:
    """A numbered source."""
    return WireCitation.model_validate(citation)


def answer_out(answer: Answer) -> ChatReply:
    """A complete answer."""
    return ChatReply.model_validate(answer)
