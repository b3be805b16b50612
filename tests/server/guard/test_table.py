"""Counters that processes share."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from kompasbot.server.guard.table import Table


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_count_ends_after_its_window() -> None:
    clock = Clock()
    table = Table(clock=clock)
    assert [table.add("a", 60), table.add("a", 60), table.add("b", 60)] == [1, 2, 1]
    assert table.read("a") == (2, 1060.0)
    clock.now += 61
    assert (table.read("a")[0], table.add("a", 60)) == (0, 1)


def test_a_forgotten_key_starts_anew() -> None:
    table = Table()
    table.add("a", 60, 5)
    table.drop("a")
    assert table.add("a", 60) == 1


def test_processes_lose_no_count(tmp_path: Path) -> None:
    path = tmp_path / "counters"
    code = (
        "import sys, pathlib; from kompasbot.server.guard.table import Table\n"
        "t = Table(pathlib.Path(sys.argv[1]))\nfor _ in range(2000): t.add('a', 600)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [one.wait(timeout=60) for one in running] == [0, 0, 0]
    with closing(Table(path)) as table:
        assert table.read("a")[0] == 6000


def test_any_number_of_visitors_takes_the_same_memory(tmp_path: Path) -> None:
    path = tmp_path / "counters"
    with closing(Table(path)) as table:
        size = path.stat().st_size
        for visitor in range(200_000):
            table.add(str(visitor), 60)
        assert path.stat().st_size == size < 2_000_000
        assert table.add("199999", 60) == 2


def test_the_secret_is_shared_and_lasts_a_day(tmp_path: Path) -> None:
    path = tmp_path / "counters"
    with closing(Table(path)) as one, closing(Table(path)) as other:
        today = one.secret(5)
        assert other.secret(5) == today
        assert one.secret(6) == other.secret(6) != today
