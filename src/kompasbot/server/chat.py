"""``POST /v1/chat``: one answer, as JSON or as Server-Sent Events."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Query, Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from kompasbot.answering.answer import Cited, Done, Event, Question, Said, Started
from kompasbot.answering.assistant import Assistant
from kompasbot.retrieval.index import Index
from kompasbot.server.bounds import within_bounds
from kompasbot.server.problems import problem_of
from kompasbot.server.state import State
from kompasbot.server.wire import ChatReply, ChatRequest, answer_out, citation_out, sentence_out
from kompasbot.store.live import Live

router = APIRouter(tags=["Gesprek"])
PING_SECONDS: Final = 15.0
STREAM_HEADERS: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_log = logging.getLogger(__name__)

_TRACE: Final = (
    "Met `trace=1` staat in het antwoord ook `trace`: hoe de vraag begrepen is, wat er gevonden is, met welke scores, "
    "het oordeel, en wat er van elke zin werd. Alleen als de beheerder dit heeft aangezet; anders telt het niet mee."
)
_STREAM_EXAMPLE: Final = (
    'event: status\ndata: {"id": "4f6c…", "status": "answered"}\n\n'
    'event: citation\ndata: {"number": 1, "item_id": "regionale-samenwerking/praktijkvoorbeeld/fame", …}\n\n'
    'event: sentence\ndata: {"block": 0, "kind": "section", "heading": null, "list": false, "text": "… [1]", '
    '"citations": [1], '
    '"origin": "item"}\n\nevent: done\ndata: {…het volledige antwoord…}\n\n'
)


@router.post(
    "/v1/chat",
    summary="Stel een vraag",
    description=(
        "Geeft een antwoord met bronnen op het laatste bericht. Met `stream: true` komt het antwoord zin voor zin, als "
        "Server-Sent Events: `status`, `citation`, `sentence` en als laatste `done` (het volledige antwoord) of "
        "`error`. Met status `clarify` stelt kompasbot een vraag terug; de keuzes staan in `suggestions`. "
        "Van een eerdere vraag telt zoveel als een vraag lang mag zijn, van een eerder antwoord de eerste "
        "16.000 tekens."
    ),
    response_model=ChatReply,
    responses={200: {"content": {"text/event-stream": {"example": _STREAM_EXAMPLE}}}},
)
async def chat(
    request: Request,
    asked: Annotated[ChatRequest, Body()],
    trace: Annotated[bool, Query(description=_TRACE)] = False,
) -> Response:
    """Answer the last message of a conversation."""
    state: State = request.app.state.kompasbot
    question = within_bounds(asked.question(trace and state.settings.trace), state.settings)
    if not asked.stream:
        with state.live.borrow() as index:
            answer = await state.assistant.answer(index, question)
            return Response(answer_out(answer).model_dump_json(), media_type="application/json")
    with state.live.borrow() as index:
        state.assistant.check(index, question)
    body = _stream(state.assistant, state.live, question)
    return StreamingResponse(body, media_type="text/event-stream", headers=STREAM_HEADERS)


async def _stream(assistant: Assistant, live: Live[Index], question: Question) -> AsyncIterator[bytes]:
    """The answer as Server-Sent Events; what goes wrong after the first byte becomes an ``error`` event."""
    try:
        with live.borrow() as index:
            async with aclosing(with_pings(assistant.events(index, question))) as events:
                async for event in events:
                    yield KEEPALIVE_COMMENT if event is None else _encode(event)
    except Exception as error:
        _log.exception("an answer broke off")
        yield _sse("error", problem_of(error), exclude_none=True)


async def with_pings(events: AsyncIterator[Event], seconds: float = PING_SECONDS) -> AsyncGenerator[Event | None, None]:
    """The events, with None for every ``seconds`` of silence. Closing it cancels what the events wait for."""
    waiting: asyncio.Task[Event] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({waiting}, timeout=seconds)
            if not done:
                yield None
                continue
            try:
                event = waiting.result()
            except StopAsyncIteration:
                return
            waiting = None
            yield event
    finally:
        if waiting and not waiting.done():
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


def _encode(event: Event) -> bytes:
    match event:
        case Started():
            return _sse("status", {"id": event.id, "status": event.status.value})
        case Cited():
            return _sse("citation", citation_out(event.citation))
        case Said():
            place = {"block": event.block, "kind": event.kind.value, "heading": event.heading, "list": event.list}
            return _sse("sentence", place | sentence_out(event.sentence).model_dump())
        case Done():
            return _sse("done", answer_out(event.answer))


def _sse(name: str, data: BaseModel | dict[str, Any], exclude_none: bool = False) -> bytes:
    text = (
        data.model_dump_json(exclude_none=exclude_none)
        if isinstance(data, BaseModel)
        else json.dumps(data, ensure_ascii=False)
    )
    return format_sse_event(event=name, data_str=text)
