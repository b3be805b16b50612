"""Asks an assistant that has a language model."""

import asyncio
from typing import Any

from kompasbot.answering.answer import Answer, Done, Event, Message, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings
from tests.shelf import index

QUICK: dict[str, Any] = {
    "chat_connect_seconds": 0.8,
    "chat_first_seconds": 1.2,
    "chat_next_seconds": 0.5,
    "chat_total_seconds": 3.0,
    "chat_condense_seconds": 0.6,
    "chat_retries": 2,
}


def bot(url: str, **more: Any) -> Assistant:
    """An assistant with a model at this address and short deadlines."""
    return Assistant(Settings(openai_base_url=url, **(QUICK | more)), load_texts())


async def events_of(
    assistant: Assistant, *messages: str, engine: str = "auto", over: Index | None = None
) -> list[Event]:
    """All events of the answer; fails when a task is left behind."""
    roles = ("user", "assistant")
    turns = tuple(Message(roles[at % 2], text) for at, text in enumerate(messages))
    try:
        events = [event async for event in assistant.events(over or index(), Question(turns, None, engine))]
    finally:
        await assistant.aclose()
    await asyncio.sleep(0.02)
    assert asyncio.all_tasks() == {asyncio.current_task()}, "a task is left behind"
    return events


def ask(assistant: Assistant, *messages: str, engine: str = "auto", over: Index | None = None) -> Answer:
    """The answer."""

    async def run() -> Answer:
        events = await events_of(assistant, *messages, engine=engine, over=over)
        last = events[-1]
        assert isinstance(last, Done)
        return last.answer

    return asyncio.run(run())


def told(answer: Answer) -> list[str]:
    """The sentences of an answer with their markers."""
    return [sentence.text for block in answer.blocks for sentence in block.sentences]
