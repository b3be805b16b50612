"""What grows with the number of passages: ingesting, searching, answering, memory; beside it a plain pipeline of
LangChain and Chroma with the same embedder over the same texts, asked the same questions in the same run.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from kompasbot.retrieval.index import open_index
from kompasbot.settings import Settings
from tests.compare import Plain
from tests.proof.library import Library
from tests.proof.rig import Home, Served, megabytes

_QUESTIONS: Final = 100


@dataclass(frozen=True)
class Size:
    """The figures at one number of passages; times in seconds, or milliseconds where they are of one question."""

    passages: int
    ingest: float
    again: float
    plain_build: float
    ready: float
    memory: float
    search: float
    chat: float
    own_in_process: float
    plain_in_process: float

    @property
    def ratio(self) -> float:
        """Our time of a search to the plain pipeline's, both in one process."""
        return self.own_in_process / self.plain_in_process


def measure(folder: Path, passages: int) -> Size:
    """Ingest, serve and ask a corpus of so many passages."""
    home = Home(folder)
    home.edit(0)
    Library().write(home.corpus / "boeken", passages)
    ingest = timed(lambda: home.must("ingest", timeout=3600))
    again = timed(lambda: home.must("ingest", timeout=3600))
    questions = asked()
    with home.serving() as served:
        search = middle(lambda text: served.client.get("/v1/search", params={"q": text}).raise_for_status(), questions)
        chat = middle(served.ask, questions)
        ready, memory = served.ready, memory_of(served)
    index = open_index(Settings(data=home.data))
    try:
        built: list[Plain] = []
        plain_build = timed(lambda: built.append(Plain.build(folder / "plain", index.knowledge)))
        own, plain = map(statistics.median, in_turn((index.search, built[0].search), questions))
        number = len(index.knowledge.passages)
    finally:
        index.close()
    return Size(number, ingest, again, plain_build, ready, memory, search, chat, own, plain)


def memory_of(served: Served) -> float:
    """Megabytes of a server that runs as one process."""
    return megabytes(served.pid)


def asked(number: int = _QUESTIONS) -> list[str]:
    """Questions of words that people use, no two the same."""
    from wordfreq import top_n_list

    words = [word for word in top_n_list("nl", 8_000) if word.isalpha() and len(word) > 4]
    chance = Random(2)
    return [f"hoe werkt {' en '.join(chance.sample(words, 3))}" for _ in range(number)]


def timed(act: Callable[[], object]) -> float:
    """The seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def in_turn(asks: Sequence[Callable[[str], object]], questions: Sequence[str]) -> list[list[float]]:
    """The milliseconds of each question to each of several, asked in turn after a round that warms them up.

    In turn, and each of them first as often, because whatever else works meanwhile (Chroma goes on for a while after it
    is built) then takes as much from one as from the other.
    """
    times: list[list[float]] = [[] for _ in asks]
    for warm in (True, False):
        for at, question in enumerate(questions):
            for turn in range(len(asks)):
                one = (at + turn) % len(asks)
                taken = timed(lambda ask=asks[one], text=question: ask(text)) * 1e3  # type: ignore[misc]
                if not warm:
                    times[one].append(taken)
    return times


def middle(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    """The median time of a question in milliseconds."""
    return statistics.median(timed(lambda text=text: ask(text)) for text in questions) * 1e3  # type: ignore[misc]
