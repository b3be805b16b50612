"""The Model Context Protocol: assistants of others search and read the items (``kompasbot mcp``).

Nothing can be changed. The tools are named and shaped as assistants that look for ``search`` and ``fetch`` want them.
"""

from typing import Annotated, Any, Final

from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.types import ASGIApp

from kompasbot.errors import KompasbotError
from kompasbot.knowledge import Item, ItemType
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.server.app import assemble
from kompasbot.server.guard.gate import Gate
from kompasbot.server.middleware import Frame
from kompasbot.server.observing import Observer
from kompasbot.server.wire import Wire, clean
from kompasbot.settings import Settings
from kompasbot.store.live import Live

PATH: Final = "/mcp"
_MOST: Final = 20
_READING: Final = ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)
_SCHEME: Final = "kompasbot://"
_INSTRUCTIONS: Final = (
    "Kennis over technologieonderwijs in de regio, uit de factsheets van het Interventiekompas: inzichten uit "
    "onderzoek, praktijkvoorbeelden en tools. Zoek met 'search' en lees met 'fetch'. Noem bij wat je hieruit "
    "zegt altijd het item waar het staat. Wat hier niet staat, zeggen de bronnen niet."
)


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


def make_server(settings: Settings, live: Live[Index], **options: Any) -> FastMCP[None]:
    """The server with its two tools, over a started index; ``options`` are the SDK's."""
    server: FastMCP[None] = FastMCP("kompasbot", _INSTRUCTIONS, log_level="WARNING", **options)

    @server.tool(title="Zoek in de factsheets", annotations=_READING)
    def search(
        query: Annotated[str, Field(description="Een vraag of een paar woorden, liefst in het Nederlands.")],
        limit: Annotated[int, Field(ge=1, le=_MOST, description="Hoogstens zoveel resultaten.")] = 10,
    ) -> FoundPage:
        """Zoek inzichten, praktijkvoorbeelden, tools en documenten die bij een vraag passen, het beste eerst."""
        text = str(clean(query)).strip()
        if not text or len(text) > settings.max_question:
            raise ToolError(f"Geef een zoekvraag van 1 tot {settings.max_question} tekens.")
        with _told(), live.borrow() as index:
            hits = index.search(text, limit)
        return FoundPage(
            results=[
                Found(id=hit.item.id, title=hit.item.title, url=_url(hit.item), type=hit.item.type, text=hit.snippet)
                for hit in hits
            ]
        )

    @server.tool(title="Lees een item", annotations=_READING)
    def fetch(id: Annotated[str, Field(description="Het id van een item, zoals 'search' het geeft.")]) -> Fetched:
        """Geef de hele tekst van een item of document."""
        with _told(), live.borrow() as index:
            item = index.items.get(id.removeprefix(_SCHEME))
        if item is None:
            raise ToolError("Er is geen item met dit id. Zoek het eerst met 'search'.")
        return _fetched(item)

    return server


def make_http_app(settings: Settings, live: Live[Index]) -> ASGIApp:
    """The server over streamable HTTP, stateless, behind the same limits and headers as the rest."""
    texts = load_texts()
    server = make_server(
        settings, live, host=settings.host, streamable_http_path=PATH, stateless_http=True, json_response=True
    )
    state = assemble(settings, live, None, texts)
    gate = Gate(server.streamable_http_app(), settings, state.limiter, state.meters, texts, counted=PATH)
    return Frame(gate, settings.max_body, Observer.of(state), settings.base_path)


class _told:
    """Tells an error of ours to the assistant; it is not worth a stack trace."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, KompasbotError):
            raise ToolError(f"{error} {error.hint}".strip()) from None


def _url(item: Item) -> str:
    return item.url or f"{_SCHEME}{item.id}"


def _fetched(item: Item) -> Fetched:
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
