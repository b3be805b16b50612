"""Whatever the endpoint does: a complete answer, or one that says that it is not complete, within its deadline."""

import asyncio
import time

import pytest

from kompasbot.answering.answer import Answer, Status
from kompasbot.prompts import load_texts
from tests.llm.faults import FALLBACK, FIRST, UNFINISHED
from tests.llm.scripted import Call, saying, serving
from tests.llm.talk import QUICK, ask, bot, told

ASKED = "Hoe kies ik lesmateriaal?"
SLACK = 1.5


def timed(url: str, **more: object) -> Answer:
    """The answer, which must be there within the deadline; leaves no task behind (see ``ask``)."""
    began = time.monotonic()
    answer = ask(bot(url, **more), ASKED)
    assert time.monotonic() - began < QUICK["chat_total_seconds"] + SLACK
    return answer


@pytest.mark.parametrize("fault", FALLBACK)
def test_a_fault_before_the_first_sentence_gives_the_extractive_answer(fault: str) -> None:
    address, reason = FALLBACK[fault]
    with address() as url:  # type: ignore[attr-defined]
        answer = timed(url)
    assert answer.status is Status.ANSWERED
    assert answer.complete
    assert answer.citations
    assert answer.engine.name == "extractive"
    assert reason in str(answer.engine.fallback_reason)
    assert answer.usage is None


@pytest.mark.parametrize("fault", UNFINISHED)
def test_a_fault_after_it_keeps_what_was_shown_and_says_so(fault: str) -> None:
    script, notice = UNFINISHED[fault]
    with serving(script) as server:
        answer = timed(server.url)
        assert len(server.calls) == 1, "never tried again after the first sentence"
    assert told(answer) == [FIRST, load_texts().get(notice)]
    assert not answer.complete
    assert answer.engine.name == "llm"


def test_a_failure_that_passes_is_tried_again() -> None:
    async def script(call: Call) -> None:
        await (call.error(500) if len(server.calls) < 3 else saying(FIRST)(call))

    with serving(script) as server:
        answer = ask(bot(server.url), ASKED)
        assert len(server.calls) == 3
    assert told(answer) == [FIRST]
    assert answer.complete


def test_a_short_retry_after_is_waited_for() -> None:
    times: list[float] = []

    async def script(call: Call) -> None:
        times.append(time.monotonic())
        await (call.error(429, "retry-after: 0.4") if len(times) == 1 else saying(FIRST)(call))

    with serving(script) as server:
        assert ask(bot(server.url), ASKED).engine.name == "llm"
    assert times[1] - times[0] >= 0.4


def test_an_endless_answer_ends_at_the_deadline_for_all() -> None:
    async def script(call: Call) -> None:
        await call.begin()
        await call.say(FIRST)
        while True:
            await call.say(" en")
            await asyncio.sleep(0.02)

    with serving(script) as server:
        began = time.monotonic()
        answer = ask(bot(server.url, chat_total_seconds=1.0), ASKED)
    assert time.monotonic() - began < 2.5
    assert told(answer)[0] == FIRST
    assert not answer.complete


def test_an_answer_cut_off_at_its_longest_says_so_and_shows_no_half_sentence() -> None:
    with serving(saying(FIRST, " De Kieswijzer geeft", finish="length")) as server:
        answer = ask(bot(server.url), ASKED)
    assert told(answer) == [FIRST, load_texts().get("melding.afgekapt")]


def test_an_endpoint_that_keeps_failing_is_skipped_and_tried_again_later() -> None:
    healthy = False

    async def script(call: Call) -> None:
        await (saying(FIRST)(call) if healthy else call.error(401))

    with serving(script) as server:
        assistant = bot(server.url, chat_breaker_failures=2, chat_breaker_seconds=3)
        for _ in range(3):
            ask(assistant, ASKED)
        skipped = ask(assistant, ASKED)
        assert len(server.calls) == 2
        assert "overgeslagen" in str(skipped.engine.fallback_reason)
        healthy = True
        limit = time.monotonic() + 30
        while ask(assistant, ASKED).engine.name != "llm" and time.monotonic() < limit:
            time.sleep(0.2)
        assert ask(assistant, ASKED).engine.name == "llm"
