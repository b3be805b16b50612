"""``/beheer/versies``: the generations of the index, what changed in each, and the way to another."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kompasbot.embedding import embedder_for
from kompasbot.errors import BadRequest, KompasbotError
from kompasbot.server.manage.guard import PageRoute, SignedIn, filled, text_of
from kompasbot.server.manage.job import Kind, new_job, start
from kompasbot.server.manage.layout import amount, day_of, form, notice, page, section, table
from kompasbot.server.manage.room import Room
from kompasbot.server.manage.update import see_job
from kompasbot.server.markup import Html, Part, join, tag
from kompasbot.store import Place, generations, place_of, upkeep
from kompasbot.store.place import fetched
from kompasbot.store.written import read_knowledge

if TYPE_CHECKING:
    from ingest.edits import Edit
    from ingest.report import Change, SheetReport
    from kompasbot.store.upkeep import Listed

router = APIRouter(prefix="/beheer", include_in_schema=False, route_class=PageRoute)
HERE: Final = "/beheer/versies"
_MOST: Final = 10
_MOST_CHANGES: Final = 100


@router.get("/versies")
def show(visited: SignedIn) -> Response:
    """All generations, the newest first."""
    settings = visited.state.settings
    found = upkeep.listed(place_of(settings), embedder_for(settings).name)[:_MOST]
    lead = tag(
        "p",
        "Elke keer dat je publiceert, ontstaat een nieuwe versie van wat de assistent weet. De laatste "
        f"{settings.keep_generations} blijven bewaard.",
        class_="lead",
    )
    if not found:
        return page(
            "Versies",
            HERE,
            visited.key,
            lead,
            notice(tag("p", "Er is nog geen versie. Publiceer er een bij Bijwerken.")),
        )
    names = ["Versie", "Gemaakt", "Inhoud", "Toestand", "Actie"]
    shown = table("Versies, de nieuwste eerst", names, (_row(one, visited.key) for one in found))
    changes = [_changes(place_of(settings), one, before) for one, before in zip(found, [*found[1:], None], strict=True)]
    return page("Versies", HERE, visited.key, lead, shown, _back(found, visited.key), *changes)


def _row(one: "Listed", key: str) -> Sequence[Part]:
    manifest = one.manifest
    content = (
        f"{amount(manifest.items, 'item', 'items')}, "
        f"{amount(manifest.documents, 'document', 'documenten')}, "
        f"{amount(manifest.passages, 'stukje tekst', 'stukjes tekst')}"
        if manifest
        else "onbekend"
    )
    state = tag("strong", "in gebruik") if one.serving and not one.harm else one.harm or "goed"
    action = None if one.serving or one.harm else _activate(one.id, key)
    return tag("code", one.id), day_of(manifest.created) if manifest else "onbekend", content, state, action or "–"


def _activate(name: str, key: str) -> Html:
    return tag(
        "details",
        tag("summary", "Neem in gebruik", tag("span", f": {name}", class_="vh")),
        form(
            "/beheer/versies",
            key,
            tag("input", type="hidden", name="versie", value=name),
            tag("p", "De assistent antwoordt dan vanuit deze versie. De bestanden blijven zoals ze zijn."),
            tag("button", "Ja, neem deze in gebruik"),
        ),
    )


def _back(found: Sequence["Listed"], key: str) -> Html | None:
    serving = next((one.id for one in found if one.serving), None)
    if serving is None or not any(one.id < serving and not one.harm for one in found):
        return None
    text = "Staat er iets verkeerds in de versie die in gebruik is? Ga dan terug naar de versie daarvoor."
    fields = tag("input", type="hidden", name="versie", value=""), tag("p", text), tag("button", "Ga terug")
    return section("Teruggaan", form("/beheer/versies", key, *fields, class_="card"))


@router.post("/versies")
async def switch(request: Request, visited: SignedIn) -> Response:
    """Begin going to another generation; without a name to the one before."""
    settings = visited.state.settings
    name = text_of(await filled(request, visited), "versie")
    if name and name not in await run_in_threadpool(generations, place_of(settings)):
        raise BadRequest("Deze versie is er niet meer.", "Kies een andere uit de lijst.")
    job = new_job(Kind.ACTIVATE, generation=name) if name else new_job(Kind.BACK)
    await run_in_threadpool(start, settings, Room.of(settings), job)
    return see_job()


def _changes(place: Place, one: "Listed", before: "Listed | None") -> Html:
    heading = f"Wat er nieuw is in {one.id}"
    if before is None:
        return section(heading, tag("p", "De versie hiervoor is er niet meer, dus vergelijken kan niet."))
    try:
        sheets = compared(fetched(place, one.id), fetched(place, before.id))
    except (KompasbotError, OSError, ValueError):
        return section(heading, tag("p", "Deze twee versies zijn niet te vergelijken: een van de twee is beschadigd."))
    changed = [sheet for sheet in sheets if sheet.changes]
    if not changed:
        return section(heading, tag("p", "Aan de items en documenten is niets veranderd."))
    return section(heading, *(part for sheet in changed for part in _sheet(sheet)))


@lru_cache(maxsize=16)
def compared(folder: Path, before: Path) -> tuple["SheetReport", ...]:
    """What changed between two generations, which never change themselves."""
    from ingest.report import compare

    return compare(read_knowledge(before), read_knowledge(folder))["sheets"]


def _sheet(sheet: "SheetReport") -> Iterator[Html]:
    yield tag("h3", sheet.title)
    yield tag("ul", [_change(one) for one in sheet.changes[:_MOST_CHANGES]], class_="list")
    if len(sheet.changes) > _MOST_CHANGES:
        yield tag("p", f"En nog {len(sheet.changes) - _MOST_CHANGES} andere.")


def _change(one: "Change") -> Html:
    edits = [tag("li", f"{edit.field}: ", _edit(edit)) for edit in one.edits]
    more = tag("details", tag("summary", "Toon de wijziging"), tag("ul", edits, class_="list")) if edits else None
    return tag("li", tag("strong", one.kind), f": {one.title} ", tag("code", one.id), more)


def _edit(edit: "Edit") -> Html:
    """The words that went and came, as the report shows them."""
    from ingest.edits import ADDED, GONE

    tags = {GONE: "del", ADDED: "ins"}
    pieces = [tag(tags[one.kind], one.text) if one.kind in tags else one.text for one in edit.pieces]
    return join(*(part for piece in pieces for part in (piece, " ")))
