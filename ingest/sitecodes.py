"""Takes out of Markdown what programs for websites and notes add to it, and keeps the words that are for readers.

Hugo, Jekyll, Docusaurus, MkDocs, Obsidian and Pandoc each have codes of their own. No line comes or goes.
"""

import re
from collections.abc import Callable
from typing import Final

from ingest.readers.skipped import Skipped

_FENCED: Final = re.compile(r"^[ ]{0,3}(```+|~~~+).*?(?:^[ ]{0,3}\1[`~]*[ ]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(
    r"\{\{[<%]([^{}]{0,2000}?)[>%]\}\}|\{%-?\s[^{}]{0,2000}?%\}|\{\{-?\s*[\w-]+(?:\.|\s*\|)[^{}\n]{0,200}\}\}"
)
"""A code of Hugo or Jekyll, or the name of a value that only they know."""
_SAID: Final = re.compile(r"""\b(?:caption|title|titel|label|summary)\s*=\s*"([^"\n]*)\"""")
"""What such a code shows to readers."""
_EMBEDDED: Final = re.compile(r"!\[\[[^\[\]\n]{1,300}\]\]")
_WIKI: Final = re.compile(r"\[\[(?!_?TOC)([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\](?!\()", re.IGNORECASE)
_CONTENTS: Final = re.compile(
    r"^[ \t]*(?:\[\[?_?TOC_?\]?\]|\$\{toc\}|\{:\s?toc[^}\n]*\})[ \t]*$", re.MULTILINE | re.IGNORECASE
)
_SPAN: Final = re.compile(r"\[([^\[\]\n]{0,500})\]\{[.#][^{}\n]{1,200}\}")
_CALLOUT: Final = re.compile(r"^([ \t]*(?:>[ \t]*)+)\[![\w-]+\][-+]?[ \t]*([^\n]*)$", re.MULTILINE)
_CONTAINER: Final = re.compile(
    r"^[ \t]*:{3,}[ \t]*(?:\{[^}\n]*\}|[\w-]+)?[ \t]*(?:\{[^}\n]*\})?[ \t]*([^\n]*)$", re.MULTILINE
)
_ADMONITION: Final = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w -]+(?:\"([^\"\n]*)\")?[ \t]*$", re.MULTILINE)
_REMARK: Final = re.compile(r"%%(?!%).{1,5000}?%%", re.DOTALL)
_OF_WORD: Final = re.compile(r"</?(?:o|w|v|m|st1):\w+[^<>\n]{0,200}>")
_NOTE: Final = ("code van een websitebouwer", "codes van een websitebouwer")
_IMAGE: Final = ("afbeelding of ingesloten stuk", "afbeeldingen of ingesloten stukken")


def without_codes(text: str, skipped: Skipped) -> str:
    """A text whose lines end in ``\\n`` without such codes, but for what is quoted as code; they are counted."""
    plain, at = [], 0
    for fence in _FENCED.finditer(text):
        plain += [_without(text[at : fence.start()], skipped), fence[0]]
        at = fence.end()
    return "".join([*plain, _without(text[at:], skipped)])


def _without(text: str, skipped: Skipped) -> str:
    if "{" in text:
        text = _counted(_CODE, lambda match: " ".join(_SAID.findall(match[1] or "")), text, _NOTE, skipped)
        text = _SPAN.sub(r"\1", text)
    if ":" in text:
        text = _OF_WORD.sub("", text)
    if "[" in text:
        text = _CONTENTS.sub("", text)
        text = _counted(_EMBEDDED, lambda _: "", text, _IMAGE, skipped)
        text = _WIKI.sub(lambda match: (match[2] or match[1].partition("#")[0] or match[1]).strip(), text)
        text = _CALLOUT.sub(lambda match: match[1] + _titled(match[2]), text)
    if ":::" in text:
        text = _CONTAINER.sub(lambda match: _titled(match[1]), text)
    if "%%" in text:
        text = _REMARK.sub(lambda match: _hidden(match[0], skipped), text)
    return _ADMONITION.sub(lambda match: _titled(match[1] or ""), text)


def _hidden(remark: str, skipped: Skipped) -> str:
    skipped.hide(remark.strip("%"))
    return "\n" * remark.count("\n")


def _titled(title: str) -> str:
    """The title of a box, so that the text of the box can follow on it."""
    bare = title.strip()
    return f"{bare}:" if bare[-1:].isalnum() else bare


def _counted(
    pattern: re.Pattern[str],
    said: Callable[[re.Match[str]], str],
    text: str,
    kind: tuple[str, str],
    skipped: Skipped,
) -> str:
    """Put what a match says to readers in its place, on as many lines; what says nothing is counted."""

    def replaced(match: re.Match[str]) -> str:
        words = said(match)
        if not words:
            skipped.add(*kind)
        return words + "\n" * match[0].count("\n")

    return pattern.sub(replaced, text)
