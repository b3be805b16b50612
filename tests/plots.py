"""A line chart on two logarithmic scales, as SVG that shows in a browser and on a page of documentation."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Final

_WIDTH: Final = 640
_HEIGHT: Final = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 170, 56, 50
_COLOURS: Final = ("#1f5fa8", "#b3430f", "#2b7a3d", "#6a3d9a", "#8a6d00", "#444444")
_FONT: Final = 'font-family="sans-serif" font-size="12"'
_DASHES: Final = ("", "6 3", "2 3", "8 3 2 3", "", "6 3")
"""So that lines differ without colours too."""

Points = Sequence[tuple[float, float]]


def chart(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """The chart of some named lines; all values must be above zero."""
    points = [point for line in lines.values() for point in line]
    x, y = (
        _Scale([one for one, _ in points], _LEFT, _WIDTH - _RIGHT),
        _Scale([two for _, two in points], _HEIGHT - _BOTTOM, _TOP),
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(14, 20, title, 'font-size="15"'),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, across, 'text-anchor="middle"'),
        _text(14, _TOP - 10, up),
        *(_mark_x(x, value) for value in x.marks()),
        *(_mark_y(y, value) for value in y.marks()),
    ]
    for number, (name, line) in enumerate(lines.items()):
        parts += _line(name, [(x.at(a), y.at(b)) for a, b in line], number)
    return "\n".join([*parts, "</svg>\n"])


class _Scale:
    """Places values between two ends by their logarithm, over whole powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self._low, self._high = floor(log10(min(values))), ceil(log10(max(values)))
        self._high = max(self._high, self._low + 1)
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        part = (log10(value) - self._low) / (self._high - self._low)
        return self._start + part * (self._end - self._start)

    def marks(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]


def _line(name: str, places: Points, number: int) -> list[str]:
    colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    last_x = _WIDTH - _RIGHT + 12
    key_y = _TOP + 10 + 20 * number
    return [
        f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places),
        f'<line x1="{last_x}" x2="{last_x + 22}" y1="{key_y - 4}" y2="{key_y - 4}" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dash}"/>',
        _text(last_x + 28, key_y, name),
    ]


def _mark_x(scale: _Scale, value: float) -> str:
    x = scale.at(value)
    rule = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" stroke="#ddd"/>'
    return rule + _text(x, _HEIGHT - _BOTTOM + 18, f"{value:,g}", 'text-anchor="middle"')


def _mark_y(scale: _Scale, value: float) -> str:
    y = scale.at(value)
    rule = f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
    return rule + _text(_LEFT - 8, y + 4, f"{value:,g}", 'text-anchor="end"')


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(text)}</text>'
