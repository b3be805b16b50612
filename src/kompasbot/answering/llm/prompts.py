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
_ENGLISH: Final = (
    "De bezoeker vraagt het in het Engels: antwoord in het Engels, en zet achter elke Engelse zin, op dezelfde regel, "
    "de Nederlandse zin die hij vertaalt, zo: This helps schools. || Dat helpt scholen. [2] Doe dat ook bij een zin "
    "zonder bronnummer, over wat de bronnen niet zeggen."
)
_NAMES: Final = {"user": "Bezoeker", "assistant": "Kompasbot"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A source as the model sees it: its title, what stands beside it (date, links) and its text."""

    title: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A filled-in prompt: the messages, and the digest of the file they come from."""

    turns: tuple[Turn, ...]
    digest: str


def answer_prompt(
    sources: Sequence[Shown],
    best: Sequence[int],
    history: Sequence[Message],
    asked: str,
    reworded: str,
    connecting: Sequence[str],
    *,
    short: bool = False,
    english: bool = False,
) -> Asked:
    """Ask for an answer. ``sources`` stand in the order of their numbers, ``best`` are the numbers that fit best;
    ``reworded`` is the question in words that need no conversation, ``connecting`` the sentences that need no source.

    What changes with the question stands last, so that an endpoint can keep what it made of the rest.
    """
    names = {"bronnen", "gesprek", "vraag", "herschreven", "beste", "verbindingen", "lengte", "taal"}
    prompt = load_prompt("antwoord", frozenset(names))
    blocks = [f"[{at}] {_head(source)}\n{harmless(source.text)}" for at, source in enumerate(sources, 1)]
    same = " ".join(reworded.split()) == " ".join(asked.split())
    return _asked(
        prompt,
        bronnen="\n\n".join(blocks),
        gesprek=_conversation(history) or "(niets)",
        vraag=harmless(asked),
        herschreven="" if same else f"Zonder het gesprek luidt die vraag waarschijnlijk zo: {_one_line(reworded)}\n\n",
        beste="".join(f"[{number}]" for number in best) or "(onbekend)",
        verbindingen=" ".join(connecting),
        lengte=_SHORT if short else _NORMAL,
        taal=_ENGLISH if english else "",
    )


def _head(source: Shown) -> str:
    return _one_line(f"{source.title} ({source.about})" if source.about else source.title)


def _conversation(history: Sequence[Message]) -> str:
    return "\n".join(f"{_NAMES.get(one.role, one.role)}: {harmless(one.content)}" for one in history)


def follow_up_prompt(history: Sequence[Message], question: str) -> Asked:
    """Ask for the last question in words that need no conversation."""
    prompt = load_prompt("vervolgvraag", frozenset({"gesprek", "vraag"}))
    return _asked(prompt, gesprek=_conversation(history), vraag=harmless(question))


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
