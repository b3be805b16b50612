"""What happens to running answers when the server stops."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import ExitStack

import httpx

from kompasbot.answering.answer import Event, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running


class Unhurried(Assistant):
    """Takes a second for an answer."""

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        async for event in super().events(index, question):
            yield event
            await asyncio.sleep(0.3)


def test_an_answer_that_runs_when_the_server_stops_is_finished(settings: Settings) -> None:
    bot = Unhurried(settings, load_texts())
    body = {"messages": [{"role": "user", "content": "Wat is de Kieswijzer?"}], "stream": True}
    with ExitStack() as stack:
        address = stack.enter_context(running(make_app(settings, bot), timeout_graceful_shutdown=10))
        with httpx.Client(timeout=10) as client, client.stream("POST", f"{address}/v1/chat", json=body) as response:
            parts = response.iter_text()
            text = next(parts)
            stopping = threading.Thread(target=stack.close)
            stopping.start()
            text += "".join(parts)
        stopping.join()
    assert "event: done" in text
