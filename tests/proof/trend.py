"""Whether a row of measurements goes up: a slope that a few odd values do not move, with its own uncertainty."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Trend:
    """Growth a step: the best estimate, and between what it lies with 95 % certainty."""

    slope: float
    low: float
    high: float

    def is_flat(self, tolerance: float = 0.0) -> bool:
        """Whether the values may as well not rise, but for so little a step."""
        return self.low <= tolerance


def trend(values: Sequence[float]) -> Trend:
    """The Theil-Sen slope of values at equal distances, with the interval that Kendall's rank test gives it."""
    slopes = sorted((values[b] - values[a]) / (b - a) for a, b in combinations(range(len(values)), 2))
    number = len(values)
    spread = _SURE * sqrt(number * (number - 1) * (2 * number + 5) / 18)
    low = max(int((len(slopes) - spread) / 2), 0)
    return Trend(statistics.median(slopes), slopes[low], slopes[len(slopes) - 1 - low])
