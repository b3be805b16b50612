"""``/healthz``, ``/readyz`` and ``/metrics``: whether the process lives, whether it can answer, and its figures."""

from typing import Literal

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kompasbot.server.state import State
from kompasbot.server.wire import Wire

router = APIRouter(tags=["Toestand"])


class Alive(Wire):
    """Het proces leeft."""

    status: Literal["ok"] = "ok"


class Ready(Alive):
    """De server kan antwoorden, met deze index."""

    index: str


@router.get("/healthz", summary="Leeft de server?")
async def healthz() -> Alive:
    """Antwoordt zolang het proces leeft."""
    return Alive()


@router.get("/readyz", summary="Kan de server antwoorden?")
async def readyz(request: Request) -> Ready:
    """Noemt de index waarmee wordt geantwoord; 503 zolang die er niet is."""
    state: State = request.app.state.kompasbot
    with state.live.borrow() as index:
        return Ready(index=index.id)


@router.get("/v1/openapi.json", include_in_schema=False)
async def described(request: Request) -> Response:
    """The interface's own document, where the government's design rules look for it; any website may read it."""
    return JSONResponse(request.app.openapi(), headers={"Access-Control-Allow-Origin": "*"})


@router.get(
    "/metrics",
    summary="Cijfers voor Prometheus",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"example": "kompasbot_index_items 29.0\n"}}}},
)
def metrics(request: Request) -> Response:
    """Aantallen en tijden, zonder teksten of adressen van bezoekers."""
    state: State = request.app.state.kompasbot
    redis = state.counters.redis_answers if state.settings.redis_url else None
    return Response(state.meters.text(state.live, redis, state.records.answers), media_type=CONTENT_TYPE_LATEST)
