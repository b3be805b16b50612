"""Several processes that answer on one port: started, watched and replaced.

Each has a queue of its own at the port, over which the kernel (Linux) spreads connections: from one shared queue the
first process to wake takes all. Each gives a sign every second that its event loop turns; one that gives none for four
seconds is killed, and what waits in its queue with it.
"""

import logging
import os
import signal
import socket
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType
from typing import Any, Final

from kompasbot.errors import KompasbotError
from kompasbot.server.shared import FIGURES
from kompasbot.settings import Settings

_TICK: Final = 0.5
_SILENT_TICKS: Final = 8
_STARTING_TICKS: Final = 240
"""Ticks without a sign after which a worker is killed; one that starts loads the index, on a busy machine for long."""
_AFTER_DRAINING: Final = 4.0
"""Seconds beyond the time that running answers get, after which what still runs is killed."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Worker:
    """A process that answers. ``silent`` counts the supervisor's own ticks: no time passes while that is halted too."""

    process: SpawnProcess
    signs: Connection
    silent: int = 0
    serves: bool = False

    def listen(self) -> None:
        """Take the signs that it gave."""
        self.silent += 1
        try:
            while self.signs.poll():
                self.signs.recv_bytes()
                self.silent, self.serves = 0, True
        except (EOFError, OSError):
            return

    def fault(self) -> str | None:
        """Why it has to be replaced, or None."""
        if not self.process.is_alive():
            return f"it ended with {self.process.exitcode}"
        most = _SILENT_TICKS if self.serves else _STARTING_TICKS
        return f"it gave no sign for {self.silent * _TICK:.0f} s" if self.silent > most else None

    def end(self) -> None:
        """Make sure that it is gone."""
        self.process.kill()
        self.process.join()
        self.signs.close()


class Supervisor:
    """Keeps ``settings.workers`` processes alive on a port until SIGTERM or SIGINT; ``kept`` keeps that port theirs."""

    def __init__(self, settings: Settings, kept: socket.socket, figures: Path) -> None:
        self._settings = settings
        self._kept = kept
        self._figures = figures
        self._workers: list[Worker] = []
        self._stopping = False

    def run(self) -> None:
        """Return when all have stopped; raises :class:`KompasbotError` when none can start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        os.environ[FIGURES] = str(self._figures)
        while not self._stopping:
            self._complete()
            time.sleep(_TICK)
            self._look()
        self._drain()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _complete(self) -> None:
        """Start what is missing; at first one alone, as the others would only keep the first visitor waiting."""
        wanted = self._settings.workers if any(worker.serves for worker in self._workers) else 1
        for _ in range(wanted - len(self._workers)):
            self._workers.append(self._started())

    def _started(self) -> Worker:
        context = get_context("spawn")
        signs, giving = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(self._settings, self._kept.getsockname(), giving), daemon=True)
        process.start()
        giving.close()
        return Worker(process, signs)

    def _look(self) -> None:
        """Take away what has ended or hangs."""
        for worker in tuple(self._workers):
            worker.listen()
            fault = worker.fault()
            if fault:
                _log.warning("worker %s is replaced: %s", worker.process.pid, fault)
                self._remove(worker)
                if not worker.serves and not self._workers:
                    raise KompasbotError("De server start niet.", "Kijk in het logboek wat er misgaat.")

    def _remove(self, worker: Worker) -> None:
        """What a process that is gone was doing, nobody does any more; what it has done still counts."""
        from prometheus_client.multiprocess import mark_process_dead

        worker.end()
        self._workers.remove(worker)
        mark_process_dead(worker.process.pid, str(self._figures))  # type: ignore[no-untyped-call]

    def _drain(self) -> None:
        """Let running answers finish, then end what is still there."""
        for worker in self._workers:
            worker.process.terminate()
        for _ in range(int((self._settings.drain_seconds + _AFTER_DRAINING) / _TICK)):
            if not any(worker.process.is_alive() for worker in self._workers):
                break
            time.sleep(_TICK)
        for worker in self._workers:
            worker.end()


def shared(family: socket.AddressFamily, address: Any) -> socket.socket:
    """A socket that is bound to the same port as others; one that does not listen takes no connections from them."""
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind(address)
    return bound


def work(settings: Settings, address: Any, signs: Connection) -> None:
    """Answer, and give a sign every second; ends by itself when nobody takes the signs any more."""
    import uvicorn

    from kompasbot.cli.serve import options
    from kompasbot.server.app import create_app
    from kompasbot.server.logs import start_logging

    async def give_sign() -> None:
        try:
            signs.send_bytes(b".")
        except OSError:
            server.should_exit = True

    start_logging(settings.log)
    config = uvicorn.Config(create_app(settings), callback_notify=give_sign, timeout_notify=0, **options(settings))
    server = uvicorn.Server(config)
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    server.run(sockets=[shared(family, address)])
