"""Counts tokens: exactly where tiktoken's ranks lie on this machine, else by an estimate on the safe side.

Nothing is ever downloaded: tiktoken is asked only when ``TIKTOKEN_CACHE_DIR`` holds the ranks, whole.
"""

import hashlib
import logging
import math
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

_BYTES_PER_TOKEN: Final = 2.5
"""Dutch prose takes about 3.5 bytes a token; fewer here, so that an estimate is seldom too low."""
_PER_MESSAGE: Final = 4
"""What the frame of one message adds in the chat format."""
_RANKS: Final = {
    "o200k_base": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
"""By encoding: the name under which tiktoken keeps the ranks, and their digest."""
_log = logging.getLogger(__name__)


class TokenCounter:
    """Counts the tokens of texts; ``exact`` says whether by the model's own encoding."""

    def __init__(self, count: Callable[[str], int], exact: bool) -> None:
        self._count = count
        self.exact = exact

    def count(self, text: str) -> int:
        """The tokens of a text."""
        return self._count(text)

    def messages(self, texts: list[str]) -> int:
        """The tokens of messages with these texts."""
        return sum(self._count(text) + _PER_MESSAGE for text in texts) + _PER_MESSAGE


def estimate(text: str) -> int:
    """An estimate that is seldom too low."""
    return math.ceil(len(text.encode()) / _BYTES_PER_TOKEN)


@lru_cache(maxsize=8)
def token_counter(model: str) -> TokenCounter:
    """The counter for a model: exact when its ranks are on this machine."""
    name = _encoding_name(model)
    if not _has_ranks(name):
        _log.info("no token ranks of %s in TIKTOKEN_CACHE_DIR: tokens are estimated", name)
        return TokenCounter(estimate, exact=False)
    import tiktoken

    encoding = tiktoken.get_encoding(name)
    return TokenCounter(lambda text: len(encoding.encode(text, disallowed_special=())), exact=True)


def _encoding_name(model: str) -> str:
    """The encoding of a model; that of the present models for one that tiktoken does not know."""
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model(model)
    except KeyError:
        return "o200k_base"
    return name if name in _RANKS else "o200k_base"


def _has_ranks(name: str) -> bool:
    """Whether the ranks lie there, whole: tiktoken would download what is missing or damaged."""
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    if not folder:
        return False
    file, digest = _RANKS[name]
    try:
        return hashlib.sha256((Path(folder) / file).read_bytes()).hexdigest() == digest
    except OSError:
        return False
