"""Twenty switches while four clients ask: ``python -m tests.proof.switches``."""

import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.proof.book import Figure, run
from tests.proof.rig import Clients, Home, megabytes

TITLE: Final = "Twenty switches under four clients"
SWITCHES: Final = 20
_WARM: Final = 4
"""Switches before memory and descriptors are first read: allocators grow at first."""


def measure(switches: int = SWITCHES) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        for number in (0, 1):
            home.edit(number)
            home.must("ingest")
        newest, oldest = home.current(), _other(home)
        memory: list[float] = []
        descriptors: list[int] = []
        with home.serving() as served, Clients(served, 4) as clients:
            for number in range(_WARM + switches):
                wanted = oldest if number % 2 == 0 else newest
                home.must("index", "activate", wanted)
                served.follows(wanted)
                memory.append(megabytes(served.pid))
                descriptors.append(served.descriptors())
        failed = len(clients.failures)
    for one in clients.failures[:5]:
        print(f"   {one}", flush=True)
    growth = (memory[-1] - memory[_WARM - 1]) / switches
    more = max(descriptors[-4:]) - max(descriptors[_WARM - 1 : _WARM + 3])
    return [
        Figure(
            f"requests that failed during {_WARM + switches} switches", f"0 of {clients.asked}", str(failed), not failed
        ),
        Figure("growth of memory a switch", "≤ 5 MB", f"{growth:.2f} MB", growth <= 5),
        Figure("growth of open descriptors over all", "≤ 2", str(more), more <= 2),
    ]


def _other(home: Home) -> str:
    """The generation that does not serve."""
    return next(one.name for one in home.index.iterdir() if one.is_dir() and one.name != home.current())


if __name__ == "__main__":
    sys.exit(run(["switches"]))
