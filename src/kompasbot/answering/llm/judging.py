"""What becomes of each sentence of the model: shown, replaced by a line of its source that tells the same, or
dropped.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kompasbot.answering.answer import Speaker
from kompasbot.answering.draft import Judged, Statement
from kompasbot.answering.faithfulness import Checked, Checker, Support
from kompasbot.answering.fitting import Line, runs
from kompasbot.answering.llm.absence import AbsenceCheck, says_lack
from kompasbot.answering.llm.pairing import pair_fault
from kompasbot.answering.llm.reading import Written
from kompasbot.answering.llm.sources import Source
from kompasbot.answering.planted import planted
from kompasbot.answering.telling.quoting import unreviewed
from kompasbot.dutch import words
from kompasbot.knowledge import Item
from kompasbot.retrieval.terms import terms

SecondOpinion = Callable[[str, str], Awaitable[bool]]
"""Asks whether a source (second) supports a sentence (first)."""

_ADDRESS: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://\S*|\b(?:mailto|javascript|data|tel):\S*|\bwww\.\S+|\S+@\S+\.\w+"
    r"|\b[\w-]{2,}(?:\.[\w-]+)*\.(?:nl|com|org|net|eu|be|de|io|info|edu|gov|example|test|invalid|app|dev|ai|co|uk|fr|me"
    r"|tv|online|site|website|xyz|shop|store|link|click|page|club|top|biz|cc|ru|cn)\b(?:/\S*)?"
    r"|\b[\w-]{2,}(?:\.[a-z]{2,})+/\S+",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"<[a-z/!?]|!\[|\]\(|&#|&\w+;|\[\[", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ADDS: Final = 0.25
"""A neighbouring line is quoted too when it holds this share of the sentence that the quote so far does not."""
_LONGEST_QUOTE: Final = 3
_SAME: Final = 0.6
"""A line tells the same as a sentence when each holds this share of the other's terms."""
_BARE: Final = re.compile(r"^(?:ja|nee|deels|yes|no|partly)[.!]?$", re.IGNORECASE)
_MOST_ABSENT: Final = 3
_UNCITED: Final = "noemt geen bron"
_UNKNOWN_SOURCE: Final = "noemt een bron die er niet is"
_UNSAFE: Final = "er staat iets in dat de bron niet geeft: opmaak, een adres of een opdracht"
_UNSUPPORTED: Final = "de bron zegt dit niet"
_REPEATED: Final = "stond er al"
_DATED: Final = re.compile(r"\b(?:bijgewerkt|datum|actueel|link|links|verwijst|updated)\b", re.IGNORECASE)


@dataclass(slots=True)
class Judge:
    """Judges the sentences of one answer, in order.

    ``connecting`` are the sentences that need no source; ``second_opinion`` is None when it is switched off.
    """

    sources: Sequence[Source]
    checker: Checker
    connecting: Sequence[str]
    absence: AbsenceCheck
    second_opinion: SecondOpinion | None
    judged: list[Judged] = field(default_factory=list)
    """What became of each sentence."""
    failed: int = 0
    """Sentences so far that claimed something that could not be supported."""
    denied: int = 0
    """Sentences so far that said that the sources lack what they tell."""
    _shown: set[str] = field(default_factory=set)
    _absent: int = 0
    _last: tuple[tuple[str, tuple[int, ...]], Checked] | None = None

    async def judge(self, written: Written) -> Statement | None:
        """The statement to show for a sentence, or None to show nothing."""
        text, dutch = _clean(written.text), _clean(written.dutch or written.text)
        cited = [source for source in self.sources if source.number in written.numbers]
        if _BARE.match(text):
            return Statement(text, speaker=Speaker.COMPOSED)
        if says_lack(dutch) and (not cited or await self._unsupported(dutch, cited)):
            return self._lacking(text, dutch)
        if not cited:
            own = "" if written.numbers else self._own(text)
            why_not = _UNKNOWN_SOURCE if written.numbers else _UNCITED
            return self._settled(text, Statement(own)) if own else self._settled(text, None, why_not)
        if len(cited) < len(written.numbers):
            return self._settled(text, self._same(dutch, cited), _UNKNOWN_SOURCE)
        return await self._claim(text, dutch, cited)

    async def _claim(self, text: str, dutch: str, cited: Sequence[Source]) -> Statement | None:
        """A sentence with sources; an English one by the Dutch one that it translates."""
        shown = text if text != dutch else ""
        if unsafe(text, cited) or unsafe(dutch, cited):
            why_not = _UNSAFE
        elif not at_home(dutch, cited):
            why_not = "staat los van de rest van het document"
        else:
            why_not = (pair_fault(text, dutch) if shown else None) or await self._unsupported(dutch, cited)
            whole = self._whole(cited)
            if not why_not:
                return self._settled(text, _resting(dutch, cited, shown))
            if not shown and len(whole) > len(cited) and self._check(dutch, whole).supported:
                return self._settled(text, _resting(dutch, whole))
        return self._settled(text, None if shown else self._same(dutch, cited), why_not)

    def _whole(self, cited: Sequence[Source]) -> list[Source]:
        """The reviewed sources of the unit that a sentence cites: a model may name the item for what its note says."""
        units = {source.unit for source in cited}
        if len(units) > 1:
            return []
        rest = [source for source in self.sources if source.unit in units and not unreviewed(source.item)]
        return [*cited, *(source for source in rest if source not in cited)]

    def expect(self, written: Written) -> None:
        """Check a sentence before it is certain that it ends here, so that it can be shown at once when it does."""
        cited = [source for source in self.sources if source.number in written.numbers]
        if cited:
            self._check(_clean(written.dutch or written.text), cited)

    def _lacking(self, text: str, dutch: str) -> Statement | None:
        """A sentence about what the sources lack, where none of them tells it."""
        fault = _UNSAFE if unsafe(text, ()) else self.absence.fault(dutch)
        fault = fault or (pair_fault(text, dutch) if text != dutch else None)
        if fault or self._absent >= _MOST_ABSENT:
            self.denied += 1
            return self._settled(text, None, fault or _REPEATED)
        self._absent += 1
        return self._settled(text, Statement(text, speaker=Speaker.ABSENCE))

    def _check(self, text: str, cited: Sequence[Source]) -> Checked:
        key = (text, tuple(source.number for source in cited))
        if self._last is None or self._last[0] != key:
            self._last = (key, self.checker.check(text, [_checked(source, text) for source in cited]))
        return self._last[1]

    def _own(self, text: str) -> str:
        """The sentence of our own table that a text is, or nothing."""
        return next((one for one in self.connecting if squeeze(one) == squeeze(text)), "")

    async def _unsupported(self, text: str, cited: Sequence[Source]) -> str:
        """Why the sources don't support a sentence; empty when they do."""
        checked = self._check(text, cited)
        if checked.verdict is Support.SUPPORTED:
            return ""
        why = "; ".join(checked.reasons) or _UNSUPPORTED
        if checked.verdict is not Support.UNCLEAR or self.second_opinion is None:
            return why
        return "" if await self.second_opinion(text, "\n\n".join(source.shown for source in cited)) else why

    def _same(self, text: str, cited: Sequence[Source]) -> Statement | None:
        """The line of a cited source that tells the same as a sentence and was not shown yet."""
        options = [
            (min(overlap(text, line.text), overlap(line.text, text)), -source.number, line, source)
            for source in cited
            if source.origin is None
            for line in source.lines
            if not line.text.endswith((":", "?")) and not unsafe(line.text, [source])
        ]
        best = max(options, key=lambda option: option[:2], default=None)
        if best is None or best[0] < _SAME:
            return None
        _, _, line, source = best
        return Statement(line.text, (source.basis([line]),))

    def _settled(self, text: str, statement: Statement | None, why_not: str = "") -> Statement | None:
        """Note what became of a sentence; gives the statement, unless it was shown already."""
        self.failed += bool(why_not)
        if statement and squeeze(statement.text) in self._shown:
            statement, why_not = None, why_not or _REPEATED
        if statement:
            self._shown.add(squeeze(statement.text))
        self.judged.append(Judged(text, why_not, statement.text if statement and why_not else None))
        return statement


def _checked(source: Source, text: str) -> Item:
    """What a sentence is checked against; a date and links' labels count for a sentence about these only."""
    if not source.about or not _DATED.search(text):
        return source.checked
    return replace(source.checked, text=f"{source.checked.text}\nDe tekst is {source.told_about}.")


def _clean(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())


def unsafe(text: str, cited: Sequence[Source]) -> bool:
    """Whether a text holds markup, an address that its sources do not give themselves, or a command to a machine."""
    if _MARKUP.search(text) or planted(text, any(unreviewed(source.item) for source in cited)):
        return True
    given = " ".join(source.shown for source in cited if not unreviewed(source.item))
    return any(match[0].rstrip(".,;:!?)") not in given for match in _ADDRESS.finditer(text))


def at_home(text: str, cited: Sequence[Source]) -> bool:
    """Whether a sentence has to do with more of a document than the one line it was taken from: planted words stand
    alone.
    """
    documents = [source for source in cited if unreviewed(source.item)]
    return all(
        overlap(text, " ".join((source.item.title, *(line.text for line in source.lines if line not in quote)))) > 0
        for source in documents
        if (quote := quoted(text, source))
    )


def _resting(text: str, cited: Sequence[Source], shown: str = "") -> Statement:
    """A supported sentence (``shown`` in other words) with the lines that it rests on; a source that has nothing to do
    with it is left out.
    """
    lines = [(source, quoted(text, source)) for source in cited]
    shares = [overlap(text, " ".join(line.text for line in chosen)) for _, chosen in lines]
    least = 0.3 * max(shares)
    bases = [source.basis(chosen) for (source, chosen), share in zip(lines, shares, strict=True) if share >= least]
    return Statement(shown or text, tuple(bases))


def quoted(text: str, source: Source) -> list[Line]:
    """The neighbouring lines of a source that a sentence rests on."""
    lines = source.lines
    best = max(range(len(lines)), key=lambda at: overlap(text, lines[at].text))
    first = last = best
    while last - first + 1 < _LONGEST_QUOTE:
        now = " ".join(line.text for line in lines[first : last + 1])
        options = [
            (overlap(text, f"{now} {lines[at].text}") - overlap(text, now), at)
            for at in (first - 1, last + 1)
            if 0 <= at < len(lines) and _adjoin(lines[min(first, at) : max(last, at) + 1], source.text)
        ]
        gain, at = max(options, default=(0.0, 0))
        if gain < _ADDS:
            break
        first, last = min(first, at), max(last, at)
    return list(lines[first : last + 1])


def _adjoin(lines: Sequence[Line], text: str) -> bool:
    return len(runs(lines, text)) == 1


def overlap(sentence: str, text: str) -> float:
    """The share of a sentence's terms that a text holds."""
    mine = set(terms(sentence))
    return len(mine & set(terms(text))) / len(mine) if mine else 0.0


def squeeze(text: str) -> str:
    """A text as its words only: what counts as the same sentence."""
    return " ".join(words(text))
