"""Where expected questions are thin, and drafts for what is thin by a language model, batch by batch."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from ingest.drafts import DRAFTS_FILE, load_drafts, save_drafts, without
from ingest.questions import ENOUGH_QUESTIONS, Expected
from kompasbot.errors import UpstreamError
from kompasbot.knowledge import Item, ItemType
from kompasbot.prompts import load_prompt

ENOUGH_TERMS: Final = 12
WANTED_QUESTIONS: Final = 24
WANTED_TERMS: Final = 16
LONGEST_ANSWER: Final = 8_000
"""Tokens of an answer to one batch at the most: about three times what it takes."""
_BATCH: Final = 3
_LONGEST_TEXT: Final = 3_000
_LONGEST_QUESTION: Final = 240
_LONGEST_TERM: Final = 60
_CHARACTERS_A_TOKEN: Final = 3
_JSON: Final = re.compile(r"\{.*\}", re.DOTALL)

Draft = Callable[[str, str], str]
"""Asks the language model: what it is told and what it is given to its text; raises :class:`UpstreamError`."""

TEMPLATES: Final = {
    ItemType.INSIGHT: (
        "Is er onderzocht of …?",
        "Wat weten we over …?",
        "Wie schreef er over …?",
        "Maakt het uit of …?",
    ),
    ItemType.EXAMPLE: ("Waar doen ze al …?", "Wie heeft ervaring met …?", "Kan ik ergens … komen bekijken?"),
    ItemType.TOOL: ("Is er een hulpmiddel om …?", "Waar vind ik een stappenplan voor …?", "Hoe pak ik … aan?"),
    ItemType.GENERAL: ("Wie zit er achter …?", "Waar kan ik … doorgeven?"),
    ItemType.DOCUMENT: ("Waar staat hoe je …?", "Wat zegt het document over …?"),
}


class Lacking(Protocol):
    """An item that lacks something; ``drafts`` of it wait for a person."""

    @property
    def item(self) -> Item:
        """The item."""

    @property
    def drafts(self) -> int:
        """How many drafts there are."""


class Drafting(Protocol):
    """One kind of draft: ``name`` is what is drafted, in Dutch, ``file`` where drafts wait for a person;
    ``tokens_back`` is about what a model writes for one item. Of its proposals ``refused`` were of no use.
    """

    name: str
    file: str
    tokens_back: int
    refused: int

    def prompt(self, batch: Sequence[Item]) -> tuple[str, str]:
        """What the model is told, and what it is given of a batch."""

    def keep(self, answer: str, batch: Sequence[Item]) -> Collection[str]:
        """Keep the drafts in an answer beside those there are; gives the ids of the items that it had drafts for."""


@dataclass(frozen=True, slots=True)
class Thin:
    """An item with few expected questions or terms; ``drafts`` wait for a person."""

    item: Item
    questions: int
    terms: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What drafting will about cost: ``cost`` in euro, None where no price is set."""

    items: int
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None


def thin_items(corpus: Path, items: Iterable[Item]) -> list[Thin]:
    """The items of factsheets with few questions or terms, the poorest first."""
    drafts: dict[str, dict[str, Expected]] = {}
    found = []
    for item in items:
        if item.type is ItemType.DOCUMENT:
            continue
        if len(item.questions) >= ENOUGH_QUESTIONS and len(item.terms) >= ENOUGH_TERMS:
            continue
        own = drafts.setdefault(item.factsheet, load_drafts(corpus / item.factsheet)).get(item.id, Expected())
        found.append(Thin(item, len(item.questions), len(item.terms), len(own.questions) + len(own.terms)))
    return sorted(found, key=lambda one: one.questions)


def batches(thin: Sequence[Lacking]) -> list[list[Item]]:
    """The items that have no drafts yet, a few of one factsheet together: what is done already is not done again."""
    found: list[list[Item]] = []
    for one in thin:
        if one.drafts:
            continue
        if not found or len(found[-1]) == _BATCH or found[-1][0].factsheet != one.item.factsheet:
            found.append([])
        found[-1].append(one.item)
    return found


def estimate(
    drafting: Drafting, wanted: Sequence[Sequence[Item]], price_in: float | None, price_out: float | None
) -> Estimate:
    """What it takes to draft for these batches; prices are in euro for a million tokens."""
    items = sum(map(len, wanted))
    into = sum(len("".join(drafting.prompt(batch))) // _CHARACTERS_A_TOKEN for batch in wanted)
    back = items * drafting.tokens_back
    known = price_in is not None and price_out is not None
    cost = (into * (price_in or 0) + back * (price_out or 0)) / 1e6 if known else None
    return Estimate(items, len(wanted), into, back, cost)


def draft_all(
    drafting: Drafting, wanted: Sequence[Sequence[Item]], draft: Draft, told: Callable[[int, int], None]
) -> Iterator[str]:
    """Draft batch by batch, keeping each at once; gives the ids that were done.

    A batch whose answer can't be used is passed over; raises :class:`UpstreamError` when none could.
    """
    done = 0
    for number, batch in enumerate(wanted, 1):
        found = drafting.keep(draft(*drafting.prompt(batch)), batch)
        done += len(found)
        yield from found
        told(number, len(wanted))
    if wanted and not done:
        raise UpstreamError(
            f"Het taalmodel gaf geen bruikbare {drafting.name}.", "Probeer het opnieuw, of kies een ander model."
        )


@dataclass(slots=True)
class QuestionDrafting:
    """Drafts of expected questions and terms."""

    corpus: Path
    name: str = "vragen"
    file: str = DRAFTS_FILE
    tokens_back: int = 900
    refused: int = 0

    def prompt(self, batch: Sequence[Item]) -> tuple[str, str]:
        """What the model is told, and what it is given of a batch."""
        shown = "\n\n".join(shown_item(item, number) for number, item in enumerate(batch, 1))
        template = load_prompt("verwachte_vragen", frozenset({"vragen", "termen", "onderdelen"}))
        return template.fill(vragen=str(WANTED_QUESTIONS), termen=str(WANTED_TERMS), onderdelen=shown)

    def keep(self, answer: str, batch: Sequence[Item]) -> Collection[str]:
        """Keep the drafts in an answer; gives the ids of the items that it had drafts for."""
        found = parse(answer, batch)
        if found:
            folder = self.corpus / batch[0].factsheet
            save_drafts(folder, {**load_drafts(folder), **found})
        return found


def shown_item(item: Item, number: int) -> str:
    """An item as a model sees it."""
    return f"[{number}] ({item.type}) {item.title}\n{item.text[:_LONGEST_TEXT]}"


def parse(answer: str, batch: Sequence[Item]) -> dict[str, Expected]:
    """The drafts in a model's answer, by item id: only texts of a sensible length, none that was reviewed already."""
    found: dict[str, Expected] = {}
    for item, entry in entries_by_item(answer, batch):
        if isinstance(entry, dict):
            one = without(_expected(entry), Expected(item.questions, item.terms))
            if one.questions or one.terms:
                found[item.id] = one
    return found


def entries_by_item(answer: str, batch: Sequence[Item]) -> Iterator[tuple[Item, Any]]:
    """What a model's answer holds for each item, by the number under which it was shown; None for nothing."""
    match = _JSON.search(answer)
    try:
        table = json.loads(match[0]) if match else {}
    except (ValueError, RecursionError):
        table = {}
    for number, item in enumerate(batch, 1):
        yield item, table.get(str(number)) if isinstance(table, dict) else None


def _expected(entry: Mapping[str, Any]) -> Expected:
    return Expected(
        _texts(entry.get("vragen"), _LONGEST_QUESTION, WANTED_QUESTIONS),
        _texts(entry.get("termen"), _LONGEST_TERM, WANTED_TERMS),
    )


def _texts(value: Any, longest: int, most: int) -> tuple[str, ...]:
    texts = [" ".join(one.split()) for one in value if isinstance(one, str)] if isinstance(value, list) else []
    return tuple(dict.fromkeys(one for one in texts if 2 <= len(one) <= longest))[:most]
