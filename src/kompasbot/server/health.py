"""``/healthz`` and ``/readyz``: whether the process lives, and whether it can answer."""

from fastapi import APIRouter, Request

from kompasbot.server.state import State

router = APIRouter(tags=["Toestand"])


@router.get("/healthz", summary="Leeft de server?")
async def healthz() -> dict[str, str]:
    """Antwoordt zolang het proces leeft."""
    return {"status": "ok"}


@router.get("/readyz", summary="Kan de server antwoorden?")
async def readyz(request: Request) -> dict[str, str]:
    """Noemt de index waarmee wordt geantwoord; 503 zolang die er niet is."""
    state: State = request.app.state.kompasbot
    with state.live.borrow() as index:
        return {"status": "ok", "index": index.id}
