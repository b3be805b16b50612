"""kill -9 in every step of an ingestion while a server answers: ``python -m tests.proof.kills [rounds]``."""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kompasbot.embedding import local_embedder
from kompasbot.store import upkeep
from tests.proof.book import Figure, run
from tests.proof.rig import Clients, Home, Served

TITLE: Final = "kill -9 in each step of an ingestion, while a server answers"
ROUNDS: Final = int(os.environ.get("PROOF_ROUNDS", "20"))
_LONGEST_DELAY: Final = 1.5


def victim(home: Home, step: str, delay: float) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.proof.victim", step, str(delay)]
    return subprocess.run(command, env=home.environment(), capture_output=True, text=True, timeout=300, check=False)


def steps_of(home: Home) -> list[str]:
    """The steps that an ingestion goes through, as it tells them itself."""
    done = victim(home, "-", 0)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def lost(home: Home, before: Sequence[str]) -> Iterator[str]:
    """What a kill cost: generations that are gone or damaged, or a pointer to nothing."""
    found = {one.id: one for one in upkeep.listed(home.index, local_embedder().name)}
    if not any(one.serving for one in found.values()):
        yield "the pointer"
    for name, one in found.items():
        if one.harm:
            yield f"{name}: {one.harm}"
    # Clean-up may have removed the oldest; all others that were there must be there.
    yield from (name for name in sorted(before)[1:] if name not in found)


def one_round(home: Home, served: Served, step: str, delay: float, number: int) -> list[str]:
    """Kill, look, and ingest again; returns what went wrong."""
    before = [one.id for one in upkeep.listed(home.index, local_embedder().name)]
    home.edit(2 * number)
    victim(home, step, delay)
    wrong = [f"lost after {step}: {one}" for one in lost(home, before)]
    home.edit(2 * number + 1)
    again = home.run("ingest")
    if again.returncode:
        wrong.append(f"the run after {step} failed: {again.stderr[-300:]}")
    else:
        served.follows(home.current())
    return wrong


def measure(rounds: int = ROUNDS) -> list[Figure]:
    chance = random.Random(3)
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        home.edit(0)
        steps = steps_of(home)
        wrong: list[str] = []
        number = 0
        with home.serving() as served, Clients(served, 1, pause=0.02) as clients:
            for step in steps:
                for round_ in range(rounds):
                    number += 1
                    # Half of them at the very start of the step, half somewhere in it.
                    delay = 0.0 if round_ % 2 == 0 else chance.uniform(0, _LONGEST_DELAY)
                    wrong += one_round(home, served, step, delay, number)
                print(f"   {step}: {rounds} kills", flush=True)
            left = [path.name for path in home.index.glob("*.tmp")]
        failed = len(clients.failures)
    for one in [*wrong, *clients.failures[:5]]:
        print(f"   {one}", flush=True)
    return [
        Figure(
            f"kills, {rounds} in each of {len(steps)} steps ({', '.join(steps)})", "20 each", str(number), rounds >= 20
        ),
        Figure("requests that failed meanwhile", f"0 of {clients.asked}", str(failed), failed == 0),
        Figure("lost generations and failed next runs", "0", str(len(wrong)), not wrong),
        Figure("folders left behind at the end", "0", str(len(left)), not left),
    ]


if __name__ == "__main__":
    sys.exit(run(["kills"]))
