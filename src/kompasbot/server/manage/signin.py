"""Signing in with the maintainers' key, and out."""

import time

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kompasbot.server.manage.guard import SIGN_IN, PageRoute, SignedIn, filled, text_of, token_of
from kompasbot.server.manage.layout import HEADERS, fault, page
from kompasbot.server.manage.session import COOKIE, LIFE_SECONDS, begin, cookie_of, same
from kompasbot.server.markup import Part, tag
from kompasbot.server.state import State

router = APIRouter(prefix="/beheer", include_in_schema=False, route_class=PageRoute)


@router.get("/inloggen")
async def form(request: Request) -> Response:
    """The form for the key."""
    token_of(request.app.state.kompasbot)
    return _form()


def _form(*before: Part, status: int = 200) -> Response:
    return page(
        "Inloggen",
        SIGN_IN,
        None,
        *before,
        tag("p", "Deze pagina's zijn voor wie de factsheets bijhoudt.", class_="lead"),
        tag(
            "form",
            tag("input", type="text", value="beheer", autocomplete="username", hidden=True, aria_label="Naam"),
            tag("label", "Sleutel", for_="sleutel"),
            tag("p", "De sleutel staat bij de instellingen van de server: KOMPASBOT_ADMIN_TOKEN.", id="uitleg"),
            tag(
                "input",
                type="password",
                id="sleutel",
                name="sleutel",
                required=True,
                maxlength="500",
                autocomplete="current-password",
                aria_describedby="uitleg",
            ),
            tag("p", tag("button", "Inloggen", class_="main")),
            method="post",
            action=SIGN_IN,
            class_="card",
        ),
        status=status,
    )


@router.post("/inloggen")
async def sign_in(request: Request) -> Response:
    """Begin a session; every attempt counts, so that a key can't be guessed by trying."""
    state: State = request.app.state.kompasbot
    token = token_of(state)
    await state.admission.count_attempt(request.scope)
    given = text_of(await request.form(max_files=0, max_fields=2, max_part_size=2048), "sleutel")
    if not same(given, token):
        return _form(fault("Deze sleutel klopt niet.", "Kijk of je hem helemaal hebt overgenomen."), status=401)
    reply = RedirectResponse("/beheer", 303, HEADERS)
    _set(reply, request, cookie_of(begin(time.time()), token), LIFE_SECONDS)
    return reply


@router.post("/uitloggen")
async def sign_out(request: Request, visited: SignedIn) -> Response:
    """End the session, on every replica that shares the counters."""
    await filled(request, visited)
    await visited.state.counters.add(visited.session.revoked_key, LIFE_SECONDS + 60, 1)
    reply = RedirectResponse(SIGN_IN, 303, HEADERS)
    _set(reply, request, "", 0)
    return reply


def _set(reply: Response, request: Request, value: str, seconds: int) -> None:
    """The cookie goes to these pages only; over https it never goes without."""
    state: State = request.app.state.kompasbot
    reply.set_cookie(
        COOKIE,
        value,
        max_age=seconds,
        path=f"{state.settings.base_path}/beheer",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
