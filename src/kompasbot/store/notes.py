"""What an ingestion found out about a generation, kept with it for the next one: ``notes.json``.

Beside the manifest, and not in it: a program of before can read the generation, and one that is damaged, or built with
another embedder, can still be compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

NAME: Final = "notes.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one question of a set: ``marks`` from 0 (bad) to 1 (good) by figure, the ids of what was ``cited``
    or found, and the ``answer``'s text. ``digest`` is of all that was asked and wanted: equal ones can be compared.
    """

    digest: str
    marks: Mapping[str, tuple[float, ...]]
    cited: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a row of a set meant when it was first read: the item ids of its positions in ``gold``. ``facts`` are those
    that stand in the texts of its items (2) or elsewhere in what is known of them (1), ``gone`` those that once did.
    """

    gold: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """How one set of questions did: its ``questions`` by part and id, and its ``rows`` by their digest."""

    questions: Mapping[str, Asked] = field(default_factory=dict)
    rows: Mapping[str, Resolved] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notes:
    """By set of questions: what was ``measured``; ``best``, the baseline that a next generation is held against; and
    ``allowed``, the level below it that a person let pass with ``--force``.

    ``findings`` are what the report said should be looked at, each as its fields.
    """

    measured: Mapping[str, Measured] = field(default_factory=dict)
    best: Mapping[str, Measured] = field(default_factory=dict)
    allowed: Mapping[str, Measured] = field(default_factory=dict)
    findings: tuple[Mapping[str, str], ...] = ()


_ADAPTER: Final = TypeAdapter(Notes)


def read_notes(folder: Path) -> Notes:
    """The notes of a generation's folder; empty when there are none that can be read."""
    try:
        return _ADAPTER.validate_json((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return Notes()


def write_notes(folder: Path, notes: Notes) -> None:
    """Write the notes into a generation's folder."""
    (folder / NAME).write_bytes(_ADAPTER.dump_json(notes))
