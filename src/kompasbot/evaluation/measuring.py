"""The figures of a question set, part by part: what is found, answered, turned away and understood in conversation."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from kompasbot.answering.answer import Carried, Message, Question, Status
from kompasbot.answering.assistant import Assistant
from kompasbot.evaluation.asking import Asker, Reply, shown
from kompasbot.evaluation.conversations import judge
from kompasbot.evaluation.figures import Figures, Marks, Miss, tables_of
from kompasbot.evaluation.gold import Gold, Key, Wanted, factsheet_of
from kompasbot.evaluation.questions import Answerable, Conversation, Dialogue, OutOfScope, QuestionSet, Turn
from kompasbot.evaluation.soundness import squeeze
from kompasbot.evaluation.strings import holds, plain
from kompasbot.knowledge import Item
from kompasbot.retrieval.index import Index
from kompasbot.store.notes import Resolved

_Row = TypeVar("_Row")
Progress = Callable[[str, int, int], None]

_NOT_FOUND: Final = 99
_LONG_QUOTE: Final = 20
_TURNED_AWAY: Final = (Status.REFUSED, Status.PARTIAL)
_RIGHT: Final[dict[str, tuple[Status, ...]]] = {
    "smalltalk": (Status.SMALLTALK,),
    "near": _TURNED_AWAY,
    "false_premise": _TURNED_AWAY,
    "offtopic": (Status.REFUSED, Status.SMALLTALK),
}
_EXPECTED: Final[dict[str, tuple[Status, ...]]] = {"refuse": _TURNED_AWAY, "friendly": (Status.SMALLTALK,)}


def evaluate(
    index: Index,
    assistant: Assistant,
    questions: QuestionSet,
    factsheet: str | None = None,
    *,
    engine: str = "auto",
    known: Mapping[str, Resolved] | None = None,
    placed: Sequence[Item] | None = None,
    progress: Progress = lambda _name, _done, _total: None,
) -> Figures:
    """The figures of a set over an open index; a few seconds without a language model.

    Runs an event loop of its own: call it from a thread that has none. ``factsheet`` is the one that the gold ids are
    about, by default the only one of the index. ``known`` is what the rows meant in an earlier run (its
    :attr:`Figures.rows`); positions that it does not hold are counted in ``placed``, by default the items of the index.
    Raises :class:`KompasbotError` when the factsheet is not certain, and what :meth:`Assistant.check` raises for an
    engine that is not there.
    """
    assistant.check(index, Question((Message("user", "Hallo"),), engine=engine))
    key = Key(index, factsheet_of(index, factsheet), placed)
    asker = Asker(index, assistant, key, engine, known or {})
    return asyncio.run(_evaluate(asker, questions, progress))


async def _evaluate(asker: Asker, questions: QuestionSet, progress: Progress) -> Figures:
    await _answerable(asker, _told(progress, "vragen", questions.questions))
    await _out_of_scope(asker, _told(progress, "buiten bereik", questions.out_of_scope))
    await _dialogues(asker, _told(progress, "dialogen", questions.dialogues))
    await _conversations(asker, _told(progress, "gesprekken", questions.conversations))
    tables = {**tables_of(asker.outcomes), "latency": asker.latency()}
    misses = tuple(one.asked for one in asker.outcomes if one.missed)
    return Figures(
        tables,
        misses,
        tuple(asker.faults),
        questions.name,
        asker.index.id,
        tuple(asker.set_aside),
        asker.rows,
        tuple(asker.outcomes),
    )


def _told(progress: Progress, name: str, rows: Sequence[_Row]) -> Iterator[_Row]:
    for done, row in enumerate(rows, 1):
        yield row
        progress(name, done, len(rows))


async def _answerable(asker: Asker, rows: Iterable[Answerable]) -> None:
    for row in rows:
        wanted = asker.wanted(row, row.id, row, row.question)
        if wanted:
            _retrieval(asker, row, wanted)
            await _answers(asker, row, wanted)


def _retrieval(asker: Asker, row: Answerable, wanted: Wanted) -> None:
    ids = asker.search(row.question)
    found = asker.key.distinct(ids)
    rank = next((rank for rank, gold in enumerate(found, 1) if gold & wanted.fitting), _NOT_FOUND)
    marks = {f"r@{depth}": (float(rank <= depth),) for depth in (1, 3, 5)}
    marks["mrr@10"] = (1 / rank if rank <= 10 else 0.0,)
    asked = Miss("retrieval", row.id, row.question, wanted.names, shown("", found))
    asker.note(row, asked, row.style, marks, ids, missed=rank > 3)


async def _answers(asker: Asker, row: Answerable, wanted: Wanted) -> None:
    reply = await asker.ask(row, row.id, [Message("user", row.question)])
    facts = _asked_facts(asker, row, wanted, reply)
    asked = Miss("answers", row.id, row.question, wanted.names, shown(reply.status, reply.distinct))
    missed = not any(gold & wanted.fitting for gold in reply.distinct)
    asker.note(row, asked, row.style, _judged(asker.key, wanted, facts, reply), reply, missed=missed)


def _asked_facts(asker: Asker, row: Answerable, wanted: Wanted, reply: Reply) -> list[str]:
    """The facts that an answer must tell: all but those that an edit took out of the row's items."""
    text = plain(reply.text)
    told = [fact for fact in row.must_contain if holds(text, fact)]
    gone = asker.remember(row, wanted, {fact: (fact,) for fact in row.must_contain}, told)
    return [] if wanted.missing else [fact for fact in row.must_contain if fact not in gone]


def _judged(key: Key, wanted: Wanted, facts: Sequence[str], reply: Reply) -> Marks:
    """What one reply adds to each figure."""
    cited = reply.distinct
    right = [bool(gold & wanted.fitting) for gold in cited]
    told = plain(reply.text)
    is_about = any(wanted.best[0] & gold for gold in cited)
    return {
        "answered": (float(reply.given),),
        "confident": (float(reply.status == Status.ANSWERED),),
        "first_right": (float(right[:1] == [True]),),
        "any_right": (float(any(right)),),
        "gold_cover": (_covered(wanted, cited),),
        "precision": (sum(right) / len(right),) if right else (),
        "facts": tuple(float(holds(told, fact)) for fact in facts) if is_about else (),
        "quotes_verbatim": _verbatim(key, reply),
    }


def _covered(wanted: Wanted, cited: Sequence[Gold]) -> float:
    """The share of the best items that are cited."""
    every = frozenset().union(*cited)
    return sum(bool(ids & every) for ids in wanted.best) / len(wanted.best)


def _verbatim(key: Key, reply: Reply) -> tuple[float, ...]:
    quotes = [(squeeze(one.quote), one.item_id) for one in reply.answer.citations] if reply.answer else []
    return tuple(float(len(quote) >= _LONG_QUOTE and quote in key.text(item)) for quote, item in quotes)


async def _out_of_scope(asker: Asker, rows: Iterable[OutOfScope]) -> None:
    for row in rows:
        reply = await asker.ask(row, row.id, [Message("user", row.question)])
        right = reply.status in _RIGHT.get(row.kind, (Status.REFUSED,))
        asked = Miss("out_of_scope_right", row.id, row.question, row.kind, shown(reply.status, reply.distinct))
        asker.note(row, asked, row.kind, {"right": (float(right),)}, reply, missed=not right)


async def _dialogues(asker: Asker, rows: Iterable[Dialogue]) -> None:
    for row in rows:
        history: list[Message] = []
        for number, turn in enumerate(row.turns, 1):
            history.append(Message("user", turn.user))
            name = f"{row.id}.{number}"
            reply = await asker.ask(row, name, history)
            history.append(Message("assistant", reply.text))
            wanted = asker.wanted(row, name, turn, turn.user)
            if wanted:
                right = _fits(turn, wanted, reply)
                got = shown(reply.status, reply.distinct)
                asked = Miss("dialogue_turns_right", name, turn.user, turn.expect or wanted.names, got)
                group = "first" if number == 1 else "follow-up"
                asker.note(row, asked, group, {"right": (float(right),)}, reply, missed=not right)


def _fits(turn: Turn, wanted: Wanted, reply: Reply) -> bool:
    if turn.expect:
        return reply.status in _EXPECTED[turn.expect]
    return any(gold & wanted.fitting for gold in reply.distinct)


async def _conversations(asker: Asker, rows: Iterable[Conversation]) -> None:
    for row in rows:
        wanted = asker.wanted(row, row.id, row, row.question)
        if wanted:
            messages = [_message(row, number) for number in range(len(row.messages))]
            reply = await asker.ask(row, row.id, messages)
            judgement = judge(asker, row, wanted, reply)
            asked = Miss(
                "conversations",
                row.id,
                row.question,
                " of ".join(row.status),
                shown(reply.status, reply.distinct),
                judgement.why,
            )
            asker.note(row, asked, judgement.group, judgement.marks, reply, missed=bool(judgement.why))


def _message(row: Conversation, number: int) -> Message:
    said = row.messages[number]
    return Message(said.role, said.content, tuple(Carried(one.number, one.item_id) for one in said.citations))
