"""A chat model behind an OpenAI-compatible endpoint, by LangChain's ``ChatOpenAI``."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

from kompasbot.breaker import Breaker
from kompasbot.chatmodel.pacing import Pace, paced
from kompasbot.chatmodel.spending import Boundless, Budget, Spent
from kompasbot.chatmodel.tokens import token_counter
from kompasbot.endpoint import EndpointFailure, failure_of, key_of, may_have_worked
from kompasbot.settings import Settings
from kompasbot.tracing import Attributes, current

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk
    from langchain_openai import ChatOpenAI

_FIRST_PAUSE: Final = 0.2
"""Seconds before the first new attempt; doubled for each next one."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A message to the model; ``role`` is ``system`` or ``user``."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the model's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The stream ended. ``finish_reason`` is None when the endpoint gave none: the text may be cut off.

    The tokens are the endpoint's own count, else an estimate.
    """

    finish_reason: str | None
    prompt_tokens: int
    completion_tokens: int


Piece = Said | Ended


class ChatModel:
    """Streams a model's answer. Safe for many conversations at a time; keeps its connections open between them."""

    def __init__(self, settings: Settings, budget: Budget | None = None) -> None:
        self._settings = settings
        self._budget = budget or Boundless()
        self.name = settings.chat_model
        self.patience = settings.chat_first_seconds
        """Seconds that a visitor waits for the first word."""
        self.breaker = Breaker(settings.chat_breaker_failures, settings.chat_breaker_seconds)
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, ChatOpenAI] = WeakKeyDictionary()

    async def stream(
        self, turns: Sequence[Turn], longest: int, spent: Spent | None = None
    ) -> AsyncGenerator[Piece, None]:
        """The model's text as it comes, at most ``longest`` tokens, and :class:`Ended` as the last piece.

        Raises :class:`EndpointFailure`. Before the first text a failure that may pass is tried again, within the
        deadline for the first text; after it, never. What every attempt cost is added to ``spent``, also when the
        stream is closed before its end.
        """
        await self._client()
        settings, began = self._settings, asyncio.get_running_loop().time()
        pace = Pace(began, settings.chat_first_seconds, settings.chat_next_seconds, settings.chat_total_seconds)
        async with aclosing(self._guarded(turns, longest, pace, spent)) as pieces:
            async for piece in pieces:
                yield piece

    async def complete(
        self, turns: Sequence[Turn], longest: int, seconds: float, retries: int = 0, spent: Spent | None = None
    ) -> tuple[str, Ended]:
        """A text at once, within ``seconds`` with all attempts; raises :class:`EndpointFailure`.

        What every attempt cost is added to ``spent``.
        """
        await self._client()
        pace = Pace(asyncio.get_running_loop().time(), seconds, seconds, seconds)
        text = ""
        async with aclosing(self._guarded(turns, longest, pace, spent, retries)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Ended):
                    return text, piece
                text += piece.text
        raise AssertionError("a stream ends with Ended")

    async def aclose(self) -> None:
        """Close the connections of the running loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.root_async_client.close()

    async def _guarded(
        self, turns: Sequence[Turn], longest: int, pace: Pace, spent: Spent | None, retries: int | None = None
    ) -> AsyncGenerator[Piece, None]:
        """One answer under the breaker."""
        if not self.breaker.allows():
            raise EndpointFailure("overgeslagen", "Het taalmodel gaf vaak fouten en wordt nu even overgeslagen.")
        settled = False
        try:
            async with aclosing(self._tried(turns, longest, pace, spent, retries)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Ended):
                        self.breaker.succeeded()
                        self._budget.ended("answered")
                        settled = True
                    yield piece
        except EndpointFailure as failure:
            _log.warning("the language model failed (%s): %s", failure.code, failure)
            self._budget.ended(failure.code)
            if failure.blames:
                self.breaker.failed()
                settled = True
            raise
        finally:
            if not settled:
                self.breaker.withdrawn()

    async def _tried(
        self, turns: Sequence[Turn], longest: int, pace: Pace, spent: Spent | None, retries: int | None
    ) -> AsyncGenerator[Piece, None]:
        """One answer, with new attempts as long as no text came."""
        left = self._settings.chat_retries if retries is None else retries
        pause, shown = _FIRST_PAUSE, False
        while True:
            try:
                async with aclosing(self._attempt(turns, longest, pace, spent)) as pieces:
                    async for piece in pieces:
                        shown = True
                        yield piece
                return
            except EndpointFailure as failure:
                wait = max(pause, failure.retry_after or 0.0)
                over = asyncio.get_running_loop().time() + wait >= pace.began + pace.first
                if shown or not failure.retryable or not left or over:
                    raise
            left, pause = left - 1, pause * 2
            await asyncio.sleep(wait)

    async def _attempt(
        self, turns: Sequence[Turn], longest: int, pace: Pace, spent: Spent | None
    ) -> AsyncGenerator[Piece, None]:
        """One call of the endpoint."""
        about: Attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": self.name,
            "gen_ai.request.max_tokens": longest,
        }
        span = current().begin(f"chat {self.name}", "CLIENT", about)
        try:
            async with aclosing(self._called(turns, longest, pace, spent)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Ended):
                        span.set(_spent(piece))
                    yield piece
        except EndpointFailure as failure:
            span.failed(failure.code)
            raise
        finally:
            span.end()

    async def _called(
        self, turns: Sequence[Turn], longest: int, pace: Pace, spent: Spent | None
    ) -> AsyncGenerator[Piece, None]:
        client = await self._client()
        messages = [(turn.role, turn.text) for turn in turns]
        prompt = token_counter(self.name).messages([turn.text for turn in turns])
        text, reason, usage, worked = "", None, None, True
        async with self._budget.call(prompt + longest) as cost:
            try:
                source = cast("AsyncGenerator[AIMessageChunk, None]", client.astream(messages, max_tokens=longest))
                paced_source = paced(source, pace, lambda chunk: bool(_text(chunk)))
                async with aclosing(source), aclosing(paced_source) as chunks:
                    async for chunk in chunks:
                        reason = chunk.response_metadata.get("finish_reason") or reason
                        usage = getattr(chunk, "usage_metadata", None) or usage
                        if _text(chunk):
                            text += _text(chunk)
                            yield Said(_text(chunk))
            except Exception as error:
                worked = may_have_worked(error)
                raise failure_of(error) from error
            finally:  # also when the reader leaves: what was asked is paid for
                if worked:
                    cost.add(self._counted(prompt, text, usage))
                if spent is not None:
                    spent.add(cost)
            if not text:
                raise EndpointFailure("leeg", "Het taalmodel gaf een leeg antwoord.", retryable=True)
            yield Ended(reason, cost.prompt, cost.completion)

    def _counted(self, prompt: int, text: str, usage: Any) -> Spent:
        """The endpoint's own count; without one, as when a stream broke off, an estimate on the safe side."""
        if usage and usage.get("output_tokens"):
            return Spent(int(usage["input_tokens"]), int(usage["output_tokens"]))
        return Spent(prompt, token_counter(self.name).count(text))

    async def _client(self) -> "ChatOpenAI":
        """The client of the running loop; connections can't be shared between loops."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            # The library takes seconds to import: not in the loop.
            await asyncio.to_thread(load_library)
            self._clients.setdefault(loop, _make_client(self._settings))
        return self._clients[loop]


def _spent(ended: Ended) -> Attributes:
    return {
        "gen_ai.usage.input_tokens": ended.prompt_tokens,
        "gen_ai.usage.output_tokens": ended.completion_tokens,
        "gen_ai.response.finish_reason": ended.finish_reason,
    }


def load_library() -> None:
    """Import the client library, which takes seconds."""
    import langchain_openai  # noqa: F401


def _make_client(settings: Settings) -> "ChatOpenAI":
    import openai
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    # Only the connection is limited here; all other deadlines are in `paced`.
    limit = openai.Timeout(settings.chat_total_seconds, connect=settings.chat_connect_seconds)
    return ChatOpenAI(
        model=settings.chat_model,
        api_key=SecretStr(key_of(settings)),
        base_url=settings.openai_base_url,
        temperature=settings.chat_temperature,
        timeout=limit,
        max_retries=0,
        stream_usage=True,
        stream_chunk_timeout=None,
        use_responses_api=False,
        http_async_client=openai.DefaultAsyncHttpxClient(timeout=limit),
    )


def _text(chunk: "AIMessageChunk") -> str:
    return chunk.content if isinstance(chunk.content, str) else ""
