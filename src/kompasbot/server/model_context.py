"""The Model Context Protocol: assistants of others search and read the items (``kompasbot mcp``).

Nothing can be changed. The tools are named and shaped as assistants that look for ``search`` and ``fetch`` want them.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any, Final

import anyio
from fastapi import FastAPI
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import Field, ValidationError
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kompasbot import __version__
from kompasbot.embedding import EmbeddingQueue
from kompasbot.errors import BadRequest, KompasbotError, NotFound
from kompasbot.knowledge import Item, ItemType
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.server import health, problems
from kompasbot.server.app import assemble
from kompasbot.server.body import whole
from kompasbot.server.bounds import check_length
from kompasbot.server.guard.gate import Gate
from kompasbot.server.middleware import Frame
from kompasbot.server.observing import Observer
from kompasbot.server.paths import below
from kompasbot.server.wire import Text, Wire
from kompasbot.settings import Settings
from kompasbot.store.live import Live

PATH: Final = "/mcp"
_MOST: Final = 20
_READING: Final = types.ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)
_SCHEME: Final = "kompasbot://"
_INSTRUCTIONS: Final = (
    "Kennis over technologieonderwijs in de regio, uit de factsheets van het Interventiekompas: inzichten uit "
    "onderzoek, praktijkvoorbeelden en tools. Zoek met 'search' en lees met 'fetch'. Noem bij wat je hieruit "
    "zegt altijd het item waar het staat. Wat hier niet staat, zeggen de bronnen niet."
)
_MOST_DEPTH: Final = 64
"""Levels of a request; one of ours has four."""
_UNREADABLE: Final = {
    "jsonrpc": "2.0",
    "id": None,
    "error": {"code": types.PARSE_ERROR, "message": problems.UNREADABLE},
}
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_EVERYWHERE: Final = frozenset(("", "0.0.0.0", "::"))

_log = logging.getLogger(__name__)


class Search(Wire):
    """Wat 'search' vraagt."""

    query: Annotated[Text, Field(description="Een vraag of een paar woorden, liefst in het Nederlands.")]
    limit: Annotated[int, Field(ge=1, le=_MOST, description="Hoogstens zoveel resultaten.")] = 10


class Fetch(Wire):
    """Wat 'fetch' vraagt."""

    id: Annotated[Text, Field(description="Het id van een item, zoals 'search' het geeft.")]


class Found(Wire):
    """Een gevonden item of document."""

    id: str
    title: str
    url: str
    type: ItemType
    text: str = Field(description="De zin die het beste past.")


class FoundPage(Wire):
    """Wat er gevonden is, het beste eerst."""

    results: list[Found]


class Fetched(Wire):
    """Een item of document met zijn hele tekst."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


def make_server(settings: Settings, live: Live[Index], embedding: EmbeddingQueue | None = None) -> Server[Any, Any]:
    """The server with its two tools, over a started index; without a queue for ``embedding`` it makes its own."""
    queue = embedding or EmbeddingQueue.of(settings)
    server: Server[Any, Any] = Server("kompasbot", __version__, _INSTRUCTIONS)

    async def listed(_request: types.ListToolsRequest) -> types.ServerResult:
        return types.ServerResult(types.ListToolsResult(tools=list(_TOOLS)))

    async def called(request: types.CallToolRequest) -> types.ServerResult:
        asked = request.params
        return types.ServerResult(await _call(settings, live, queue, asked.name, asked.arguments or {}))

    # Not by the SDK's decorators: these answer wrong arguments in English, and an error of ours with its own words.
    server.request_handlers[types.ListToolsRequest] = listed
    server.request_handlers[types.CallToolRequest] = called
    return server


async def serve_stdio(settings: Settings, live: Live[Index]) -> None:
    """Serve over standard input and output until the input ends."""
    server = make_server(settings, live)
    try:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())
    except* (anyio.ClosedResourceError, anyio.BrokenResourceError):
        pass  # the input ended while something was still to be told: nobody listens any more


def make_http_app(settings: Settings, live: Live[Index]) -> ASGIApp:
    """The server over streamable HTTP, stateless, behind the same limits and headers as the rest; with the pages that
    tell how it is.
    """
    texts = load_texts()
    state = assemble(settings, live, None, texts)
    sessions = StreamableHTTPSessionManager(
        make_server(settings, live, state.embedding),
        json_response=True,
        stateless=True,
        security_settings=_names(settings),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with sessions.run():
            yield
        await state.aclose()

    api = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    api.state.kompasbot = state
    problems.install(api)
    api.include_router(health.router)
    # Only POST: without sessions there is nothing that a stream of a GET could bring, and it would stay open for ever.
    api.router.routes.append(Route(PATH, _Endpoint(sessions), methods=["POST"]))
    gate = Gate(api, settings, state.admission, texts, counted=PATH)
    return below(settings.base_path, Frame(gate, settings.max_body, Observer.of(state)))


class _Endpoint:
    """The SDK's handler as an ASGI app of its own."""

    path: Final = PATH

    def __init__(self, sessions: StreamableHTTPSessionManager) -> None:
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # by whose path the figures know it, as FastAPI's own routes
        read = await whole(receive)
        waiting = [await read()]
        if not _is_readable(waiting[0]["body"]):
            await JSONResponse(_UNREADABLE, 400)(scope, read, send)
            return

        async def again() -> Message:
            return waiting.pop() if waiting else await read()

        await self._sessions.handle_request(scope, again, send)


def _is_readable(body: bytes) -> bool:
    """Whether the SDK can read a request, or see for itself that it is no JSON. It takes whatever else keeps JSON from
    being read (nested too deep, no UTF-8, a number too long) for an error of the server.
    """
    try:
        level = [json.loads(body)]
    except json.JSONDecodeError:
        return True
    except (RecursionError, ValueError):
        return False
    for _ in range(_MOST_DEPTH):
        level = [value for held in level if isinstance(held, dict | list) for value in _values(held)]
    return not level


def _values(held: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return held.values() if isinstance(held, dict) else held


def _names(settings: Settings) -> TransportSecuritySettings:
    """By which names the server may be called. On this machine only by its own, so that no web page can point a name of
    its own at it; behind a proxy, which checks names itself, and on all addresses by any.
    """
    if settings.trusted_proxies or settings.host in _EVERYWHERE:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    hosts = [shape for name in {*_LOOPBACK, host} for shape in (name, f"{name}:*")]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[f"http://{one}" for one in hosts])


async def _call(
    settings: Settings, live: Live[Index], embedding: EmbeddingQueue, name: str, arguments: Mapping[str, Any]
) -> types.CallToolResult:
    """What a tool answers; what goes wrong is told to the assistant in Dutch."""
    try:
        match name:
            case "search":
                return _answer(await _search(settings, live, embedding, Search.model_validate(arguments)))
            case "fetch":
                return _answer(_fetch(live, Fetch.model_validate(arguments)))
            case _:
                raise NotFound("Deze tool bestaat niet.", "Gebruik 'search' of 'fetch'.")
    except ValidationError as error:
        return _refusal(problems.told(error.errors(include_url=False, include_input=False))[0])
    except Exception as error:
        if not isinstance(error, KompasbotError):
            _log.error("unexpected error in a tool", exc_info=error)
        return _refusal(problems.problem_of(error).detail)


async def _search(settings: Settings, live: Live[Index], embedding: EmbeddingQueue, asked: Search) -> FoundPage:
    text = asked.query.strip()
    if not text:
        raise BadRequest("De zoekvraag is leeg.", "Geef een of meer woorden.")
    check_length(text, settings, "De zoekvraag")
    with live.borrow() as index:
        vector = await embedding.embed_question(index.embedder, text)
        search = partial(index.search, text, asked.limit, vector=vector, words_only=vector is None)
        hits = await asyncio.to_thread(search)
    return FoundPage(
        results=[
            Found(id=hit.item.id, title=hit.item.title, url=_url(hit.item), type=hit.item.type, text=hit.snippet)
            for hit in hits
        ]
    )


def _fetch(live: Live[Index], asked: Fetch) -> Fetched:
    with live.borrow() as index:
        item = index.items.get(asked.id.removeprefix(_SCHEME))
    if item is None:
        raise NotFound("Er is geen item met dit id.", "Zoek het eerst met 'search'.")
    metadata = {
        "type": item.type.value,
        "factsheet": item.factsheet,
        "origin": item.origin.value,
        "updated": item.updated,
        "linked_from": ", ".join(item.linked_from),
        "editor_note": item.editor_note or "",
    }
    kept = {name: value for name, value in metadata.items() if value}
    return Fetched(id=item.id, title=item.title, text=item.text, url=_url(item), metadata=kept)


def _answer(found: Wire) -> types.CallToolResult:
    """Twice the same: as a value, and as text for clients that know no values yet."""
    text = types.TextContent(type="text", text=found.model_dump_json())
    return types.CallToolResult(content=[text], structuredContent=found.model_dump(mode="json"))


def _refusal(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=why)], isError=True)


def _url(item: Item) -> str:
    return item.url or f"{_SCHEME}{item.id}"


def _tool(name: str, title: str, description: str, asks: type[Wire], gives: type[Wire]) -> types.Tool:
    return types.Tool(
        name=name,
        title=title,
        description=description,
        inputSchema=asks.model_json_schema(),
        outputSchema=gives.model_json_schema(mode="serialization"),
        annotations=_READING,
    )


_TOOLS: Final = (
    _tool(
        "search",
        "Zoek in de factsheets",
        "Zoek inzichten, praktijkvoorbeelden, tools en documenten die bij een vraag passen, het beste eerst.",
        Search,
        FoundPage,
    ),
    _tool("fetch", "Lees een item", "Geef de hele tekst van een item of document.", Fetch, Fetched),
)
