"""Tries the endpoint with one short question, for ``kompasbot doctor``."""

import asyncio
import time
from typing import Final

from kompasbot.chatmodel.model import ChatModel, Turn, load_library
from kompasbot.settings import Settings

_TOKENS: Final = 16
_QUESTION: Final = (Turn("system", "Antwoord met één woord."), Turn("user", "Werk je?"))


def probe(settings: Settings) -> float:
    """The seconds until the model answered; raises :class:`EndpointFailure` after at most its deadline."""
    load_library()
    return asyncio.run(_probe(ChatModel(settings)))


async def _probe(model: ChatModel) -> float:
    began = time.monotonic()
    try:
        await model.complete(_QUESTION, _TOKENS, model.patience)
    finally:
        await model.aclose()
    return time.monotonic() - began
