"""Ordinary edits are published with a true report, and harm is stopped with its reason: a sample of the whole table.

``make proof`` tries them all.
"""

import pytest

from tests.edits import HARMFUL, ORDINARY, Bench, Edit, fault_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("edits"), thin=True)


def test_thirty_edits_of_each_kind_are_tried() -> None:
    names = [edit.name for edit in (*ORDINARY, *HARMFUL)]
    assert min(len(ORDINARY), len(HARMFUL)) >= 30
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("edit", ORDINARY[::5], ids=lambda edit: edit.name)
def test_an_ordinary_edit_passes_with_a_true_report(bench: Bench, edit: Edit) -> None:
    assert fault_of(edit, bench.rehearse(edit), harmful=False) == ""


@pytest.mark.parametrize("edit", HARMFUL[::5], ids=lambda edit: edit.name)
def test_harm_is_stopped_with_its_reason(bench: Bench, edit: Edit) -> None:
    assert fault_of(edit, bench.rehearse(edit), harmful=True) == ""
