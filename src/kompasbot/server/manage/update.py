"""``/beheer/bijwerken``: upload, dry run, publish. The work is done in ``job`` and ``staging``; this is the way in."""

from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from kompasbot.errors import BadRequest
from kompasbot.server.manage.copies import restage
from kompasbot.server.manage.guard import PageRoute, SignedIn, filled, text_of
from kompasbot.server.manage.job import Job, Kind, is_running, last_job, new_job, start
from kompasbot.server.manage.layout import HEADERS, page
from kompasbot.server.manage.room import Room
from kompasbot.server.manage.staging import (
    Staged,
    stage,
    staged,
    target_for_document,
    target_for_factsheet,
    target_for_replacing,
    withdraw,
)
from kompasbot.server.manage.update_page import body, size
from kompasbot.settings import Settings

router = APIRouter(prefix="/beheer", include_in_schema=False, route_class=PageRoute)
HERE: Final = "/beheer/bijwerken"


def larger(settings: Settings) -> dict[str, int]:
    """Where more may be sent than elsewhere: more than a file may be, so that a page can say it is too large."""
    return {"/beheer/bestand": 4 * settings.max_upload} if settings.admin_token else {}


def see_job() -> Response:
    """On to the page that shows the task."""
    return RedirectResponse(HERE, 303, HEADERS)


@router.get("/bijwerken")
def show(visited: SignedIn) -> Response:
    """What stands ready, the task, its report, and the forms."""
    room = Room.of(visited.state.settings)
    return page("Bijwerken", HERE, visited.key, *body(visited.state.settings, room, visited.key))


@router.get("/taak")
def progress(visited: SignedIn) -> Response:
    """The task for the page's script: whether it runs and which step it is at."""
    room = Room.of(visited.state.settings)
    job = last_job(room)
    found: dict[str, Any] = {"loopt": is_running(room), "taak": job.id if job else None}
    return JSONResponse({**found, "stap": job.steps[-1] if job and job.steps else ""}, headers=HEADERS)


@router.post("/bestand")
async def upload(request: Request, visited: SignedIn) -> Response:
    """Let a file stand ready."""
    settings = visited.state.settings
    form = await filled(request, visited, files=1)
    try:
        await _stage(settings, form)
    finally:
        await form.close()
    return see_job()


async def _stage(settings: Settings, form: FormData) -> Staged:
    file = form.get("bestand")
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadRequest("Je hebt geen bestand gekozen.", "Kies een bestand en probeer het opnieuw.")
    if (over := (file.size or 0) - settings.max_upload) > 0:
        raise BadRequest(
            f"Het bestand is {size(over)} te groot. Het mag hoogstens {size(settings.max_upload)} zijn.",
            "Splits het, of maak de afbeeldingen erin kleiner.",
        )
    room = Room.of(settings)
    target, replaces = await run_in_threadpool(_target, room, form, file.filename)
    content = await file.read()
    return await run_in_threadpool(stage, room, target, replaces, file.filename, content)


def _target(room: Room, form: FormData, given: str) -> tuple[str, str]:
    """Where the file goes, and what it replaces."""
    match text_of(form, "wat"):
        case "vervangen":
            replaced = text_of(form, "vervangt")
            return target_for_replacing(room, replaced, given), replaced
        case "document":
            return target_for_document(room, text_of(form, "map"), given), ""
        case "factsheet":
            return target_for_factsheet(room, text_of(form, "naam"), given), ""
    raise BadRequest("Je hebt niet gekozen wat er met het bestand moet.", "Kies een van de drie mogelijkheden.")


@router.post("/intrekken")
async def take_back(request: Request, visited: SignedIn) -> Response:
    """Take back a file that stands ready."""
    form = await filled(request, visited)
    await run_in_threadpool(withdraw, Room.of(visited.state.settings), text_of(form, "bestand"))
    return see_job()


@router.post("/kopie")
async def bring_back(request: Request, visited: SignedIn) -> Response:
    """Let a file that was replaced stand ready again."""
    form = await filled(request, visited)
    await run_in_threadpool(restage, Room.of(visited.state.settings), text_of(form, "kopie"))
    return see_job()


@router.post("/proef")
async def rehearse(request: Request, visited: SignedIn) -> Response:
    """Begin a dry run."""
    form = await filled(request, visited)
    return await _begin(visited.state.settings, new_job(Kind.TRY, accept=_ticked(form, "overnemen")))


@router.post("/publiceren")
async def publish(request: Request, visited: SignedIn) -> Response:
    """Begin a publication. What stops one is only passed over when that is ticked."""
    form = await filled(request, visited)
    settings = visited.state.settings
    room = Room.of(settings)
    if staged(room) and not room.can_write():
        raise BadRequest(
            f"De map met factsheets is alleen te lezen: {room.corpus}.",
            "Vraag wie de server beheert om kompasbot daar te laten schrijven, of om het bestand daar neer te zetten.",
        )
    job = new_job(
        Kind.PUBLISH,
        accept=_ticked(form, "overnemen"),
        accept_fact=_ticked(form, "feiten"),
        force=_ticked(form, "toch"),
    )
    return await _begin(settings, job)


async def _begin(settings: Settings, job: Job) -> Response:
    await run_in_threadpool(partial(start, settings, Room.of(settings), job))
    return see_job()


def _ticked(form: FormData, name: str) -> bool:
    return text_of(form, name) == "ja"
