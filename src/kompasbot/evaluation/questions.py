"""A question set on disk: ``questions.jsonl``, ``outofscope.jsonl`` and ``dialogues.jsonl``.

A gold id names an item by section and position: I3 is the third insight, P a practice example, T a tool; G is any
general item. In a dialogue, ``expect`` stands in for the gold of a turn that the sources do not answer (refuse) or
that is a pleasantry (friendly).
"""

from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kompasbot.errors import KompasbotError, UnreadableFile

FOLDER: Final = "evaluatie"
_FILES: Final = ("questions.jsonl", "outofscope.jsonl", "dialogues.jsonl")

GoldId = Annotated[str, StringConstraints(pattern=r"^([IPT][1-9]\d*|G\d*)$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Wanted(_Row):
    gold: tuple[GoldId, ...] = ()
    any_of: tuple[GoldId, ...] = ()

    @property
    def best(self) -> tuple[str, ...]:
        """The items that truly answer, best first."""
        return tuple(map(_flat, self.gold))

    @property
    def fitting(self) -> frozenset[str]:
        """The items that may be cited."""
        return frozenset(map(_flat, self.gold + self.any_of))


def _flat(gold: str) -> str:
    return "G" if gold.startswith("G") else gold


class Answerable(_Wanted):
    """A question that the factsheet answers; ``must_contain`` are short facts that a right answer carries."""

    id: Text
    question: Text
    style: Text
    gold: Annotated[tuple[GoldId, ...], Field(min_length=1)]
    must_contain: tuple[Text, ...] = ()


class OutOfScope(_Row):
    """A question that the factsheet does not answer; ``kind`` says why not."""

    id: Text
    question: Text
    kind: Text


class Turn(_Wanted):
    """One message of a visitor in a dialogue."""

    user: Text
    expect: Literal["refuse", "friendly"] | None = None


class Dialogue(_Row):
    """A conversation: the messages of the visitor, each asked after the answers to those before it."""

    id: Text
    turns: tuple[Turn, ...]


class QuestionSet(_Row):
    """All questions of a set; any part may be empty."""

    name: str
    questions: tuple[Answerable, ...] = ()
    out_of_scope: tuple[OutOfScope, ...] = ()
    dialogues: tuple[Dialogue, ...] = ()


def find_set(corpus: Path, factsheet: str | None = None) -> Path:
    """The folder with a factsheet's own questions; raises :class:`KompasbotError` for none and for a choice."""
    found = sorted(path for path in corpus.glob(f"*/{FOLDER}") if factsheet in {None, path.parent.name})
    if len(found) == 1:
        return found[0]
    if not found:
        raise KompasbotError(
            f"In {corpus} staan geen vragen om mee te meten.",
            f"Noem de map met vragen, of zet ze in de map '{FOLDER}' van de factsheet.",
        )
    names = ", ".join(path.parent.name for path in found)
    raise KompasbotError(f"Er zijn vragen bij meer factsheets: {names}.", "Kies er een met --factsheet.")


def load_set(folder: Path) -> QuestionSet:
    """Read a set; raises :class:`UnreadableFile` with file and line."""
    questions, scope, dialogues = (folder / name for name in _FILES)
    if not any(path.is_file() for path in (questions, scope, dialogues)):
        raise UnreadableFile(
            f"In {folder} staan geen vragen.", f"Zet er een of meer van deze bestanden in: {', '.join(_FILES)}."
        )
    return QuestionSet(
        name=folder.parent.name if folder.name == FOLDER else folder.name,
        questions=_rows(questions, Answerable),
        out_of_scope=_rows(scope, OutOfScope),
        dialogues=_rows(dialogues, Dialogue),
    )


_AnyRow = TypeVar("_AnyRow", bound=_Row)


def _rows(path: Path, kind: type[_AnyRow]) -> tuple[_AnyRow, ...]:
    if not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} is niet te lezen.", "Sla het bestand op als tekst in UTF-8.") from error
    return tuple(_row(path, at, line, kind) for at, line in enumerate(lines, 1) if line.strip())


def _row(path: Path, at: int, line: str, kind: type[_AnyRow]) -> _AnyRow:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"]))
        what = f"het veld '{field}' klopt niet" if field else "dit is geen geldige JSON"
        raise UnreadableFile(
            f"{path.name}, regel {at}: {what}.", "Verbeter die regel en probeer het opnieuw."
        ) from error
