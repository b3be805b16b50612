"""Follows what draws a page of a PDF, and keeps the text, the small marks and how large the images are."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pdfminer.pdfdevice import PDFDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import Matrix, apply_matrix_pt, decode_text, mult_matrix

from ingest.readers.content import Rect, Run, turned

_MARK: Final = (1.5, 9.0)
"""How small and large (in points) a drawn bullet is."""
_THIN: Final = 2.0
_LONG: Final = 6.0
"""A line is at most so wide and at least so long (in points)."""
_MOST_RULES: Final = 5_000
_MOST_RUNS: Final = 200_000
_SMALLEST: Final = 1.0
"""Text below this size (in points) is not there to be read."""
_LIGATURES: Final = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
UNKNOWN: Final = "\ufffd"
"""Stands for a code of which the file does not say which letter it is."""
_BULLETS: Final = frozenset({0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D})
"""Codes that the usual encoding has no letter for: they show as a bullet."""
_HYPHEN: Final = 0xAD
"""The code of a hyphen where a word may be cut, in the usual encoding; pdfminer takes it for a space."""
_BOLD: Final = ("bold", "black", "heavy", "cmbx", "demi")
_INVISIBLE: Final = (3, 7)
_FILLED_AND_DRAWN: Final = 2


Said = Mapping[tuple[object, object], str]
"""What marked content stands for, as the structure of the document says, by page and by the number of the content."""


@dataclass(slots=True)
class _Span:
    """Marked content: a part of the page of which the file says more."""

    artifact: bool
    hidden: bool
    said: str | None
    """The text that it stands for."""
    begin: int
    """The number of the run that it begins with."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    letters: str
    width: float


class Device(PDFDevice):
    """Collects the runs, marks and images of a page, all in the direction in which the page is shown."""

    def __init__(self, manager: PDFResourceManager, layers_off: Collection[int], said: Said) -> None:
        super().__init__(manager)
        self._layers_off = layers_off
        self._said = said
        self._page: object = None
        self._glyphs: dict[int, dict[int, _Glyph]] = {}
        self._fonts: dict[int, tuple[PDFFont, bool, float]] = {}
        self.clear(Rect(0, 0, 0, 0))

    def clear(self, shown: Rect, page: object = None) -> None:
        """Begin a page with this number of its object, of which this part is shown."""
        self.shown = shown
        self._page = page
        self.runs: list[tuple[int, Run]] = []
        self.ghosts: list[tuple[int, Run]] = []
        """Runs that are drawn in no colour: a text that was recognised in a scan, or one to be found only."""
        self.marks: list[Rect] = []
        self.rules: list[Rect] = []
        self.unseen: defaultdict[str, str] = defaultdict(str)
        self.unknown = 0
        self.image = 0.0
        self.shapes = 0
        self.parts = 0
        self.is_overfull = False
        self._spans: list[_Span] = []

    def begin_tag(self, tag: PSLiteral, props: Any = None) -> None:
        """Begin marked content."""
        values = resolve1(props)
        values = values if isinstance(values, dict) else {}
        said = resolve1(values.get("ActualText"))
        text = decode_text(said) if isinstance(said, bytes) else self._said.get((self._page, values.get("MCID")))
        is_off = tag.name == "OC" and self.is_off(props)
        self._spans.append(_Span(tag.name == "Artifact", is_off, text, len(self.runs)))

    def end_tag(self) -> None:
        """End marked content; a text that it stands for takes the place of what was drawn."""
        span = self._spans.pop() if self._spans else None
        drawn = self.runs[span.begin :] if span and span.said is not None else []
        if not span or span.said is None or not drawn:
            return
        turn, first = drawn[0]
        on_a_line = all(abs(run.y - first.y) < 0.5 * first.size for _, run in drawn)
        if not on_a_line and len(span.said.split()) > 1:
            return  # paragraphs: what was drawn tells where its lines are
        self.unknown -= sum(run.text.count(UNKNOWN) for _, run in drawn)
        del self.runs[span.begin :]
        said = span.said.translate(_LIGATURES)
        if said:
            right = max(run.right for _, run in drawn if abs(run.y - first.y) < 0.5 * first.size)
            widths = ((right - first.left) / len(said),) * len(said)
            self.runs.append((turn, replace(first, text=said, right=right, widths=widths)))

    def is_off(self, layer: Any) -> bool:
        """Whether a layer, or a group of which the layers say when it is shown, is off."""
        if isinstance(layer, PDFObjRef) and layer.objid in self._layers_off:
            return True
        values = resolve1(layer)
        if not isinstance(values, dict) or "OCGs" not in values:
            return False
        members = values["OCGs"]
        resolved = resolve1(members)
        references = resolved if isinstance(resolved, list) else [members]
        off = [isinstance(one, PDFObjRef) and one.objid in self._layers_off for one in references]
        policy = values.get("P")
        match policy.name if isinstance(policy, PSLiteral) else "AnyOn":
            case "AllOn":
                return any(off)
            case "AnyOff":
                return bool(off) and not any(off)
            case "AllOff":
                return not all(off)
        return bool(off) and all(off)

    def render_string(self, textstate: Any, seq: PDFTextSeq, ncs: Any, graphicstate: Any) -> None:  # noqa: ARG002
        """Take a text that is shown: a run for each of its strings."""
        if textstate.font is None or self.ctm is None:
            return
        font, bold, tall = self._font(textstate.font)
        scale = textstate.scaling / 100
        matrix = mult_matrix(textstate.matrix, self.ctm)
        size = textstate.fontsize * tall * math.hypot(matrix[2], matrix[3])
        x, y = textstate.linematrix
        space = 0 if font.is_multibyte() else textstate.wordspace
        for string in seq:
            if isinstance(string, int | float):
                x -= string * 0.001 * textstate.fontsize * scale
            if not isinstance(string, bytes):
                continue
            begin, text, widths = x, "", []
            for code in font.decode(string):
                glyph = self._glyph(font, code)
                width = (glyph.width * textstate.fontsize + textstate.charspace + (space if code == 32 else 0)) * scale
                text += glyph.letters
                widths += [width / max(len(glyph.letters), 1)] * len(glyph.letters)
                x += width
            if text.strip() and abs(size) > 0:
                wide = math.hypot(matrix[0], matrix[1])
                ends = (
                    apply_matrix_pt(matrix, (at, y + textstate.rise)) for at in (begin, x - textstate.charspace * scale)
                )
                (left, low), (right, _) = (turned(end, _turn(matrix)) for end in ends)
                bold_now = bold or textstate.render == _FILLED_AND_DRAWN
                run = Run(text, left, right, low, abs(size), bold_now, tuple(one * wide for one in widths), self.parts)
                self._keep(run, _turn(matrix), textstate.render, apply_matrix_pt(matrix, (begin, y)))
        textstate.linematrix = x, y

    def _keep(self, run: Run, turn: int, render: int, place: tuple[float, float]) -> None:
        if len(self.runs) >= _MOST_RUNS:
            self.is_overfull = True
        elif any(span.hidden for span in self._spans):
            self.unseen["laag"] += run.text
        elif not self.shown.holds(*place):
            self.unseen["buiten"] += run.text
        elif run.size < _SMALLEST:
            self.unseen["klein"] += run.text
        elif render in _INVISIBLE:
            self.ghosts.append((turn, run))
        else:
            self.unknown += run.text.count(UNKNOWN)
            artifact = any(span.artifact for span in self._spans)
            self.runs.append((turn, replace(run, artifact=True) if artifact else run))

    def _font(self, font: PDFFont) -> tuple[PDFFont, bool, float]:
        """A font, whether it is bold, and the height of its em in parts of the size."""
        known = self._fonts.get(id(font))
        if known is None:
            name = str(getattr(font, "basefont", "") or font.fontname).lower()
            weight = font.descriptor.get("FontWeight")
            bold = any(word in name for word in _BOLD) or (isinstance(weight, int | float) and weight >= 600)
            tall = 1.0
            vscale = getattr(font, "vscale", 0.001)  # of a font whose letters are drawings: how large their units are
            if vscale != 0.001 and (high := abs(font.bbox[3] - font.bbox[1]) * vscale) > 0:
                tall = high
            known = self._fonts[id(font)] = font, bold, tall
        return known

    def _glyph(self, font: PDFFont, code: int) -> _Glyph:
        known = self._glyphs.setdefault(id(font), {})
        glyph = known.get(code)
        if glyph is None:
            try:
                letters = font.to_unichr(code)
            except PDFUnicodeNotDefined:
                letters = UNKNOWN
            if not font.is_multibyte() and code == _HYPHEN and letters == " ":
                letters = "\u00ad"
            elif not font.is_multibyte() and code in _BULLETS and letters == UNKNOWN:
                letters = "•"
            glyph = known[code] = _Glyph(letters.translate(_LIGATURES), font.char_width(code))
        return glyph

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:  # noqa: ARG002
        """Keep a path when it is as small as a bullet."""
        if self.ctm is None or any(span.hidden for span in self._spans):
            return
        points = [
            apply_matrix_pt(self.ctm, (step[at], step[at + 1])) for step in path for at in range(1, len(step) - 1, 2)
        ]
        if not points:
            return
        self.shapes += 1
        rect = Rect.around(points)
        self._keep_rules(rect, path, stroke)
        if any(span.artifact for span in self._spans):
            return
        smallest, largest = _MARK
        least, most = sorted((rect.right - rect.left, rect.top - rect.bottom))
        if smallest <= least and most <= largest and most < 2 * least:
            self.marks.append(rect)

    def _keep_rules(self, rect: Rect, path: Sequence[Any], stroke: bool) -> None:
        """Keep the straight lines of a path, each as a part of the page that is hardly wide or high."""
        if len(self.rules) >= _MOST_RULES or self.ctm is None:
            return
        thin, long = sorted((rect.right - rect.left, rect.top - rect.bottom))
        if thin <= _THIN and long >= _LONG:
            self.rules.append(rect)
        elif stroke:
            begin = before = (0.0, 0.0)
            for step in path:
                after = begin if step[0] == "h" else apply_matrix_pt(self.ctm, (step[-2], step[-1]))
                line = Rect.around((before, after))
                thin, long = sorted((line.right - line.left, line.top - line.bottom))
                if step[0] in {"l", "h"} and thin <= _THIN and long >= _LONG:
                    self.rules.append(line)
                if step[0] == "m":
                    begin = after
                before = after

    def render_image(self, name: str, stream: PDFStream) -> None:  # noqa: ARG002
        """Note how large an image is."""
        if self.ctm and self.shown.area:
            rect = Rect.around(apply_matrix_pt(self.ctm, point) for point in Rect(0, 0, 1, 1).corners)
            self.image = min(self.image + rect.area / self.shown.area, 1.0)


class Interpreter(PDFPageInterpreter):
    """Tells its device more: where text objects begin, and what the resources say of marked content and of forms."""

    device: Device

    def do_BT(self) -> None:
        """Begin a text object."""
        super().do_BT()
        self.device.parts += 1

    def do_Tf(self, fontid: Any, fontsize: Any) -> None:
        """Take a font; without it nobody knows which letters its codes are, so that nothing is shown."""
        super().do_Tf(fontid, fontsize)
        if literal_name(fontid) not in self.fontmap:
            self.textstate.font = None

    def do_BDC(self, tag: Any, props: Any) -> None:
        """Begin marked content; what is said of it may stand among the resources."""
        if isinstance(props, PSLiteral):
            props = (resolve1(self.resources.get("Properties")) or {}).get(props.name)
        super().do_BDC(tag, props)

    def do_Do(self, xobjid_arg: Any) -> None:
        """Draw a form or an image, which may belong to a layer."""
        drawn = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        layer = drawn.get("OC") if isinstance(drawn, PDFStream) else None
        self.device.begin_tag(PSLiteral("OC"), layer)
        super().do_Do(xobjid_arg)
        self.device.end_tag()


def _turn(matrix: Matrix) -> int:
    """By how many degrees a text is turned, from 0 up to 360; a slight slope counts as none."""
    degrees = math.degrees(math.atan2(matrix[1], matrix[0])) % 360
    straight = round(degrees / 90) * 90
    return (straight if abs(degrees - straight) < 3 else round(degrees)) % 360
