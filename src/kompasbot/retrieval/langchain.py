"""The index as a LangChain retriever, for chains of one's own; importing this module imports LangChain."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from kompasbot.knowledge import ItemType, PassageKind
from kompasbot.retrieval.index import Hit, Index


class KompasRetriever(BaseRetriever):
    """Gives the items and documents that fit a question best, best first, as LangChain documents.

    The content is the item's text; of a linked document, the part that fits best. ``metadata`` holds ``id``,
    ``factsheet``, ``type``, ``position``, ``title``, ``url``, ``known``, ``origin``, ``updated``, ``linked_from``,
    ``score``, and of a part of a document its ``heading`` and ``page``. Raises
    :class:`~kompasbot.errors.NotFound` for an unknown factsheet. The index stays the caller's to close.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    limit: int = Field(5, ge=1, le=50)
    factsheet: str | None = None
    type: ItemType | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 LangChain passes it by name
    ) -> list[Document]:
        hits = self.index.search(query, self.limit, self.factsheet, self.type)
        return [Document(_content(hit), id=hit.item.id, metadata=_metadata(hit)) for hit in hits]


def _content(hit: Hit) -> str:
    passage = hit.passage
    return passage.text if passage and passage.kind is PassageKind.TEXT else hit.item.text


def _metadata(hit: Hit) -> dict[str, Any]:
    item = hit.item
    place = {"heading": hit.passage.heading, "page": hit.passage.page} if hit.passage else {}
    return {
        "id": item.id,
        "factsheet": item.factsheet,
        "type": item.type.value,
        "position": item.position,
        "title": item.title,
        "url": item.url,
        "known": item.known.value,
        "origin": item.origin.value,
        "updated": item.updated,
        "linked_from": list(item.linked_from),
        "score": round(hit.score, 4),
        **place,
    }
