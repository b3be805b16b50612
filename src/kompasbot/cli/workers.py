"""What worker processes need beyond uvicorn's own: a port that the kernel shares out, and our log."""

import socket
import sys
from typing import Any, Literal

import uvicorn


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
