"""One process of the cluster, which can be killed, hung and started again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PATIENCE = 90.0


def family(pid: int) -> list[int]:
    """A process and all that came from it, parents first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in family(int(child)))]


@dataclass
class Part:
    """A program with its port; ``ready`` says whether it answers, ``user`` as whom it runs where that is not ours."""

    name: str
    port: int
    command: Sequence[str]
    log: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    _process: "subprocess.Popen[bytes] | None" = None
    _hung: list[int] = field(default_factory=list)

    @property
    def pid(self) -> int:
        """The process id; only of a part that runs."""
        assert self._process
        return self._process.pid

    def start(self, wait: bool = True) -> None:
        """Start it, by default until it answers; a part that ends meanwhile is started once more."""
        for attempt in range(3):
            self._launch()
            if not wait or self._answers():
                return
            time.sleep(0.2 * (attempt + 1))
        raise AssertionError(f"{self.name} does not start:\n{self.said()[-3000:]}")

    def wait_ready(self) -> None:
        """Wait until it answers."""
        assert self._answers(), f"{self.name} does not answer:\n{self.said()[-3000:]}"

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                cwd="/",
            )

    def _answers(self) -> bool:
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < limit:
            if self.ready():
                return True
            if self._process and self._process.poll() is not None:
                return False
            time.sleep(0.05)
        return False

    def kill(self) -> None:
        """End it as a power cut would: the process and all that came from it, at once."""
        self._send(signal.SIGKILL, family(self.pid))
        assert self._process
        self._process.wait(timeout=30)

    def hang(self) -> None:
        """Let it stop doing anything, with its connections open."""
        self._hung = family(self.pid)
        self._send(signal.SIGSTOP, self._hung)

    def resume(self) -> None:
        """Let it go on where it hung."""
        self._send(signal.SIGCONT, self._hung)
        self._hung = []

    def stop(self) -> None:
        """End it in order; what does not end is killed."""
        if not self._process or self._process.poll() is not None:
            return
        if self._hung:
            self.resume()
        # PostgreSQL waits for its clients on SIGTERM; the others drain and end.
        self._process.send_signal(signal.SIGINT if self.user else signal.SIGTERM)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()

    def said(self) -> str:
        """What it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.is_file() else ""

    def _send(self, what: signal.Signals, pids: Sequence[int]) -> None:
        for pid in pids:
            try:
                os.kill(pid, what)
            except ProcessLookupError:
                continue
