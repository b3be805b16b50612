"""What the notes on linked documents may cost the questions about the factsheet; the short form of the proof topic."""

import pytest

from tests.proof.notes import OWN, compared

pytestmark = pytest.mark.slow


@pytest.mark.timeout(600)
def test_the_notes_make_scope_and_retrieval_not_much_worse() -> None:
    figures = list(compared(OWN))
    assert len(figures) >= 10
    assert [(one.name, one.found, one.wanted) for one in figures if not one.good] == []
