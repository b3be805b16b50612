"""The prompts for the language model, one typed function each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.answer import Message
from kompasbot.chatmodel import Turn
from kompasbot.prompts import Prompt, load_prompt

_LIKE_A_SOURCE: Final = re.compile(r"^(\W*)\[(\s*\w*\s*\d+\s*)\]", re.MULTILINE)
_TAG: Final = re.compile(r"<(/?)(vraag|gesprek|laatste-vraag|bron|zin)\s*>", re.IGNORECASE)
_NORMAL: Final = "Schrijf hooguit acht zinnen."
_SHORT: Final = "De bezoeker wil het kort: schrijf hooguit twee zinnen."
_NAMES: Final = {"user": "Bezoeker", "assistant": "Kompasbot"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A filled-in prompt: the messages, and the digest of the file they come from."""

    turns: tuple[Turn, ...]
    digest: str


def answer_prompt(sources: Sequence[tuple[str, str]], question: str, connecting: Sequence[str], short: bool) -> Asked:
    """Ask for an answer. ``sources`` are titles and texts in the order of their numbers; ``connecting`` the sentences
    that need no source.
    """
    prompt = load_prompt("antwoord", frozenset({"bronnen", "vraag", "verbindingen", "lengte"}))
    blocks = [f"[{number}] {_one_line(title)}\n{harmless(text)}" for number, (title, text) in enumerate(sources, 1)]
    return _asked(
        prompt,
        bronnen="\n\n".join(blocks),
        vraag=harmless(question),
        verbindingen=" ".join(connecting),
        lengte=_SHORT if short else _NORMAL,
    )


def follow_up_prompt(history: Sequence[Message], question: str) -> Asked:
    """Ask for the last question in words that need no conversation."""
    prompt = load_prompt("vervolgvraag", frozenset({"gesprek", "vraag"}))
    told = "\n".join(f"{_NAMES.get(one.role, one.role)}: {harmless(one.content)}" for one in history)
    return _asked(prompt, gesprek=told, vraag=harmless(question))


def second_opinion_prompt(sentence: str, source: str) -> Asked:
    """Ask whether a source supports a sentence."""
    prompt = load_prompt("tweede_mening", frozenset({"zin", "bron"}))
    return _asked(prompt, zin=harmless(sentence), bron=harmless(source))


def harmless(text: str) -> str:
    """A text that can't pass for a source's first line, nor for the end of the place where it stands."""
    return _TAG.sub(r"(\1\2)", _LIKE_A_SOURCE.sub(r"\1(\2)", text))


def _one_line(text: str) -> str:
    return " ".join(harmless(text).split())


def _asked(prompt: Prompt, **fields: str) -> Asked:
    told, given = prompt.fill(**fields)
    return Asked((Turn("system", told), Turn("user", given)), prompt.digest)
