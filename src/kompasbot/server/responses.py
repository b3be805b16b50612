"""``POST /v1/responses``: the answer of ``/v1/chat/completions`` for programs that use OpenAI's newer interface.

Nothing is kept: a client sends the whole conversation with every question.
"""

import json
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from kompasbot.answering.answer import Answer, Cited, Done, Question, Said
from kompasbot.server.annotating import Annotation, Telling, annotations_of
from kompasbot.server.bounds import within_bounds
from kompasbot.server.chat import STREAM_HEADERS, with_pings
from kompasbot.server.completions import ERRORS, details_of
from kompasbot.server.openai_wire import error_of
from kompasbot.server.problems import problem_of
from kompasbot.server.responses_wire import (
    CitedUrl,
    OutputMessage,
    OutputText,
    ResponseReply,
    ResponseRequest,
    ResponseUsage,
)
from kompasbot.server.state import State

router = APIRouter(tags=["OpenAI"], responses=ERRORS)
_EXAMPLE: Final = {"model": "kompasbot", "input": "Welke tools zijn er?"}
_STREAM_EXAMPLE: Final = (
    'event: response.output_text.delta\ndata: {"type": "response.output_text.delta", "sequence_number": 4, '
    '"item_id": "msg_4f6c…", "output_index": 0, "content_index": 0, "delta": "… [1]", "logprobs": []}\n\n'
)
_log = logging.getLogger(__name__)


@router.post(
    "/v1/responses",
    summary="Stel een vraag, in de vorm van OpenAI's Responses",
    description=(
        "Hetzelfde antwoord als `/v1/chat/completions`, voor programma's die OpenAI's Responses gebruiken. De bronnen "
        "staan als `url_citation` bij de tekst. `input` is een vraag of het hele gesprek: er wordt niets bewaard, dus "
        "`previous_response_id` en `conversation` kunnen niet. `instructions` worden niet gevolgd; `tools` en JSON als "
        "antwoord zijn niet mogelijk."
    ),
    response_model=ResponseReply,
    responses={
        200: {
            "description": "Een response, of met `stream: true` een stroom van gebeurtenissen.",
            "content": {"text/event-stream": {"example": _STREAM_EXAMPLE}},
        }
    },
)
async def responses(
    request: Request, asked: Annotated[ResponseRequest, Body(openapi_examples={"vraag": {"value": _EXAMPLE}})]
) -> Response:
    """Answer the last message of a conversation."""
    state: State = request.app.state.kompasbot
    question = within_bounds(asked.question(state.settings.max_messages), state.settings)
    base = str(request.base_url)
    if asked.stream:
        with state.live.borrow() as index:
            state.assistant.check(index, question)
        body = _stream(state, asked.name, question, base)
        return StreamingResponse(body, media_type="text/event-stream", headers=STREAM_HEADERS)
    with state.live.borrow() as index:
        answer = await state.assistant.answer(index, question)
    text = _text(answer.message, annotations_of(answer.message, answer.citations, base))
    return Response(_reply(answer, asked.name, int(time.time()), text).model_dump_json(), media_type="application/json")


def _reply(answer: Answer, model: str, created: int, text: OutputText) -> ResponseReply:
    """A complete answer."""
    used = answer.usage
    return ResponseReply(
        id=f"resp_{answer.id}",
        created_at=created,
        status="completed",
        model=model,
        output=[OutputMessage(id=f"msg_{answer.id}", status="completed", content=[text])],
        usage=ResponseUsage(
            input_tokens=used.prompt_tokens if used else 0,
            output_tokens=used.completion_tokens if used else 0,
            total_tokens=used.total_tokens if used else 0,
        ),
        kompasbot=details_of(answer),
    )


def _text(text: str, annotations: Sequence[Annotation]) -> OutputText:
    return OutputText(text=text, annotations=[_cited(annotation) for annotation in annotations])


def _cited(annotation: Annotation) -> CitedUrl:
    """An annotation as this interface has it: without a level of its own for its kind."""
    return CitedUrl.model_validate(annotation["url_citation"])


async def _stream(state: State, model: str, question: Question, base: str) -> AsyncIterator[bytes]:
    """The answer as events, a delta a sentence; what goes wrong after the first byte becomes an ``error`` event."""
    told = _Told(model, base)
    try:
        with state.live.borrow() as index:
            async with aclosing(with_pings(state.assistant.events(index, question))) as events:
                async for event in events:
                    match event:
                        case None:
                            yield KEEPALIVE_COMMENT
                        case Cited():
                            told.telling.cite(event.citation)
                        case Said():
                            yield told.said(*told.telling.tell(event))
                        case Done():
                            yield told.done(event.answer)
                        case _:
                            yield told.started(event.id)
    except Exception as error:
        _log.exception("an answer broke off")
        yield told.failed(error)


class _Told:
    """The events of one stream, in the order that OpenAI's clients expect."""

    def __init__(self, model: str, base: str) -> None:
        self.telling = Telling(base)
        self._model = model
        self._created = int(time.time())
        self._id = ""
        self._text = ""
        self._annotations: list[Annotation] = []
        self._sent = 0

    def started(self, answer_id: str) -> bytes:
        """The answer begins: it has one message with one text, still empty."""
        self._id = answer_id
        response = ResponseReply(
            id=f"resp_{answer_id}", created_at=self._created, status="in_progress", model=self._model, output=[]
        )
        message = OutputMessage(id=f"msg_{answer_id}", status="in_progress", content=[])
        return (
            self._event("response.created", response=response)
            + self._event("response.in_progress", response=response)
            + self._event("response.output_item.added", output_index=0, item=message)
            + self._part("response.content_part.added", part=_text("", ()))
        )

    def said(self, piece: str, annotations: Sequence[Annotation]) -> bytes:
        """A piece of the text, and its sources."""
        self._text += piece
        self._annotations += annotations
        told = self._part("response.output_text.delta", delta=piece, logprobs=[])
        for annotation in annotations:
            place, cited = annotation["index"], _cited(annotation)
            told += self._part("response.output_text.annotation.added", annotation_index=place, annotation=cited)
        return told

    def done(self, answer: Answer) -> bytes:
        """The end: text, message and answer once more, whole."""
        told = self.said(answer.choices, ()) if answer.choices else b""
        text = _text(self._text, self._annotations)
        reply = _reply(answer, self._model, self._created, text)
        return (
            told
            + self._part("response.output_text.done", text=self._text, logprobs=[])
            + self._part("response.content_part.done", part=text)
            + self._event("response.output_item.done", output_index=0, item=reply.output[0])
            + self._event("response.completed", response=reply)
        )

    def failed(self, error: Exception) -> bytes:
        """What went wrong: some clients read it from the event itself, others from an object in it."""
        detail = error_of(problem_of(error))[1].error
        return self._event("error", code=detail.code, message=detail.message, param=detail.param, error=detail)

    def _part(self, name: str, **more: Any) -> bytes:
        return self._event(name, item_id=f"msg_{self._id}", output_index=0, content_index=0, **more)

    def _event(self, name: str, **more: Any) -> bytes:
        data = {key: value.model_dump() if isinstance(value, BaseModel) else value for key, value in more.items()}
        body = {"type": name, "sequence_number": self._sent, **data}
        self._sent += 1
        return format_sse_event(event=name, data_str=json.dumps(body, ensure_ascii=False))
