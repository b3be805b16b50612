"""Makes the app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from kompasbot import __version__
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.records.store import records_of
from kompasbot.retrieval.index import Index, open_index
from kompasbot.server import chat, completions, feedback, health, items, pages, plain, problems, widget
from kompasbot.server.middleware import Frame
from kompasbot.server.origins import Origins
from kompasbot.server.state import State
from kompasbot.server.wire import Problem
from kompasbot.settings import Settings
from kompasbot.store import place_of
from kompasbot.store.live import Live

_DESCRIPTION = (
    "Een assistent die vragen over technologieonderwijs in de regio beantwoordt vanuit de factsheets van het "
    "Interventiekompas, en bij elke zin de bron noemt. Fouten zijn problem-objecten (RFC 9457) met een Nederlandse "
    "uitleg."
)
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text, "content": {problems.MEDIA: {}}}
    for status, text in {
        403: "Deze website mag de assistent niet gebruiken.",
        404: "Het item of de factsheet bestaat niet.",
        409: "De gevraagde engine is niet beschikbaar.",
        413: "Het verzoek is te groot.",
        422: "De vraag kan zo niet worden verwerkt.",
        429: "Er komt nu te veel binnen; wacht even.",
        500: "Er ging iets mis.",
        503: "Er is nog geen index, of de database is niet te bereiken.",
    }.items()
}


class App:
    """The app as a server runs it: FastAPI inside the frame that every request passes; ``api`` is the FastAPI part."""

    def __init__(self, api: FastAPI, settings: Settings) -> None:
        self.api = api
        self._framed: ASGIApp = Origins(Frame(api, settings.max_body), settings.sites)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        await self._framed(scope, receive, send)


def create_app(
    settings: Settings | None = None, *, live: Live[Index] | None = None, assistant: Assistant | None = None
) -> App:
    """Make the app; ``live`` and ``assistant`` are made from the settings where they are not given."""
    settings = settings or Settings()
    live = live or Live(place_of(settings), partial(open_warm, settings), Index.close)
    assistant = assistant or Assistant(settings, load_texts())
    state = State(settings, live, assistant, records_of(settings))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        live.start()
        Thread(target=assistant.prepare, name="kompasbot-taalmodel", daemon=True).start()
        yield
        await assistant.aclose()
        live.stop()
        state.records.close()

    api = FastAPI(
        title="kompasbot",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=_PROBLEMS,
    )
    api.state.kompasbot = state
    problems.install(api)
    for module in (chat, completions, feedback, items, health, plain, widget, pages):
        api.include_router(module.router)
    return App(api, settings)


def open_warm(settings: Settings, generation_id: str) -> Index:
    """Open a generation and ask it once, so that the first visitor does not wait for dictionaries to load."""
    index = open_index(settings, generation_id)
    index.search("hoe begin ik met samenwerken", 1)
    return index
