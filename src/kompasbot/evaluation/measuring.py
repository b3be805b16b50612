"""The figures of a question set, part by part: what is found, answered, turned away and understood in conversation."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from kompasbot.answering.answer import Message, Question, Status
from kompasbot.answering.assistant import Assistant
from kompasbot.evaluation.asking import Asker, Reply, shown
from kompasbot.evaluation.figures import ALL, Figures, Miss, Row, Table, share
from kompasbot.evaluation.gold import Key, factsheet_of
from kompasbot.evaluation.questions import Answerable, Dialogue, OutOfScope, QuestionSet, Turn
from kompasbot.evaluation.soundness import squeeze
from kompasbot.retrieval.index import Index

_Row = TypeVar("_Row")
Progress = Callable[[str, int, int], None]

ANSWER_FIGURES: Final = (
    "answered",
    "confident",
    "first_right",
    "any_right",
    "gold_cover",
    "precision",
    "facts",
    "quotes_verbatim",
)
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
    progress: Progress = lambda _name, _done, _total: None,
) -> Figures:
    """The figures of a set over an open index; a few seconds without a language model.

    Runs an event loop of its own: call it from a thread that has none. ``factsheet`` is the one that the gold ids are
    about, by default the only one of the index. Raises :class:`KompasbotError` when that is not certain, and what
    :meth:`Assistant.check` raises for an engine that is not there.
    """
    assistant.check(index, Question((Message("user", "Hallo"),), engine=engine))
    asker = Asker(index, assistant, Key(index, factsheet_of(index, factsheet)), engine)
    return asyncio.run(_evaluate(asker, questions, progress))


async def _evaluate(asker: Asker, questions: QuestionSet, progress: Progress) -> Figures:
    asked, scope, talks = questions.questions, questions.out_of_scope, questions.dialogues
    tables: dict[str, Table] = {
        "retrieval": _retrieval(asker, _told(progress, "zoeken", asked)),
        "answers": await _answers(asker, _told(progress, "antwoorden", asked)),
        "out_of_scope_right": await _out_of_scope(asker, _told(progress, "buiten bereik", scope)),
        "dialogue_turns_right": await _dialogues(asker, _told(progress, "gesprekken", talks)),
    }
    tables |= {"sound": asker.sound(), "latency": asker.latency()}
    found = tuple(fault for fault in asker.soundness if fault)
    return Figures(tables, tuple(asker.misses), found, questions.name, asker.index.id, tuple(asker.outcomes))


def _told(progress: Progress, name: str, rows: Sequence[_Row]) -> Iterator[_Row]:
    for done, row in enumerate(rows, 1):
        yield row
        progress(name, done, len(rows))


def _retrieval(asker: Asker, rows: Iterable[Answerable]) -> Table:
    ranks: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        found = asker.search(row.question)
        rank = next((at for at, gold in enumerate(found, 1) if gold & row.fitting), _NOT_FOUND)
        ranks[row.style].append(rank)
        ranks[ALL].append(rank)
        asked = Miss("retrieval", row.id, row.question, " ".join(row.gold), shown("", found))
        asker.note(asked, _reciprocal(rank), rank > 3)
    return {key: _recall(found) for key, found in sorted(ranks.items())}


def _recall(ranks: list[int]) -> Row:
    at = {f"r@{depth}": share(rank <= depth for rank in ranks) for depth in (1, 3, 5)}
    return {"n": len(ranks), **at, "mrr@10": share(map(_reciprocal, ranks))}


def _reciprocal(rank: int) -> float:
    return 1 / rank if rank <= 10 else 0


async def _answers(asker: Asker, rows: Iterable[Answerable]) -> Table:
    counted: dict[str, dict[str, list[float]]] = defaultdict(lambda: {name: [] for name in ANSWER_FIGURES})
    for row in rows:
        reply = await asker.ask(row.id, [Message("user", row.question)])
        judged = _judged(asker.key, row, reply)
        for name, values in judged.items():
            counted[ALL][name] += values
            counted[row.style][name] += values
        asked = Miss("answers", row.id, row.question, " ".join(row.gold), shown(reply.status, reply.distinct))
        score = share(sum(values) / len(values) for values in judged.values() if values) or 0.0
        asker.note(asked, score, not any(gold & row.fitting for gold in reply.distinct))
    return {key: _means(found) for key, found in sorted(counted.items())}


def _means(counted: dict[str, list[float]]) -> Row:
    return {"n": len(counted["answered"]), **{name: share(values) for name, values in counted.items()}}


def _judged(key: Key, row: Answerable, reply: Reply) -> dict[str, list[float]]:
    """What one reply adds to each figure."""
    cited, best = reply.distinct, set(row.best)
    right = [bool(gold & row.fitting) for gold in cited]
    return {
        "answered": [reply.given],
        "confident": [reply.status == Status.ANSWERED],
        "first_right": [right[:1] == [True]],
        "any_right": [any(right)],
        "precision": [share(right) or 0.0] if right else [],
        "gold_cover": [len(best & set().union(*cited)) / len(best)],
        "facts": _facts(row, reply) if any(row.best[0] in gold for gold in cited) else [],
        "quotes_verbatim": _verbatim(key, reply),
    }


def _facts(row: Answerable, reply: Reply) -> list[float]:
    told = squeeze(reply.text)
    return [squeeze(fact) in told for fact in row.must_contain]


def _verbatim(key: Key, reply: Reply) -> list[float]:
    quotes = [(squeeze(one.quote), one.item_id) for one in reply.answer.citations] if reply.answer else []
    return [len(quote) >= _LONG_QUOTE and quote in key.text(item) for quote, item in quotes]


async def _out_of_scope(asker: Asker, rows: Iterable[OutOfScope]) -> Table:
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        reply = await asker.ask(row.id, [Message("user", row.question)])
        is_right = reply.status in _RIGHT.get(row.kind, (Status.REFUSED,))
        right[ALL].append(is_right)
        right[row.kind].append(is_right)
        asked = Miss("out_of_scope_right", row.id, row.question, row.kind, shown(reply.status, reply.distinct))
        asker.note(asked, float(is_right), not is_right)
    return _counted(right)


async def _dialogues(asker: Asker, rows: Iterable[Dialogue]) -> Table:
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        history: list[Message] = []
        for at, turn in enumerate(row.turns, 1):
            history.append(Message("user", turn.user))
            reply = await asker.ask(row.id, history)
            history.append(Message("assistant", reply.text))
            is_right = _fits(turn, reply)
            right[ALL].append(is_right)
            right["first" if at == 1 else "follow-up"].append(is_right)
            wanted, got = turn.expect or " ".join(turn.gold), shown(reply.status, reply.distinct)
            asked = Miss("dialogue_turns_right", f"{row.id}.{at}", turn.user, wanted, got)
            asker.note(asked, float(is_right), not is_right)
    return _counted(right)


def _fits(turn: Turn, reply: Reply) -> bool:
    if turn.expect:
        return reply.status in _EXPECTED[turn.expect]
    return any(gold & turn.fitting for gold in reply.distinct)


def _counted(right: dict[str, list[bool]]) -> Table:
    return {key: {"n": len(found), "right": share(found)} for key, found in sorted(right.items())}
