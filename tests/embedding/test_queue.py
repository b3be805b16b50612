"""The queue beside the event loop: who gets a vector, who goes by words alone, and who is told."""

import asyncio
from collections.abc import Iterator
from threading import Event

import numpy as np
import pytest

from kompasbot.embedding import EmbeddingQueue, LocalEmbedder, Outcome, Vector
from kompasbot.errors import UpstreamError
from kompasbot.settings import Settings


class Slow(LocalEmbedder):
    """Gives a vector when it is let go."""

    def __init__(self) -> None:
        self.go = Event()
        self.embedded: list[str] = []

    def at_once(self, text: str) -> Vector | None:
        return super().embed_question(text) if text == "bekend" else None

    def embed_question(self, text: str) -> Vector:
        assert self.go.wait(20)
        self.embedded.append(text)
        if text == "storing":
            raise UpstreamError("weg")
        return super().embed_question(text)


@pytest.fixture
def told() -> list[Outcome]:
    return []


@pytest.fixture
def queue(told: list[Outcome]) -> Iterator[EmbeddingQueue]:
    made = EmbeddingQueue(threads=1, places=2, told=told.append)
    yield made
    made.close()


def test_when_the_queue_is_full_words_decide_and_it_is_told(
    queue: EmbeddingQueue, told: list[Outcome], caplog: pytest.LogCaptureFixture
) -> None:
    slow = Slow()

    async def asked() -> list[Vector | None]:
        inside = [asyncio.create_task(queue.embed_question(slow, f"vraag {at}")) for at in range(3)]
        await asyncio.sleep(0)
        assert await queue.embed_question(slow, "een te veel") is None
        assert await queue.embed_question(slow, "bekend") is not None
        slow.go.set()
        return await asyncio.gather(*inside)

    vectors = asyncio.run(asked())
    assert told == [Outcome.FULL, Outcome.AT_ONCE, *[Outcome.EMBEDDED] * 3]
    assert "by words alone" in caplog.text
    assert [
        bool(np.array_equal(one, LocalEmbedder().embed_question(f"vraag {at}")))
        for at, one in enumerate(vectors)
        if one is not None
    ] == [True] * 3


def test_an_endpoint_that_fails_leaves_the_words_and_it_is_told(queue: EmbeddingQueue, told: list[Outcome]) -> None:
    slow = Slow()
    slow.go.set()
    assert asyncio.run(queue.embed_question(slow, "storing")) is None
    assert told == [Outcome.FAILED]


def test_a_vector_that_takes_too_long_leaves_the_words_and_gives_its_place_back(told: list[Outcome]) -> None:
    slow = Slow()
    queue = EmbeddingQueue(threads=1, places=1, told=told.append, seconds=0.05)

    async def asked() -> None:
        assert await asyncio.gather(*(queue.embed_question(slow, text) for text in "ab")) == [None, None]
        slow.go.set()
        while await queue.embed_question(slow, "c") is None:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(asked(), 20))
    queue.close()
    assert told[:2] == [Outcome.LATE] * 2
    assert "b" not in slow.embedded


def test_a_visitor_who_leaves_the_queue_gives_the_place_to_another(queue: EmbeddingQueue) -> None:
    slow = Slow()

    async def asked() -> Vector | None:
        inside = [asyncio.create_task(queue.embed_question(slow, f"vraag {at}")) for at in range(3)]
        await asyncio.sleep(0)
        inside[2].cancel()
        await asyncio.gather(inside[2], return_exceptions=True)
        last = asyncio.create_task(queue.embed_question(slow, "de laatste"))
        await asyncio.sleep(0)
        slow.go.set()
        return await last

    assert asyncio.run(asked()) is not None
    assert slow.embedded == ["vraag 0", "vraag 1", "de laatste"]


def test_a_place_is_free_again_after_the_loop_that_took_it_has_ended(queue: EmbeddingQueue) -> None:
    slow = Slow()
    slow.go.set()
    for at in range(8):
        assert asyncio.run(queue.embed_question(slow, f"vraag {at}")) is not None


def test_the_processes_of_one_machine_share_its_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(EmbeddingQueue, "__init__", lambda self, threads, **_: made.append(threads))
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)))
    for settings in (Settings(workers=8), Settings(workers=4), Settings(workers=1)):
        EmbeddingQueue.of(settings)
    assert made == [1, 2, 4]
