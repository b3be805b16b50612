"""Who may see the pages: whoever has a session. What a form sends must carry the session's key."""

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kompasbot.errors import BadRequest, Busy, KompasbotError, LimitReached
from kompasbot.server.manage.layout import HEADERS, fault, page
from kompasbot.server.manage.session import COOKIE, Session, form_key, same, session_of
from kompasbot.server.paths import path_of
from kompasbot.server.problems import problem_of
from kompasbot.server.state import State

SIGN_IN: Final = "/beheer/inloggen"
_MOST_FIELDS: Final = 12
_FIELD_BYTES: Final = 4096
_BUSY: Final = 409
_UNREAD: Final = 400
"""What Starlette makes of a form that it can't read."""


class SignedOut(Exception):
    """Nobody is signed in."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of someone who is signed in; ``key`` goes into every form."""

    state: State
    session: Session
    key: str


def token_of(state: State) -> str:
    """The maintainers' key; 404 while none is set: then there are no pages."""
    token = state.settings.admin_token
    if token is None:
        raise HTTPException(404)
    return token.get_secret_value()


async def visit(request: Request) -> Visit:
    """The visit of whoever is signed in; raises :class:`SignedOut`."""
    state: State = request.app.state.kompasbot
    token = token_of(state)
    session = session_of(request.cookies.get(COOKIE, ""), token, time.time())
    if session is None or await state.counters.count(session.revoked_key):
        raise SignedOut
    return Visit(state, session, form_key(session, token))


SignedIn = Annotated[Visit, Depends(visit)]


async def filled(request: Request, visited: Visit, files: int = 0) -> FormData:
    """What a form sent; raises :class:`BadRequest` when it is not one of this session's.

    The body is read here and not before: of someone who is not signed in nothing is read.
    """
    found = await request.form(max_files=files, max_fields=_MOST_FIELDS, max_part_size=_FIELD_BYTES)
    key = found.get("sleutel")
    if not isinstance(key, str) or not same(key, visited.key):
        await found.close()
        raise BadRequest(
            "Dit formulier is niet meer geldig.", "Ga terug, laad de pagina opnieuw en probeer het nog eens."
        )
    return found


def text_of(form: FormData, name: str) -> str:
    """A field that is text; empty when it is missing."""
    found = form.get(name)
    return found.strip() if isinstance(found, str) else ""


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route with the errors caught."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except SignedOut:
                return RedirectResponse(SIGN_IN, 303, HEADERS)
            except KompasbotError as error:
                return _explained(request, error)
            except HTTPException as error:
                if error.status_code != _UNREAD:
                    raise
                return _explained(
                    request, BadRequest("Het formulier is niet te lezen.", "Ga terug en probeer het opnieuw.")
                )

        return handle


def _explained(request: Request, error: KompasbotError) -> Response:
    state: State = request.app.state.kompasbot
    token = token_of(state)
    session = session_of(request.cookies.get(COOKIE, ""), token, time.time())
    here = path_of(request.scope)
    reply = page(
        "Dit lukte niet",
        here,
        form_key(session, token) if session else None,
        fault(str(error), error.hint),
        status=_BUSY if isinstance(error, Busy) else problem_of(error).status,
    )
    if isinstance(error, LimitReached):
        reply.headers["Retry-After"] = str(error.retry_after)
    return reply
