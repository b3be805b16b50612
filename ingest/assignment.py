"""The best one-to-one assignment between two short lists."""

from collections.abc import Sequence
from math import inf


def best_assignment(gain: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that it gets, or None, so that the gains add up to most; a gain of 0 assigns nothing.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), in rows² × columns steps.
    """
    rows, columns = len(gain), max(map(len, gain), default=0)
    size = max(rows, columns)
    cost = [[-gain[r][c] if r < rows and c < columns else 0.0 for c in range(size)] for r in range(size)]
    row_of = _row_of_column(cost)
    chosen: list[int | None] = [None] * rows
    for column, row in enumerate(row_of[:columns]):
        if row < rows and gain[row][column] > 0:
            chosen[row] = column
    return chosen


def _row_of_column(cost: Sequence[Sequence[float]]) -> list[int]:
    """For each column of a square cost matrix its row in the cheapest assignment; index 0 inside is a sentinel."""
    size = len(cost)
    of_row, of_column = [0.0] * (size + 1), [0.0] * (size + 1)
    row_at = [0] * (size + 1)
    for row in range(1, size + 1):
        row_at[0] = row
        came_from, column = _shortest_path(cost, row_at, of_row, of_column)
        while column:
            row_at[column] = row_at[came_from[column]]
            column = came_from[column]
    return [row - 1 for row in row_at[1:]]


def _shortest_path(
    cost: Sequence[Sequence[float]], row_at: Sequence[int], of_row: list[float], of_column: list[float]
) -> tuple[list[int], int]:
    """The cheapest way from the row at column 0 to a free column: from where each was reached, and which it is."""
    size = len(cost)
    slack, used, came_from = [inf] * (size + 1), [False] * (size + 1), [0] * (size + 1)
    column = 0
    while row_at[column]:
        used[column] = True
        row, nearest = row_at[column], 0
        for other in range(1, size + 1):
            if used[other]:
                continue
            reduced = cost[row - 1][other - 1] - of_row[row] - of_column[other]
            if reduced < slack[other]:
                slack[other], came_from[other] = reduced, column
            if not nearest or slack[other] < slack[nearest]:
                nearest = other
        _shift(slack[nearest], used, row_at, of_row, of_column, slack)
        column = nearest
    return came_from, column


def _shift(
    by: float,
    used: Sequence[bool],
    row_at: Sequence[int],
    of_row: list[float],
    of_column: list[float],
    slack: list[float],
) -> None:
    for column, is_used in enumerate(used):
        if is_used:
            of_row[row_at[column]] += by
            of_column[column] -= by
        else:
            slack[column] -= by
