"""``POST /v1/feedback`` and ``POST /v1/suggestions``: what visitors leave behind on purpose."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field, StringConstraints

from kompasbot.errors import BadRequest
from kompasbot.records import Judgement, Suggestion
from kompasbot.server.origins import site_of
from kompasbot.server.state import State
from kompasbot.server.wire import Text, Wire

router = APIRouter(tags=["Reacties"])

_Long = Annotated[Text, StringConstraints(max_length=2000)]
_Short = Annotated[Text, StringConstraints(max_length=200)]


class FeedbackRequest(Wire):
    """Een oordeel over een antwoord. De vraag wordt alleen bewaard als `include_question` waar is."""

    answer_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    rating: Literal["up", "down"]
    remark: _Long | None = None
    include_question: bool = False
    question: _Long | None = Field(None, description="De vraag, als de bezoeker die wil meesturen; anders weggelaten.")


class SuggestionRequest(Wire):
    """Een aanvulling op een factsheet."""

    text: _Long
    factsheet: _Short | None = None
    contact: _Short | None = Field(None, description="Hoe de redactie de indiener kan bereiken, als die dat wil.")


class Kept(Wire):
    """Het is bewaard."""

    status: Literal["bewaard"] = "bewaard"


@router.post("/v1/feedback", summary="Beoordeel een antwoord", status_code=201)
def feedback(request: Request, given: FeedbackRequest) -> Kept:
    """Bewaart een oordeel. Een nieuw oordeel over hetzelfde antwoord komt in de plaats van het vorige."""
    state: State = request.app.state.kompasbot
    question = _filled(given.question) if given.include_question else None
    site = site_of(request.headers, state.settings.sites)
    state.records.judge(Judgement(given.answer_id, given.rating, _filled(given.remark), question, site))
    return Kept()


@router.post("/v1/suggestions", summary="Doe een suggestie", status_code=201)
def suggestion(request: Request, given: SuggestionRequest) -> Kept:
    """Bewaart een suggestie voor de redactie van de factsheets."""
    state: State = request.app.state.kompasbot
    text = _filled(given.text)
    if text is None:
        raise BadRequest("De suggestie is leeg.", "Beschrijf wat er bij de factsheet moet komen.")
    site = site_of(request.headers, state.settings.sites)
    state.records.suggest(Suggestion(text, _filled(given.factsheet), _filled(given.contact), site))
    return Kept()


def _filled(text: str | None) -> str | None:
    return (text or "").strip() or None
