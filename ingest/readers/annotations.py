"""What lies on a page of a PDF: links, what was filled in on a form, typed texts, and remarks."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix, apply_matrix_pt, decode_text, mult_matrix

from ingest.readers.content import PageLink, Rect, Run

_HIDDEN: Final = 0b100010
"""The flags of an annotation that is not shown."""
_PUSH_BUTTON: Final = 1 << 16
_PASSWORD: Final = 1 << 13
_SIZE: Final = 10.0
_KINDS: Final = {
    "Text": "opmerking",
    "Highlight": "opmerking",
    "Underline": "opmerking",
    "StrikeOut": "opmerking",
    "Squiggly": "opmerking",
    "Caret": "opmerking",
    "Ink": "opmerking",
    "FileAttachment": "bijlage",
    "Sound": "geluid",
    "Movie": "film",
    "RichMedia": "film",
    "Screen": "film",
}
"""Annotations that are no part of the text, by what the report calls them."""

Drawn = Callable[[PDFStream, Matrix], str]


@dataclass(frozen=True, slots=True)
class _Typed:
    """A text that lies on the page; ``name`` is what the form calls the place."""

    rect: Rect
    text: str
    name: str


@dataclass(slots=True)
class Annotations:
    """The links of a page, the texts that lie on it, and how many of what else there is."""

    links: list[PageLink] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    _typed: list[_Typed] = field(default_factory=list)

    def add(self, kind: str, values: Mapping[str, Any], rect: Rect, text: Callable[[], str]) -> None:
        """Take one annotation."""
        if kind == "Link":
            action = resolve1(values.get("A"))
            self.links.append(PageLink(rect, _text(action.get("URI")) or None if isinstance(action, dict) else None))
        elif _number(values.get("F")) & _HIDDEN:
            self.remarks["verborgen"] += bool(text())
        elif kind in {"Widget", "FreeText", "Stamp"}:
            said = text()
            if said:
                self._typed.append(_Typed(rect, said, _text(values.get("TU"))))
        elif kind in _KINDS and (_KINDS[kind] != "opmerking" or _text(values.get("Contents"))):
            self.remarks[_KINDS[kind]] += 1

    @property
    def filled(self) -> int:
        """How many texts lie on the page."""
        return len(self._typed)

    def fill_in(self, runs: Sequence[Run]) -> list[Run]:
        """The runs of a page with each text that lies on it behind the words that stand before it, or above it."""
        filled = list(runs)
        for typed in sorted(self._typed, key=lambda one: (-one.rect.top, one.rect.left)):
            size = min(_SIZE, typed.rect.top - typed.rect.bottom) or _SIZE
            beside = [at for at, run in enumerate(filled) if typed.rect.bottom - 2 <= run.y <= typed.rect.top]
            before = [at for at in beside if filled[at].left < typed.rect.left]
            above = [at for at, run in enumerate(filled) if 0 < run.y - typed.rect.top < 3 * run.size]
            place, y, text = len(filled), typed.rect.top - size, typed.text
            if beside:
                place = max(before) + 1 if before else min(beside)
                y, size = filled[beside[0]].y, filled[beside[0]].size
            elif above:
                place = max(above) + 1
            elif typed.name:
                text = f"{typed.name}: {text}"
            left, right = typed.rect.left, max(typed.rect.right, typed.rect.left + 1)
            filled.insert(place, Run(text, left, right, y, size, False, (1.0,) * len(text), -place - 1, typed=True))
        return filled


def annotations_of(page: PDFPage, to_shown: Matrix, drawn: Drawn, is_off: Callable[[Any], bool]) -> Annotations:
    """The annotations of a page, placed as it is shown.

    ``drawn`` gives the text of what one is shown as, ``is_off`` says whether a layer is off.
    """
    found = Annotations()
    entries = resolve1(page.annots)
    for entry in entries if isinstance(entries, list) else []:
        values = resolve1(entry)
        corners = [resolve1(one) for one in resolve1(values.get("Rect")) or ()] if isinstance(values, dict) else []
        kind = resolve1(values.get("Subtype")) if corners else None
        if len(corners) != 4 or is_off(values.get("OC")) or not all(isinstance(one, int | float) for one in corners):
            continue
        rect = Rect.around(apply_matrix_pt(to_shown, point) for point in Rect(*corners).corners)
        name = str(kind.name) if isinstance(kind, PSLiteral) else ""
        found.add(name, values, rect, lambda: _said(name, values, Rect(*corners), to_shown, drawn))  # noqa: B023
    return found


def _said(kind: str, values: Mapping[str, Any], rect: Rect, to_shown: Matrix, drawn: Drawn) -> str:
    """The text of an annotation: what was filled in, or what it says, or else what is drawn of it."""
    if kind == "Widget":
        flags = _number(_inherited(values, "Ff"))
        type_ = resolve1(_inherited(values, "FT"))
        name = type_.name if isinstance(type_, PSLiteral) else ""
        if name == "Btn":
            return "" if flags & _PUSH_BUTTON else _ticked(values)
        if name == "Sig" or (name == "Tx" and flags & _PASSWORD):
            return ""
        return _chosen(values) or _shown(values, rect, to_shown, drawn)
    text = _value(values.get("Contents"))
    return text if text and kind == "FreeText" else _shown(values, rect, to_shown, drawn) or text


def _chosen(values: Mapping[str, Any]) -> str:
    """What was filled in, or chosen from a list: there each choice may have a name to show."""
    value = resolve1(_inherited(values, "V"))
    options = resolve1(_inherited(values, "Opt"))
    names: dict[str, str] = {}
    for option in options if isinstance(options, list) else ():
        pair = resolve1(option)
        if isinstance(pair, list) and len(pair) == 2:
            names[_text(pair[0])] = _text(pair[1])
    chosen = [_value(one) for one in (value if isinstance(value, list) else [value])]
    return ", ".join(names.get(one, one) for one in chosen if one)


def _ticked(values: Mapping[str, Any]) -> str:
    state = resolve1(values.get("AS") or _inherited(values, "V"))
    return "[x]" if isinstance(state, PSLiteral) and state.name != "Off" else "[ ]"


def _shown(values: Mapping[str, Any], rect: Rect, to_shown: Matrix, drawn: Drawn) -> str:
    """The text of the appearance of an annotation, drawn at its place."""
    looks = resolve1(values.get("AP"))
    form = resolve1(looks.get("N")) if isinstance(looks, dict) else None
    if not isinstance(form, PDFStream):
        return ""
    box = [resolve1(one) for one in resolve1(form.get("BBox")) or ()]
    if len(box) != 4:
        return ""
    moved = (1.0, 0.0, 0.0, 1.0, min(rect.left, rect.right) - box[0], min(rect.bottom, rect.top) - box[1])
    return drawn(form, mult_matrix(moved, to_shown))


def _inherited(values: Mapping[str, Any], key: str) -> Any:
    """A value of a field, its own or that of the field that it is a part of."""
    for _ in range(8):
        if key in values:
            return values[key]
        parent = resolve1(values.get("Parent"))
        if not isinstance(parent, dict):
            break
        values = parent
    return None


def _value(value: Any) -> str:
    resolved = resolve1(value)
    return _text(resolved.get_data() if isinstance(resolved, PDFStream) else resolved)


def _text(value: Any) -> str:
    """A text on one line; empty for anything else."""
    resolved = resolve1(value)
    if isinstance(resolved, PSLiteral):
        return str(resolved.name)
    return " ".join(decode_text(resolved).split()) if isinstance(resolved, bytes) else ""


def _number(value: Any) -> int:
    resolved = resolve1(value)
    return resolved if isinstance(resolved, int) else 0
