"""What publications replaced: kept beside the corpus, and one press away from standing ready again."""

from dataclasses import dataclass
from typing import Final

from kompasbot.errors import NotFound
from kompasbot.server.manage.room import Room
from kompasbot.server.manage.staging import Staged, corpus_files, stage

_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it was before the publication ``job`` replaced it."""

    job: str
    path: str
    size: int

    @property
    def name(self) -> str:
        """What a form calls it."""
        return f"{self.job}/{self.path}"


def copies(room: Room) -> list[Copy]:
    """The newest copies that were kept."""
    found: list[Copy] = []
    jobs = sorted(room.kept.iterdir(), reverse=True) if room.kept.is_dir() else []
    for job in jobs:
        files = sorted(path for path in job.rglob("*") if path.is_file())
        found += [Copy(job.name, path.relative_to(job).as_posix(), path.stat().st_size) for path in files]
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def restage(room: Room, name: str) -> Staged:
    """Let a copy stand ready for its old place; raises :class:`NotFound` when it is not kept any more."""
    copy = next((one for one in copies(room) if one.name == name), None)
    if copy is None:
        raise NotFound("Deze kopie is er niet meer.", "Kies een andere uit de lijst.")
    content = (room.kept / copy.name).read_bytes()
    return stage(room, copy.path, _now_at(room, copy.path), copy.path, content)


def _now_at(room: Room, path: str) -> str:
    """The file that stands in a place now; it may have got another ending."""
    every = corpus_files(room)
    stem = path.rpartition(".")[0]
    return path if path in every else next((one for one in every if one.rpartition(".")[0] == stem), "")
