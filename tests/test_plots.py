"""The charts of the benchmarks."""

from xml.etree import ElementTree

from tests.bench import sizes
from tests.plots import chart

_SVG = "{http://www.w3.org/2000/svg}"


def test_a_chart_shows_every_line_with_its_name_and_higher_values_higher() -> None:
    lines = {"ours <ms>": [(100, 1.0), (1000, 10.0)], "plain": [(100, 2.0), (1000, 5.0)]}
    drawn = ElementTree.fromstring(chart("Growth", "passages", "ms", lines))
    told = [one.text for one in drawn.iter(f"{_SVG}text")]
    assert {"Growth", "passages", "ms", "ours <ms>", "plain"} <= set(told)
    first, second = (_points(one.attrib["points"]) for one in drawn.iter(f"{_SVG}polyline"))
    assert first[0][0] == second[0][0] < first[1][0] == second[1][0]
    assert first[1][1] < second[1][1] < second[0][1] < first[0][1]


def test_growth_is_charted_up_to_100_000_passages_and_the_short_form_stays_small() -> None:
    assert (min(sizes(short=False)), max(sizes(short=False))) == (100, 100_000)
    assert max(sizes(short=True)) == 1_000


def _points(text: str) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]
