"""A question set on disk: ``questions.jsonl``, ``outofscope.jsonl``, ``dialogues.jsonl`` and ``gesprekken.jsonl``.

A gold id is the id of an item. It may also name items by section: I3 is the third insight, P a practice example, T a
tool, G a general item, ``T*`` every tool, a ``d`` behind it the document that the item links to, and ``redactie`` every
item with an editor's note. In a dialogue, ``expect`` stands in for the gold of a turn that the sources do not answer
(refuse) or that is a pleasantry (friendly).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kompasbot.errors import KompasbotError, UnreadableFile

FOLDER: Final = "evaluatie"

_ITEM: Final = r"[a-z0-9-]+/(?:inzicht|praktijkvoorbeeld|tool|algemeen|document)/[a-z0-9-]+"
GoldId = Annotated[str, StringConstraints(pattern=rf"^(?:[IPT](?:[1-9]\d*|\*)d?|G\d*d?|redactie|{_ITEM})$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class Row(BaseModel):
    """One line of a file; ``line`` is its number, from 1."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    id: Text
    line: int = Field(0, exclude=True)

    @property
    def digest(self) -> str:
        """Of all that is asked and wanted."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=8).hexdigest()


class Wanting(BaseModel):
    """The items that truly answer, best first, and others that may be cited."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    gold: tuple[GoldId, ...] = ()
    any_of: tuple[GoldId, ...] = ()


class Answerable(Row, Wanting):
    """A question that the factsheet answers; ``must_contain`` are short facts that a right answer carries."""

    question: Text
    style: Text
    gold: Annotated[tuple[GoldId, ...], Field(min_length=1)]
    must_contain: tuple[Text, ...] = ()


class OutOfScope(Row):
    """A question that the factsheet does not answer; ``kind`` says why not."""

    question: Text
    kind: Text


class Turn(Wanting):
    """One message of a visitor in a dialogue."""

    user: Text
    expect: Literal["refuse", "friendly"] | None = None


class Dialogue(Row):
    """A conversation: the messages of the visitor, each asked after the answers to those before it."""

    turns: tuple[Turn, ...]


class SaidCitation(BaseModel):
    """A citation that an earlier reply of a conversation carried."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    number: int
    item_id: str


class Said(BaseModel):
    """One message of a conversation whose history is fixed."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    role: Literal["user", "assistant"]
    content: Text
    citations: tuple[SaidCitation, ...] = ()


class Conversation(Row, Wanting):
    """The last message of a conversation, with what a careful colleague would say to it.

    ``status`` are the accepted ones. ``says`` are facts, each as the strings of which one must occur; of ``first`` one
    must stand in the opening; ``forbidden`` must not occur; ``echo`` says whether repeating earlier replies is a fault.
    """

    kind: Text
    messages: Annotated[tuple[Said, ...], Field(min_length=1)]
    status: Annotated[tuple[Text, ...], Field(min_length=1)]
    says: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = ()
    first: tuple[Text, ...] = ()
    forbidden: tuple[Text, ...] = Field((), alias="not")
    echo: bool = False

    @property
    def question(self) -> str:
        """The visitor's last message."""
        return self.messages[-1].content


class QuestionSet(BaseModel):
    """All questions of a set; any part may be empty."""

    model_config = ConfigDict(frozen=True)
    name: str
    questions: tuple[Answerable, ...] = ()
    out_of_scope: tuple[OutOfScope, ...] = ()
    dialogues: tuple[Dialogue, ...] = ()
    conversations: tuple[Conversation, ...] = ()


FILES: Final[dict[str, tuple[str, type[Row]]]] = {
    "questions": ("questions.jsonl", Answerable),
    "out_of_scope": ("outofscope.jsonl", OutOfScope),
    "dialogues": ("dialogues.jsonl", Dialogue),
    "conversations": ("gesprekken.jsonl", Conversation),
}
"""By field of :class:`QuestionSet`: the file, and what a line of it is."""


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
    paths = {part: folder / name for part, (name, _) in FILES.items()}
    if not any(path.is_file() for path in paths.values()):
        names = ", ".join(name for name, _ in FILES.values())
        raise UnreadableFile(f"In {folder} staan geen vragen.", f"Zet er een of meer van deze bestanden in: {names}.")
    rows = {part: tuple(_rows(path, FILES[part][1])) for part, path in paths.items()}
    _refuse_doubles(rows)
    name = folder.parent.name if folder.name == FOLDER else folder.name
    return QuestionSet(name=name, **rows)


_AnyRow = TypeVar("_AnyRow", bound=Row)


def _rows(path: Path, kind: type[_AnyRow]) -> Iterator[_AnyRow]:
    if not path.is_file():
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} is niet te lezen.", "Sla het bestand op als tekst in UTF-8.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(path, number, line, kind)


def _row(path: Path, number: int, line: str, kind: type[_AnyRow]) -> _AnyRow:
    try:
        return kind.model_validate_json(line).model_copy(update={"line": number})
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"]))
        what = f"het veld '{field}' klopt niet" if field else "dit is geen geldige JSON"
        raise UnreadableFile(
            f"{path.name}, regel {number}: {what}.", "Verbeter die regel en probeer het opnieuw."
        ) from error


def _refuse_doubles(rows: dict[str, tuple[Row, ...]]) -> None:
    """Raise for a question that can't be told from another by its id: its figures would be lost."""
    for part, found in rows.items():
        seen: dict[str, int] = {}
        for row in found:
            if row.id in seen:
                raise UnreadableFile(
                    f"{FILES[part][0]}, regel {row.line}: het id '{row.id}' staat ook op regel {seen[row.id]}.",
                    "Geef een van de twee een ander id.",
                )
            seen[row.id] = row.line
