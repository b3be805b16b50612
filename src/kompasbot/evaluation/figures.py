"""The figures of a question set as one immutable value, and how they are kept on disk."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kompasbot.errors import UnreadableFile

Row = Mapping[str, float | None]
Table = Mapping[str, Row]

ALL: Final = "ALL"
PARTS: Final = ("retrieval", "answers", "out_of_scope_right", "dialogue_turns_right", "sound", "latency")


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that did not get what it should have; ``got`` is the status and the first items cited or found."""

    part: str
    id: str
    question: str
    wanted: str
    got: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question did, right or not: ``score`` is from 0 to 1."""

    asked: Miss
    score: float


@dataclass(frozen=True, slots=True)
class Fault:
    """What is unsound in a reply, whatever was asked."""

    id: str
    fault: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The tables by part; each has a row ``ALL`` and one a style or kind. Shares are from 0 to 1, None of nothing.

    ``outcomes`` are those of every question, not only of the ``misses``; they are not kept on disk.
    """

    tables: Mapping[str, Table]
    misses: tuple[Miss, ...] = ()
    faults: tuple[Fault, ...] = ()
    set: str = ""
    index: str = ""
    outcomes: tuple[Outcome, ...] = ()

    def get(self, part: str, figure: str, row: str = ALL) -> float | None:
        """One figure, or None when it was not measured."""
        return self.tables.get(part, {}).get(row, {}).get(figure)

    def to_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "set": self.set,
            "index": self.index,
            **{part: {key: dict(row) for key, row in table.items()} for part, table in self.tables.items()},
            "misses": [asdict(miss) for miss in self.misses],
            "faults": [asdict(fault) for fault in self.faults],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Figures":
        """The figures that :meth:`to_dict` gave; what else ``data`` holds is left alone."""
        return cls(
            {part: data[part] for part in PARTS if isinstance(data.get(part), dict)},
            tuple(Miss(**one) for one in data.get("misses", ())),
            tuple(Fault(**one) for one in data.get("faults", ())),
            str(data.get("set", "")),
            str(data.get("index", "")),
        )


def read_figures(path: Path) -> Figures:
    """The figures of an earlier run; raises :class:`UnreadableFile`."""
    try:
        found = Figures.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UnreadableFile(
            f"{path} bevat geen cijfers van een eerdere meting.", "Maak ze met: kompasbot eval --save BESTAND."
        ) from error
    if not found.tables:
        raise UnreadableFile(
            f"{path} bevat geen cijfers van een eerdere meting.", "Maak ze met: kompasbot eval --save BESTAND."
        )
    return found


def share(values: Iterable[float]) -> float | None:
    """The mean in three decimals, or None of nothing."""
    found = list(values)
    return round(sum(found) / len(found), 3) if found else None
