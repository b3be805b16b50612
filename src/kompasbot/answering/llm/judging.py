"""What becomes of each sentence of the model: shown, replaced by its source's own words, or dropped."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from kompasbot.answering.draft import Judged, Statement
from kompasbot.answering.faithfulness import Checked, Checker, Support
from kompasbot.answering.fitting import Fit, Line, runs
from kompasbot.answering.llm.reading import Written
from kompasbot.answering.llm.sources import Source
from kompasbot.answering.planted import planted
from kompasbot.answering.telling.quoting import unreviewed
from kompasbot.dutch import words
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
_MOST_REPLACED: Final = 3
"""Lines of one source that may stand in for sentences of the model."""
_UNCITED: Final = "noemt geen bron"
_UNKNOWN_SOURCE: Final = "noemt een bron die er niet is"
_UNSUPPORTED: Final = "de bron zegt dit niet"
_REPEATED: Final = "stond er al"


@dataclass(slots=True)
class Judge:
    """Judges the sentences of one answer, in order.

    ``connecting`` are the sentences that need no source; ``fit`` says how well a line fits the question;
    ``second_opinion`` is None when it is switched off.
    """

    sources: Sequence[Source]
    checker: Checker
    connecting: Sequence[str]
    fit: Fit
    second_opinion: SecondOpinion | None
    judged: list[Judged] = field(default_factory=list)
    """What became of each sentence."""
    _shown: set[str] = field(default_factory=set)
    _replaced: dict[int, int] = field(default_factory=dict)
    _last: tuple[tuple[str, tuple[int, ...]], Checked] | None = None

    async def judge(self, written: Written) -> Statement | None:
        """The statement to show for a sentence, or None to show nothing."""
        text = _clean(written.text)
        cited = [source for source in self.sources if source.number in written.numbers]
        if not written.numbers:
            own = self._own(text)
            return self._settled(text, Statement(own)) if own else self._settled(text, None, _UNCITED)
        if not cited:
            return self._settled(text, None, _UNKNOWN_SOURCE)
        why_not = await self._fault(text, written, cited)
        if not why_not:
            return self._settled(text, _resting(text, cited))
        return self._settled(text, self._replacement(text, cited), why_not)

    async def _fault(self, text: str, written: Written, cited: Sequence[Source]) -> str:
        """Why a sentence can't be shown as it stands, in Dutch; empty when it can."""
        if len(cited) < len(written.numbers):
            return _UNKNOWN_SOURCE
        if unsafe(text, cited):
            return "er staat iets in dat de bron niet geeft: opmaak, een adres of een opdracht"
        if not at_home(text, cited):
            return "staat los van de rest van het document"
        return await self._unsupported(text, cited)

    def expect(self, written: Written) -> None:
        """Check a sentence before it is certain that it ends here, so that it can be shown at once when it does."""
        cited = [source for source in self.sources if source.number in written.numbers]
        if cited:
            self._check(_clean(written.text), cited)

    def _check(self, text: str, cited: Sequence[Source]) -> Checked:
        key = (text, tuple(source.number for source in cited))
        if self._last is None or self._last[0] != key:
            self._last = (key, self.checker.check(text, [source.checked for source in cited]))
        return self._last[1]

    def _own(self, text: str) -> str:
        """The sentence of our own table that a text is, or nothing."""
        return next((one for one in self.connecting if squeeze(one) == squeeze(text)), "")

    async def _unsupported(self, text: str, cited: Sequence[Source]) -> str:
        checked = self._check(text, cited)
        if checked.verdict is Support.SUPPORTED:
            return ""
        why = "; ".join(checked.reasons) or _UNSUPPORTED
        if checked.verdict is Support.CONTRADICTED or self.second_opinion is None:
            return why
        return "" if await self.second_opinion(text, "\n\n".join(source.shown for source in cited)) else why

    def _replacement(self, text: str, cited: Sequence[Source]) -> Statement | None:
        """The best line of a cited source that was not shown yet and has to do with the sentence or the question."""
        options = [
            (overlap(text, line.text) + 0.5 * self.fit(line.text), -source.number, line, source)
            for source in cited
            if self._replaced.get(source.number, 0) < _MOST_REPLACED
            for line in source.lines
            if not line.text.endswith(":") and squeeze(line.text) not in self._shown and not unsafe(line.text, [source])
        ]
        best = max(options, key=lambda option: option[:2], default=None)
        if best is None or best[0] <= 0:
            return None
        _, _, line, source = best
        self._replaced[source.number] = self._replaced.get(source.number, 0) + 1
        return Statement(line.text, (source.basis([line]),))

    def _settled(self, text: str, statement: Statement | None, why_not: str = "") -> Statement | None:
        """Note what became of a sentence; gives the statement, unless it was shown already."""
        if statement and squeeze(statement.text) in self._shown:
            statement, why_not = None, why_not or _REPEATED
        if statement:
            self._shown.add(squeeze(statement.text))
        self.judged.append(Judged(text, why_not, statement.text if statement and why_not else None))
        return statement


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


def _resting(text: str, cited: Sequence[Source]) -> Statement:
    """A supported sentence with the lines that it rests on; a source that has nothing to do with it is left out."""
    lines = [(source, quoted(text, source)) for source in cited]
    shares = [overlap(text, " ".join(line.text for line in chosen)) for _, chosen in lines]
    least = 0.3 * max(shares)
    bases = [source.basis(chosen) for (source, chosen), share in zip(lines, shares, strict=True) if share >= least]
    return Statement(text, tuple(bases))


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
