"""The figures and the page on which they stand: one section a topic, replaced when that topic is measured again."""

import importlib
import os
import pkgutil
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import tests.proof

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "proof.md"
_HELPERS: Final = frozenset({"__main__", "book", "library", "rig", "running", "trend", "victim"})
_INTRO: Final = """\
# Measured figures

`make proof` measures anew and replaces these sections; `python -m tests.proof.<topic>` does so for one. Each section
says when and on what machine it was measured. Short forms of the same checks are part of `make test`.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what was wanted, what was found, and whether that is good enough."""

    name: str
    wanted: str
    found: str
    good: bool


def topics() -> list[str]:
    """The names of all topics."""
    found = (module.name for module in pkgutil.iter_modules(tests.proof.__path__))
    return sorted(name for name in found if name not in _HELPERS)


def run(names: Sequence[str]) -> int:
    """Measure topics and write their sections; returns 1 when a figure is not good enough."""
    bad = 0
    for name in names:
        topic = importlib.import_module(f"tests.proof.{name}")
        print(f"== {topic.TITLE}", flush=True)
        figures: list[Figure] = topic.measure()
        for one in figures:
            print(f"{'ok ' if one.good else 'NOT'} {one.name}: {one.found} (wanted {one.wanted})", flush=True)
            bad += not one.good
        write(name, topic.TITLE, figures)
    return min(1, bad)


def write(name: str, title: str, figures: Sequence[Figure], page: Path = PAGE) -> None:
    """Replace or add the section of a topic."""
    rows = [f"| {one.name} | {one.wanted} | {one.found} | {'yes' if one.good else '**no**'} |" for one in figures]
    table = "\n".join(("| figure | wanted | found | reached |", "| --- | --- | --- | --- |", *rows))
    section = f"<!-- topic: {name} -->\n## {title}\n\n{_circumstances()}\n\n{table}\n<!-- end: {name} -->\n"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if not text.startswith("# Measured figures\n\n`make proof`"):
        text = _INTRO
    old = re.compile(rf"<!-- topic: {re.escape(name)} -->.*?<!-- end: {re.escape(name)} -->\n", re.DOTALL)
    text = old.sub(lambda _: section, text) if old.search(text) else f"{text.rstrip()}\n\n{section}"
    page.write_text(text, encoding="utf-8")


def _circumstances() -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC with `python -m tests.proof`: {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, {platform.system()}; load average at the end {load:.1f}."
    )
