"""The figures of a question set as one immutable value, and how they are kept on disk."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from kompasbot.errors import UnreadableFile
from kompasbot.store.notes import Resolved

Row = Mapping[str, float | None]
Table = Mapping[str, Row]
Marks = Mapping[str, tuple[float, ...]]
"""What one question adds to each figure of its part: often one value, none where it says nothing of that figure."""

ALL: Final = "ALL"
PARTS: Final = (
    "retrieval",
    "answers",
    "out_of_scope_right",
    "dialogue_turns_right",
    "conversations",
    "sound",
    "latency",
)


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that did not get what it should have; ``got`` is the status and the first items cited or found."""

    part: str
    id: str
    question: str
    wanted: str
    got: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question did, right or not. ``group`` is its style or kind, ``row`` the digest of its row in the set;
    ``cited`` are the ids that were cited or found.
    """

    asked: Miss
    marks: Marks
    group: str = ALL
    row: str = ""
    cited: tuple[str, ...] = ()
    answer: str = ""
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is unsound in a reply, whatever was asked."""

    id: str
    fault: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A question that is not counted: the items that answer it are not there (any more)."""

    id: str
    question: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The tables by part; each has a row ``ALL`` and one a style or kind. Shares are from 0 to 1, None of nothing.

    ``rows`` are what the rows of the set meant, by their digest. ``outcomes`` are those of every question, not only of
    the ``misses``; they are not kept on disk.
    """

    tables: Mapping[str, Table]
    misses: tuple[Miss, ...] = ()
    faults: tuple[Fault, ...] = ()
    set: str = ""
    index: str = ""
    set_aside: tuple[SetAside, ...] = ()
    rows: Mapping[str, Resolved] = field(default_factory=dict)
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
            "set_aside": [asdict(one) for one in self.set_aside],
            "rows": {digest: asdict(row) for digest, row in self.rows.items()},
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
            tuple(SetAside(one["id"], one["question"], tuple(one["items"])) for one in data.get("set_aside", ())),
            {
                digest: Resolved(row["gold"], row["facts"], tuple(row["gone"]))
                for digest, row in data.get("rows", {}).items()
            },
        )


def tables_of(outcomes: Iterable[Outcome]) -> dict[str, Table]:
    """The tables of all parts: each figure is the mean of what the questions add to it."""
    groups: dict[str, dict[str, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        for group in {ALL, outcome.group}:
            groups[outcome.asked.part][group].append(outcome)
    return {part: {group: _row(found) for group, found in sorted(table.items())} for part, table in groups.items()}


def _row(outcomes: Sequence[Outcome]) -> Row:
    names = dict.fromkeys(name for outcome in outcomes for name in outcome.marks)
    means = {name: share(mark for one in outcomes for mark in one.marks.get(name, ())) for name in names}
    return {"n": len(outcomes), **means}


def read_figures(path: Path) -> Figures:
    """The figures of an earlier run; raises :class:`UnreadableFile`."""
    try:
        found = Figures.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
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
