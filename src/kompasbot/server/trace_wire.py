"""The shape of ``trace``: why an answer came out as it did, for maintainers. See :mod:`kompasbot.answering.why`."""

from pydantic import BaseModel, ConfigDict, Field

from kompasbot.answering.answer import Speaker, Status
from kompasbot.answering.why import Fate


class Traced(BaseModel):
    """A step of the trace, filled from the value of the same fields."""

    model_config = ConfigDict(from_attributes=True)


class WirePartTrace(Traced):
    """Een deel van de vraag, zoals het begrepen is."""

    text: str
    query: str = Field(description="Waarmee gezocht is.")
    kind: str = Field(description="Wat voor antwoord er gevraagd wordt.")
    yes_no: bool
    leans: bool = Field(description="Of het deel leunt op wat eerder is verteld.")
    of: str | None = Field(description="Wat er geteld wordt, of in welke rol iemand gezocht wordt.")
    units: list[str] = Field(description="Items die het deel noemt of aanwijst.")
    excluded: list[str]
    operands: list[str] = Field(description="Wat er vergeleken wordt.")
    sections: list[str]
    filters: list[str] = Field(description="Kenmerken waar het om gaat, zoals 'plaats: limburg'.")
    facet: str | None = Field(description="Het kenmerk waarnaar gevraagd wordt.")


class WireUnderstandingTrace(Traced):
    """Hoe het bericht begrepen is; `told` zijn de items waar het vorige antwoord over ging."""

    act: str
    english: bool
    language: str
    reply: str = Field(description="De vaste tekst, bij een praatje of een weigering.")
    parts: list[WirePartTrace]
    told: list[str]
    reasons: dict[str, str]


class WireUnitTrace(Traced):
    """Een item waarnaar gekeken is, het beste eerst; `part` telt vanaf 1."""

    part: int
    id: str
    title: str
    rank: float
    score: float


class WirePassageTrace(Traced):
    """Een passage met haar scores van 0 tot 1."""

    part: int
    unit: str
    source: str
    heading: str | None
    page: int | None
    text: str
    likeness: float | None = Field(description="Naar betekenis; null als alleen woorden telden.")
    coverage: float = Field(description="Naar woorden.")
    fits: bool = Field(description="Of de passage het soort antwoord bevat dat gevraagd wordt.")
    score: float


class WirePartVerdict(Traced):
    """Het oordeel over een deel, met de redenen."""

    part: int
    outcome: str
    reasons: list[str]


class WireVerdictTrace(Traced):
    """Het oordeel over het bericht."""

    status: Status
    reasons: list[str]
    parts: list[WirePartVerdict]


class WireSentenceTrace(Traced):
    """Een zin en wat ervan werd."""

    text: str
    fate: Fate
    origin: Speaker | None
    sources: list[str]
    instead: str | None = Field(description="Wat er in plaats van de zin staat.")
    reason: str | None


class WireTrace(Traced):
    """Waarom het antwoord zo is, voor beheerders."""

    understanding: WireUnderstandingTrace
    units: list[WireUnitTrace]
    evidence: list[WirePassageTrace]
    verdict: WireVerdictTrace
    sentences: list[WireSentenceTrace]
