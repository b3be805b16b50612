"""The recorded stream of the real server, replayed to the widget; and how soon a sentence is on the screen."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kompasbot.answering.answer import (
    Answer,
    Block,
    BlockKind,
    Done,
    EngineUsed,
    Event,
    Question,
    Said,
    Sentence,
    Started,
    Status,
)
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running
from tests.web.conftest import Chat
from tests.web.mockserver import MockServer, Reply
from tests.web.recording import QUESTION, final_answer, recorded

pytestmark = pytest.mark.browser

MARKERS = r"\[(\d+)\]"
WATCH = """() => { window.painted = [];
  const root = document.querySelector("kompas-chat").shadowRoot;
  const seen = new Set();
  new MutationObserver(() => {
    const fresh = [...root.querySelectorAll(".busy .said")].filter((node) => !seen.has(node));
    for (const node of fresh) seen.add(node);
    if (!fresh.length) return;
    requestAnimationFrame(() => {
      const after = new MessageChannel(); // the first task after the frame was painted
      after.port1.onmessage = () => {
        const now = performance.timeOrigin + performance.now();
        for (const node of fresh) painted.push(now - Number(node.textContent));
      };
      after.port2.postMessage(0);
    });
  }).observe(root, { childList: true, subtree: true });
}"""
SENTENCES = 40


def test_the_recorded_stream_is_shown_word_for_word(chat: Chat, server: MockServer) -> None:
    server.replies.append(Reply((recorded(),)))
    chat.ask(QUESTION)
    final = final_answer(recorded())
    sentences = [sentence for block in final["blocks"] for sentence in block["sentences"]]
    said = chat.turn.locator(".answer .said")
    assert said.count() == len(sentences) > 3
    for node, sentence in zip(said.all(), sentences, strict=True):
        shown = node.evaluate("(n) => n.textContent")
        words = sentence["text"]
        for number in sentence["citations"]:
            words = words.replace(f"[{number}]", str(number))
        assert shown.replace(" ", "") == words.replace(" ", "")
    titles = {citation["title"] for citation in final["citations"]}
    assert set(chat.turn.locator(".sources .title").all_inner_texts()) == titles
    for suggestion in final["suggestions"]:
        expect(chat.button(suggestion)).to_be_visible()


def test_the_recorded_stream_in_single_bytes_is_shown_the_same(chat: Chat, server: MockServer) -> None:
    stream = recorded()
    server.replies = [Reply((stream,)), Reply(tuple(stream[at : at + 7] for at in range(0, len(stream), 7)))]
    chat.ask(QUESTION)
    whole = chat.turn.locator(".answer").inner_text()
    chat.ask(QUESTION)
    assert chat.turn.locator(".answer").inner_text() == whole


class Ticking(Assistant):
    """Says when it says it: each sentence is the time at which it was checked, in milliseconds."""

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        sentences = []
        yield Started("tijd", Status.ANSWERED)
        for _ in range(SENTENCES):
            await asyncio.sleep(0.03)
            sentences.append(Sentence(str(time.time() * 1000)))
            yield Said(0, BlockKind.SECTION, None, False, sentences[-1])
        blocks = (Block(BlockKind.SECTION, tuple(sentences)),)
        yield Done(Answer("tijd", Status.ANSWERED, blocks, (), (), EngineUsed("extractive"), index.id))


def paint_times(page: Page, folder: Path) -> list[float]:
    """Milliseconds from the end of each sentence on a real server to its paint in the browser."""
    settings = Settings(data=folder)
    with running(make_app(settings, Ticking(settings, load_texts()))) as address:
        page.goto(f"{address}/")
        page.locator("kompas-chat .frame").wait_for()
        page.evaluate(WATCH)
        box = page.get_by_role("textbox", name="Stel je vraag")
        box.fill("Hoe laat is het?")
        box.press("Enter")
        page.get_by_role("button", name="Kopieer met bronnen").wait_for()
        found: list[float] = page.evaluate("painted")
        return found


def test_a_sentence_is_on_the_screen_within_fifty_milliseconds(browser: Browser, page: Page, tmp_path: Path) -> None:
    times = paint_times(page, tmp_path)
    assert len(times) >= SENTENCES - 2  # the last may be painted together with what follows the answer
    assert min(times) > 0
    assert statistics.median(times) <= 50
