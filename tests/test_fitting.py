"""The script that fits the weights: what it fits tells the answered questions from the others."""

import numpy as np
import pytest

from tests.fitting import area, fit


def test_a_measure_that_tells_gets_weight_and_one_that_does_not_gets_none() -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(400, 2))
    answered = (rows[:, 0] + random.normal(scale=0.5, size=400) > 0.3).astype(float)
    telling, silent, bias = fit(rows, answered)
    assert telling > 2
    assert abs(silent) < 0.5
    assert bias < 0
    assert area(rows @ np.asarray([telling, silent]), answered) > 0.9


@pytest.mark.parametrize(("scores", "expected"), [([0, 1, 2, 3], 1.0), ([3, 2, 1, 0], 0.0), ([0, 2, 1, 3], 0.75)])
def test_the_area_is_the_chance_that_an_answered_question_scores_higher(scores: list[float], expected: float) -> None:
    assert area(np.asarray(scores, float), np.asarray([0.0, 0.0, 1.0, 1.0])) == expected
