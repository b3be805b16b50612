"""The report of an ingestion: an immutable value. It prints itself in ``report_terminal`` and ``report_html``."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypedDict

from ingest.edits import Edit, answer_edits, edits, is_same
from ingest.findings import Finding
from ingest.gate import ChangedFact, Worse
from kompasbot.knowledge import Facet, Health, Item, ItemType, Knowledge, Known, ReviewedAnswer
from kompasbot.store import Manifest

if TYPE_CHECKING:
    from rich.console import Console

FACET: Final = "kenmerk"
ANSWER: Final = "antwoord"
PLURAL: Final[dict[str, str]] = {
    ItemType.INSIGHT: "inzichten",
    ItemType.EXAMPLE: "praktijkvoorbeelden",
    ItemType.TOOL: "tools",
    ItemType.GENERAL: "algemene items",
    ItemType.DOCUMENT: "documenten",
    FACET: "kenmerken",
    ANSWER: "antwoorden",
}
"""What is counted: items by their type, the reviewed facets of items, and reviewed answers."""

HEALTH: Final = {
    Health.OK: "werkt",
    Health.MOVED: "verhuisd",
    Health.DEAD: "dood",
    Health.BLOCKED: "niet toegestaan",
    Health.UNCHECKED: "niet nagekeken",
}


def percentage(share: float) -> str:
    """A share as a Dutch reader knows it: 92,6 %."""
    return f"{100 * share:.1f} %".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Change:
    """One item, document or reviewed answer that is not as it was: ``kind`` is nieuw, gewijzigd or verwijderd;
    ``edits`` show how.
    """

    kind: str
    id: str
    type: str
    title: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of something are new, changed, removed and unchanged."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def sentence(self) -> str:
        """The counts in words."""
        parts = (
            (self.new, "nieuw"),
            (self.changed, "gewijzigd"),
            (self.removed, "verwijderd"),
            (self.unchanged, "ongewijzigd"),
        )
        return ", ".join(f"{number} {word}" for number, word in parts if number) or "geen"


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What changed in one factsheet or folder of documents; ``counts`` is by the keys of :data:`PLURAL`."""

    id: str
    title: str
    changes: tuple[Change, ...]
    counts: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did, or for a ``rehearsal`` would do.

    ``published`` is false when nothing was; ``reason`` then says why, and where something ``stopped`` it, that says
    what, with ``advice``. ``embedded`` are the texts for which a vector had to be computed, ``tokens`` and ``cost``
    (euro) what an endpoint counts for them. Of the expected questions ``questions_asked`` were tried. ``evaluation``
    are figures of the gate, ``worse`` the questions that explain them, ``facts`` what answers should tell and no longer
    do. ``seconds`` is by step.
    """

    generation: str
    published: bool
    rehearsal: bool
    sheets: tuple[SheetReport, ...]
    passages: Counts
    links: Mapping[str, int]
    health: Mapping[str, int]
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]
    embedded: int = 0
    tokens: int | None = None
    cost: float | None = None
    questions_asked: int = 0
    questions_found: int = 0
    evaluation: Mapping[str, float] = field(default_factory=dict)
    evaluation_before: Mapping[str, float] = field(default_factory=dict)
    evaluation_message: str = ""
    worse: tuple[Worse, ...] = ()
    facts: tuple[ChangedFact, ...] = ()
    reason: str = ""
    stopped: str = ""
    advice: str = ""

    @classmethod
    def nothing_changed(cls, manifest: Manifest, reason: str = "", standing: tuple[Finding, ...] = ()) -> "Report":
        """The report of a run that found everything as it was, or was told not to publish it again; ``standing`` is
        what still should be looked at.
        """
        reason, same = reason or "Er is niets veranderd.", Counts(unchanged=manifest.passages)
        return cls(manifest.id, False, False, (), same, {}, {}, standing, {}, reason=reason)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was done, because there was nothing to do."""
        return not (self.published or self.rehearsal or self.stopped)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, for ``--json``."""
        return asdict(self)

    def render(self, console: "Console") -> None:
        """Print the report for a person."""
        from ingest.report_terminal import show

        show(self, console)


class Compared(TypedDict):
    """The part of a report that compares two states of knowledge."""

    sheets: tuple[SheetReport, ...]
    passages: Counts
    links: Mapping[str, int]
    health: Mapping[str, int]


def compare(before: Knowledge | None, after: Knowledge) -> Compared:
    """Compare what is new with what serves."""
    old = {item.id: item for item in before.items} if before else {}
    new = {item.id: item for item in after.items}
    titles = {sheet.id: sheet.title for sheet in (*(before.factsheets if before else ()), *after.factsheets)}
    folders = dict.fromkeys(item.factsheet for item in (*after.items, *old.values()))
    return Compared(
        sheets=tuple(
            _with_reviewed(_sheet(folder, titles.get(folder, folder), old, new), before, after) for folder in folders
        ),
        passages=_passages(before, after),
        links=_links(after.items),
        health=_health(after.items),
    )


def _sheet(folder: str, title: str, old: Mapping[str, Item], new: Mapping[str, Item]) -> SheetReport:
    found: list[Change] = []
    counts: dict[str, Counts] = {}
    for kind in ItemType:
        before = {key: item for key, item in old.items() if item.factsheet == folder and item.type is kind}
        after = {key: item for key, item in new.items() if item.factsheet == folder and item.type is kind}
        if not before and not after:
            continue
        mine = [Change("nieuw", key, kind, after[key].title) for key in after if key not in before]
        mine += [
            Change("gewijzigd", key, kind, after[key].title, edits(before[key], after[key]))
            for key in after
            if key in before and not is_same(before[key], after[key])
        ]
        mine += [Change("verwijderd", key, kind, before[key].title) for key in before if key not in after]
        counts[kind] = _counted(mine, len(after))
        found += mine
    return SheetReport(folder, title, tuple(found), counts)


def _with_reviewed(sheet: SheetReport, before: Knowledge | None, after: Knowledge) -> SheetReport:
    """The report of a folder with its facets, whose changes are shown with their items, and its reviewed answers."""
    old, new = (_facets(one, sheet.id) if one else {} for one in (before, after))
    facets = _changes(FACET, old, new)
    was, now = (_answers(one, sheet.id) if one else {} for one in (before, after))
    answers = _changes(ANSWER, was, now)
    counts = dict(sheet.counts)
    counts |= {FACET: _counted(facets, len(new))} if old or new else {}
    counts |= {ANSWER: _counted(answers, len(now))} if was or now else {}
    shown = [
        replace(one, edits=answer_edits(was[one.id], now[one.id])) if one.kind == "gewijzigd" else one
        for one in answers
    ]
    return replace(sheet, changes=(*sheet.changes, *shown), counts=counts)


def _facets(knowledge: Knowledge, folder: str) -> dict[str, Facet]:
    every = ((item, facet) for item in knowledge.items if item.factsheet == folder for facet in item.facets)
    return {f"{item.id} {facet.kind} {facet.value}": facet for item, facet in every}


def _answers(knowledge: Knowledge, folder: str) -> dict[str, ReviewedAnswer]:
    return {one.id: one for one in knowledge.answers if one.factsheet == folder}


def _changes(what: str, before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """What is new, changed and removed of facets or answers, each by its key."""
    kinds = {key: "gewijzigd" if key in before else "nieuw" for key in after if after[key] != before.get(key)}
    kinds |= dict.fromkeys((key for key in before if key not in after), "verwijderd")
    return [Change(kind, key, what, f"{what} '{key}'") for key, kind in kinds.items()]


def _counted(found: Iterable[Change], total: int) -> Counts:
    kinds = [change.kind for change in found]
    new, changed = kinds.count("nieuw"), kinds.count("gewijzigd")
    return Counts(new, changed, kinds.count("verwijderd"), total - new - changed)


def _passages(before: Knowledge | None, after: Knowledge) -> Counts:
    old = {passage.digest for passage in before.passages} if before else set()
    new = {passage.digest for passage in after.passages}
    return Counts(new=len(new - old), removed=len(old - new), unchanged=len(new & old))


def _links(items: Iterable[Item]) -> dict[str, int]:
    known = [link.known for item in items for link in item.links]
    return {str(kind): known.count(kind) for kind in Known}


def _health(items: Iterable[Item]) -> dict[str, int]:
    found = [link.health for item in items for link in item.links if link.url]
    return {str(kind): found.count(kind) for kind in Health if found.count(kind)}
