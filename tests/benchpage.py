"""Prints what the benchmarks find, and writes it to ``docs/bench`` as tables and charts."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.growing import Size
from tests.load import Load
from tests.plots import Points, chart

if TYPE_CHECKING:
    from tests.bench import Served

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "bench"
_INTRO: Final = """\
# Benchmarks

`make bench` measures anew and replaces this page. Times depend on the machine; the ratios are made in one run. The
floor is a bare FastAPI app that opens an empty Chroma folder. The plain pipeline is LangChain's text splitter and
Chroma, with the same embedder over the same texts, asked the same questions. The texts that grow are random Dutch.
"""
_Times = tuple[float, float]


class Report:
    """Collects the sections of the page; prints each as it comes."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._sections: list[str] = []
        self._sizes: list[Size] = []
        self._charts: dict[str, str] = {}

    def start(self, help_seconds: float, ingest: float, again: float) -> None:
        """What one waits for at the keyboard."""
        rows = [
            ("`kompasbot --help`", f"{help_seconds:.2f} s"),
            ("first ingestion of the shipped corpus", f"{ingest:.1f} s"),
            ("again, without a change", f"{again:.1f} s"),
        ]
        self._section("At the keyboard", ("what", "time"), rows)

    def served(self, own: "Served", floor: tuple[float, float, _Times]) -> None:
        """A server on the shipped corpus, beside the floor."""
        ready, memory, times = floor
        rows = [
            ("server ready", f"{own.ready:.2f} s", f"{ready:.2f} s", f"{own.ready / ready:.2f}"),
            ("memory", f"{own.memory:.0f} MB", f"{memory:.0f} MB", f"{own.memory / memory:.2f}"),
            ("`/v1/search`, p50 and p95", _ms(own.search), "", ""),
            ("`/v1/chat`, p50 and p95", _ms(own.chat), _ms(times), f"{own.chat[0] / times[0]:.1f}"),
        ]
        self._section("A server, beside the floor", ("what", "kompasbot", "floor", "ratio"), rows)
        self._clients(own.loads)

    def _clients(self, loads: dict[int, Load]) -> None:
        rows = [
            (str(clients), f"{one.rate():.0f}", f"{one.percentile(0.5):.1f} ms", f"{one.percentile(0.95):.1f} ms")
            for clients, one in loads.items()
        ]
        self._section("Clients at once, of one process", ("clients", "answers a second", "p50", "p95"), rows)
        lines: dict[str, Points] = {
            "answers a second": [(clients, one.rate()) for clients, one in loads.items()],
            "p50, ms": [(clients, one.percentile(0.5)) for clients, one in loads.items()],
            "p95, ms": [(clients, one.percentile(0.95)) for clients, one in loads.items()],
        }
        self._chart("clients", chart("Answers to clients at once", "clients", "a second, ms", lines))

    def compared(self, own: _Times, plain: _Times) -> None:
        """A search in one process, ours and the plain pipeline's."""
        rows = [("a search in process, p50 and p95", _ms(own), _ms(plain), f"{own[0] / plain[0]:.2f}")]
        self._section("Beside a plain pipeline", ("what", "kompasbot", "LangChain and Chroma", "ratio"), rows)

    def grown(self, size: Size) -> None:
        """The figures at one number of passages."""
        self._sizes.append(size)
        print(f"{size.passages} passages: {', '.join(_growth(size)[1:])}", flush=True)

    def write(self) -> None:
        """Write the page and its charts."""
        if self._sizes:
            self._growth_sections()
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, drawn in self._charts.items():
            (self._folder / f"{name}.svg").write_text(drawn, encoding="utf-8")
        text = "\n".join([_INTRO, _circumstances(), *self._sections])
        (self._folder / "README.md").write_text(text, encoding="utf-8")

    def _growth_sections(self) -> None:
        heads = ("passages", "ingest", "again", "server ready", "memory", "search p50", "chat p50")
        self._section("Growth", heads, [_growth(one) for one in self._sizes])
        rows = [
            (
                f"{one.passages:,}",
                f"{one.ingest:.1f} s, {one.plain_build:.1f} s",
                f"{one.own_in_process:.2f} ms, {one.plain_in_process:.2f} ms",
                f"{one.ratio:.2f}",
            )
            for one in self._sizes
        ]
        head = ("passages", "ingest, and plain build", "search in process, and plain", "ratio of the searches")
        self._section("Growth, beside the plain pipeline", head, rows)
        self._chart("growth-of-questions", chart("A question, by passages", "passages", "ms", _questions(self._sizes)))
        self._chart("growth-of-building", chart("Building, by passages", "passages", "s", _building(self._sizes)))

    def _section(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
        self._sections.append(f"## {title}\n\n" + "\n".join(table) + "\n")
        print(f"== {title}", *("   ".join(row) for row in (head, *rows)), sep="\n", flush=True)

    def _chart(self, name: str, drawn: str) -> None:
        self._charts[name] = drawn
        self._sections.append(f"![{name.replace('-', ' ')}]({name}.svg)\n")


def _growth(one: Size) -> tuple[str, ...]:
    return (
        f"{one.passages:,}",
        f"{one.ingest:.1f} s",
        f"{one.again:.1f} s",
        f"{one.ready:.1f} s",
        f"{one.memory:.0f} MB",
        f"{one.search:.1f} ms",
        f"{one.chat:.1f} ms",
    )


def _questions(sizes: Sequence[Size]) -> dict[str, Points]:
    return {
        "/v1/chat": [(one.passages, one.chat) for one in sizes],
        "/v1/search": [(one.passages, one.search) for one in sizes],
        "search in process": [(one.passages, one.own_in_process) for one in sizes],
        "plain pipeline": [(one.passages, one.plain_in_process) for one in sizes],
    }


def _building(sizes: Sequence[Size]) -> dict[str, Points]:
    return {
        "ingest": [(one.passages, one.ingest) for one in sizes],
        "again": [(one.passages, one.again) for one in sizes],
        "plain pipeline": [(one.passages, one.plain_build) for one in sizes],
    }


def _ms(times: _Times) -> str:
    return f"{times[0]:.1f}, {times[1]:.1f} ms"


def _circumstances() -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {os.cpu_count()} processors, Python "
        f"{platform.python_version()}, {platform.system()}; load average at the end {load:.1f}.\n"
    )
