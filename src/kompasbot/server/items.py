"""``GET /v1/items`` and ``GET /v1/search``: what the assistant knows."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kompasbot.errors import BadRequest, NotFound
from kompasbot.knowledge import ItemType
from kompasbot.server.bounds import check_length
from kompasbot.server.state import State
from kompasbot.server.wire import ItemPage, SearchPage, Text, WireItem, hits_out, item_out

router = APIRouter(tags=["Kennis"])

Sheet = Annotated[Text | None, Query(description="Alleen deze factsheet.", examples=["regionale-samenwerking"])]
Kind = Annotated[ItemType | None, Query(alias="type", description="Alleen dit soort item.", examples=["tool"])]


@router.get("/v1/items", summary="Alle items", response_model=ItemPage)
async def items(
    request: Request,
    factsheet: Sheet = None,
    kind: Kind = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Hoogstens zoveel items.")] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Sla zoveel items over.")] = 0,
) -> ItemPage:
    """De items in de volgorde van de factsheets. De tekst van documenten staat alleen bij het item zelf."""
    state: State = request.app.state.kompasbot
    with state.live.borrow() as index:
        index.check_factsheet(factsheet)
        found = [
            item
            for item in index.knowledge.items
            if (factsheet is None or item.factsheet == factsheet) and (kind is None or item.type is kind)
        ]
    page = found[offset : offset + limit]
    return ItemPage(items=[item_out(item, full=False) for item in page], total=len(found))


@router.get("/v1/items/{item_id:path}", summary="Eén item", response_model=WireItem)
async def item(request: Request, item_id: str) -> WireItem:
    """Een item of document met zijn hele tekst."""
    state: State = request.app.state.kompasbot
    with state.live.borrow() as index:
        found = index.items.get(item_id)
    if found is None:
        raise NotFound("Er is geen item met deze naam.", "Kijk in /v1/items welke items er zijn.")
    return item_out(found)


@router.get("/v1/search", summary="Zoek items", response_model=SearchPage)
async def search(
    request: Request,
    q: Annotated[Text, Query(description="Een vraag of een paar woorden.", examples=["musea en gezinnen"])],
    limit: Annotated[int, Query(ge=1, le=50, description="Hoogstens zoveel resultaten.")] = 10,
    factsheet: Sheet = None,
    kind: Kind = None,
) -> Response:
    """De items die het beste bij een vraag passen, het beste eerst."""
    state: State = request.app.state.kompasbot
    if not q.strip():
        raise BadRequest("De zoekvraag is leeg.", "Typ een of meer woorden.")
    check_length(q, state.settings, "De zoekvraag")
    with state.live.borrow() as index:
        index.check_factsheet(factsheet)
        vector = await state.embedding.embed_question(index.embedder, q)
        search = partial(index.search, q, limit, factsheet, kind, vector=vector, words_only=vector is None)
        hits = await asyncio.to_thread(search)
    return Response(hits_out(hits).model_dump_json(), media_type="application/json")
