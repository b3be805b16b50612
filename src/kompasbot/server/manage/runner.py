"""The process of a task (``python -m kompasbot.server.manage.runner LOCK``): runs kompasbot's own commands, and keeps
what they say.

``LOCK`` is the file of the lock that it inherits from the server, and holds until it ends.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Thread
from typing import IO, Any, Final

from kompasbot.errors import KompasbotError, PublicationStopped, UpstreamError
from kompasbot.server.manage.job import Job, Kind, environment, last_job, write_job
from kompasbot.server.manage.room import Room, remove
from kompasbot.server.manage.staging import Staged, forget, staged
from kompasbot.server.manage.trial import assemble, note_ids, place
from kompasbot.settings import Settings, load_settings

TOO_LONG: Final = -1
_STEP: Final = re.compile(r"([a-zà-ü ]{1,40}) …")
_FAULT: Final = re.compile(r"^Fout: (.*?)(?:^Wat je kunt doen: (.*))?\Z", re.MULTILINE | re.DOTALL)
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit code and what it said."""

    code: int
    output: str
    errors: str


class Task:
    """One task from begin to end."""

    def __init__(self, settings: Settings, room: Room, job: Job) -> None:
        self._settings = settings
        self._room = room
        self.job = job

    def run(self) -> None:
        """Do it, and keep how it ended, whatever happens."""
        try:
            if self.job.kind in (Kind.TRY, Kind.PUBLISH):
                self._ingest()
            else:
                self._switch()
        except KompasbotError as error:
            self._note(code=error.exit_code, message=str(error), hint=error.hint)
        except BaseException:
            message = "De taak is onverwacht afgebroken."
            self._note(code=1, message=message, hint="Probeer het opnieuw. Lukt het weer niet? Vraag om hulp.")
            raise
        finally:
            remove(self._room.trial)
            self._note(ended=datetime.now(UTC).isoformat(timespec="seconds"))

    def _note(self, **changes: Any) -> None:
        self.job = replace(self.job, **changes)
        write_job(self._room, self.job)

    def _step(self, name: str) -> None:
        if name not in self.job.steps:
            self._note(steps=(*self.job.steps, name))

    def _ingest(self) -> None:
        room, job = self._room, self.job
        files = staged(room)
        self._note(files=tuple(one.target for one in files))
        self._step("kopie maken")
        note_ids(room)
        assemble(room, files)
        outcome = self._call(
            "ingest",
            "--json",
            f"--html={room.report}",
            f"--corpus={room.trial}",
            *(["--dry-run"] if job.kind is Kind.TRY else []),
            *(["--accept"] if job.accept else []),
            *(["--accept-fact"] if job.accept_fact else []),
            *(["--force"] if job.force else []),
        )
        failed = self._failed(outcome)
        if job.kind is Kind.TRY:
            return
        if failed:
            self._keep_report()
            return
        report = json.loads(outcome.output)
        self._note(published=report["published"], generation=report["generation"], message=report["reason"])
        if report["published"]:
            self._keep_report()
        if report["published"] or self._is_served():
            self._place(files)

    def _keep_report(self) -> None:
        """Keep the report where the command itself would have put it."""
        if self._room.report.is_file():
            shutil.copyfile(self._room.report, self._settings.data / "verslag.html")

    def _place(self, files: Sequence[Staged]) -> None:
        """Put into the corpus what stood ready, and the ids of new items."""
        self._step("bestanden bewaren")
        place(self._room, files, self.job.id)
        if files:
            forget(self._room)
            self._note(placed=True)

    def _is_served(self) -> bool:
        """Whether the serving index was built from just these files: then a task before this one died too early.

        Raises :class:`PublicationStopped` when a person has turned back from them.
        """
        from ingest.files import corpus_digest
        from kompasbot.store import current, place_of, read_manifest
        from kompasbot.store.place import fetched, withdrawn

        where = place_of(self._settings)
        digest = corpus_digest(self._room.trial, self._settings.links_dir)
        if digest == withdrawn(where):
            raise PublicationStopped("Van deze bestanden is teruggegaan naar een eerdere versie.")
        name = current(where)
        return name is not None and read_manifest(fetched(where, name)).sources == digest

    def _switch(self) -> None:
        more = ("activate", self.job.generation) if self.job.kind is Kind.ACTIVATE else ("rollback",)
        outcome = self._call("index", *more)
        if not self._failed(outcome):
            self._note(published=True, message=outcome.output.strip())

    def _command(self, *arguments: str) -> Sequence[str]:
        return [sys.executable, "-m", "kompasbot", *arguments]

    def _call(self, *arguments: str) -> Outcome:
        seconds = self._settings.ingest_seconds
        outcome = call(self._command(*arguments), environment(self._settings), seconds, self._step)
        if outcome.code == TOO_LONG:
            raise UpstreamError(
                f"De taak duurde langer dan {seconds} seconden en is gestopt. De index is zoals hij was.",
                "Probeer het opnieuw, of laat KOMPASBOT_INGEST_SECONDS hoger zetten.",
            )
        return outcome

    def _failed(self, outcome: Outcome) -> bool:
        """Whether a command failed; what it said is kept."""
        fault = _FAULT.search(outcome.errors)
        message, hint = ((fault[1] or "").strip(), (fault[2] or "").strip()) if fault else ("", "")
        if outcome.code and not fault:
            sys.stderr.write(outcome.errors[-_LONGEST:])
            message, hint = (
                "De opdracht is onverwacht afgebroken.",
                "Probeer het opnieuw. Lukt het niet? Vraag om hulp.",
            )
        self._note(code=outcome.code, message=message[:_LONGEST], hint=hint[:_LONGEST])
        return bool(outcome.code)


def call(command: Sequence[str], env: dict[str, str], seconds: float, step: Callable[[str], None]) -> Outcome:
    """Run a command within a time; ``step`` is told the steps that it names on stderr."""
    said: list[str] = []
    told: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**env, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200", "NO_COLOR": "1"},
        start_new_session=True,
    ) as child:
        assert child.stdout
        assert child.stderr
        readers = [
            Thread(target=_listen, args=(child.stderr, told, step), daemon=True),
            Thread(target=lambda stream: said.append(stream.read()), args=(child.stdout,), daemon=True),
        ]
        for reader in readers:
            reader.start()
        try:
            code = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            code = TOO_LONG
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        for reader in readers:
            reader.join(timeout=10)
    return Outcome(code, "".join(said), "".join(told))


def _listen(stream: IO[str], told: list[str], step: Callable[[str], None]) -> None:
    size = 0
    for line in stream:
        found = _STEP.fullmatch(line.strip())
        if found:
            step(found[1])
        elif size < 10 * _LONGEST:
            told.append(line)
            size += len(line)


def main(lock: int) -> None:
    """Do the task that the state file names."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    settings = load_settings()
    room = Room.of(settings)
    job = last_job(room)
    if job is not None and job.is_open:
        try:
            Task(settings, room, job).run()
        finally:
            os.close(lock)  # at once: the interpreter takes a while to end


if __name__ == "__main__":
    main(int(sys.argv[1]))
