"""kill -9 in every step of an ingestion while a server answers: ``python -m tests.proof.kills [rounds]``."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kompasbot.embedding import local_embedder
from kompasbot.fetching.shelf import Shelf
from kompasbot.store import upkeep
from tests.fetching.website import Handler, website
from tests.proof.book import Figure, run
from tests.proof.rig import Clients, Home, Served
from tests.proof.victim import ALL

TITLE: Final = "kill -9 in each step of an ingestion, while a server answers"
ROUNDS: Final = int(os.environ.get("PROOF_ROUNDS", "20"))
_LONGEST_DELAY: Final = 1.5
_PAGES: Final = 3


def victim(home: Home, step: str, delay: float, killed: str = "alleen") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.proof.victim", step, str(delay), killed]
    return subprocess.run(
        command,
        env=home.environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        start_new_session=True,
    )


@contextmanager
def linked_pages(folder: Path) -> Iterator[Home]:
    """A home whose factsheet links to pages of a website, slow ones that say something else each time."""
    with website() as site:

        def page(handler: Handler) -> None:
            time.sleep(0.15)
            body = f"<html><body><main><h1>Lijm</h1><p>Lijm houdt {len(site.seen)} dagen.</p></main></body></html>"
            handler.reply(200, body.encode(), content_type="text/html; charset=utf-8")

        paths = [f"/bladzijde/{number}" for number in range(_PAGES)]
        site.pages.update(dict.fromkeys(paths, page))
        home = Home(folder, {"WEBSITE": str(site.port)}, [site.url(path) for path in paths])
        home.edit(0)
        yield home


def steps_of(home: Home) -> list[str]:
    """The steps that an ingestion goes through, as it tells them itself."""
    done = victim(home, "-", 0)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def lost(home: Home, before: Sequence[str]) -> Iterator[str]:
    """What a kill cost: generations that are gone or damaged, a pointer to nothing, copies of linked documents."""
    found = {one.id: one for one in upkeep.listed(home.index, local_embedder().name)}
    if not any(one.serving for one in found.values()):
        yield "the pointer"
    for name, one in found.items():
        if one.harm:
            yield f"{name}: {one.harm}"
    shelf = Shelf(home.data / "links")
    records = shelf.load()
    yield from (f"the copy of {url}" for url in home.links if url not in records or not shelf.copy(records[url]))
    # Clean-up may have removed the oldest; all others that were there must be there.
    yield from (name for name in sorted(before)[1:] if name not in found)


def one_round(home: Home, served: Served, step: str, delay: float, number: int) -> list[str]:
    """Kill, look, and ingest again; returns what went wrong."""
    before = [one.id for one in upkeep.listed(home.index, local_embedder().name)]
    home.edit(2 * number)
    died = victim(home, step, delay, ALL if number % 4 < 2 else "alleen")
    wrong = [f"lost after {step}: {one}" for one in lost(home, before)]
    if died.returncode not in (0, -signal.SIGKILL):
        wrong.append(f"{step} ended by itself with {died.returncode}: {died.stderr[-300:]}")
    home.edit(2 * number + 1)
    again = home.run("ingest")
    if again.returncode:
        wrong.append(f"the run after {step} failed: {again.stderr[-300:]}")
    else:
        served.follows(home.current())
    return wrong


@dataclass
class Lane:
    """What came of the rounds of one home; several homes are killed side by side, as many as there are processors."""

    kills: int = 0
    asked: int = 0
    failures: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def _lane(steps: Sequence[str], rounds: int) -> Lane:
    """Kill so many times in each of these steps of a home, while its server answers."""
    lane, chance = Lane(), random.Random(steps[0])
    with tempfile.TemporaryDirectory() as name, linked_pages(Path(name)) as home:
        steps_of(home)
        with home.serving() as served, Clients(served, 1, pause=0.05) as clients:
            for step in steps:
                for round_ in range(rounds):
                    lane.kills += 1
                    # Half of them at the very start of the step, half somewhere in it.
                    delay = 0.0 if round_ % 2 == 0 else chance.uniform(0, _LONGEST_DELAY)
                    lane.wrong += one_round(home, served, step, delay, lane.kills)
                print(f"   {step}: {rounds} kills", flush=True)
            lane.left = [str(path) for path in home.data.rglob("*.tmp")]
        lane.asked, lane.failures = clients.asked, clients.failures
    return lane


def measure(rounds: int = ROUNDS) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name, linked_pages(Path(name)) as home:
        steps = steps_of(home)
    number = os.cpu_count() or 1
    with ThreadPoolExecutor(number) as pool:
        lanes = list(pool.map(lambda at: _lane(steps[at::number], rounds), range(number)))
    kills, asked = sum(lane.kills for lane in lanes), sum(lane.asked for lane in lanes)
    failures = [one for lane in lanes for one in lane.failures]
    wrong, left = [one for lane in lanes for one in lane.wrong], [one for lane in lanes for one in lane.left]
    for one in [*wrong, *failures[:5], *left]:
        print(f"   {one}", flush=True)
    return [
        Figure(
            f"kills, {rounds} in each of {len(steps)} steps ({', '.join(steps)})", "20 each", str(kills), rounds >= 20
        ),
        Figure("requests that failed meanwhile", f"0 of {asked}", str(len(failures)), not failures),
        Figure("lost generations and failed next runs", "0", str(len(wrong)), not wrong),
        Figure("drafts left behind at the end", "0", str(len(left)), not left),
    ]


if __name__ == "__main__":
    sys.exit(run(["kills"]))
