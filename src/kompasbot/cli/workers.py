"""What worker processes need beyond uvicorn's own: a port that the kernel shares out, and our log."""

import os
import socket
import sys
from typing import Any, Literal

import uvicorn
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from kompasbot.server.shared import FIGURES


class SharedPort(socket.socket):
    """A bound socket that, sent to another process, is made there anew on the same port.

    Where the kernel can (Linux), each process has a queue of its own, so that connections spread evenly: from one
    shared queue the first process to wake takes all.
    """

    @classmethod
    def of(cls, bound: socket.socket) -> socket.socket:
        """The port of a bound socket, shared; the socket itself where the kernel can't."""
        if sys.platform != "linux":
            return bound
        address = bound.getsockname()
        family = bound.family
        bound.close()
        return _share(family, address)

    def __reduce__(self) -> tuple[Any, ...]:
        return _share, (self.family, self.getsockname())


def _share(family: socket.AddressFamily, address: Any) -> SharedPort:
    sharing = SharedPort(family, socket.SOCK_STREAM)
    sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sharing.bind(address)
    return sharing


class WorkerConfig(uvicorn.Config):
    """uvicorn's settings, which log in our form in every process."""

    form: Literal["tekst", "json"] = "tekst"

    def configure_logging(self) -> None:
        """Start the log; uvicorn calls this in each worker."""
        from kompasbot.server.logs import start_logging

        start_logging(self.form)


class Workers(Multiprocess):
    """Starts one worker, and the others when that one answers: they would only keep the first visitor waiting."""

    def init_processes(self) -> None:
        """Start the first."""
        self._counting: set[int | None] = set()
        self._add()

    def keep_subprocess_alive(self) -> None:
        """Replace what died, and complete the number once the first is ready."""
        super().keep_subprocess_alive()
        self._forget_figures()
        if len(self.processes) < self.processes_num and not self.should_exit.is_set() and self.processes[0].is_ready():
            for _ in range(self.processes_num - len(self.processes)):
                self._add()

    def _forget_figures(self) -> None:
        """What a process that is gone was doing, nobody does any more; what it has done still counts."""
        from prometheus_client.multiprocess import mark_process_dead

        now = {process.pid for process in self.processes}
        for pid in self._counting - now:
            mark_process_dead(pid, os.environ[FIGURES])  # type: ignore[no-untyped-call]
        self._counting = now

    def _add(self) -> None:
        process = Process(self.config, self.sockets)
        process.start()
        self.processes.append(process)
