"""Small plots as SVG, made here: no script and no inline style, and always with a table that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kompasbot.server.manage.layout import day, table
from kompasbot.server.markup import Html, tag

_WIDTH: Final = 720
_HEIGHT: Final = 172
_BASE: Final = 136
_LEFT: Final = 44
_TEXT: Final = 4


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a plot: ``name`` as a person reads it, ``look`` its class, a value a day."""

    name: str
    look: str
    values: Mapping[date, int]


def bars(title: str, days: Sequence[date], series: Sequence[Series]) -> Html:
    """Stacked bars a day, with a legend and a table."""
    totals = [sum(one.values.get(at, 0) for one in series) for at in days]
    top = _round_up(max(totals, default=0))
    step = (_WIDTH - _LEFT) / max(1, len(days))
    drawn = [_column(at, place, step, top, series) for place, at in enumerate(days)]
    said = f"{title}: samen {sum(totals)} in {len(days)} dagen. De tabel hieronder geeft de getallen."
    plot = tag(
        "svg",
        tag("title", said),
        [_line(top, value) for value in (0, top // 2, top) if value or top],
        drawn,
        [_mark(days, place, step) for place in _marked(len(days))],
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        class_="plot",
    )
    legend = tag("ul", [tag("li", tag("i", class_=f"key {one.look}"), one.name) for one in series], class_="legend")
    return tag("figure", tag("figcaption", title), legend, plot, _numbers(title, days, series))


def share(parts: Sequence[tuple[str, str, int]]) -> Html:
    """One bar that shows how a whole is divided: name, class and number of each part."""
    whole = sum(number for _, _, number in parts)
    at, drawn = 0.0, []
    for name, look, number in parts:
        width = _WIDTH * number / whole if whole else 0
        drawn.append(
            tag(
                "rect",
                tag("title", f"{name}: {number}"),
                x=f"{at:.1f}",
                y="0",
                width=f"{width:.1f}",
                height="20",
                class_=look,
            )
        )
        at += width
    said = ", ".join(f"{name} {number}" for name, _, number in parts)
    return tag("svg", tag("title", said), drawn, viewBox=f"0 0 {_WIDTH} 20", role="img", class_="plot share")


def _round_up(value: int) -> int:
    """The next number that reads well on an axis."""
    size = 1
    while size * 10 < value:
        size *= 10
    return next(size * one for one in (2, 4, 6, 8, 10) if size * one >= value)


def _y(value: float, top: int) -> float:
    return _BASE - (_BASE - 10) * value / top


def _line(top: int, value: int) -> list[Html]:
    y = f"{_y(value, top):.1f}"
    return [
        tag("line", x1=str(_LEFT), x2=str(_WIDTH), y1=y, y2=y, class_="axis"),
        tag("text", str(value), x=str(_LEFT - 8), y=f"{_y(value, top) + _TEXT:.1f}", text_anchor="end"),
    ]


def _column(at: date, place: int, step: float, top: int, series: Sequence[Series]) -> list[Html]:
    drawn, below = [], 0
    for one in series:
        number = one.values.get(at, 0)
        if number:
            y, height = _y(below + number, top), _y(below, top) - _y(below + number, top)
            x, width = _LEFT + place * step + step * 0.12, step * 0.76
            shape = tag("title", f"{day_name(at)}, {one.name}: {number}")
            drawn.append(
                tag(
                    "rect",
                    shape,
                    x=f"{x:.1f}",
                    y=f"{y:.1f}",
                    width=f"{width:.1f}",
                    height=f"{height:.1f}",
                    class_=one.look,
                )
            )
            below += number
    return drawn


def _marked(count: int) -> Sequence[int]:
    """Which days get a date below them: the first, the last, and two between."""
    return sorted({0, count // 3, 2 * count // 3, count - 1}) if count > 3 else range(count)


def _mark(days: Sequence[date], place: int, step: float) -> Html:
    anchor = "end" if place == len(days) - 1 else "middle" if place else "start"
    x = _LEFT + place * step + step / 2
    return tag("text", f"{days[place].day}-{days[place].month}", x=f"{x:.1f}", y=str(_HEIGHT - 6), text_anchor=anchor)


def _numbers(title: str, days: Sequence[date], series: Sequence[Series]) -> Html:
    rows = [
        [day_name(at), *(str(one.values.get(at, 0)) for one in series)]
        for at in reversed(days)
        if any(one.values.get(at) for one in series)
    ]
    shown = table(title, ["Dag", *(one.name for one in series)], rows)
    return tag("details", tag("summary", "Toon de getallen als tabel"), shown)


def day_name(at: date) -> str:
    """A date in words, without the year."""
    from datetime import datetime

    return day(datetime(at.year, at.month, at.day)).rsplit(" ", 1)[0]
