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
class Measured:
    """How one set of questions did: ``figures`` by name and ``scores`` by question, all from 0 to 1.

    ``asked`` is a digest of the whole set: figures of the same set can be compared.
    """

    asked: str
    figures: Mapping[str, float]
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Notes:
    """``measured`` is by set of questions; ``forced`` says that a person published in spite of what the gate found.

    ``findings`` are what the report said should be looked at, each as its fields.
    """

    measured: Mapping[str, Measured] = field(default_factory=dict)
    forced: bool = False
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
