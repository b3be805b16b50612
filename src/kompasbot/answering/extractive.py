"""The engine that needs no language model: it answers with the sources' own sentences, word for word."""

from collections.abc import Iterable, Sequence
from typing import Final

from kompasbot.answering.answer import BlockKind, Place
from kompasbot.answering.asked import Asked
from kompasbot.answering.draft import Basis, Paragraph, Statement
from kompasbot.answering.fitting import CLOSE, Fit, Line, fitting, lines, runs
from kompasbot.answering.selection import Selection, Shape
from kompasbot.answering.wants import Want, holds
from kompasbot.dutch import fold
from kompasbot.knowledge import Item, ItemType, Origin
from kompasbot.prompts import Texts
from kompasbot.retrieval.ranking import Scored

_FOCUSED_SENTENCES: Final = 3
_PRECISE: Final = 0.75
"""How close to the best sentence another must fit to be told too, when one fact is asked for."""
_RIGHT_KIND: Final = 1.4
"""What a sentence's fit is multiplied by when it holds the kind of fact that is asked for: a year, a name, …"""
_FACTS: Final = frozenset({Want.NUMBER, Want.AMOUNT, Want.WHEN, Want.WHO, Want.WHERE})
_BROAD_SENTENCES: Final = 2


def compose(selection: Selection, asked: Asked, fit: Fit, texts: Texts, short: bool = False) -> list[Paragraph]:
    """The paragraphs of an answer from the chosen items, ``short`` with one sentence an item; empty for no items."""
    if not selection.chosen:
        return []
    if selection.shape is Shape.SECTION or short:
        paragraphs = _listed(selection, texts)
    elif selection.shape is Shape.BROAD:
        paragraphs = _broad(selection, asked, fit, texts)
    else:
        paragraphs = _focused(selection, asked, fit, texts)
    return paragraphs


def own(kind: BlockKind, text: str) -> Paragraph:
    """A paragraph of our own words, from the table of texts."""
    return Paragraph(kind, (Statement(text),))


def _focused(selection: Selection, asked: Asked, fit: Fit, texts: Texts) -> list[Paragraph]:
    """One item, or two that fit about as well: their fitting sentences, introduced unless the question names the
    item; a document is always introduced, so that it is clear that the factsheet itself does not say this.
    """
    first = selection.chosen[0]
    kind = asked.wants

    def suited(sentence: str) -> float:
        return fit(sentence) * (_RIGHT_KIND if holds(kind, sentence) else 1.0)

    close = _PRECISE if kind in _FACTS else CLOSE
    found: list[Paragraph] = []
    for one in selection.chosen:
        if one.item.type is ItemType.DOCUMENT or (one is first and not named(first.item, asked.text)):
            found.append(own(BlockKind.INTRO, texts.get(f"antwoord.intro.{_voice(one.item)}", seed=asked.text)))
        found += quoted(one, suited, _FOCUSED_SENTENCES, close)
    return found


def _voice(item: Item) -> str:
    """Under which name an item is introduced: our note on a document is not the document itself."""
    return item.origin if item.origin is Origin.NOTE else item.type


def _broad(selection: Selection, asked: Asked, fit: Fit, texts: Texts) -> list[Paragraph]:
    """Several sections: a heading a section, the one with the best item first."""
    groups = _by_type(selection.chosen)
    found = [own(BlockKind.INTRO, texts.get("antwoord.intro.breed", seed=asked.text))]
    for kind, members in groups:
        for at, one in enumerate(members):
            paragraphs = quoted(one, fit, _BROAD_SENTENCES, introduced=True)
            heading = texts.get(f"antwoord.kop.{kind}") if at == 0 else None
            found += [
                Paragraph(p.kind, p.statements, heading if n == 0 else None, p.list) for n, p in enumerate(paragraphs)
            ]
    return found


def _listed(selection: Selection, texts: Texts) -> list[Paragraph]:
    """One sentence an item, as a list; introduced when it is a whole section."""
    entries = tuple(_statement(one, [presenting(one.item)]) for one in selection.chosen)
    told = Paragraph(BlockKind.SECTION, entries, list=len(entries) > 1)
    if selection.shape is not Shape.SECTION:
        return [told]
    kind = selection.chosen[0].item.type
    return [own(BlockKind.INTRO, texts.get(f"antwoord.lijst.{kind}")), told]


def _by_type(chosen: Sequence[Scored]) -> list[tuple[ItemType, list[Scored]]]:
    kinds = list(dict.fromkeys(one.item.type for one in chosen))
    return [(kind, [one for one in chosen if one.item.type is kind]) for kind in kinds]


def quoted(one: Scored, fit: Fit, most: int, close: float = CLOSE, introduced: bool = False) -> list[Paragraph]:
    """The fitting sentences of an item as paragraphs, running text and lists apart; ``introduced`` begins with the one
    that presents the item, so that each of several can be told apart.
    """
    text = source_text(one)
    chosen = fitting(text, fit, most, close, unreviewed(one.item))
    if introduced and one.item.type is not ItemType.DOCUMENT and presenting(one.item) not in chosen:
        best = max(chosen, key=lambda line: fit(line.text))
        chosen = tuple(sorted((presenting(one.item), best), key=lambda line: line.start))
    found: list[Paragraph] = []
    for run in runs(chosen, text):
        for entry in (False, True):
            part = [line for line in run if line.entry is entry]
            if part:
                statements = tuple(_statement(one, [line], run) for line in part)
                found.append(Paragraph(BlockKind.SECTION, statements, list=entry))
    return found


def source_text(one: Scored) -> str:
    """What of an item is quoted: all of it, or of a document the passage that was found."""
    if one.item.type is ItemType.DOCUMENT and one.passage is not None:
        return one.passage.text
    return one.item.text


def unreviewed(item: Item) -> bool:
    """Whether nobody read a source with care before it was added; notes are our own."""
    return item.type is ItemType.DOCUMENT and item.origin is not Origin.NOTE


def _statement(one: Scored, said: Sequence[Line], quote: Sequence[Line] | None = None) -> Statement:
    """Lines as one sentence that rests on the stretch of text from the first to the last line of ``quote``."""
    stretch = quote or said
    words = source_text(one)[stretch[0].start : stretch[-1].end]
    return Statement(" ".join(line.text for line in said), (Basis(one.item, words, _place(one)),))


def _place(one: Scored) -> Place | None:
    if one.item.type is not ItemType.DOCUMENT:
        return None
    found = one.passage
    return Place(one.item.title, found.page if found else None, found.heading if found else None)


def presenting(item: Item) -> Line:
    """The sentence that presents an item in a list: the first that says a name of its title, else the first."""
    found = lines(item.text, unreviewed(item))
    names = [word for word in _names(item.title) if len(word) > 2]
    return next((line for line in found if any(name in fold(line.text) for name in names)), found[0])


def named(item: Item, question: str) -> bool:
    """Whether a question says a word that the item's title writes with a capital, its first word too."""
    asked = fold(question)
    return any(name in asked for name in _names(item.title))


def _names(title: str) -> Iterable[str]:
    return [fold(word.strip("\"'(),.:;")) for word in title.split() if any(char.isupper() for char in word)]
