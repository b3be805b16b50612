"""Routes for maintainers, off unless ``KOMPASBOT_ADMIN_TOKEN`` is set: what the server is set to and how it stands."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException

from kompasbot import __version__
from kompasbot.server.state import State


async def admin(request: Request) -> State:
    """The state, for whoever has the key: 404 while no key is set, 401 for a wrong one, 429 after ten wrong ones."""
    state: State = request.app.state.kompasbot
    token = state.settings.admin_token
    if token is None:
        raise HTTPException(404)
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if secrets.compare_digest(given.encode(), token.get_secret_value().encode()):
        return state
    await state.admission.count_attempt(request.scope)
    raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})


router = APIRouter(prefix="/beheer", include_in_schema=False)


@router.get("/toestand")
async def condition(state: Annotated[State, Depends(admin)]) -> dict[str, Any]:
    """Version, index, processes, and which limits and switches are in force."""
    settings = state.settings
    return {
        "versie": __version__,
        "index": state.live.current_id,
        "index_fout": str(state.live.failure) if state.live.failure else None,
        "processen": settings.workers,
        "grenzen": state.limiter.in_force,
        "redis": state.counters.redis_answers if settings.redis_url else None,
        "web": settings.web,
        "api": settings.api,
    }
