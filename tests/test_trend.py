"""The slope by which the proof tells whether something grows."""

import random

import pytest

from tests.proof.trend import trend


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_is_flat_and_a_rise_in_the_same_noise_is_not(seed: int) -> None:
    chance = random.Random(seed)
    noise = [chance.gauss(0, 3) for _ in range(10)]
    assert trend(noise).is_flat(0.5)
    assert not trend([value + 5 * at for at, value in enumerate(noise)]).is_flat(0.5)


def test_one_odd_value_does_not_move_the_slope() -> None:
    assert trend([100.0, 101, 102, 900, 104, 105, 106]).slope == 1
