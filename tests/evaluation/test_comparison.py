"""Comparing runs, the gate, and figures on disk."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from kompasbot.errors import UnreadableFile
from kompasbot.evaluation import Fault, Figures, Miss, compare, read_figures, shortcomings
from kompasbot.evaluation.rendering import show_changes, show_figures

GOOD: dict[str, dict[str, dict[str, float | None]]] = {
    "retrieval": {"ALL": {"n": 100, "r@1": 0.95, "r@3": 0.99}, "plain": {"n": 50, "r@1": 0.98, "r@3": 1.0}},
    "answers": {"ALL": {"n": 100, "answered": 0.99, "first_right": 0.95, "precision": 0.95, "quotes_verbatim": 1.0}},
    "sound": {"ALL": {"share": 1.0}},
}


def with_figure(part: str, figure: str, value: float | None, row: str = "ALL") -> Figures:
    table = {key: dict(figures) for key, figures in GOOD[part].items()}
    table[row][figure] = value
    return Figures({**GOOD, part: table})


BEFORE = Figures(GOOD)


def test_equal_runs_do_not_differ_and_pass() -> None:
    assert compare(BEFORE, BEFORE) == ()
    assert shortcomings(BEFORE, BEFORE) == shortcomings(BEFORE) == ()


def test_a_change_names_the_figure_and_the_difference() -> None:
    [change] = compare(BEFORE, with_figure("retrieval", "r@1", 0.9, "plain"))
    assert (change.part, change.row, change.figure, change.difference) == ("retrieval", "plain", "r@1", -0.08)


def test_the_number_of_questions_is_no_figure() -> None:
    assert compare(BEFORE, with_figure("retrieval", "n", 120)) == ()


def test_a_lower_overall_figure_is_stopped_by_the_gate_beyond_the_slack() -> None:
    assert shortcomings(with_figure("retrieval", "r@1", 0.94), BEFORE) == ()
    [told] = shortcomings(with_figure("retrieval", "r@1", 0.92), BEFORE)
    assert told == "retrieval/r@1: 0.920, eerder 0.950"


def test_a_style_alone_stops_nothing() -> None:
    assert shortcomings(with_figure("retrieval", "r@1", 0.5, "plain"), BEFORE) == ()


def test_without_an_earlier_run_the_floors_count() -> None:
    [told] = shortcomings(with_figure("answers", "first_right", 0.5))
    assert told.startswith("answers/first_right: 0.500, minstens")


@pytest.mark.parametrize(("part", "figure"), [("sound", "share"), ("answers", "quotes_verbatim")])
def test_unsound_replies_are_stopped_even_when_they_were_before(part: str, figure: str) -> None:
    unsound = with_figure(part, figure, 0.999)
    assert shortcomings(unsound, unsound) != ()


def test_what_was_not_measured_does_not_count() -> None:
    assert shortcomings(with_figure("answers", "precision", None), BEFORE) == ()
    assert shortcomings(Figures({})) == ()


def test_figures_survive_the_way_to_disk_and_back(tmp_path: Path) -> None:
    full = Figures(BEFORE.tables, (Miss("answers", "q1", "Wat?", "I1", "refused"),), (Fault("q1", "x"),), "proef", "i")
    path = tmp_path / "cijfers.json"
    path.write_text(json.dumps(full.to_dict()))
    assert read_figures(path) == full


@pytest.mark.parametrize("content", ["{nee", "[]", "{}", '{"answers": 5}', '{"misses": [{"x": 1}]}', "5"])
def test_a_file_without_figures_says_how_to_make_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cijfers.json"
    path.write_text(content)
    with pytest.raises(UnreadableFile, match="geen cijfers") as caught:
        read_figures(path)
    assert "--save" in caught.value.hint


def test_a_missing_file_says_the_same(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="geen cijfers"):
        read_figures(tmp_path / "weg.json")


def test_a_maintainer_reads_tables_misses_and_changes() -> None:
    console = Console(file=StringIO(), width=80)
    misses = tuple(Miss("answers", f"q{n}", "Wat [b]?", "I1", "refused") for n in range(3))
    show_figures(console, Figures(BEFORE.tables, misses, (Fault("q7", "empty answer"),)), 2)
    show_changes(console, compare(BEFORE, with_figure("retrieval", "r@1", 0.9)))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Antwoorden op vragen" in text
    assert "samen" in text
    assert "fout in q7: empty answer" in text
    assert "verwacht: I1  gekregen: refused" in text
    assert "Wat [b]?" in text
    assert "Nog 1 missers" in text
    assert "-0.050" in text


def test_no_change_is_said_too() -> None:
    console = Console(file=StringIO(), width=80)
    show_changes(console, ())
    assert "gelijk" in console.file.getvalue()  # type: ignore[attr-defined]
