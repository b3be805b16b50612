"""``POST /v1/chat/completions`` and ``GET /v1/models``: the assistant for programs that speak OpenAI's protocol.

The content is the answer of ``/v1/chat``, character for character, in one piece or a chunk a sentence; a question back
has its choices below it, as a list, since these clients show no suggestions. The sources are ``url_citation``
annotations on the markers ``[n]``, where chat clients look for them. A list of sources in the content would come back
as history with the next question.
"""

import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import Response, StreamingResponse

from kompasbot.answering.answer import Answer, Cited, Done, Event, Message, Question, Said
from kompasbot.errors import EngineUnavailable, IndexFailure
from kompasbot.retrieval.index import Index
from kompasbot.server.annotating import Telling, annotations_of
from kompasbot.server.bounds import within_bounds
from kompasbot.server.chat import STREAM_HEADERS, with_pings
from kompasbot.server.client_tasks import is_task, task_events
from kompasbot.server.openai_wire import (
    ENGINES,
    Annotation,
    Choice,
    Completion,
    CompletionAnswer,
    CompletionDetails,
    CompletionRequest,
    CompletionUsage,
    ErrorReply,
    Model,
    ModelList,
    UnknownModel,
    error_of,
)
from kompasbot.server.problems import problem_of
from kompasbot.server.state import State

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorReply, "description": text, "content": {"application/json": {}}}
    for status, text in {
        400: "Het verzoek kan zo niet worden verwerkt, of vraagt iets wat kompasbot niet doet.",
        403: "Deze website mag de assistent niet gebruiken.",
        404: "Het model of de factsheet bestaat niet.",
        408: "Het verzoek kwam niet op tijd helemaal binnen.",
        413: "Het verzoek is te groot.",
        429: "Er komt nu te veel binnen; `Retry-After` zegt hoeveel seconden je wacht.",
        500: "Er ging iets mis.",
        503: "Er is nog geen index.",
    }.items()
}
router = APIRouter(tags=["OpenAI"], responses=ERRORS)
_EXAMPLE: Final = {"model": "kompasbot", "messages": [{"role": "user", "content": "Welke tools zijn er?"}]}
_STREAM_EXAMPLE: Final = (
    'data: {"id": "chatcmpl-4f6c…", "object": "chat.completion.chunk", "created": 1795939200, "model": "kompasbot", '
    '"choices": [{"index": 0, "delta": {"content": "… [1]", "annotations": […]}, "logprobs": null, '
    '"finish_reason": null}]}\n\ndata: [DONE]\n\n'
)
_log = logging.getLogger(__name__)


@router.post(
    "/v1/chat/completions",
    summary="Stel een vraag, in de vorm van OpenAI",
    description=(
        "Hetzelfde antwoord als `/v1/chat`, voor programma's die met OpenAI kunnen praten. Bij een vraag terug staan "
        "de keuzes als lijst onder de tekst. De bronnen staan als `url_citation` bij het bericht, in een stroom bij de "
        "zin. Kies als `model` kompasbot, kompasbot-extractive of kompasbot-llm. Instellingen als "
        "`temperature` hebben geen effect; berichten van `system` of `developer` worden niet gevolgd. Niet mogelijk "
        "zijn `tools`, `n` groter dan 1 en JSON als antwoord."
    ),
    response_model=Completion,
    responses={
        200: {
            "description": "Een chat.completion, of met `stream: true` een stroom van chat.completion.chunk.",
            "content": {"text/event-stream": {"example": _STREAM_EXAMPLE}},
        }
    },
)
async def completions(
    request: Request, asked: Annotated[CompletionRequest, Body(openapi_examples={"vraag": {"value": _EXAMPLE}})]
) -> Response:
    """Answer the last message of a conversation."""
    state: State = request.app.state.kompasbot
    question = asked.question(state.settings.max_messages)
    if not is_task(question.text):
        question = within_bounds(question, state.settings)
    base = str(request.base_url)
    if asked.stream:
        with state.live.borrow() as index:
            state.assistant.check(index, question)
        body = _stream(state, asked, question, base)
        return StreamingResponse(body, media_type="text/event-stream", headers=STREAM_HEADERS)
    with state.live.borrow() as index:
        answer = await _whole(_events(state, index, question))
    return Response(_completion(answer, asked.name, base).model_dump_json(), media_type="application/json")


def _events(state: State, index: Index, question: Question) -> AsyncIterator[Event]:
    """The answer to a question, or to what a chat client asks for itself."""
    if is_task(question.text):
        return task_events(question.text, index.id)
    return state.assistant.events(index, question)


async def _whole(events: AsyncIterator[Event]) -> Answer:
    async for event in events:
        if isinstance(event, Done):
            return event.answer
    raise AssertionError("an answer ends with Done")


def _completion(answer: Answer, model: str, base: str) -> Completion:
    annotations = [Annotation.model_validate(found) for found in annotations_of(answer.message, answer.citations, base)]
    return Completion(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        model=model,
        choices=[Choice(message=CompletionAnswer(content=answer.message, annotations=annotations))],
        usage=_usage(answer),
        kompasbot=details_of(answer),
    )


def _usage(answer: Answer) -> CompletionUsage:
    """The tokens of the language model; zero when none was asked."""
    used = answer.usage
    return CompletionUsage(
        prompt_tokens=used.prompt_tokens if used else 0,
        completion_tokens=used.completion_tokens if used else 0,
        total_tokens=used.total_tokens if used else 0,
    )


def details_of(answer: Answer) -> CompletionDetails:
    """What the protocol has no field for."""
    return CompletionDetails(
        status=answer.status.value,
        complete=answer.complete,
        engine=answer.engine.name,
        fallback_reason=answer.engine.fallback_reason,
        suggestions=list(answer.suggestions),
        index=answer.index,
    )


async def _stream(state: State, asked: CompletionRequest, question: Question, base: str) -> AsyncIterator[bytes]:
    """The answer as chunks, one a sentence; what goes wrong after the first byte becomes an error object."""
    chunks = _Chunks(asked, base)
    try:
        with state.live.borrow() as index:
            async with aclosing(with_pings(_events(state, index, question))) as events:
                async for event in events:
                    match event:
                        case None:
                            yield KEEPALIVE_COMMENT
                        case Cited():
                            chunks.telling.cite(event.citation)
                        case Said():
                            yield chunks.said(event)
                        case Done():
                            for part in chunks.done(event.answer):
                                yield part
                        case _:
                            yield chunks.started(event.id)
    except Exception as error:
        _log.exception("an answer broke off")
        yield _sse(error_of(problem_of(error))[1].model_dump())


class _Chunks:
    """The chunks of one stream, in order."""

    def __init__(self, asked: CompletionRequest, base: str) -> None:
        self.telling = Telling(base)
        self._wants_usage = asked.wants_usage
        self._frame: dict[str, Any] = {
            "id": "",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": asked.name,
        }

    def started(self, answer_id: str) -> bytes:
        """The first chunk: who speaks."""
        self._frame["id"] = f"chatcmpl-{answer_id}"
        return self._chunk({"role": "assistant", "content": ""})

    def said(self, event: Said) -> bytes:
        """A sentence with what separates it from the one before, and its sources."""
        content, annotations = self.telling.tell(event)
        return self._chunk({"content": content, **({"annotations": annotations} if annotations else {})})

    def done(self, answer: Answer) -> list[bytes]:
        """The end: the choices of a question back, why it ended, the usage where that is wanted, and the mark that
        nothing follows.
        """
        last = [self._chunk({"content": answer.choices})] if answer.choices else []
        last.append(self._chunk({}, "stop", {"kompasbot": details_of(answer).model_dump()}))
        if self._wants_usage:
            last.append(_sse({**self._frame, "choices": [], "usage": _usage(answer).model_dump()}))
        return [*last, format_sse_event(data_str="[DONE]")]

    def _chunk(self, delta: dict[str, Any], reason: str | None = None, more: dict[str, Any] | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        usage = {"usage": None} if self._wants_usage else {}
        return _sse({**self._frame, "choices": [choice], **usage, **(more or {})})


def _sse(data: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False))


@router.get("/v1/models", summary="De modellen, in de vorm van OpenAI")
def models(request: Request) -> ModelList:
    """De namen die `model` mag hebben: kompasbot kiest zelf de beste engine; kompasbot-llm is er met een taalmodel."""
    return ModelList(data=_models(request.app.state.kompasbot))


@router.get("/v1/models/{name}", summary="Eén model")
def model(request: Request, name: str) -> Model:
    """Een model van de lijst."""
    for found in _models(request.app.state.kompasbot):
        if found.id == name:
            return found
    raise UnknownModel(f"Er is geen model met de naam '{name[:80]}'.", "Kijk in /v1/models welke er zijn.")


def _models(state: State) -> list[Model]:
    created, names = 0, [name for name, engine in ENGINES.items() if engine != "llm"]
    with suppress(IndexFailure, EngineUnavailable), state.live.borrow() as index:
        created = int(datetime.fromisoformat(index.created).timestamp())
        state.assistant.check(index, Question((Message("user", "Hallo"),), engine="llm"))
        names = list(ENGINES)
    return [Model(id=name, created=created) for name in names]
