"""Reads the pages of a PDF: text in the direction that it has, with what lies on the page, and what was left out."""

import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix, apply_matrix_pt, decode_text

from ingest.readers.annotations import annotations_of
from ingest.readers.content import Page, PageContent, PageLink, Rect, Run
from ingest.readers.drawing import UNKNOWN, Device, Interpreter

TWICE: Final = "dubbel"
"""What is printed twice at one place is unseen for this reason; it is no loss."""
DAMAGED: Final = (
    PSException,
    struct.error,
    zlib.error,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    RecursionError,
    OverflowError,
)
"""What pdfminer raises for a file that is not as it should be."""
_NEAR: Final = 0.15
"""Up to this distance (in parts of the size) text that is printed on top of itself counts as the same."""
_STEP: Final = 8.0
"""How far apart (in points) are the places by which runs are found that lie on top of one another."""
_SCAN: Final = 0.5
"""An image that takes this part of a page may be a scan of it."""


_MOST_PARTS: Final = 100_000
_DEEPEST: Final = 50


class PageReader:
    """Reads the pages of a document one by one; ``catalog`` is the document's, which says which layers are off."""

    def __init__(self, catalog: Mapping[str, Any]) -> None:
        manager = PDFResourceManager()
        layers = frozenset(_layers_off(_dict(catalog.get("OCProperties"))))
        self._device = Device(manager, layers, dict(_said(_dict(catalog.get("StructTreeRoot")))))
        self._interpreter = Interpreter(manager, self._device)

    def read(self, page: PDFPage, number: int) -> Page:
        """The content of a page; ``number`` counts from 1. Raises what pdfminer raises for a damaged page."""
        device = self._device
        to_shown = _as_shown(page)
        media, shown = (
            Rect.around(apply_matrix_pt(to_shown, corner) for corner in Rect(*box).corners)
            for box in (page.mediabox, page.cropbox)
        )
        device.clear(shown, page.pageid)
        self._interpreter.process_page(page)
        annotations = annotations_of(page, to_shown, self._drawn, device.is_off)
        unseen = dict(device.unseen)
        if device.ghosts and device.image >= _SCAN:  # a scan of which the text was recognised
            device.runs += device.ghosts
            device.image = 0.0
        elif device.ghosts:
            unseen["onzichtbaar"] = "".join(run.text for _, run in device.ghosts)
        runs: dict[int, list[Run]] = {}
        for turn, run in device.runs:
            runs.setdefault(turn, []).append(run)
        again: list[Run] = []
        for turn, own in runs.items():
            signs = _signs(own)
            device.unknown -= len(signs)
            for at in signs:
                own[at] = replace(own[at], text="•")
            runs[turn] = _once(own, again)
        unseen[TWICE] = "".join(run.text for run in again)
        runs[0] = annotations.fill_in(runs.get(0, []))
        contents = (
            _content(number, turn, own, media, device, annotations.links)
            for turn, own in sorted(runs.items(), key=lambda one: (-sum(len(run.text) for run in one[1]), one[0]))
        )
        return Page(
            number,
            tuple(contents),
            unseen,
            device.unknown,
            annotations.filled,
            annotations.remarks,
            device.shapes,
            device.image,
            device.is_overfull,
        )

    def _drawn(self, form: PDFStream, ctm: Matrix) -> str:
        """The text of a form that an annotation is shown as."""
        begin = len(self._device.runs)
        self._interpreter.subinterp().render_contents(_dict(form.get("Resources")), [form], ctm=ctm)
        text = " ".join(run.text for _, run in self._device.runs[begin:])
        del self._device.runs[begin:]
        return " ".join(text.split())


def _content(
    number: int, turn: int, runs: Sequence[Run], media: Rect, drawn: Device, links: Sequence[PageLink]
) -> PageContent:
    """The runs of one direction, with the page turned along so that they are upright and none of it lies below zero."""
    box = media.turned(turn)
    x, y = box.left, box.bottom
    if x or y:
        runs = [replace(run, left=run.left - x, right=run.right - x, y=run.y - y) for run in runs]
    return PageContent(
        number,
        turn,
        box.top - box.bottom,
        tuple(runs),
        tuple(mark.turned(turn).seen_from(box) for mark in drawn.marks),
        tuple(rule.turned(turn).seen_from(box) for rule in drawn.rules),
        tuple(replace(link, rect=link.rect.turned(turn).seen_from(box)) for link in links),
    )


def _signs(runs: Sequence[Run]) -> set[int]:
    """Which runs are a single sign without a name, before a text and after nothing: the bullet of a list."""
    return {
        at
        for at, (run, after) in enumerate(pairwise(runs))
        if run.text.strip() == UNKNOWN
        and abs(after.y - run.y) < 0.3 * after.size
        and 0.2 * after.size < after.left - run.right < 3 * after.size
        and (at == 0 or abs(runs[at - 1].y - run.y) > 0.5 * run.size)
    }


def _once(runs: Iterable[Run], again: list[Run]) -> list[Run]:
    """The runs without those that are printed a hair beside others with the same letters, to make these look bold.

    Those are added to ``again``.
    """
    kept: list[Run] = []
    places: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for run in runs:
        row = round(run.y / _STEP)
        columns = range(int(run.left // _STEP) - 1, int(run.right // _STEP) + 2)
        near = {at for up in (-1, 0, 1) for column in columns for at in places.get((row + up, column), ())}
        below = _below(run, [(at, kept[at]) for at in sorted(near)]) if near else []
        for at in below:
            kept[at] = replace(kept[at], bold=True)
        if below:
            again.append(run)
            continue
        for column in columns:
            places[row, column].append(len(kept))
        kept.append(run)
    return kept


def _below(run: Run, others: Sequence[tuple[int, Run]]) -> list[int]:
    """Which runs have the letters of a run, at the same place: one that holds it, or several that make it up."""
    near = _NEAR * run.size
    others = [(at, other) for at, other in others if abs(run.y - other.y) <= near]
    for at, other in others:
        if other.left - near <= run.left and run.right <= other.right + near and _is_over(run, other):
            return [at]
    inside = [one for one in others if run.left - near <= one[1].left and one[1].right <= run.right + near]
    letters = "".join(other.text for _, other in sorted(inside, key=lambda one: one[1].left))
    return [at for at, _ in inside] if inside and "".join(letters.split()) == "".join(run.text.split()) else []


def _is_over(run: Run, other: Run) -> bool:
    """Whether the letters of a run are printed on top of the same letters of another."""
    near = _NEAR * other.size
    text = run.text.strip()
    at = other.text.find(text)
    while at >= 0:
        begin = other.left + _width(other, at)
        if abs(begin - run.left - _width(run, len(run.text) - len(run.text.lstrip()))) <= near:
            return True
        at = other.text.find(text, at + 1)
    return False


def _width(run: Run, number: int) -> float:
    """How wide the first characters of a run are."""
    total = sum(run.widths)
    return (run.right - run.left) * sum(run.widths[:number]) / total if total else 0.0


def _as_shown(page: PDFPage) -> Matrix:
    """From the page's own places to those on the page as it is shown; the same as the interpreter takes."""
    left, bottom, right, top = page.mediabox
    return {
        90: (0.0, -1.0, 1.0, 0.0, -bottom, right),
        180: (-1.0, 0.0, 0.0, -1.0, right, top),
        270: (0.0, 1.0, -1.0, 0.0, top, -left),
    }.get(page.rotate, (1.0, 0.0, 0.0, 1.0, -left, -bottom))


def _said(root: Mapping[str, Any]) -> Iterator[tuple[tuple[object, object], str]]:
    """What parts of pages stand for by the structure of the document: the text goes to the first part of each."""
    nodes: list[tuple[Any, Any]] = [(root.get("K"), None)]
    seen: set[int] = set()
    while nodes and len(seen) < _MOST_PARTS:
        node, page = nodes.pop()
        if isinstance(node, PDFObjRef):
            if node.objid in seen:
                continue
            seen.add(node.objid)
        value = resolve1(node)
        if isinstance(value, list):
            nodes += [(one, page) for one in reversed(value)]
        elif isinstance(value, dict):
            own = value.get("Pg", page)
            text = resolve1(value.get("ActualText"))
            if isinstance(text, bytes):
                parts = _parts(value.get("K"), own)
                yield from zip(parts, (decode_text(text), *[""] * len(parts)), strict=False)
            else:
                nodes.append((value.get("K"), own))


def _parts(kids: Any, page: Any, depth: int = 0) -> list[tuple[object, object]]:
    """The parts of pages that an element of the structure is made of, each by page and number."""
    value = resolve1(kids)
    if isinstance(value, int) and isinstance(page, PDFObjRef):
        return [(page.objid, value)]
    if isinstance(value, list):
        return [part for one in value for part in _parts(one, page, depth + 1)] if depth < _DEEPEST else []
    if isinstance(value, dict) and depth < _DEEPEST:
        return _parts(value.get("MCID", value.get("K")), value.get("Pg", page), depth + 1)
    return []


def _dict(value: Any) -> dict[Any, Any]:
    """What a reference leads to, when that is a dictionary; else an empty one."""
    resolved = resolve1(value)
    return resolved if isinstance(resolved, dict) else {}


def _layers_off(properties: Mapping[str, Any]) -> Iterator[int]:
    """The numbers of the layers that are off when the document is opened."""
    usual = _dict(properties.get("D"))
    base = resolve1(usual.get("BaseState"))
    named = {key: _references(usual.get(key)) for key in ("ON", "OFF")}
    if isinstance(base, PSLiteral) and base.name == "OFF":
        yield from set(_references(properties.get("OCGs"))) - set(named["ON"])
    yield from named["OFF"]


def _references(value: Any) -> list[int]:
    resolved = resolve1(value)
    return [one.objid for one in resolved if isinstance(one, PDFObjRef)] if isinstance(resolved, list) else []
