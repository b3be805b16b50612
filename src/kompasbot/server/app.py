"""Makes the app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from kompasbot import __version__
from kompasbot.answering.assistant import Assistant
from kompasbot.embedding import EmbeddingQueue
from kompasbot.prompts import Texts, load_texts
from kompasbot.records.store import records_of
from kompasbot.retrieval.index import Index, open_index
from kompasbot.server import (
    admin,
    chat,
    completions,
    feedback,
    health,
    items,
    pages,
    plain,
    problems,
    responses,
    widget,
)
from kompasbot.server.described import DESCRIPTION, PROBLEMS, Described, contact
from kompasbot.server.guard.admission import Admission
from kompasbot.server.guard.counters import Counters, LocalCounts
from kompasbot.server.guard.gate import Gate
from kompasbot.server.guard.limiter import Limiter
from kompasbot.server.guard.spending import Spending
from kompasbot.server.manage.routes import routers as manage
from kompasbot.server.manage.update import larger
from kompasbot.server.methods import Heads
from kompasbot.server.metrics import Meters
from kompasbot.server.middleware import Frame
from kompasbot.server.observing import Observer
from kompasbot.server.origins import Origins
from kompasbot.server.paths import Addresses, below
from kompasbot.server.state import State
from kompasbot.server.watched import Watched
from kompasbot.settings import Settings
from kompasbot.store import place_of
from kompasbot.store.live import Live
from kompasbot.tracing import Traces


class App:
    """The app as a server runs it: FastAPI inside the frame that every request passes; ``api`` is the FastAPI part."""

    def __init__(self, api: FastAPI, state: State, texts: Texts) -> None:
        self.api = api
        settings = state.settings
        gate = Heads(Gate(Addresses(api), settings, state.admission, texts))
        framed = Frame(gate, settings.max_body, Observer.of(state), larger(settings))
        # Around the frame, so that a page elsewhere can read every reply, also that it sent too much.
        self._framed = below(settings.base_path, Origins(framed, settings.sites))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        await self._framed(scope, receive, send)


def create_app(
    settings: Settings | None = None, *, live: Live[Index] | None = None, assistant: Assistant | None = None
) -> App:
    """Make the app; ``live`` and ``assistant`` are made from the settings where they are not given."""
    settings = settings or Settings()
    texts = load_texts()
    live = live or follow(settings)
    state = assemble(settings, live, assistant, texts)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        live.start()
        state.records.start()
        Thread(target=state.assistant.prepare, name="kompasbot-taalmodel", daemon=True).start()
        yield
        await state.assistant.aclose()
        live.stop()
        await state.aclose()

    api = Described(
        title="kompasbot",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        contact=contact(settings.contact),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=PROBLEMS,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.kompasbot = state
    problems.install(api)
    modules = (chat, completions, responses, feedback, items, health, admin, plain, widget)
    for router in (*(module.router for module in modules), *manage, pages.router):
        api.include_router(router)
    api.router.default = pages.files
    return App(api, state, texts)


def follow(settings: Settings) -> Live[Index]:
    """The serving generation, which is followed once it is started."""
    return Live(place_of(settings), partial(open_warm, settings), Index.close)


def assemble(settings: Settings, live: Live[Index], assistant: Assistant | None, texts: Texts) -> State:
    """What the routes share."""
    meters = Meters()
    url = settings.redis_url.get_secret_value() if settings.redis_url else None
    counters = Counters(LocalCounts(), url, meters.redis_failed)
    limiter = Limiter(settings, counters)
    records = records_of(settings, meters.database_failed, meters.statistics_dropped)
    embedding = EmbeddingQueue.of(settings, meters.embedded)
    assistant = assistant or Assistant(settings, texts, Spending(settings, limiter, meters, records.spend), embedding)
    watched = Watched(assistant, limiter, meters, texts, records.note)
    traces = Traces(settings.otlp_endpoint, __version__) if settings.otlp_endpoint else None
    admission = Admission(settings, limiter, meters, texts)
    return State(settings, live, watched, records, meters, counters, limiter, admission, embedding, traces)


def open_warm(settings: Settings, generation_id: str) -> Index:
    """Open a generation and ask it once, so that the first visitor does not wait for dictionaries to load."""
    index = open_index(settings, generation_id)
    index.search("hoe begin ik met samenwerken", 1)
    return index
