"""What the routes share: settings, the open index, the assistant and the records."""

import asyncio
from dataclasses import dataclass

from kompasbot.answering.assistant import Assistant
from kompasbot.embedding import EmbeddingQueue
from kompasbot.records.store import Records
from kompasbot.retrieval.index import Index
from kompasbot.server.guard.admission import Admission
from kompasbot.server.guard.counters import Counters
from kompasbot.server.guard.limiter import Limiter
from kompasbot.server.metrics import Meters
from kompasbot.settings import Settings
from kompasbot.store.live import Live
from kompasbot.tracing import Traces


@dataclass(frozen=True, slots=True)
class State:
    """Set once when the app is made."""

    settings: Settings
    live: Live[Index]
    assistant: Assistant
    records: Records
    meters: Meters
    counters: Counters
    limiter: Limiter
    admission: Admission
    embedding: EmbeddingQueue
    traces: Traces | None = None

    async def aclose(self) -> None:
        """Write down what waits and let go of the servers; the index and the assistant are their makers'."""
        self.embedding.close()
        await asyncio.to_thread(self.records.close)
        await self.counters.close()
        if self.traces:
            await asyncio.to_thread(self.traces.close)
