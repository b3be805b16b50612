from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ingest.assignment import best_assignment


def gained(gain: list[list[float]], chosen: list[int | None]) -> float:
    return sum(gain[row][column] for row, column in enumerate(chosen) if column is not None)


def brute_force(gain: list[list[float]]) -> float:
    rows, columns = len(gain), len(gain[0])
    size = max(rows, columns)
    square = [[gain[r][c] if r < rows and c < columns else 0.0 for c in range(size)] for r in range(size)]
    return max(sum(square[r][c] for r, c in enumerate(order)) for order in permutations(range(size)))


@st.composite
def tables(draw: st.DrawFn) -> list[list[float]]:
    columns = draw(st.integers(1, 5))
    row = st.lists(st.integers(0, 8).map(float), min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=1, max_size=5))


@given(tables())
def test_no_other_assignment_gains_more(gain: list[list[float]]) -> None:
    assert gained(gain, best_assignment(gain)) == brute_force(gain)


@given(tables())
def test_no_column_is_given_twice_and_none_for_nothing(gain: list[list[float]]) -> None:
    chosen = [(row, column) for row, column in enumerate(best_assignment(gain)) if column is not None]
    assert len({column for _, column in chosen}) == len(chosen)
    assert all(gain[row][column] > 0 for row, column in chosen)


def test_the_sum_counts_rather_than_the_best_pair() -> None:
    assert best_assignment([[0.9, 0.8], [0.85, 0.1]]) == [1, 0]


def test_empty_lists_have_an_empty_assignment() -> None:
    assert best_assignment([]) == []
    assert best_assignment([[], []]) == [None, None]
