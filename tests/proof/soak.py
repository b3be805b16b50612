"""Ten minutes of questions with ten index switches: ``python -m tests.proof.soak [seconds]``."""

import asyncio
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.load import Load, storm
from tests.proof.book import Figure, run
from tests.proof.running import REQUESTS, Running, serving
from tests.proof.trend import trend

TITLE: Final = "Soak: questions and index switches for ten minutes"
_SWITCHES: Final = 10
_WARM: Final = 3
"""The first of the switches, not counted: old generations are kept until there are three."""
_TOLERANCE: Final = 0.5
"""Megabytes a switch that are not told from none: it would take weeks of daily switches to notice."""


@dataclass
class Seen:
    """What the server took after each switch: megabytes (the median of some seconds), open files."""

    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)


def measure(seconds: float = 600) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as running:
        return asyncio.run(_soak(running, seconds))


async def _soak(running: Running, seconds: float) -> list[Figure]:
    seen, load, done = Seen(), Load(), asyncio.Event()
    asking = asyncio.create_task(_ask(running, load, done))
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(_SWITCHES):
        await asyncio.to_thread(_republish, running, number)
        ends = began + seconds * (number + 1) / _SWITCHES
        await asyncio.sleep(max(0.0, ends - loop.time() - 10))
        memory = []
        while loop.time() < ends:
            memory.append(running.memory())
            await asyncio.sleep(1)
        seen.memory.append(statistics.median(memory or [running.memory()]))
        seen.files.append(running.descriptors())
        print(f"switch {number + 1}: {seen.memory[-1]:.1f} MB, {seen.files[-1]} files open", flush=True)
    took = loop.time() - began
    done.set()
    await asking
    failed = sum(load.broken.values()) + sum(len(one) for status, one in load.times.items() if status != 200)
    served = running.log.read_text().count(" serves") - 1
    return [
        Figure(
            f"errors in {took:.0f} s with {served} index switches",
            f"0, {_SWITCHES} switches",
            f"{failed} of {load.count()}",
            not failed and served == _SWITCHES,
        ),
        *_flat(seen),
    ]


async def _ask(running: Running, load: Load, done: asyncio.Event) -> None:
    """Forty questions a second until it is over, over connections that are made anew now and then."""
    while not done.is_set():
        load.add(await storm(running.port, REQUESTS, 8, 10, rate=40))


def _flat(seen: Seen) -> list[Figure]:
    grown = trend(seen.memory[_WARM:])
    told = f"{grown.slope:+.2f} MB a switch (95 %: {grown.low:+.2f} to {grown.high:+.2f}), {seen.memory[-1]:.0f} MB"
    files = max(seen.files[-3:]) - max(seen.files[_WARM : _WARM + 3])
    wanted = f"0 within noise (≤ {_TOLERANCE} MB a switch)"
    return [
        Figure("growth of memory", wanted, told, grown.is_flat(_TOLERANCE)),
        Figure("growth of open files", "≤ 2", f"{files:+d}, {seen.files[-1]} open", files <= 2),
    ]


def _republish(running: Running, number: int) -> None:
    """Change one term and ingest."""
    terms = running.home.corpus / "begrippen.yaml"
    with terms.open("a", encoding="utf-8") as file:
        file.write(f"\nproefwoord{number}: [zoveelste{number}]\n")
    running.home.must("ingest")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for figure in measure(float(sys.argv[1])):
            print(figure)
    else:
        sys.exit(run(["soak"]))
