"""What stands on a page of a PDF, and where: runs of text, marks that are drawn instead of written, and links."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pypdf import PageObject
from pypdf._text_extraction._layout_mode._text_state_params import TextStateParams
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject
from pypdf.generic._font import Font

Matrix = tuple[float, float, float, float, float, float]

_IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MARK: Final = (1.5, 9.0)
"""How small and large (in points) a drawn bullet is."""
_DEEPEST_FORM: Final = 8
_MOST_RUNS: Final = 200_000
_LIGATURES: Final = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on one line: from ``left`` to ``right`` on the baseline ``y`` (points, upwards)."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    widths: tuple[float, ...]
    """How wide each character is, as measured by the font."""
    part: int
    """The number of the text object that it is drawn in: a change of colour begins another."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of a page."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link on a page; ``url`` is None when it leads to nowhere outside the file."""

    rect: Rect
    url: str | None


@dataclass(frozen=True, slots=True)
class PageContent:
    """The text runs of a page in the order of the file, its small drawn marks, and its links."""

    number: int
    height: float
    runs: tuple[Run, ...]
    marks: tuple[Rect, ...]
    links: tuple[PageLink, ...]


@dataclass(slots=True)
class _State:
    """The graphics state, as far as text needs it."""

    ctm: Matrix = _IDENTITY
    font: Font | None = None
    size: float = 1.0
    char: float = 0.0
    word: float = 0.0
    scale: float = 100.0
    leading: float = 0.0
    rise: float = 0.0
    tm: Matrix = _IDENTITY
    line: Matrix = _IDENTITY


@dataclass(slots=True)
class _Reader:
    """Follows the operators of a page and of the forms that it draws."""

    page: PageObject
    runs: list[Run] = field(default_factory=list)
    marks: list[Rect] = field(default_factory=list)
    path: list[tuple[float, float]] = field(default_factory=list)
    parts: int = 0
    hidden: list[bool] = field(default_factory=list)
    """For each open marked content whether it is an artifact: a header, footer or decoration."""

    def read(self, stream: ContentStream, resources: DictionaryObject, state: _State, depth: int = 0) -> None:
        """Take the operators of a stream in turn."""
        fonts = _Fonts(resources)
        stack: list[_State] = []
        for operands, operator in stream.operations:
            if len(self.runs) > _MOST_RUNS:
                return
            match operator:
                case b"q":
                    stack.append(replace(state))
                case b"Q" if stack:
                    state = stack.pop()
                case b"cm":
                    state.ctm = _times(_matrix(operands), state.ctm)
                case b"Do" if depth < _DEEPEST_FORM:
                    self._form(resources, operands, state, depth)
                case b"BDC" | b"BMC":
                    self.hidden.append(bool(operands) and operands[0] == "/Artifact")
                case b"EMC" if self.hidden:
                    self.hidden.pop()
                case b"Tf":
                    state.font, state.size = fonts.find(str(operands[0])), float(operands[1])
                case _:
                    if not self._text(operator, operands, state):
                        self._draw(operator, operands, state)

    def _form(self, resources: DictionaryObject, operands: Sequence[Any], state: _State, depth: int) -> None:
        form = resources.get("/XObject", {}).get_object().get(operands[0])
        form = form.get_object() if form is not None else None
        if form is None or form.get("/Subtype") != "/Form":
            return
        inner = form.get("/Resources", resources).get_object()
        ctm = _times(_matrix(form.get("/Matrix", _IDENTITY)), state.ctm)
        self.read(ContentStream(form, self.page.pdf, "bytes"), inner, replace(state, ctm=ctm), depth + 1)

    def _text(self, operator: bytes, operands: Sequence[Any], state: _State) -> bool:
        """Take an operator of text; False for any other."""
        match operator:
            case b"BT":
                state.tm = state.line = _IDENTITY
                self.parts += 1
            case b"Tm":
                state.tm = state.line = _matrix(operands)
            case b"Td" | b"TD":
                x, y = float(operands[0]), float(operands[1])
                if operator == b"TD":
                    state.leading = -y
                self._move(state, x, y)
            case b"T*":
                self._move(state, 0.0, -state.leading)
            case b"Tj":
                self._show(operands[0], state)
            case b"'" | b'"':
                if operator == b'"':
                    state.word, state.char = float(operands[0]), float(operands[1])
                self._move(state, 0.0, -state.leading)
                self._show(operands[-1], state)
            case b"TJ":
                self._show_all(operands[0], state)
            case b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts":
                name = {b"Tc": "char", b"Tw": "word", b"Tz": "scale", b"TL": "leading", b"Ts": "rise"}[operator]
                setattr(state, name, float(operands[0]))
            case _:
                return False
        return True

    @staticmethod
    def _move(state: _State, x: float, y: float) -> None:
        state.tm = state.line = _times((1.0, 0.0, 0.0, 1.0, x, y), state.line)

    def _show_all(self, parts: Sequence[Any], state: _State) -> None:
        for part in parts:
            if isinstance(part, int | float):
                x = -float(part) / 1000 * state.size * state.scale / 100
                state.tm = _times((1.0, 0.0, 0.0, 1.0, x, 0.0), state.tm)
            else:
                self._show(part, state)

    def _show(self, value: Any, state: _State) -> None:
        if state.font is None or not isinstance(value, bytes | str):
            return
        shown = TextStateParams(
            value,
            state.font,
            state.size,
            state.char,
            state.word,
            state.scale,
            state.leading,
            state.rise,
            list(_times(state.tm, state.ctm)),
        )
        text = shown.text.translate(_LIGATURES)
        if text.strip() and not shown.rotated and not any(self.hidden) and shown.font_height > 0:
            bold = "bold" in state.font.name.lower() or "black" in state.font.name.lower()
            place = shown.tx, shown.displaced_tx, shown.transform[5], shown.font_height
            self.runs.append(Run(text, *place, bold, _widths(shown, text), self.parts))
        state.tm = _times((1.0, 0.0, 0.0, 1.0, shown.word_tx(shown.value), 0.0), state.tm)

    def _draw(self, operator: bytes, operands: Sequence[Any], state: _State) -> None:
        """Follow a path, and keep it when it is as small as a bullet."""
        match operator:
            case b"m" | b"l" | b"c" | b"v" | b"y":
                numbers = [float(one) for one in operands]
                self.path += [_point(x, y, state.ctm) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]
            case b"re":
                x, y, width, height = (float(one) for one in operands)
                self.path += [_point(x, y, state.ctm), _point(x + width, y + height, state.ctm)]
            case b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s":
                self._keep_mark()
                self.path = []
            case b"n":
                self.path = []

    def _keep_mark(self) -> None:
        if not self.path or any(self.hidden):
            return
        across, up = [x for x, _ in self.path], [y for _, y in self.path]
        rect = Rect(min(across), min(up), max(across), max(up))
        smallest, largest = _MARK
        least, most = sorted((rect.right - rect.left, rect.top - rect.bottom))
        if smallest <= least and most <= largest and most < 2 * least:
            self.marks.append(rect)


def _widths(shown: TextStateParams, text: str) -> tuple[float, ...]:
    """How wide each character of a run is; the font knows it by the codes, of which one may be several letters."""
    codes = shown._raw_chars
    font = shown.font
    seen = codes if isinstance(font.encoding, str) else [font.encoding.get(ord(code), code) for code in codes]
    widths: list[float] = []
    for code, letter in zip(codes, seen, strict=True):
        letters = str(font.character_map.get(letter, letter)).translate(_LIGATURES)
        widths += [shown.word_tx(code) / max(len(letters), 1)] * len(letters)
    return tuple(widths) if len(widths) == len(text) else (1.0,) * len(text)


class _Fonts:
    """The fonts of a page by their names, each read when it is first used."""

    def __init__(self, resources: DictionaryObject) -> None:
        found = resources.get("/Font", {})
        self._resources = found.get_object() if found else {}
        self._fonts: dict[str, Font | None] = {}

    def find(self, name: str) -> Font | None:
        if name not in self._fonts:
            resource = self._resources.get(name)
            self._fonts[name] = Font.from_font_resource(resource.get_object()) if resource is not None else None
        return self._fonts[name]


def _matrix(values: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that applies ``one``, then ``other``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, l = other  # noqa: E741
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l


def _point(x: float, y: float, ctm: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = ctm
    return x * a + y * c + e, x * b + y * d + f


def page_content(page: PageObject, number: int) -> PageContent:
    """The content of a page; ``number`` counts from 1. Raises what pypdf raises for a damaged page."""
    reader = _Reader(page)
    contents = page.get_contents()
    resources = page.get("/Resources")
    if contents is not None and resources is not None:
        reader.read(ContentStream(contents, page.pdf, "bytes"), resources.get_object(), _State())
    return PageContent(
        number, float(page.mediabox.height), tuple(reader.runs), tuple(reader.marks), tuple(_links(page))
    )


def _links(page: PageObject) -> Iterator[PageLink]:
    """The links of a page, those without a target outside the file too: their words are labels."""
    annotations: Any = []
    with suppress(PyPdfError):
        annotations = page.annotations or []
    for one in annotations:
        annotation = one.get_object()
        if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") != "/Link":
            continue
        corners = annotation.get("/Rect")
        if corners is None or len(corners) != 4:
            continue
        left, bottom, right, top = (float(value) for value in corners)
        action = annotation.get("/A")
        url = action.get_object().get("/URI") if action is not None else None
        rect = Rect(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        yield PageLink(rect, _as_text(url))


def _as_text(url: Any) -> str | None:
    if url is None:
        return None
    return url.decode("utf-8", "replace") if isinstance(url, bytes) else str(url)
