"""What the conversation told before, read from its messages: the server keeps no session.

Citations that an assistant message carries back say it best; else the sentences of sources that stand in its text do,
else the names of items.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from kompasbot.answering.answer import Message
from kompasbot.answering.intents import Intents
from kompasbot.answering.understanding.turn import Told
from kompasbot.answering.units import Units
from kompasbot.knowledge import ItemType

_REMEMBERED: Final = 12
"""Messages: what lies further back is not pointed at any more."""
_MOST_NAMED: Final = 2
_BULLETS: Final = ("- ", "* ", "• ")


def remember(history: Sequence[Message], units: Units, intents: Intents) -> Told:
    """What earlier answers told, latest first."""
    recent = history[-_REMEMBERED:]
    answers = [(at, message) for at, message in enumerate(recent) if message.role == "assistant"]
    sources = [(at, message, told_sources(message, units)) for at, message in answers]
    telling = [(at, message, ids) for at, message, ids in sources if ids]
    if not telling:
        latest = answers[-1][1].content if answers else ""
        return Told(question=_question(recent, len(recent), intents), text=_joined(answers), latest=latest)
    at, message, ids = telling[-1]
    last = tuple(dict.fromkeys(unit for source in ids for unit in _owners(source, units)[:1]))
    return Told(
        last=last,
        documents=tuple(source for source in ids if source not in last),
        all=tuple(
            dict.fromkeys(unit for _, _, each in reversed(telling) for source in each for unit in units.of[source])
        ),
        question=_question(recent, at, intents),
        text=_joined(answers),
        latest=answers[-1][1].content,
        options=next((found for _, each, _ in reversed(telling) if (found := _options(each, units))), ()),
        numbered={
            citation.number: unit for citation in message.citations for unit in units.of.get(citation.item_id, ())[:1]
        },
    )


def _joined(answers: Iterable[tuple[int, Message]]) -> str:
    return "\n".join(message.content for _, message in answers)


def told_sources(message: Message, units: Units) -> tuple[str, ...]:
    """The items and documents that an assistant message told of, in the order of its text."""
    carried = [citation.item_id for citation in message.citations if citation.item_id in units.of]
    if carried:
        return tuple(dict.fromkeys(carried))
    told = dict.fromkeys(item_id for _, item_id in units.told_in(message.content))
    return tuple(told) or units.named(message.content)[:_MOST_NAMED]


def _owners(source: str, units: Units) -> tuple[str, ...]:
    return units.of.get(source, ())


def _question(recent: Sequence[Message], before: int, intents: Intents) -> str:
    """The last question before a message that asked something of the sources."""
    asked = (message.content for message in reversed(recent[:before]) if message.role == "user")
    return next((text for text in asked if not intents.small_talk(text) and not intents.refusal(text)), "")


def _options(message: Message, units: Units) -> tuple[tuple[str, str | None], ...]:
    """The entries of the list in a message; without one, its items in their order when there are several."""
    entries = [line[2:].strip() for line in message.content.splitlines() if line.startswith(_BULLETS)]
    if len(entries) > 1:
        return tuple((entry, _item_of(entry, units)) for entry in entries)
    ids = dict.fromkeys(unit for source in told_sources(message, units) for unit in _owners(source, units)[:1])
    items = [units[unit].item for unit in ids]
    return (
        tuple((item.title, item.id) for item in items if item.type is not ItemType.DOCUMENT) if len(items) > 1 else ()
    )


def _item_of(entry: str, units: Units) -> str | None:
    told = units.told_in(entry)
    if told:
        return next(iter(_owners(told[0][1], units)), None)
    return next(iter(units.named(entry)), None)
