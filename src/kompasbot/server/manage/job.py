"""The task that runs in the background: its state in a file, its lock, and how it is started.

The lock is a file lock that the server takes and the task's process inherits. It is held as long as that process lives,
so any worker can tell whether a task runs, and one that died is seen.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Final

from kompasbot.errors import Busy, KompasbotError, reason_of
from kompasbot.server.manage.room import Room, read_json, remove, write_json
from kompasbot.settings import Settings

_TRIES: Final = 10
_PAUSE: Final = 0.02


class Kind(StrEnum):
    """What a task does."""

    TRY = "proef"
    PUBLISH = "publiceren"
    BACK = "terug"
    ACTIVATE = "activeren"


@dataclass(frozen=True, slots=True)
class Job:
    """A task. ``code`` is the exit code of the command, None while it runs; ``files`` are what stood ready for it.

    ``published`` says that a new generation serves, ``placed`` that the files that stood ready are in the corpus now.
    """

    id: str
    kind: Kind
    accept: bool = False
    accept_fact: bool = False
    force: bool = False
    generation: str = ""
    began: str = ""
    ended: str = ""
    steps: tuple[str, ...] = ()
    code: int | None = None
    message: str = ""
    hint: str = ""
    published: bool = False
    placed: bool = False
    files: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it did not say that it ended."""
        return not self.ended


def new_job(
    kind: Kind, *, accept: bool = False, accept_fact: bool = False, force: bool = False, generation: str = ""
) -> Job:
    """A task that begins now."""
    now = datetime.now(UTC)
    name, began = f"{now:%Y%m%d-%H%M%S-%f}", now.isoformat(timespec="seconds")
    return Job(name, kind, accept, accept_fact, force, generation, began)


def last_job(room: Room) -> Job | None:
    """The running or last task; None when there never was one that can be read."""
    row = read_json(room.job)
    try:
        return Job(**{**row, "kind": Kind(row["kind"]), "steps": tuple(row["steps"]), "files": tuple(row["files"])})
    except (TypeError, ValueError, KeyError):
        return None


def write_job(room: Room, job: Job) -> None:
    """Keep the state of a task."""
    write_json(room.job, asdict(job))


@contextmanager
def alone(room: Room) -> Iterator[int]:
    """Hold the lock; gives its file. Raises :class:`Busy` when a task runs."""
    room.folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(room.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(handle):
            raise Busy("Er loopt al een taak.", "Wacht tot die klaar is en probeer het opnieuw.")
        yield handle
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    """Try for a moment: another worker may just be looking whether the lock is free."""
    import fcntl

    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return True
    return False


def is_running(room: Room) -> bool:
    """Whether a task runs now, whichever worker started it."""
    job = last_job(room)
    return job is not None and job.is_open and _is_held(room)


def _is_held(room: Room) -> bool:
    import fcntl

    try:
        handle = os.open(room.lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def start(settings: Settings, room: Room, job: Job) -> None:
    """Start a task in a process of its own, which goes on when this one ends. Raises :class:`Busy`."""
    with alone(room) as handle:
        remove(room.report)
        write_job(room, job)
        try:
            process = _spawn(settings, room.log, handle)
        except OSError as error:
            raise KompasbotError(
                f"De taak kon niet beginnen: {reason_of(error)}.", "Probeer het later opnieuw."
            ) from error
    Thread(target=process.wait, name="kompasbot-taak", daemon=True).start()


def _spawn(settings: Settings, log: Path, handle: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kompasbot.server.manage.runner", str(handle)]
    with log.open("wb") as errors:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            env=environment(settings),
            pass_fds=(handle,),
            start_new_session=True,
        )


def environment(settings: Settings) -> dict[str, str]:
    """What a process of ours must know to work on the same things, also where settings were given as arguments."""
    given = {
        "KOMPASBOT_DATA": str(settings.data.absolute()),
        "KOMPASBOT_CORPUS": str(settings.corpus.absolute()),
        "KOMPASBOT_KEEP_GENERATIONS": str(settings.keep_generations),
        "KOMPASBOT_INGEST_SECONDS": str(settings.ingest_seconds),
        "CHROMA_URL": settings.chroma_url,
    }
    return {**os.environ, **{name: value for name, value in given.items() if value}}
