"""Measures a draft for the gate (``python -m kompasbot.cli.gauge DRAFT URL CORPUS EARLIER…``), and prints JSON.

Asked are the expected questions of the items, and the evaluation sets of the corpus. Of the ``EARLIER`` generations the
figures that were kept are taken; where those are of other questions, the first of them that opens is asked as well.
"""

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompasbot.cli.gate import EXPECTED, Sets, comparable

if TYPE_CHECKING:
    from kompasbot.knowledge import Item
    from kompasbot.retrieval.index import Index
    from kompasbot.store.notes import Measured

_QUESTIONS: Final = 200
_PARTS: Final = ("retrieval", "answers", "out_of_scope_right", "dialogue_turns_right", "sound")

Rows = dict[str, tuple[str, str, str]]
"""By question: what was asked, what should come, what came."""


def main(draft: str, url: str, corpus: str, *earlier: str) -> None:
    """Print what was measured of the draft and of the generations before it, and what came of each question."""
    index = _open(Path(draft), url)
    asked = expected_questions(index)
    new, rows = measure(index, asked, Path(corpus))
    kept = _kept(map(Path, earlier))
    lacking = [name for name in new if not any(name in one and comparable(name, new[name], one[name]) for one in kept)]
    old = _first_sound(earlier, url) if lacking else None
    if old:
        # Questions of items that are new can't be held against an old one.
        asked = {key: (question, own) for key, (question, own) in asked.items() if own in old.items}
        kept.append(measure(old, asked, Path(corpus), lacking)[0])
    told = {
        "new": {name: asdict(one) for name, one in new.items()},
        "earlier": [{name: asdict(one) for name, one in sets.items()} for sets in kept],
        "rows": rows,
    }
    sys.stdout.write(json.dumps(told))


def _kept(earlier: Iterable[Path]) -> list[Sets]:
    """What was kept of the generations, back to one that a person published in spite of its figures."""
    from kompasbot.store.notes import read_notes

    found: list[Sets] = []
    for folder in earlier:
        notes = read_notes(folder)
        found.append(notes.measured)
        if notes.forced:
            break
    return found


def expected_questions(index: "Index") -> dict[str, tuple[str, str]]:
    """A sample of the expected questions by digest, each with the id of its item.

    The lowest digests: a question that is added or removed changes the sample by one.
    """
    every = {
        hashlib.blake2b(f"{item.id}\0{question}".encode(), digest_size=8).hexdigest(): (question, item.id)
        for item in index.knowledge.items
        for question in item.questions
    }
    return {key: every[key] for key in sorted(every)[:_QUESTIONS]}


def measure(
    index: "Index", expected: Mapping[str, tuple[str, str]], corpus: Path, only: Collection[str] | None = None
) -> tuple[dict[str, "Measured"], dict[str, Rows]]:
    """The figures of each set of questions, by the set's name; of those in ``only``, where it is given."""
    found: dict[str, Measured] = {}
    rows: dict[str, Rows] = {}
    if expected and (only is None or EXPECTED in only):
        found[EXPECTED], rows[EXPECTED] = _expected(index, expected)
    sheets = {sheet.id for sheet in index.knowledge.factsheets}
    for folder in sorted(corpus.glob("*/evaluatie")):
        name = folder.parent.name
        if name in sheets and (only is None or name in only):
            found[name], rows[name] = _evaluated(index, folder)
    return found, rows


def _expected(index: "Index", questions: Mapping[str, tuple[str, str]]) -> tuple["Measured", Rows]:
    from kompasbot.knowledge import PassageKind
    from kompasbot.store.notes import Measured

    scores: dict[str, float] = {}
    rows: Rows = {}
    passages = enumerate(index.knowledge.passages)
    at = {(one.item_id, one.text): row for row, one in passages if one.kind is PassageKind.QUESTION}
    for key, (question, own) in questions.items():
        # The index has its vector already, as that of a passage: near enough, and it costs nothing.
        vector = index.vectors([at[own, question]])[0]
        best = [hit.item for hit in index.search(question, 1, vector=vector)]
        scores[key] = float([item.id for item in best] == [own])
        rows[key] = (question, _title(index.items[own]), _title(best[0]) if best else "niets")
    return Measured("", {}, scores), rows


def _title(item: "Item") -> str:
    return f"'{item.title}'"


def _evaluated(index: "Index", folder: Path) -> tuple["Measured", Rows]:
    """An evaluation set, answered without a language model: that would cost money."""
    from kompasbot.answering.assistant import Assistant
    from kompasbot.evaluation import evaluate, load_set
    from kompasbot.evaluation.gold import Key
    from kompasbot.evaluation.wording import got_name, wanted_name
    from kompasbot.prompts import load_texts
    from kompasbot.settings import Settings
    from kompasbot.store.notes import Measured

    sheet = folder.parent.name
    questions = load_set(folder)
    measured = evaluate(index, Assistant(Settings(), load_texts()), questions, sheet, engine="extractive")
    figures = {
        f"{part} {name}": value
        for part in _PARTS
        for name, value in measured.tables.get(part, {}).get("ALL", {}).items()
        if value is not None and name != "n"
    }
    asked = hashlib.blake2b(questions.model_dump_json().encode(), digest_size=16).hexdigest()
    key = Key(index, sheet)
    scores = {f"{one.asked.part} {one.asked.id}": one.score for one in measured.outcomes}
    rows = {
        f"{one.asked.part} {one.asked.id}": (
            one.asked.question,
            wanted_name(one.asked.wanted, key),
            got_name(one.asked.got, key),
        )
        for one in measured.outcomes
    }
    return Measured(asked, figures, scores), rows


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


def _first_sound(folders: Sequence[str], url: str) -> "Index | None":
    """The newest generation that this program can ask; None when it can ask none."""
    from kompasbot.errors import IndexFailure

    for folder in folders:
        try:
            return _open(Path(folder), url)
        except IndexFailure:
            continue
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
