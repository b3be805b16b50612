"""Reads files in a subprocess, so that no file from elsewhere can hurt the ingestion."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final

from ingest.blocks import SourceText
from kompasbot.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may cost: seconds, bytes of memory, bytes of text.

    The seconds are of the processor, so that it does not matter how busy the machine is. A reader is granted more for
    each page that it begins with, up to ``longest``.
    """

    seconds: int = 18
    longest: int = 600
    memory: int = 1024 * 1024 * 1024
    output: int = 32 * 1024 * 1024


LIMITS: Final = Limits()
_PATIENCE: Final = 6
_HAS_LIMITS: Final = find_spec("resource") is not None


def read_apart(kind: str, path: Path, where: str, address: str | None = None, limits: Limits = LIMITS) -> SourceText:
    """Read a file of a kind (md, pdf, docx, html) in a process of its own.

    ``where`` names it in messages, ``address`` is where it was fetched from. Raises :class:`UnreadableFile` for a file
    that is damaged, empty, locked or too heavy.
    """
    figures = [str(one) for one in (limits.seconds, limits.longest, limits.memory, limits.output)]
    command = [sys.executable, "-m", "ingest.readers.child", kind, str(path.absolute()), where, *figures]
    with tempfile.TemporaryFile() as output:
        code = _run([*command, address] if address else command, output, limits, where)
        output.seek(0)
        data = output.read()
    try:
        found = json.loads(data)
    except ValueError as error:
        raise _too_heavy(where, code) from error
    if "error" in found:
        raise UnreadableFile(*found["error"])
    return SourceText.from_data(where, found)


def _run(command: list[str], output: IO[bytes], limits: Limits, where: str) -> int:
    """Run the child in a group of its own, and end that group when it hangs.

    Where a process can be limited to seconds of the processor, the clock ends only what waits without working.
    """
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    )
    try:
        return child.wait(timeout=_PATIENCE * limits.longest if _HAS_LIMITS else limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise _too_long(where) from error
    finally:
        if child.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


_LIGHTER: Final = "Maak het bestand kleiner, splits het, of lever de tekst als Markdown."


def _too_long(where: str) -> UnreadableFile:
    return UnreadableFile(f"{where}: het lezen van dit bestand duurt te lang: het is te zwaar.", _LIGHTER)


def _too_heavy(where: str, code: int) -> UnreadableFile:
    if code in {-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGKILL", 9)}:
        return _too_long(where)
    return UnreadableFile(
        f"{where}: dit bestand is niet te lezen: het is te groot, te zwaar of beschadigd (code {code}).", _LIGHTER
    )
