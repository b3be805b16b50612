"""Measures a draft for the gate (``python -m kompasbot.cli.gauge DRAFT URL CORPUS EARLIER…``), and prints JSON.

Asked are the expected questions of the items, and the evaluation sets of the corpus. Of the ``EARLIER`` generations
what was noted is taken; for a set that was never measured, the first of them that opens is asked as well.
"""

import hashlib
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from kompasbot.errors import KompasbotError
from kompasbot.store.notes import Asked, Measured, Notes, read_notes

if TYPE_CHECKING:
    from kompasbot.evaluation import Figures, QuestionSet
    from kompasbot.evaluation.figures import Outcome
    from kompasbot.knowledge import Item, Knowledge
    from kompasbot.retrieval.index import Index

EXPECTED: Final = "verwachte vragen"
"""The set of expected questions. They change with every edit, so only those that both generations know are compared."""
_QUESTIONS: Final = 200
_NOT_HELD: Final = frozenset({"words", "asks", "full", "cites"})
"""Figures of a conversation that are told and not held against an earlier generation."""
_OPPOSITE: Final = frozenset({"denied", "hedged", "echo"})
"""Figures of which less is better; kept as the share of answers that are free of it."""

Sets = Mapping[str, Measured]
Told = dict[str, tuple[str, str, str]]
"""By question: what was asked, what should come, what came."""


@dataclass(frozen=True, slots=True)
class SetGauge:
    """One set over one generation: ``told`` is by part and id, ``places`` (file and line) by digest of the row."""

    measured: Measured
    told: Told
    places: Mapping[str, str] = field(default_factory=dict)
    set_aside: tuple[tuple[str, str, str], ...] = ()
    """Of each question that is not counted its id, its text and the items that are missing."""


@dataclass(frozen=True, slots=True)
class Gauged:
    """All sets over the draft, and where it had to be asked over an ``earlier`` generation.

    ``fresh`` are the ids of items that the generation before did not have, ``gone`` of those that only it had;
    ``sheets`` the factsheets of the draft.
    """

    new: Mapping[str, SetGauge]
    earlier: Sets = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    sheets: tuple[str, ...] = ()


ADAPTER: Final = TypeAdapter(Gauged)


def main(draft: str, url: str, corpus: str, *earlier: str) -> None:
    """Print what was measured."""
    try:
        found = gauge(Path(draft), url, Path(corpus), [Path(folder) for folder in earlier])
    except KompasbotError as error:
        raise SystemExit(str(error)) from error
    sys.stdout.buffer.write(ADAPTER.dump_json(found))


def noted(earlier: Iterable[Path]) -> Notes:
    """What was noted of the newest generation that has figures."""
    return next((notes for notes in map(read_notes, earlier) if notes.measured), Notes())


def gauge(draft: Path, url: str, corpus: Path, earlier: Sequence[Path]) -> Gauged:
    """Measure a draft, and of the generations before it what was never measured."""
    notes, index = noted(earlier), _open(draft, url)
    folders = _sets(index.knowledge, corpus)
    lacking = [name for name in (EXPECTED, *folders) if not notes.measured.get(name, Measured()).questions]
    old = _first_sound(earlier, url) if lacking else None
    asked = _measured(old, folders, lacking, notes.measured) if old else {}
    before = {**notes.measured, **{name: one.measured for name, one in asked.items()}}
    new = _measured(index, folders, (EXPECTED, *folders), before)
    now = frozenset(index.items)
    known = _items_before(earlier, now)
    sheets = tuple(sheet.id for sheet in index.knowledge.factsheets)
    return Gauged(new, {name: one.measured for name, one in asked.items()}, now - known, known - now, sheets)


def _sets(knowledge: "Knowledge", corpus: Path) -> dict[str, Path]:
    """The folders of the evaluation sets whose factsheet is there, by its name."""
    from kompasbot.evaluation.questions import FOLDER

    sheets = {sheet.id for sheet in knowledge.factsheets}
    found = {folder.parent.name: folder for folder in sorted(corpus.glob(f"*/{FOLDER}")) if any(folder.iterdir())}
    return {name: folder for name, folder in found.items() if name in sheets}


def _measured(index: "Index", folders: Mapping[str, Path], names: Collection[str], before: Sets) -> dict[str, SetGauge]:
    found: dict[str, SetGauge] = {}
    expected = expected_questions(index, before.get(EXPECTED, Measured()).questions) if EXPECTED in names else {}
    if expected:
        found[EXPECTED] = _expected(index, expected)
    for name, folder in folders.items():
        if name in names:
            found[name] = _evaluated(index, folder, before.get(name, Measured()))
    return found


def expected_questions(index: "Index", before: Collection[str] = ()) -> dict[str, tuple[str, str]]:
    """A sample of the expected questions by digest, each with the id of its item.

    Those that were asked ``before``, and the lowest digests: a question that is added changes the sample by one.
    """
    every = {
        hashlib.blake2b(f"{item.id}\0{question}".encode(), digest_size=8).hexdigest(): (question, item.id)
        for item in index.knowledge.items
        for question in item.questions
    }
    chosen = [key for key in before if key in every][:_QUESTIONS]
    return {key: every[key] for key in dict.fromkeys([*chosen, *sorted(every)[:_QUESTIONS]])}


def _expected(index: "Index", questions: Mapping[str, tuple[str, str]]) -> SetGauge:
    from kompasbot.knowledge import PassageKind

    asked: dict[str, Asked] = {}
    told: Told = {}
    passages = enumerate(index.knowledge.passages)
    rows = {(each.item_id, each.text): row for row, each in passages if each.kind is PassageKind.QUESTION}
    for key, (question, own) in questions.items():
        # The index has its vector already, as that of a passage: near enough, and it costs nothing.
        vector = index.vectors([rows[own, question]])[0]
        best = [hit.item for hit in index.search(question, 1, vector=vector)]
        ids = tuple(item.id for item in best)
        asked[key] = Asked(key, {"own": (float(ids == (own,)),)}, ids)
        told[key] = (question, _title(index.items[own]), _title(best[0]) if best else "niets")
    return SetGauge(Measured(asked), told)


def _title(item: "Item") -> str:
    return f"'{item.title}'"


def _evaluated(index: "Index", folder: Path, before: Measured) -> SetGauge:
    """An evaluation set, answered without a language model: that would cost money."""
    from kompasbot.answering.assistant import Assistant
    from kompasbot.evaluation import evaluate, load_set
    from kompasbot.evaluation.gold import Key
    from kompasbot.evaluation.wording import got_name, wanted_name
    from kompasbot.prompts import load_texts
    from kompasbot.settings import Settings

    sheet, questions = folder.parent.name, load_set(folder)
    assistant = Assistant(Settings(), load_texts())
    figures = evaluate(index, assistant, questions, sheet, engine="extractive", known=before.rows)
    key = Key(index, sheet)
    return SetGauge(
        Measured({_name(one): _asked(one, figures) for one in figures.outcomes}, figures.rows),
        {
            _name(one): (one.asked.question, wanted_name(one.asked.wanted, key), got_name(one.asked.got, key))
            for one in figures.outcomes
        },
        dict(_places(questions, folder)),
        tuple((one.id, one.question, ", ".join(one.items)) for one in figures.set_aside),
    )


def _name(outcome: "Outcome") -> str:
    return f"{outcome.asked.part} {outcome.asked.id}"


def _asked(outcome: "Outcome", figures: "Figures") -> Asked:
    marks = {
        name: tuple(1 - mark for mark in found) if name in _OPPOSITE else tuple(found)
        for name, found in outcome.marks.items()
        if name not in _NOT_HELD
    }
    row = figures.rows.get(outcome.row)
    return Asked(outcome.row, marks, outcome.cited, outcome.answer if row and (row.facts or row.gone) else "")


def _places(questions: "QuestionSet", folder: Path) -> Iterator[tuple[str, str]]:
    from kompasbot.evaluation.questions import FILES

    for part, (name, _) in FILES.items():
        for row in getattr(questions, part):
            yield row.digest, f"{folder.parent.name}/{folder.name}/{name}, regel {row.line}"


def _items_before(earlier: Sequence[Path], now: frozenset[str]) -> frozenset[str]:
    """The ids of the generation before; those of ``now`` where none can be read."""
    from kompasbot.store.written import read_knowledge

    for folder in earlier:
        try:
            return frozenset(item.id for item in read_knowledge(folder).items)
        except (OSError, ValueError):
            continue
    return now


def _open(folder: Path, url: str) -> "Index":
    from kompasbot.embedding import embedder_for
    from kompasbot.retrieval.index import Index
    from kompasbot.settings import load_settings
    from kompasbot.store import Generation

    settings = load_settings()
    embedder = embedder_for(settings)
    # A rehearsal builds nothing in Chroma: then the vectors in the folder are searched, however many there are.
    exact = settings.exact_search_up_to if url or (folder / "chroma").is_dir() else sys.maxsize
    return Index(Generation.open_folder(folder, url or None, embedder.name, exact), embedder)


def _first_sound(folders: Sequence[Path], url: str) -> "Index | None":
    """The newest generation that this program can ask; None when it can ask none."""
    from kompasbot.errors import IndexFailure

    for folder in folders:
        try:
            return _open(folder, url)
        except IndexFailure:
            continue
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
