"""Vectors of visitors' questions, computed beside the event loop: by a few threads, with a few places to wait."""

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from threading import Semaphore
from typing import Final

from kompasbot.embedding.local import QuestionEmbedder, Vector
from kompasbot.errors import UpstreamError
from kompasbot.settings import Settings
from kompasbot.tracing import stretch

PLACES: Final = 32
"""Questions that may wait: the last of them gets its turn within a second, at 30 ms of two processors each."""
_MOST_THREADS: Final = 4
_TO_ENDPOINT: Final = 16
"""Threads that wait for an endpoint take no processor."""
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a question's vector; the values are labels of a metric and an attribute in traces."""

    AT_ONCE = "at_once"
    EMBEDDED = "embedded"
    FULL = "full"
    LATE = "late"
    FAILED = "failed"


class EmbeddingQueue:
    """The queue of one process. ``told`` hears what became of each question, in the event loop; none waits longer than
    ``seconds``.
    """

    def __init__(
        self,
        threads: int = 1,
        places: int = PLACES,
        told: Callable[[Outcome], None] = lambda _outcome: None,
        seconds: float = 2.0,
    ) -> None:
        self._threads = ThreadPoolExecutor(threads, "kompasbot-embedding")
        self._places = Semaphore(threads + places)
        self._told = told
        self._seconds = seconds

    @classmethod
    def of(cls, settings: Settings, told: Callable[[Outcome], None] = lambda _outcome: None) -> "EmbeddingQueue":
        """With as many threads as this process has processors for itself, or more for an endpoint."""
        if settings.embeds_by_endpoint:
            return cls(_TO_ENDPOINT, told=told, seconds=settings.embedding_seconds)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        threads = max(1, min(_MOST_THREADS, cores // settings.workers))
        return cls(threads, told=told, seconds=settings.embedding_seconds)

    async def embed_question(self, embedder: QuestionEmbedder, text: str) -> Vector | None:
        """The vector of a question; None when the queue is full, the vector does not come in time or the endpoint gives
        none: words decide then.
        """
        vector = embedder.at_once(text)
        if vector is not None:
            self._told(Outcome.AT_ONCE)
            return vector
        with stretch("embed the question") as span:
            outcome, vector = await self._queued(embedder, text)
            span.set({"kompasbot.embedding": outcome.value})
        self._told(outcome)
        return vector

    async def _queued(self, embedder: QuestionEmbedder, text: str) -> tuple[Outcome, Vector | None]:
        if not self._places.acquire(blocking=False):
            _log.warning("searching by words alone: too many questions wait for their vectors")
            return Outcome.FULL, None
        work = self._threads.submit(embedder.embed_question, text)
        # A place is taken until the work ends, also when its visitor has left: a thread can't be stopped.
        work.add_done_callback(lambda _work: self._places.release())
        try:
            return Outcome.EMBEDDED, await asyncio.wait_for(asyncio.wrap_future(work), self._seconds)
        except TimeoutError:
            _log.warning("searching by words alone: a vector takes more than %g seconds", self._seconds)
            return Outcome.LATE, None
        except UpstreamError as error:
            _log.warning("searching by words alone: %s", error)
            return Outcome.FAILED, None

    def close(self) -> None:
        """Drop what waits; what runs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)
