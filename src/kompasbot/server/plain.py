"""``/chat``: the same answers without JavaScript, as a form and a page."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from kompasbot.answering.answer import Answer
from kompasbot.endpoint import outside
from kompasbot.errors import KompasbotError
from kompasbot.prompts import load_texts
from kompasbot.server.bounds import within_bounds
from kompasbot.server.pages import PAGE_HEADERS
from kompasbot.server.plainpage import PlainPage
from kompasbot.server.problems import problem_of, wait_of
from kompasbot.server.state import State
from kompasbot.server.wire import ChatRequest

router = APIRouter(include_in_schema=False)
_MOST_FIELDS: Final = 5
_MOST_CARRIED: Final = 16_000  # characters of the conversation in the form; encoding may triple them


@router.get("/chat")
def form(request: Request) -> Response:
    """The empty form."""
    state: State = request.app.state.kompasbot
    return _reply(PlainPage(load_texts(), outside=outside(state.settings)))


@router.post("/chat")
async def ask(request: Request) -> Response:
    """The answer to what was typed, with the form for the next question below it."""
    state: State = request.app.state.kompasbot
    to = outside(state.settings)
    page, typed = PlainPage(load_texts(), (), to), ""
    try:
        fields = _fields(await request.body())
        typed = fields.get("vraag", [""])[0]
        before = _conversation(fields.get("gesprek", [""])[0])
        page = PlainPage(load_texts(), before, to)
        await state.admission.count(request.scope)
        sent = ChatRequest.model_validate({"messages": [*before, {"role": "user", "content": typed}]})
        asked = within_bounds(sent.question(), state.settings)
        async with state.admission.inside():
            with state.live.borrow() as index:
                answer = await state.assistant.answer(index, asked)
    except KompasbotError as error:
        found = problem_of(error)
        page.fail(typed, found.detail)
        return _reply(page, found.status, wait_of(error))
    page.answer(asked.text, answer, _fitting([*before, *_turn(asked.text, answer)]))
    return _reply(page)


def _reply(page: PlainPage, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(page.html(), status, {**PAGE_HEADERS, "Cache-Control": "no-store", **(headers or {})})


def _fields(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def _conversation(text: str) -> list[dict[str, Any]]:
    """The turns that the page carried, when they can be read."""
    try:
        messages = json.loads(text or "[]")
        read = ChatRequest.model_validate({"messages": messages}).messages if messages else []
    except (ValueError, ValidationError, RecursionError):
        return []
    return [one.model_dump(exclude_none=True) for one in read]


def _turn(question: str, answer: Answer) -> list[dict[str, Any]]:
    citations = [{"number": one.number, "item_id": one.item_id} for one in answer.citations]
    return [
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer.message, "citations": citations},
    ]


def _fitting(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest turns that fit in a form: as the interface takes them, with room for the next question."""
    while len(json.dumps(messages)) > _MOST_CARRIED or len(messages) > 38:
        messages = messages[2:]
    return messages
