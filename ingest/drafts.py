"""Drafts of expected questions: a file of their own beside ``vragen.yaml``, which a person moves over line by line.

Drafts are not indexed. The reviewed file is only ever added to, when a person approves, and never rewritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from ingest.files import CorpusFile
from ingest.questions import QUESTIONS_FILE, Expected, load_questions, read_questions
from ingest.yamlediting import DEPTH, added, quoted, write
from ingest.yamlfiles import LINE, parse_yaml
from kompasbot.errors import CorpusError, UnreadableFile

DRAFTS_FILE: Final = "vragen.concept.yaml"
_HEAD: Final = (
    "# Concept: bedacht door een taalmodel en nog niet nagekeken. Deze regels doen niet mee met zoeken.\n"
    "# Verbeter ze of haal ze weg. Neem ze daarna over: kompasbot enrich --approve <id van het item>\n\n"
)


def load_drafts(folder: Path) -> dict[str, Expected]:
    """The drafts of a folder, by item id; raises :class:`~kompasbot.errors.UnreadableFile`."""
    path = folder / DRAFTS_FILE
    return load_questions(CorpusFile(f"{folder.name}/{DRAFTS_FILE}", path)) if path.is_file() else {}


def save_drafts(folder: Path, drafts: Mapping[str, Expected]) -> None:
    """Write the drafts of a folder at once, or remove the file when there are none."""
    path = folder / DRAFTS_FILE
    if not drafts:
        path.unlink(missing_ok=True)
        return
    table = {key: {"vragen": list(one.questions), "termen": list(one.terms)} for key, one in drafts.items()}
    write(path, _HEAD + yaml.safe_dump(table, allow_unicode=True, sort_keys=False, width=1000))


def approve(folder: Path, item: str) -> Expected:
    """Move the drafts of an item into ``vragen.yaml``, behind what stands there; returns what was moved.

    Raises :class:`CorpusError` when there are none, or when ``vragen.yaml`` is written so that they can't be added.
    """
    drafts = load_drafts(folder)
    if item not in drafts:
        raise CorpusError(
            f"Er zijn geen concepten bij '{item}'.", f"Kijk in {folder.name}/{DRAFTS_FILE} waar concepten bij staan."
        )
    file = CorpusFile(f"{folder.name}/{QUESTIONS_FILE}", folder / QUESTIONS_FILE)
    reviewed = load_questions(file) if file.path.is_file() else {}
    text = file.path.read_text(encoding="utf-8") if file.path.is_file() else ""
    moved = without(drafts.pop(item), reviewed.get(item, Expected()))
    lists = {"vragen": _lines(moved.questions), "termen": _lines(moved.terms)}
    changed = added(text, item, lists, item in reviewed)
    _refuse_unlike(changed, {**reviewed, item: _together(reviewed.get(item, Expected()), moved)}, file.where, item)
    write(file.path, changed)
    save_drafts(folder, drafts)
    return moved


def _together(reviewed: Expected, more: Expected) -> Expected:
    return Expected((*reviewed.questions, *more.questions), (*reviewed.terms, *more.terms), reviewed.sentences)


def _refuse_unlike(text: str, wanted: Mapping[str, Expected], where: str, item: str) -> None:
    """Refuse to write what would not be read as ``wanted``: people write YAML in more forms than lines can join."""
    try:
        fits = _without_lines(read_questions(parse_yaml(text, where), where)) == _without_lines(wanted)
    except UnreadableFile:
        fits = False
    if not fits:
        raise CorpusError(
            f"De concepten passen niet vanzelf bij '{item}' in {where}.",
            f"Zet ze er zelf bij; ze staan in {DRAFTS_FILE}.",
        )


def _without_lines(table: Mapping[str, Expected]) -> dict[str, Expected]:
    """The same without the numbers of lines, which move when others are added."""
    return {
        item: replace(entry, sentences=tuple({**sentence, LINE: None} for sentence in entry.sentences))
        for item, entry in table.items()
    }


def without(drafts: Expected, reviewed: Expected) -> Expected:
    """Drafts less what was reviewed already, whatever its capitals."""
    known = {one.casefold() for one in (*reviewed.questions, *reviewed.terms)}
    return Expected(
        tuple(one for one in drafts.questions if one.casefold() not in known),
        tuple(one for one in drafts.terms if one.casefold() not in known),
    )


def _lines(values: Sequence[str]) -> list[str]:
    return [f"{DEPTH}- {quoted(value)}\n" for value in values]
