"""Walks the tree of a page to blocks: what stands on the page for a reader, without what stands around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from ingest.blocks import Block, BlockKind, Label
from ingest.files import clean
from ingest.hrefs import web_address
from ingest.readers.lists import OUTERMOST, SIGN, lines_of
from ingest.readers.rows import row_blocks
from ingest.readers.skipped import Skipped

_NO_TEXT: Final = frozenset("script style noscript template head meta link base source track param colgroup".split())
_MEDIA: Final = {
    "img": ("afbeelding", "afbeeldingen"),
    "svg": ("afbeelding", "afbeeldingen"),
    "canvas": ("afbeelding", "afbeeldingen"),
    "video": ("video", "video's"),
    "audio": ("geluidsfragment", "geluidsfragmenten"),
    "iframe": ("ingesloten pagina", "ingesloten pagina's"),
    "object": ("ingesloten onderdeel", "ingesloten onderdelen"),
    "embed": ("ingesloten onderdeel", "ingesloten onderdelen"),
}
_BUTTON: Final = ("knop", "knoppen")
_MENU: Final = ("menu of ander blok rond de tekst", "menu's of andere blokken rond de tekst")
_FORM: Final = ("formulier om te zoeken of in te loggen", "formulieren om te zoeken of in te loggen")
_CHOICE: Final = ("keuzelijst", "keuzelijsten")
_REMARK: Final = ("opmerking", "opmerkingen")
_DELETED: Final = ("stuk verwijderde tekst", "stukken verwijderde tekst")
_CONTENTS: Final = ("regel van een inhoudsopgave", "regels van een inhoudsopgave")
_DEEP: Final = ("stuk dat te diep genest is", "stukken die te diep genest zijn")
_BLOCKS: Final = frozenset(
    "p div section article main body html h1 h2 h3 h4 h5 h6 ul ol li blockquote table tr td th thead tbody tfoot "
    "dl dt dd pre address center details summary figure figcaption caption hr fieldset legend hgroup header footer "
    "aside form nav option".split()
)
_AROUND_ROLES: Final = frozenset("navigation banner contentinfo search complementary dialog alertdialog menu".split())
_AROUND: Final = frozenset(
    "menu submenu nav navbar navigation navigatie breadcrumb breadcrumbs kruimelpad footer voettekst sidebar zijbalk "
    "cookies cookiebar cookiebanner cookiemelding skiplink skiplinks".split()
)
"""The last word, or two, of a class or id of what stands around the text of a page."""
_UNFOLDING: Final = frozenset(
    "accordion accordeon collapse collapsed collapsible collapsable toggle faq uitklap uitklapper uitklapbaar expand "
    "expandable expander tabpanel tab spoiler answer antwoord".split()
)
"""Words in a class or id of what opens at a click."""
_OTHER_FORMS: Final = frozenset(
    "search zoek zoeken zoekformulier searchform login signin inloggen newsletter nieuwsbrief comment commentform "
    "reactie subscribe".split()
)
_TITLING: Final = frozenset(
    "title titel header heading head kop question vraag trigger label toggle button knop summary".split()
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_LONGEST_STYLES: Final = 50_000
_STYLE_REMARK: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_STYLE_RULE: Final = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_MEDIA_RULE: Final = re.compile(r"@[\w-]+[^{};]{0,500}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_STYLE_NAME: Final = re.compile(r"[.#][\w-]+")
_USUALLY_HIDDEN: Final = frozenset({".hidden", ".d-none", ".hide", ".is-hidden", ".uk-hidden", ".invisible"})
"""Classes by which common styles hide an element."""
_WORD_REMARK: Final = re.compile(r"mso-element\s*:\s*comment", re.IGNORECASE)
_WORD_CONTENTS: Final = re.compile(r"MsoToc\d")
_WORD_LIST: Final = re.compile(r"mso-list\s*:\s*[\w-]+\s+level(\d+)", re.IGNORECASE)
_WORD_SIGN: Final = re.compile(r"(?:[^\w\s]|[o§ØüvàqnlØ](?=\s)|(?:\d{1,3}|[a-zA-Z]{1,4})[.)])\s+(?=\S)")
"""What Word writes before an entry of a list as text: a sign of a symbol font, a number or a letter."""
_WORD_NUMBER: Final = re.compile(r"(?!o\s)(?:\d{1,3}|[a-zA-Z]{1,4})[.)]\s")
_GOOGLE_LIST: Final = re.compile(r"\blst-kix_\w+-(\d)\b")
_MARKER: Final = re.compile(r"\W{0,2}(?:\d{1,3}|[*†‡§]{1,3}|[a-z])\W{0,2}")
_BACK: Final = re.compile(r"\W*(?:\d{1,3}|[a-z]|terug(?: naar (?:de )?tekst)?|back)?\W*", re.IGNORECASE)
_CHECKED: Final = {True: "☑ ", False: "☐ "}
_INPUTS: Final = frozenset({"text", "email", "tel", "number", "date", "url", "time", "month", "week", "datetime-local"})
_NOTE_TAGS: Final = frozenset("p li div dd aside".split())
_HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6".split())
_NEAR: Final = 2
"""Ancestors whose name says that something unfolds at a click."""
_DEEPEST: Final = 200
_LONGEST_HEADING: Final = 200
_LONGEST_BUTTON: Final = 80
_MENU_LINKS: Final = 4
_MENU_SHARE: Final = 0.85
_WIDEST: Final = 100
"""Columns or rows over which one cell may reach."""


def tree_of(text: str) -> Any:
    """The tree of a page, or None for what holds no element; raises :class:`etree.LxmlError`."""
    data = text.encode("utf-8", "replace")
    if not data.strip():
        return None
    try:
        return lxml.html.document_fromstring(data, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # nothing but comments, or the like
        return None


@dataclass
class _Anchor:
    """A link that is open: where its words begin, and its address."""

    start: int
    url: str | None


@dataclass
class _Tree:
    """What has to be known of a whole tree before it is walked."""

    root: Any

    @cached_property
    def length(self) -> int:
        """How many characters it holds."""
        return self.size(self.root)

    @cached_property
    def _sizes(self) -> dict[Any, int]:
        sizes: dict[Any, int] = {}
        for element in reversed(list(self.root.iter())):
            if isinstance(element.tag, str) and element.tag not in _NO_TEXT:
                inside = (sizes.get(child, 0) + len(child.tail or "") for child in element)
                sizes[element] = len(element.text or "") + sum(inside)
        return sizes

    def size(self, element: Any) -> int:
        """How many characters an element of the tree holds, without scripts and styles."""
        return self._sizes.get(element, 0)

    @cached_property
    def places(self) -> dict[str, Any]:
        """The elements by the names that a link can lead to."""
        names: dict[str, Any] = {}
        for element in self.root.iter():
            if isinstance(element.tag, str):
                for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                    if name:
                        names.setdefault(name, element)
        return names

    @cached_property
    def controls(self) -> dict[str, Any]:
        """What opens the elements that are closed at first, by the id of these."""
        found: dict[str, Any] = {}
        for element in self.root.iter():
            if isinstance(element.tag, str):
                for name in _controlled(element):
                    if name in self.places:
                        found.setdefault(name, element)
                label = element.get("aria-labelledby", "").split()
                if label and element.get("id") and _role(element) in ("tabpanel", "region") and label[0] in self.places:
                    found.setdefault(element.get("id"), self.places[label[0]])
        return found

    @cached_property
    def has_checked(self) -> bool:
        """Whether a box in it is ticked."""
        return any(_is_box(one) and one.get("checked") is not None for one in self.root.iter("input"))

    @cached_property
    def hidden_names(self) -> frozenset[str]:
        """The classes (``.naam``) and ids (``#naam``) that its styles hide."""
        styles = "".join(one.text or "" for one in self.root.getroottree().iter("style"))[:_LONGEST_STYLES]
        plain = _MEDIA_RULE.sub(" ", _STYLE_REMARK.sub(" ", styles))
        rules = (rule for rule in _STYLE_RULE.findall(plain) if _HIDDEN.search(rule[1]))
        names = {name.strip() for selectors, _ in rules for name in selectors.split(",")}
        return frozenset(name for name in names if _STYLE_NAME.fullmatch(name)) | _USUALLY_HIDDEN

    @cached_property
    def has_remarks(self) -> bool:
        """Whether remarks in the margin stand in it."""
        return any(name.startswith("cmnt") for name in self.places)

    @cached_property
    def notes(self) -> dict[Any, Any]:
        """The notes of the text by the links to them."""
        found: dict[Any, Any] = {}
        notes: set[Any] = set()
        for link in self.root.iter("a"):
            page, _, name = (link.get("href") or "").partition("#")
            target = None if page or name.startswith("cmnt") else self.places.get(name)
            if target is None or target is link or not _MARKER.fullmatch("".join(link.itertext()).strip()):
                continue
            if any(one in notes for one in link.iterancestors()):  # it leads back from a note to the text
                continue
            note = next((one for one in (target, *target.iterancestors()) if one.tag in _NOTE_TAGS), None)
            if note is not None and link not in note.iter() and self.size(note) * 4 < max(self.length, 1) * 3:
                found[link] = note
                notes.add(note)
        return found


@dataclass
class Walker:
    """Collects blocks from a tree, with the state that nested elements need; ``skipped`` is what was left out."""

    address: str | None = None
    skipped: Skipped = field(default_factory=Skipped)
    level: int = 1
    """The level of the last heading, of which what unfolds is a level deeper."""
    passed_over: Any = None
    """An element that is not walked, such as one that was walked before."""
    blocks: list[Block] = field(default_factory=list)
    _text: str = ""
    _labels: list[Label] = field(default_factory=list)
    _anchors: list[_Anchor] = field(default_factory=list)
    _heading: int = 0
    _quotes: int = 0
    _lists: list[tuple[int, bool]] = field(default_factory=list)
    """For each open list how deep it is, and whether it is numbered."""
    _bullet: bool = False
    _word_level: int | None = None
    _bold: int = 0
    _is_plain: bool = False
    """Whether the open block has words that are not bold."""
    _cells: int = 0
    _content: int = 0
    """How many elements are open that say that they are the content of a page."""
    _pending: list[Any] = field(default_factory=list)
    _told: set[Any] = field(default_factory=set)

    def walk(self, root: Any) -> list[Block]:
        """The blocks of a tree."""
        self._tree = _Tree(root)
        self._notes = set(self._tree.notes.values())
        self._element(root, 0)
        self._end()
        for note in self._tree.notes.values():
            self._note(note, None)
        return self.blocks

    def _element(self, element: Any, depth: int) -> None:
        if not isinstance(element.tag, str) or element.tag in _NO_TEXT:
            return
        if depth > _DEEPEST:
            self._skip(_DEEP, element)
        elif element is self.passed_over or self._is_left_out(element) or element in self._notes:
            return
        elif self._is_control(element):
            self._control(element, depth)
        elif _tag(element) in _BLOCKS:
            self._block(element, depth)
        else:
            self._inline(element, depth)

    def _skip(self, kind: tuple[str, str], element: Any) -> None:
        text = "".join(_texts(element))
        if text.strip():
            self.skipped.add(*kind)
            self.skipped.leave(text)

    def _is_left_out(self, element: Any) -> bool:
        """Whether an element is no text of the page; it is counted then."""
        if element.tag in _MEDIA:
            is_for_show = element.get("alt") == "" or element.get("aria-hidden") == "true"
            self.skipped.add(*_MEDIA[element.tag], int(not is_for_show))
            self.skipped.leave("".join(_texts(element)))
        elif (_is_hidden(element) or self._is_styled_away(element)) and not self._unfolds(element):
            text = "".join(_texts(element))
            if element.get("aria-hidden") == "true":  # a sign for the eye, which says nothing more
                self.skipped.leave(text)
            else:
                self.skipped.hide(text)
        elif _leads_to_remark(element) or (element.tag == "sup" and self._is_remark(element)):
            self.skipped.leave("".join(_texts(element)))
        elif kind := self._reason(element):
            self._skip(kind, element)
        else:
            # a tab is the heading of what it opens
            return _role(element) == "tab" and any(name in self._tree.controls for name in _controlled(element))
        return True

    def _reason(self, element: Any) -> tuple[str, str] | None:
        """What an element is that stands on a page without being a part of its text, or None."""
        if self._is_remark(element) or _WORD_REMARK.search(element.get("style") or ""):
            return _REMARK
        if element.tag == "del":
            return _DELETED
        if _WORD_CONTENTS.match(element.get("class") or ""):
            return _CONTENTS
        if self._is_around(element):
            return _MENU
        return _FORM if element.tag == "form" and _is_other_form(element, self._tree.size(element)) else None

    def _is_remark(self, element: Any) -> bool:
        """Whether an element is a remark in the margin as Google Docs exports it, or the sign that leads to one."""
        if not self._tree.has_remarks or element.tag not in ("div", "p", "sup"):
            return False
        link = next(element.iter("a"), None)
        return link is not None and (
            (link.get("href") or "").startswith("#cmnt")
            if element.tag == "sup"
            else bool(re.fullmatch(r"cmnt\d+", link.get("id") or ""))
        )

    def _is_styled_away(self, element: Any) -> bool:
        """Whether the styles of the page hide an element."""
        names = [f".{name}" for name in (element.get("class") or "").split()]
        return not self._tree.hidden_names.isdisjoint([*names, f"#{element.get('id')}"])

    def _unfolds(self, element: Any) -> bool:
        """Whether what is hidden at first opens at a click: it is content then."""
        if element.get("hidden") == "until-found" or element.get("id") in self._tree.controls:
            return True
        if _role(element) == "tabpanel" or element.tag == "dd":
            return True
        before = element.getprevious()
        while before is not None and not isinstance(before.tag, str):
            before = before.getprevious()
        opener = before is not None and (
            before.tag == "button" or (_tag(before) in _HEADINGS and _can_be_clicked(before))
        )
        near = (element, *islice(element.iterancestors(), _NEAR))
        return opener or any(_UNFOLDING & set(_name_words(one)) for one in near if one.tag != "body")

    def _is_around(self, element: Any) -> bool:
        """Whether an element is a menu or the like by what it is or by its name, and does not hold much of the page
        all the same."""
        tag, role = element.tag, _role(element)
        if tag in ("nav", "dialog", "menu") or role in _AROUND_ROLES:
            return not (role == "complementary" and self._content)
        if tag in ("header", "footer", "aside") and not self._content and not _is_in_a_part(element):
            return tag != "header" or not _has(element, "h1") or _has(element, "nav")
        names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
        if any(map(_names_around, names)):
            return 3 * self._tree.size(element) < self._tree.length
        return not self._content and self._is_list_of_places(element)

    def _is_list_of_places(self, element: Any) -> bool:
        """Whether an element holds little but links within its website, as a menu without a name does."""
        if element.tag not in ("ul", "ol", "div", "section", "table"):
            return False
        total = self._tree.size(element)
        links = list(element.iter("a")) if 3 * total < self._tree.length else []
        if len(links) < _MENU_LINKS:
            return False
        here = urlsplit(self.address or "").netloc
        own = [
            link
            for link in links
            if (link.get("href") or "").strip()[:1] in ("/", "?")
            or (here and urlsplit(link.get("href") or "").netloc == here)
        ]
        return len(own) == len(links) and sum(map(self._tree.size, links)) >= _MENU_SHARE * total

    def _is_control(self, element: Any) -> bool:
        return (
            element.tag in ("button", "summary", "input", "select", "textarea")
            or (_role(element) == "button" and element.get("aria-expanded") is not None)
            or element.get("data-toggle", element.get("data-bs-toggle")) == "collapse"
            or _titles_what_unfolds(element, self._tree.size(element))
        )

    def _control(self, element: Any, depth: int) -> None:
        """What one clicks or fills in: the title of what unfolds is a heading, and what is filled in is text."""
        if element.tag == "select":
            chosen = [one for one in element.iter("option") if one.get("selected") is not None]
            for option in chosen:
                self._say(f" {''.join(option.itertext())} ")
            self.skipped.add(*_CHOICE, int(not chosen))
            self.skipped.leave("".join(_texts(element)))
        elif element.tag == "textarea":
            self._end()
            self._children(element, depth)
            self._end()
        elif element.tag == "input":
            self._input(element)
        elif self._heading:
            self._children(element, depth)
        elif (
            element.tag == "summary" or _titles_what_unfolds(element, self._tree.size(element)) or self._opens(element)
        ):
            if self._tree.size(element) <= _LONGEST_HEADING:
                self._titled(element, min(self.level + 1, 6), depth)
            else:
                self._block(element, depth)
        elif element.tag == "button" and self._tree.size(element) <= _LONGEST_BUTTON:
            self._skip(_BUTTON, element)
        else:
            self._children(element, depth)

    def _input(self, element: Any) -> None:
        if _is_box(element):
            if self._tree.has_checked:
                self._say(f" {_CHECKED[element.get('checked') is not None]}")
        elif (element.get("type") or "text").lower() in _INPUTS and element.get("value"):
            self._say(f" {element.get('value')} ")

    def _opens(self, element: Any) -> bool:
        """Whether a button opens a part of the page that has a text."""
        targets = [self._tree.places[name] for name in _controlled(element) if name in self._tree.places]
        if targets:
            return any(any(text.strip() for text in _texts(target)) for target in targets)
        return element.get("aria-expanded") is not None or bool(_UNFOLDING & set(_name_words(element)))

    def _titled(self, element: Any, level: int, depth: int) -> None:
        self._end()
        before, self._heading = self._heading, level
        self._children(element, depth)
        self._end()
        self._heading = before

    def _block(self, element: Any, depth: int) -> None:
        self._end()
        tag = _tag(element)
        is_content = tag in ("main", "article") or _role(element) == "main"
        self._content += is_content
        tab = self._tree.controls.get(element.get("id") or "")
        if tab is not None and _role(tab) == "tab":
            self._titled(tab, min(self.level + 1, 6), depth)
        match tag:
            case "ul" | "ol":
                self._list(element, tag == "ol", depth)
            case "blockquote":
                self._quotes += 1
                self._children(element, depth)
                self._end()
                self._quotes -= 1
            case "table":
                self._table(element, depth)
            case _ if tag in _HEADINGS:
                self.level = int(tag[1])
                self._titled(element, self.level, depth)
            case "li":
                self._entry(element, depth)
            case _:
                self._paragraph(element, depth)
        self._content -= is_content

    def _list(self, element: Any, is_numbered: bool, depth: int) -> None:
        google = _GOOGLE_LIST.search(element.get("class") or "")
        self._lists.append((int(google[1]) if google else len(self._lists), is_numbered))
        self._children(element, depth)
        self._end()
        self._lists.pop()

    def _entry(self, element: Any, depth: int) -> None:
        is_loose = not self._lists
        if is_loose:
            self._lists.append((0, False))
        self._bullet = True
        self._children(element, depth)
        self._end()
        self._bullet = False
        if is_loose:
            self._lists.pop()

    def _paragraph(self, element: Any, depth: int) -> None:
        word = _WORD_LIST.search(element.get("style") or "")
        if word:
            self._word_level = 2 * (int(word[1]) - 1)
        if "MsoTitle" in (element.get("class") or ""):
            self._titled(element, 1, depth)
        else:
            self._children(element, depth)
            self._end()
        self._word_level = None if word else self._word_level

    def _inline(self, element: Any, depth: int) -> None:
        if element.tag == "br":
            self._text += "\n"
        elif element in self._tree.notes:
            self._pending.append(self._tree.notes[element])
        elif element.tag in ("a", "ref") and (element.get("href") or element.get("target")) is not None:
            href = element.get("href") or element.get("target")
            self._anchors.append(_Anchor(len(self._text), web_address(href, self.address)))
            self._children(element, depth)
            self._label(self._anchors.pop())
        elif element.tag in ("b", "strong"):
            self._bold += 1
            self._children(element, depth)
            self._bold -= 1
        elif element.tag not in {"annotation", "annotation-xml"}:
            self._children(element, depth)

    def _label(self, anchor: _Anchor) -> None:
        label = " ".join(clean(self._text[anchor.start :]).split())
        if label:
            self._labels.append((label, anchor.url))

    def _say(self, text: str) -> None:
        if text.strip() and not self._bold:
            self._is_plain = True
        self._text += text.replace("\n", " ").replace("\r", " ")

    def _children(self, element: Any, depth: int) -> None:
        self._say(element.text or "")
        for child in element:
            self._element(child, depth + 1)
            self._say(child.tail or "")

    def _table(self, table: Any, depth: int) -> None:
        """Its rows in order; a cell that reaches over several rows stands in each."""
        carried: dict[int, tuple[int, list[Block]]] = {}
        for part in table:
            if isinstance(part.tag, str) and part.tag in ("thead", "tbody", "tfoot"):
                if not self._is_left_out(part):
                    for row in part:
                        self._row(row, carried, depth + 1)
            else:
                self._row(part, carried, depth)

    def _row(self, row: Any, carried: dict[int, tuple[int, list[Block]]], depth: int) -> None:
        if not isinstance(row.tag, str) or row.tag != "tr":
            self._element(row, depth + 1)
            self._end()
            return
        if self._is_left_out(row):
            return
        cells: list[list[Block]] = []
        above: list[bool] = []
        after: dict[int, tuple[int, list[Block]]] = {}

        def add_carried() -> None:
            while len(cells) in carried:
                left, blocks = carried[len(cells)]
                if left > 1:
                    after[len(cells)] = left - 1, blocks
                cells.append(blocks)
                above.append(True)

        for cell in row:
            if not isinstance(cell.tag, str) or cell.tag in _NO_TEXT:
                continue
            add_carried()
            blocks = self._cell(cell, depth)
            wide, high = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
            for column in range(wide):
                if high > 1:
                    after[len(cells)] = high - 1, [] if column else blocks
                cells.append([] if column else blocks)
                above.append(False)
        add_carried()
        carried.clear()
        carried.update(after)
        self.blocks += row_blocks(cells, above)

    def _cell(self, cell: Any, depth: int) -> list[Block]:
        outer, self.blocks = self.blocks, []
        self._cells += 1
        self._element(cell, depth + 1)
        self._end()
        self._cells -= 1
        outer, self.blocks = self.blocks, outer
        return outer

    def _end(self) -> None:
        """Close the block that is open."""
        for anchor in self._anchors:
            self._label(anchor)
            anchor.start = 0
        text, labels = self._text, list(dict.fromkeys(self._labels))
        is_bold, self._is_plain = not self._is_plain, False
        self._text, self._labels = "", []
        for line in (" ".join(clean(text).split()),) if self._heading else lines_of(text):
            if not line:
                break
            own = [label for label in labels if label[0] in line]
            labels = [label for label in labels if label not in own]
            self._add(line, tuple(own), is_bold)
        notes, self._pending = self._pending, []
        for note in notes:
            self._note(note, self.blocks[-1] if self.blocks else None)

    def _add(self, text: str, labels: tuple[Label, ...], is_bold: bool) -> None:
        kind, level = self._kind(text, is_bold)
        if kind is BlockKind.BULLET:
            sign = _WORD_SIGN.match(text) if self._word_level is not None else SIGN.match(text)
            text = text[sign.end() :] if sign else text
            self._bullet = False
        self.blocks.append(Block(kind, text, level, labels, len(self.blocks) + 1))

    def _kind(self, text: str, is_bold: bool) -> tuple[BlockKind, int]:
        if self._heading and len(text) <= _LONGEST_HEADING:
            return BlockKind.HEADING, self._heading
        if self._quotes:
            return BlockKind.QUOTE, 0
        if self._word_level is not None:
            return BlockKind.BULLET, self._word_level + bool(_WORD_NUMBER.match(text))
        if self._lists:
            depth = 2 * self._lists[-1][0] + self._lists[-1][1]
            return (BlockKind.BULLET, depth) if self._bullet else (BlockKind.PARAGRAPH, depth + 1)
        if SIGN.match(text):
            return BlockKind.BULLET, int(text[0] not in OUTERMOST)
        ends = text.endswith((".", "!", "?", ":", ";", ","))
        is_heading = is_bold and not self._cells and len(text) <= _LONGEST_HEADING and not ends
        return (BlockKind.HEADING, 6) if is_heading else (BlockKind.PARAGRAPH, 0)

    def _note(self, note: Any, after: Block | None) -> None:
        """A note stands below the text that it belongs to."""
        if note in self._told:
            return
        self._told.add(note)
        backs = [link for link in note.iter("a") if (link.get("href") or "").startswith("#")]
        for link in backs:
            if _BACK.fullmatch("".join(link.itertext()).strip()):
                link.text = None
                for child in list(link):
                    link.remove(child)
        inner = Walker(self.address, self.skipped)
        inner._tree, inner._notes = _Tree(note), set()
        inner._children(note, 0)
        inner._end()
        for block in inner.blocks:
            is_inside = after is not None and after.kind is BlockKind.BULLET
            level = (
                after.level + 1
                if after and is_inside
                else after.level
                if after and after.kind is BlockKind.PARAGRAPH
                else 0
            )
            self.blocks.append(Block(BlockKind.PARAGRAPH, block.text, level, block.labels, len(self.blocks) + 1))


def _tag(element: Any) -> str:
    """The tag of an element, or the one that its role makes it count as."""
    role = _role(element)
    if role == "heading":
        level = element.get("aria-level") or "2"
        return f"h{level if level in '123456' else 6}"
    return {"list": "ul", "listitem": "li"}.get(role, str(element.tag))


def _has(element: Any, tag: str) -> bool:
    return next(element.iter(tag), None) is not None


def _is_in_a_part(element: Any) -> bool:
    """Whether an element belongs to a part of the text and not to the page as a whole."""
    return any(one.tag in ("section", "blockquote", "figure", "details", "li", "td") for one in element.iterancestors())


def _role(element: Any) -> str:
    return (element.get("role") or "").strip().lower()


def _leads_to_remark(element: Any) -> bool:
    """Whether an element is the sign of a remark in the margin, as Word saves it."""
    return element.tag in ("a", "span") and bool({"msocomanchor", "MsoCommentReference"} & set(_classes(element)))


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def _titles_what_unfolds(element: Any, size: int) -> bool:
    """Whether an element without a role is the title of something that unfolds, by its name: ``faq-vraag``."""
    if element.tag not in ("div", "p", "span", "a", "strong") or size > _LONGEST_HEADING:
        return False
    words = set(_name_words(element))
    if not (words & _UNFOLDING and words & _TITLING) or element.getnext() is None:
        return False
    return not any(
        isinstance(one.tag, str) and (_tag(one) in _BLOCKS or one.tag == "button") for one in element.iterdescendants()
    )


def _can_be_clicked(element: Any) -> bool:
    names = ("onclick", "tabindex", "aria-expanded", "data-toggle", "data-bs-toggle")
    return (
        any(element.get(name) is not None for name in names)
        or bool(_UNFOLDING & set(_name_words(element)))
        or any(one.tag in ("button", "a") for one in element)
    )


def _controlled(element: Any) -> list[str]:
    """The ids of what an element opens."""
    given = (element.get("aria-controls") or "").split()
    toggle = element.get("data-toggle") or element.get("data-bs-toggle")
    if toggle in ("collapse", "tab", "pill"):
        targets = (element.get("data-target"), element.get("data-bs-target"), element.get("href"))
        given += [target.removeprefix("#") for target in targets if target and target.startswith("#")]
    return given


def _is_box(element: Any) -> bool:
    return (element.get("type") or "").lower() in ("checkbox", "radio")


def _is_other_form(form: Any, size: int) -> bool:
    """Whether a form is for searching, signing in or writing to the editors, and no text of the page."""
    kinds = {(one.get("type") or "").lower() for one in form.iter("input")}
    is_small = size < 600
    return is_small and (bool(kinds & {"password", "search"}) or bool(_OTHER_FORMS & set(_name_words(form))))


def _name_words(element: Any) -> list[str]:
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('action') or ''}"
    return [word.lower() for word in _WORD.findall(names)]


def _names_around(name: str) -> bool:
    """Whether a class or id says that an element is a menu, a bar about cookies, or a foot: ``hoofd-menu``."""
    parts = [part.lower() for part in _WORD.findall(name)]
    return bool(parts) and bool({parts[-1], "".join(parts[-2:])} & _AROUND or parts[0].startswith("cookie"))


def _texts(element: Any) -> Iterator[str]:
    """The texts of a tree but for scripts and styles."""
    todo = [(element, False)]
    while todo:
        one, is_after = todo.pop()
        if is_after:
            yield one.tail or ""
        elif isinstance(one.tag, str) and one.tag not in _NO_TEXT:
            yield one.text or ""
            for child in reversed(one):
                todo += [(child, True), (child, False)]


def plain_texts(root: Any) -> Iterator[str]:
    """What a second reader finds, who only looks at the letters."""
    return (text for text in _texts(root) if text.strip())


def _span(given: str | None) -> int:
    return max(1, min(int(given), _WIDEST)) if given and given.strip().isdecimal() else 1


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )
