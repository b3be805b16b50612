"""The gate that ``kompasbot ingest`` hands to the ingestion: is the new generation as good as those before it?

What is measured stands in :mod:`kompasbot.cli.gauge`, which runs in a process of its own because Chroma opens folders
there. What came of each question is kept with every generation, so that it can be compared with also when that is
damaged or was built with another embedder; and so is the baseline, which only a better generation replaces.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompasbot.cli.gauge import ADAPTER, EXPECTED, Gauged, SetGauge, noted
from kompasbot.errors import KompasbotError
from kompasbot.store.notes import Asked, Measured, Notes, Resolved

if TYPE_CHECKING:
    from ingest.findings import Finding
    from ingest.gate import ChangedFact, Gate, Verdict, Worse
    from kompasbot.knowledge import Knowledge, ReviewedAnswer

WORSE: Final = 0.02
"""A figure may fall by this much below its baseline: a question more or less in a hundred is chance."""
_ROUNDED: Final = 1e-4
"""What a figure is rounded to."""
_CHANCE: Final = (10, 40)
"""From so many questions on one of them, and two of them, may be chance in a small set."""
OWN_FIRST: Final = "het eigen item staat bovenaan"
_LOSS: Final = 0.2
"""A set that loses more than this share of its questions no longer measures what it did."""
_SECONDS: Final = 600
_SHOWN: Final = 10
_ENOUGH: Final = 0.5
"""Of the smaller set this share of questions must be known to both, else they say nothing of one another."""
_SOUND: Final = "sound"
_SEARCH: Final = "retrieval "

Measure = Callable[[Path, str, Path, Sequence[Path]], Gauged]
"""Gets the draft, the address of the Chroma server, the corpus, and the generations before; raises KompasbotError."""


def gate_for(corpus: Path) -> "Gate":
    """The gate that knows the evaluation sets of a corpus; see :data:`ingest.gate.Gate`."""
    return partial(judge, _beside, corpus)


def answer_faults(knowledge: "Knowledge") -> "Mapping[ReviewedAnswer, str]":
    """The reviewed answers that do not hold; see :data:`ingest.gate.AnswerCheck`."""
    if not knowledge.answers:
        return {}
    from kompasbot.evaluation.reviewed import faults

    return faults(knowledge)


def judge(measure: Measure, corpus: Path, draft: Path, earlier: Sequence[Path], url: str | None) -> "Verdict":
    """Measure a draft and hold it against the generations before it."""
    from ingest.gate import Verdict

    try:
        gauged = measure(draft, url or "", corpus, earlier)
    except KompasbotError as error:
        return Verdict(message=f"De nieuwe index kon niet worden beoordeeld: {error}")
    return judged(gauged, noted(earlier))


def _beside(draft: Path, url: str, corpus: Path, earlier: Sequence[Path]) -> Gauged:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "kompasbot.cli.gauge", str(draft), url, str(corpus), *map(str, earlier)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
        return ADAPTER.validate_json(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise KompasbotError(f"dat duurde langer dan {_SECONDS} s.") from error
    except (subprocess.SubprocessError, ValueError) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        raise KompasbotError(" ".join(said.decode(errors="replace").strip().splitlines()[-1:])) from error


@dataclass
class _Compared:
    """One set held against its baseline."""

    name: str
    figures: dict[str, float] = field(default_factory=dict)
    before: dict[str, float] = field(default_factory=dict)
    fell: list[str] = field(default_factory=list)
    """The figures that are worse than a person let pass."""
    low: list[str] = field(default_factory=list)
    """Those that a person let pass, and that did not recover."""
    best: Measured = field(default_factory=Measured)
    uncompared: bool = False
    explained: int = 0
    worse: list[tuple[float, "Worse"]] = field(default_factory=list)


def judged(gauged: Gauged, notes: Notes) -> "Verdict":
    """The verdict on what was measured of a draft, by what was noted of the generation before it."""
    from ingest.gate import Verdict
    from ingest.report import percentage

    best = {**gauged.earlier, **notes.best}
    gone = {name: kept for name, kept in best.items() if name not in gauged.new}
    last = {**gauged.earlier, **notes.measured}
    sets = [_compared(name, mine, best.get(name), notes.allowed.get(name), gauged) for name, mine in gauged.new.items()]
    figures = {name: value for one in sets for name, value in one.figures.items()}
    before = {name: value for one in sets for name, value in one.before.items()}
    fell = [name for one in sets for name in one.fell]
    told = "; ".join(f"{name}: van {percentage(before[name])} naar {percentage(figures[name])}" for name in fell)
    lost = _lost(gauged, last)
    messages = [f"De antwoorden zijn slechter geworden. {told}."] if fell else []
    messages += [message for message, too_many in lost if too_many]
    return Verdict(
        figures,
        before,
        " ".join(messages),
        _shown([worse for one in sets for worse in one.worse]),
        tuple(_changed_facts(gauged, last)),
        tuple(_findings(gauged, sets, [message for message, too_many in lost if not too_many])),
        # A set that is gone measures nothing any more, and that must be seen.
        tuple([one.name for one in sets if one.uncompared] + [name for name in last if name not in gauged.new]),
        {name: mine.measured for name, mine in gauged.new.items()},
        {**gone, **{one.name: one.best for one in sets}},
        {one.name: notes.allowed[one.name] for one in sets if one.name in notes.allowed and (one.low or one.fell)},
        tuple(one.name for one in sets if one.fell),
    )


def _compared(
    name: str, mine: SetGauge, baseline: Measured | None, allowed: Measured | None, gauged: Gauged
) -> _Compared:
    found = _Compared(name, {_figure(name, key): value for key, value in _means(mine.measured.questions).items()})
    new = mine.measured.questions
    base, found.explained = _rebased(new, baseline.questions if baseline else {}, gauged)
    known = [key for key, asked in new.items() if key in base and base[key].digest == asked.digest]
    if len(known) < max(1, _ENOUGH * min(len(new), len(base))):
        found.best, found.uncompared = Measured({**base, **new}), True
        return found
    now, then = _means(new, known), _means(base, known)
    let_pass = _means(allowed.questions, known, new) if allowed else {}
    for key in now.keys() & then.keys():
        figure = _figure(name, key)
        found.figures[figure], found.before[figure] = now[key], then[key]
        slack = _slack(key, new, known)
        if now[key] < min(then[key], let_pass.get(key, 1.0)) - slack:
            found.fell.append(figure)
        elif now[key] < then[key] - slack:
            found.low.append(figure)
    better = all(now[key] >= then[key] for key in now.keys() & then.keys())
    added = {key: asked for key, asked in new.items() if better or key not in known}
    found.best = Measured({**base, **added})
    found.fell.sort()
    if found.fell:
        found.worse = list(_worse(mine, base, known))
    return found


def _rebased(new: Mapping[str, Asked], base: Mapping[str, Asked], gauged: Gauged) -> tuple[dict[str, Asked], int]:
    """A baseline in which answers count as they are now where items that came or went explain the difference, and how
    many these are.
    """
    both = [key for key in new if key in base]
    explained = {key for key in both if _is_explained(base[key].cited, new[key].cited, gauged)}
    # What the search puts first is judged by the answer to the same question.
    explained |= {key for key in both if _answer_to(key) in explained and _only_new(base[key], new[key], gauged.fresh)}
    rebased = {key: new[key] if key in explained else asked for key, asked in base.items()}
    return rebased, sum(not key.startswith((_SEARCH, f"{_SOUND} ")) for key in explained)


def _is_explained(before: Sequence[str], now: Sequence[str], gauged: Gauged) -> bool:
    """Whether an answer rested on items that are gone, or tells what it told and beside that only of new items."""
    more = set(now) - set(before)
    tells_more = bool(before) and bool(more) and set(before) <= set(now) and more <= gauged.fresh
    return tells_more or not gauged.gone.isdisjoint(before)


def _answer_to(key: str) -> str:
    return key.replace(_SEARCH, "answers ", 1) if key.startswith(_SEARCH) else ""


def _only_new(before: Asked, now: Asked, fresh: frozenset[str]) -> bool:
    return set(now.cited) - set(before.cited) <= fresh


def _slack(figure: str, asked: Mapping[str, Asked], keys: Iterable[str]) -> float:
    number = sum(1 for key in keys if _marks(key, asked[key]).get(figure))
    by_chance = sum(number >= least for least in _CHANCE)
    return max(WORSE, by_chance / max(1, number)) + _ROUNDED


def _marks(key: str, asked: Asked) -> dict[str, tuple[float, ...]]:
    """What came of a question by figure, each with the name of its part."""
    part = key.partition(" ")[0] if " " in key else ""
    return {f"{part} {figure}".strip(): marks for figure, marks in asked.marks.items()}


def _means(
    asked: Mapping[str, Asked], keys: Iterable[str] | None = None, like: Mapping[str, Asked] | None = None
) -> dict[str, float]:
    """The figures over some of the questions, where ``like`` is given those that are the same in it."""
    marks: dict[str, list[float]] = {}
    for key in asked if keys is None else keys:
        if key in asked and (like is None or asked[key].digest == like[key].digest):
            for figure, found in _marks(key, asked[key]).items():
                marks.setdefault(figure, []).extend(found)
    return {figure: round(sum(found) / len(found), 4) for figure, found in marks.items() if found}


def _figure(name: str, key: str) -> str:
    """A figure of a set by its Dutch name."""
    from kompasbot.evaluation.wording import figure_name

    return f"{name}: {OWN_FIRST if name == EXPECTED else figure_name(*key.split(' ', maxsplit=1))}"


def _worse(mine: SetGauge, base: Mapping[str, Asked], keys: Iterable[str]) -> Iterator[tuple[float, "Worse"]]:
    """The questions that score lower than in the baseline, with by how much."""
    from ingest.gate import Worse

    for key in keys:
        fall = _score(base[key]) - _score(mine.measured.questions[key])
        if fall > 0 and key in mine.told:
            yield fall, Worse(*mine.told[key])


def _score(asked: Asked) -> float:
    means = [sum(marks) / len(marks) for marks in asked.marks.values() if marks]
    return sum(means) / len(means) if means else 0.0


def _shown(worse: Sequence[tuple[float, "Worse"]]) -> tuple["Worse", ...]:
    """Those that fell most, each question once."""
    found = {one.question: one for _, one in sorted(worse, key=lambda pair: pair[0])}
    return tuple(reversed(found.values()))[:_SHOWN]


def _lost(gauged: Gauged, last: Mapping[str, Measured]) -> list[tuple[str, bool]]:
    """What to say of questions that were taken out of the sets, each with whether it is too much."""
    found = []
    for name, before in last.items():
        if name == EXPECTED or name not in gauged.sheets:
            continue
        mine = gauged.new.get(name, SetGauge(Measured(), {}))
        there = {_id(key) for key in mine.measured.questions} | {one[0] for one in mine.set_aside}
        asked = {_id(key) for key in before.questions}
        gone = len(asked - there)
        if gone:
            message = f"Van de {len(asked)} vragen in {name}/evaluatie zijn er {gone} weg."
            found.append((message, gone > max(1, _LOSS * len(asked))))
    return found


def _id(key: str) -> str:
    return key.partition(" ")[2]


def _changed_facts(gauged: Gauged, last: Mapping[str, Measured]) -> Iterator["ChangedFact"]:
    """The facts that the items of a row told in the generation before, and no longer do."""
    from ingest.gate import ChangedFact

    for name, mine in gauged.new.items():
        before = last.get(name, Measured())
        for digest, row in mine.measured.rows.items():
            for fact in row.gone:
                if fact in before.rows.get(digest, Resolved()).facts:
                    key = _key_of(mine, digest)
                    old, new = before.questions.get(key), mine.measured.questions.get(key)
                    yield ChangedFact(
                        mine.told[key][0] if key in mine.told else "",
                        fact,
                        old.answer if old else "",
                        new.answer if new else "",
                        mine.places.get(digest, ""),
                    )


def _key_of(mine: SetGauge, digest: str) -> str:
    """The question with an answer that a row is about."""
    keys = [key for key, asked in mine.measured.questions.items() if asked.digest == digest and asked.answer]
    return keys[0] if keys else ""


def _findings(gauged: Gauged, sets: Sequence[_Compared], lost: Sequence[str]) -> Iterator["Finding"]:
    """What a person should know of the evaluation, though it stops nothing."""
    from ingest.findings import Finding
    from ingest.report import percentage

    for message in lost:
        yield Finding("info", "evaluatie", message)
    for one in sets:
        mine = gauged.new[one.name]
        if mine.set_aside:
            yield _set_aside(one.name, mine)
        for digest, row in mine.measured.rows.items():
            for fact in row.gone:
                yield Finding(
                    "waarschuwing",
                    mine.places.get(digest, f"{one.name}/evaluatie"),
                    f"Deze vraag verwacht '{fact}', maar dat staat niet meer in de bronnen. Dit feit telt niet mee.",
                    "Zet in die regel wat nu klopt.",
                )
        for figure in one.low:
            yield Finding(
                "waarschuwing",
                "evaluatie",
                f"Nog lager dan voor een publicatie met --force: {figure}, van {percentage(one.before[figure])} naar "
                f"{percentage(one.figures[figure])}.",
                "Verbeter de factsheet of de vragen, tot dit cijfer weer is zoals het was.",
            )
        if one.explained:
            message = f"Antwoorden met items die nieuw zijn of weg: {one.explained}. Dat telt niet als slechter."
            yield Finding("info", f"{one.name}/evaluatie", message)


def _set_aside(name: str, mine: SetGauge) -> "Finding":
    from ingest.findings import Finding

    ids = list(dict.fromkeys(one[0] for one in mine.set_aside))
    items = ", ".join(dict.fromkeys(one[2] for one in mine.set_aside))
    shown = "; ".join(f"'{one[1]}'" for one in mine.set_aside[:_SHOWN])
    return Finding(
        "waarschuwing",
        f"{name}/evaluatie",
        f"Vragen die niet meer meetellen, omdat hun item er niet is ({items}): {len(ids)}. {shown}",
        f"Haal deze regels weg, of zet er een ander item bij: {', '.join(ids[:_SHOWN])}.",
    )
