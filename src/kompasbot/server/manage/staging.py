"""Files that stand ready: uploaded, not yet in the corpus. They get there when a publication succeeds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from kompasbot.errors import BadRequest, CorpusError, NotFound
from kompasbot.server.manage.job import alone
from kompasbot.server.manage.names import SYNONYMS, TABLES, TEXTS, document_name, ending_of, folder_name
from kompasbot.server.manage.room import Room, read_json, remove, write_bytes, write_json

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that stands ready for ``target`` in the corpus; ``replaces`` is what goes for it, or empty."""

    id: str
    target: str
    replaces: str
    given: str
    size: int
    added: str


def staged(room: Room) -> list[Staged]:
    """What stands ready, the oldest first."""
    try:
        return [Staged(**row) for row in read_json(room.staged) or []]
    except TypeError:
        return []


def corpus_files(room: Room) -> list[str]:
    """The files of the corpus that can be replaced, by their path in it."""
    from ingest.files import list_files

    try:
        every = [one.where for one in list_files(room.corpus)]
    except CorpusError:
        return []
    return sorted(filter(_can_replace, every), key=_order)


def _can_replace(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.lower().endswith(TEXTS) or (path.count("/") == 1 and name in TABLES) or path == SYNONYMS


def _order(path: str) -> tuple[bool, bool, str]:
    """Factsheets first, tables last."""
    return path.endswith(".yaml"), "/documenten/" in path, path


def folders(room: Room) -> list[str]:
    """The folders of the corpus, one a factsheet."""
    return sorted({path.split("/")[0] for path in corpus_files(room) if "/" in path})


def target_for_replacing(room: Room, replaced: str, given: str) -> str:
    """Where a file goes that takes the place of another: the same name, with its own ending."""
    if replaced not in corpus_files(room):
        raise BadRequest("Het bestand dat je wilt vervangen, is er niet.", "Kies een bestand uit de lijst.")
    ending = ending_of(given)
    stem, _, old = replaced.rpartition(".")
    if (ending == ".yaml") != (old.lower() == "yaml"):
        raise BadRequest(
            f"Een bestand dat eindigt op {ending} kan niet in de plaats komen van {replaced}.",
            "Kies een ander bestand.",
        )
    return f"{stem}{ending}"


def target_for_document(room: Room, folder: str, given: str) -> str:
    """Where a new document goes."""
    if folder not in folders(room):
        raise BadRequest("Deze map is er niet.", "Kies een map uit de lijst.")
    return _free(room, f"{folder}/documenten/{document_name(given)}")


def target_for_factsheet(room: Room, name: str, given: str) -> str:
    """Where a new factsheet goes: in a folder of its own."""
    folder = folder_name(name)
    if folder in _taken(room) or (room.corpus / folder).exists():
        raise BadRequest(f"Er is al een map met de naam {folder}.", "Kies een andere naam, of kies voor vervangen.")
    ending = ending_of(given)
    if ending not in TEXTS:
        raise BadRequest("Een factsheet kan geen .yaml-bestand zijn.", "Kies het bestand met de tekst.")
    return _free(room, f"{folder}/factsheet{ending}")


def _taken(room: Room) -> set[str]:
    """The names of folders as ids have them; a text at the root of the corpus is a folder of its own name."""
    from ingest.naming import full_slug

    texts = {path.rpartition(".")[0] for path in corpus_files(room) if "/" not in path and path.endswith(TEXTS)}
    return {full_slug(name) for name in (*folders(room), *texts)}


def _free(room: Room, target: str) -> str:
    if target in corpus_files(room) or (room.corpus / target).exists():
        raise BadRequest(f"Er is al een bestand {target}.", "Kies voor vervangen, of geef je bestand een andere naam.")
    return target


def stage(room: Room, target: str, replaces: str, given: str, content: bytes) -> Staged:
    """Let a file stand ready; it takes the place of one that stood ready for the same. Raises :class:`Busy`."""
    if not content:
        raise BadRequest("Het bestand is leeg.", "Kies een ander bestand.")
    with alone(room):
        found = staged(room)
        kept = [one for one in found if not _same(one, target, replaces)]
        if len(kept) >= MOST:
            raise BadRequest(f"Er staan al {MOST} bestanden klaar.", "Publiceer die eerst, of haal er een weg.")
        added = datetime.now(UTC).isoformat(timespec="seconds")
        new = Staged(uuid4().hex, target, replaces, given[-120:], len(content), added)
        write_bytes(room.contents / new.id, content)
        _keep(room, [*kept, new])
    return new


def _same(one: Staged, target: str, replaces: str) -> bool:
    return one.target == target or bool(replaces and one.replaces == replaces)


def withdraw(room: Room, id: str) -> Staged:
    """Take back a file that stands ready; the corpus stays as it is. Raises :class:`Busy` or :class:`NotFound`."""
    with alone(room):
        found = staged(room)
        gone = next((one for one in found if one.id == id), None)
        if gone is None:
            raise NotFound("Dit bestand staat niet meer klaar.", "Bekijk de lijst opnieuw.")
        _keep(room, [one for one in found if one.id != id])
    return gone


def _keep(room: Room, every: Sequence[Staged]) -> None:
    """Keep the list, and of the contents only what it names."""
    write_json(room.staged, [asdict(one) for one in every])
    names = {one.id for one in every}
    for path in room.contents.iterdir() if room.contents.is_dir() else ():
        if path.name not in names:
            remove(path)


def forget(room: Room) -> None:
    """Nothing stands ready any more; the caller holds the lock."""
    _keep(room, [])
