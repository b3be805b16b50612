"""The process of a task: what it makes of a command that fails, talks or hangs."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from kompasbot.server.manage import job, staging
from kompasbot.server.manage.room import Room
from kompasbot.server.manage.runner import TOO_LONG, Task, call
from kompasbot.settings import Settings

SAYS = """
import sys
print("lezen …", file=sys.stderr)
print("niets bijzonders", file=sys.stderr)
print("bouwen …", file=sys.stderr)
print('{"ok": 1}')
print("Fout: dit ging mis\\n- een\\n- twee\\nWat je kunt doen: dit doen.\\n- dat", file=sys.stderr)
sys.exit(4)
"""


def test_a_command_is_heard_step_by_step() -> None:
    steps: list[str] = []
    outcome = call([sys.executable, "-c", SAYS], dict(os.environ), 60, steps.append)
    assert (outcome.code, steps, outcome.output.strip()) == (4, ["lezen", "bouwen"], '{"ok": 1}')
    assert "niets bijzonders" in outcome.errors


def test_a_command_that_hangs_is_ended_with_all_that_it_started() -> None:
    child = "import time; time.sleep(60)"
    start = f"p = subprocess.Popen([sys.executable, '-c', {child!r}])"
    code = f"import subprocess, sys; {start}; print(p.pid, flush=True); p.wait()"
    began = time.monotonic()
    outcome = call([sys.executable, "-c", code], dict(os.environ), 2, lambda _: None)
    assert outcome.code == TOO_LONG
    assert time.monotonic() - began < 50
    while lives(int(outcome.output)):
        assert time.monotonic() - began < 50
        time.sleep(0.05)


def lives(pid: int) -> bool:
    """Whether a process is there that is not just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Stub(Task):
    """A task whose command is ours."""

    code = SAYS

    def _command(self, *arguments: str) -> Sequence[str]:
        return [sys.executable, "-c", self.code]


def ended(own: Settings, kind: job.Kind, code: str) -> job.Job:
    room = Room.of(own)
    staging.stage(room, "nieuw/factsheet.md", "", "a.md", b"tekst")
    task = Stub(own, room, job.new_job(kind))
    task.code = code
    task.run()
    found = job.last_job(room)
    assert found
    assert not found.is_open
    assert not (own.corpus / "nieuw").exists()
    assert len(staging.staged(room)) == 1
    return found


def test_what_a_command_says_is_wrong_is_kept_and_nothing_is_lost(own: Settings) -> None:
    found = ended(own, job.Kind.PUBLISH, SAYS)
    assert (found.code, found.message, found.hint) == (4, "dit ging mis\n- een\n- twee", "dit doen.\n- dat")
    assert found.steps == ("kopie maken", "lezen", "bouwen")


def test_a_command_that_dies_without_a_word_is_told_as_unexpected(own: Settings) -> None:
    found = ended(own, job.Kind.PUBLISH, "import os; os._exit(137)")
    assert (found.code, found.published) == (137, False)
    assert "onverwacht afgebroken" in found.message


def test_a_task_that_takes_too_long_is_ended_and_says_which_setting_is_too_low(own: Settings) -> None:
    hasty = own.model_copy(update={"ingest_seconds": 1})
    found = ended(hasty, job.Kind.PUBLISH, "import time; time.sleep(60)")
    assert "langer dan 1 seconden" in found.message
    assert "KOMPASBOT_INGEST_SECONDS" in found.hint


def test_an_index_that_was_not_published_leaves_the_corpus_as_it_is(own: Settings) -> None:
    report = '{"published": false, "generation": "g", "reason": "Er is niets veranderd."}'
    found = ended(own, job.Kind.PUBLISH, f"print('''{report}''')")
    assert (found.code, found.placed, found.message) == (0, False, "Er is niets veranderd.")


def test_a_state_that_can_not_be_read_counts_as_none(own: Settings) -> None:
    room = Room.of(own)
    room.folder.mkdir(parents=True)
    for text in ("", "{", "[]", '{"id": "x"}', '{"kind": "iets", "steps": [], "files": []}', "null"):
        room.job.write_text(text)
        assert job.last_job(room) is None
        room.staged.write_text(text)
        assert staging.staged(room) == []
