"""What is said to a turn of conversation: the source, simpler, shorter, more, a summary, another language, doubt."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from kompasbot.answering.answer import BlockKind, Place, Speaker, Status
from kompasbot.answering.draft import Basis, Paragraph, Statement
from kompasbot.answering.evidence import Asking, Gatherer, is_document
from kompasbot.answering.fitting import lines
from kompasbot.answering.telling.quoting import own, place_of, presenting, quoted, unreviewed
from kompasbot.answering.telling.reviewed import ReviewedAnswers
from kompasbot.answering.understanding import Act, AnswerKind, Part, Told, Understanding
from kompasbot.answering.units import Unit, Units, squeezed
from kompasbot.dutch import sentences, stem, words
from kompasbot.dutch.dates import day_in_words
from kompasbot.knowledge import Item, Origin, Passage, PassageKind
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index

if TYPE_CHECKING:
    from kompasbot.answering.replying import Reply

_MOST_UNITS: Final = 2
_MOST_SUMMED: Final = 6
_MORE_SENTENCES: Final = 4


class Acts:
    """Replies to turns that ask nothing new, over one index."""

    def __init__(self, index: Index, units: Units, texts: Texts, reviewed: ReviewedAnswers, gatherer: Gatherer) -> None:
        self._index = index
        self._units = units
        self._texts = texts
        self._reviewed = reviewed
        self._gatherer = gatherer

    def reply(self, understood: Understanding, asking: Asking) -> "Reply | None":
        """The reply to an act, or None when there is nothing that it could be about."""
        told = understood.told
        last = [self._units[unit] for unit in told.last if self._units.get(unit)][:_MOST_UNITS]
        match understood.act:
            case Act.VAGUE:
                return self._asking("terugvraag.vaag", ())
            case Act.COMPLAINT:
                return self._asking("terugvraag.klacht", last)
            case Act.LANGUAGE if understood.language == "anders":
                return self._asking("terugvraag.taal", last)
        if not last:
            return self._asking("terugvraag.wie", ()) if told.latest else None
        paragraphs = self._told(understood, told, last, asking)
        return _given(paragraphs, last) if paragraphs else None

    def _told(self, understood: Understanding, told: Told, last: Sequence[Unit], asking: Asking) -> list[Paragraph]:
        paragraphs: list[Paragraph] = []
        match understood.act:
            case Act.SOURCE:
                paragraphs = [paragraph for unit in last for paragraph in self.source(unit, told)]
            case Act.EXPLAIN | Act.SIMPLER:
                paragraphs = self._simpler(last, told, explain=understood.act is Act.EXPLAIN)
            case Act.SHORTER:
                paragraphs = self._shorter(told, last)
            case Act.LONGER:
                paragraphs = self._longer(told, last)
            case Act.SUMMARY:
                paragraphs = self._summary(told)
            case Act.LANGUAGE:
                paragraphs = self._english(last) if understood.language == "en" else self._item(last[0])
            case Act.DOUBT:
                paragraphs = self._certainty(last[0], understood, asking)
        return paragraphs

    def _asking(self, key: str, last: Sequence[Unit]) -> "Reply":
        """A question back, with choices that the sources can answer."""
        from kompasbot.answering.replying import Reply

        paragraph = own(BlockKind.INTRO, self._texts.get(key))
        return Reply(Status.CLARIFY, (paragraph,), near=tuple(unit.id for unit in last), reasons=(key,))

    def source(self, unit: Unit, told: Told) -> list[Paragraph]:
        """Where the text comes from: the item, what it refers to, and what the notes were made from."""
        item = unit.item
        line = presenting(item)
        if line is None:
            return []
        basis = Basis(item, item.text[line.start : line.end])
        kind = self._texts.get(f"samengesteld.soort.{item.type}")
        statements = [
            Statement(self._texts.get("samengesteld.bron", soort=kind, titel=item.title), (basis,), Speaker.COMPOSED)
        ]
        labels = list(dict.fromkeys(link.label for link in item.links))
        if labels:
            text = self._texts.get("samengesteld.bron_links", links=", ".join(labels))
            statements.append(Statement(text, (basis,), Speaker.COMPOSED))
        paragraphs = [Paragraph(BlockKind.SECTION, tuple(statements))]
        documents = [each for each in unit.documents if each.id in told.documents] or list(unit.documents)
        for document in documents[:_MOST_UNITS]:
            if document.origin is Origin.NOTE:
                opening = lines(document.text)[:1]
                paragraphs += quoted(document, document.text, opening, place_of(document, None))
        return paragraphs

    def _simpler(self, last: Sequence[Unit], told: Told, explain: bool) -> list[Paragraph]:
        """The easier wording of what was told last; when that was told already, the note that explains most."""
        before = squeezed(told.text)
        for unit in last[:1]:
            simple = self._reviewed.simple(unit.id)
            paragraphs = self._reviewed.told(simple) if simple else []
            if paragraphs and squeezed(paragraphs[0].statements[0].text) not in before:
                return paragraphs
            more = self._untold(unit, told, 2)
            if more and explain:
                return more
            if paragraphs:
                return paragraphs
            return self._item(unit)
        return []

    def _item(self, unit: Unit) -> list[Paragraph]:
        text = unit.item.text
        return quoted(unit.item, text, lines(text, unreviewed(unit.item))[:_MORE_SENTENCES], place_of(unit.item, None))

    def _shorter(self, told: Told, last: Sequence[Unit]) -> list[Paragraph]:
        """The sentence of the latest answer that came first: the direct answer stands there."""
        said = self._said(told.latest)
        if said:
            return [Paragraph(BlockKind.SECTION, (said[0],))]
        line = presenting(last[0].item)
        return quoted(last[0].item, last[0].item.text, [line], None) if line else []

    def _said(self, text: str) -> list[Statement]:
        """The sentences of an answer that are the sources' own or reviewed, in its order."""
        statements = []
        for sentence, source in self._units.told_in(text):
            item, said = self._index.items[source], squeezed(sentence)
            line = next((each for each in lines(item.text, unreviewed(item)) if squeezed(each.text) == said), None)
            reviewed = self._reviewed.sentence(said)
            if line is not None:
                statements.append(Statement(line.text, (Basis(item, line.text, self._place(item, line.text)),)))
            elif reviewed is not None:
                statements.append(reviewed)
        return list({squeezed(statement.text): statement for statement in statements}.values())

    def _place(self, item: Item, quote: str) -> Place | None:
        section = next((section for section in item.sections if quote in section.text), None)
        passage = Passage("", item.id, PassageKind.TEXT, quote, section.heading, section.page) if section else None
        return place_of(item, passage)

    def _longer(self, told: Told, last: Sequence[Unit]) -> list[Paragraph]:
        """What the units told last hold that was not told yet."""
        for unit in last:
            more = self._untold(unit, told, 3)
            if more:
                return more
        intro = own(BlockKind.INTRO, self._texts.get("gesprek.niets_meer"))
        near = [unit for unit in self._near(last) if unit.id not in told.all][:1]
        return [intro, *(paragraph for unit in near for paragraph in self._item(unit))] if near else []

    def _near(self, last: Sequence[Unit]) -> Iterable[Unit]:
        ranking = self._index.rank(last[0].item.title, words_only=True)
        for scored in ranking.scored:
            for owner in self._units.of.get(scored.item.id, ()):
                if owner != last[0].id:
                    yield self._units[owner]
        yield from (unit for unit in self._units.within(last[0].item.factsheet) if unit.item.type is last[0].item.type)

    def _untold(self, unit: Unit, told: Told, most: int) -> list[Paragraph]:
        """The first passages of a unit that were not told: the item's own, then its notes'."""
        before = squeezed(told.text)
        paragraphs: list[Paragraph] = []
        own_lines = [line for line in lines(unit.item.text, unreviewed(unit.item)) if squeezed(line.text) not in before]
        if own_lines and not is_document(unit.item):
            paragraphs += quoted(unit.item, unit.item.text, own_lines[:_MORE_SENTENCES], None)
        for row in unit.rows:
            passage = self._index.knowledge.passages[row]
            source = self._index.items[passage.item_id]
            if not is_document(source) or len(paragraphs) >= most:
                continue
            found = lines(passage.text, unreviewed(source))
            opening = (
                source.origin is Origin.NOTE and passage.text in source.sections[0].text if source.sections else False
            )
            if found and not opening and all(squeezed(line.text) not in before for line in found):
                paragraphs += quoted(source, passage.text, found, place_of(source, passage))
        return paragraphs

    def _summary(self, told: Told) -> list[Paragraph]:
        """What was said so far, in its order; of a long conversation one sentence a source."""
        entries = [each for each in self._said(told.text) if not (each.text.endswith(":") or _opens_note(each))]
        if len(entries) > _MOST_SUMMED:
            entries = list({each.sources[0].item.id: each for each in reversed(entries)}.values())[::-1][:_MOST_SUMMED]
        if entries:
            intro = own(BlockKind.INTRO, self._texts.get("gesprek.samenvatting"))
            return [intro, Paragraph(BlockKind.SECTION, tuple(entries), list=len(entries) > 1)]
        for unit_id in told.all[:_MOST_SUMMED]:
            item = self._units[unit_id].item
            line = presenting(item)
            if line is not None:
                entries.append(quoted(item, item.text, [line], place_of(item, None))[0].statements[0])
        intro = own(BlockKind.INTRO, self._texts.get("gesprek.samenvatting"))
        return [intro, Paragraph(BlockKind.SECTION, tuple(entries), list=len(entries) > 1)] if entries else []

    def _english(self, last: Sequence[Unit]) -> list[Paragraph]:
        for unit in last:
            english = self._reviewed.english(unit.id)
            if english is not None:
                return self._reviewed.told(english)
        intro = own(BlockKind.INTRO, self._texts.get("antwoord.engels"))
        return [intro, *self._item(last[0])]

    def _certainty(self, unit: Unit, understood: Understanding, asking: Asking) -> list[Paragraph]:
        """Where something stands, and what the editor and the notes say of how sure it is."""
        doubted = self._doubted(unit, understood)
        if doubted is None:
            return []
        item = doubted.sources[0].item
        kind = self._texts.get(f"samengesteld.soort.{item.type}")
        text = self._texts.get("samengesteld.zo_staat_het", soort=kind, titel=item.title)
        paragraphs = [Paragraph(BlockKind.SECTION, (Statement(text, doubted.sources, Speaker.COMPOSED), doubted))]
        part = Part(
            text=understood.text,
            query=understood.parts[0].query if understood.parts else understood.text,
            kind=AnswerKind.PROVEN,
        )
        noted = self.notes([unit], part)
        if noted:
            return [*paragraphs, *noted]
        evidence = self._gatherer.gather(part, (unit.id,), asking)
        own_unit = next((each for each in evidence.units if each.unit.id == unit.id), None)
        proof = next((each for each in own_unit.passages if each.fits), None) if own_unit else None
        if proof is not None:
            found = lines(proof.passage.text, unreviewed(proof.source))
            paragraphs += quoted(proof.source, proof.passage.text, found, place_of(proof.source, proof.passage))
        return paragraphs

    def _doubted(self, unit: Unit, understood: Understanding) -> Statement | None:
        """The sentence that is doubted: the one told last that says most of the doubt's words, else the first."""
        said = self._said(understood.told.latest)
        if not said:
            line = presenting(unit.item)
            quote = quoted(unit.item, unit.item.text, [line], place_of(unit.item, None)) if line else []
            return quote[0].statements[0] if quote else None
        wanted = {stem(word) for word in words(understood.text)}
        return max(said, key=lambda each: len(wanted & {stem(word) for word in words(each.text)}))

    def claim(self, unit: Unit, part: Part) -> list[Paragraph]:
        """The sentence of an item whose source is asked for."""
        concepts = self._index.concepts(part.text)
        found = lines(unit.item.text, unreviewed(unit.item))
        best = max(found, key=lambda line: self._index.share(concepts, line.text), default=None)
        return quoted(unit.item, unit.item.text, [best], place_of(unit.item, None)) if best else []

    def dated(self, unit: Unit, told: Told) -> list[Paragraph]:
        """From when the texts are that were told, or else all that is known of a unit."""
        documents = [each for each in unit.documents if each.id in told.documents] or list(unit.documents)
        statements = []
        for source in (unit.item, *documents[:_MOST_UNITS]):
            line = presenting(source)
            if line is not None:
                day = day_in_words(date.fromisoformat(source.updated))
                text = self._texts.get("samengesteld.bijgewerkt", titel=source.title, datum=day)
                basis = Basis(source, source.text[line.start : line.end], place_of(source, None))
                statements.append(Statement(text, (basis,), Speaker.COMPOSED))
        return [Paragraph(BlockKind.SECTION, tuple(statements))] if statements else []

    def located(self, unit: Unit) -> list[Paragraph]:
        """Where to find something: what the factsheet refers to, and what the editor says of that."""
        item = unit.item
        line = presenting(item)
        labels = list(dict.fromkeys(link.label for link in item.links))
        if line is None or not labels:
            return []
        basis = Basis(item, item.text[line.start : line.end])
        text = self._texts.get("samengesteld.bron_links", links=", ".join(labels))
        paragraphs = [Paragraph(BlockKind.SECTION, (Statement(text, (basis,), Speaker.COMPOSED),))]
        if item.url is None:
            paragraphs.append(own(BlockKind.NOTICE, self._texts.get("afwezig.link"), Speaker.ABSENCE))
        if item.editor_note:
            paragraphs += self.notes([unit], Part(text="", query="", units=(unit.id,)))
        return paragraphs

    def notes(
        self, units: Iterable[Unit], part: Part, named: bool = False, only: Collection[str] = ()
    ) -> list[Paragraph]:
        """What the editor wrote at some items, named as such; of all items when none is named. ``only`` are the
        sentences that are told where not all are, squeezed.
        """
        wanted = (
            [unit for unit in units if unit.item.editor_note]
            if named or part.units or part.leans or part.kind is AnswerKind.PROVEN
            else [unit for unit in self._units if unit.item.editor_note]
        )
        statements = []
        for unit in wanted:
            note = unit.item.editor_note or ""
            said = sentences(note) if len(wanted) == 1 else sentences(note)[:1]
            said = [sentence for sentence in said if squeezed(sentence) in only] or said
            text = self._texts.get(
                "samengesteld.redactie", titel=unit.item.title.split(":")[0], opmerking=" ".join(said)
            )
            statements.append(Statement(text, (Basis(unit.item, note, None, Origin.NOTE),), Speaker.COMPOSED))
        return [Paragraph(BlockKind.SECTION, tuple(statements), list=len(statements) > 1)] if statements else []


def _opens_note(statement: Statement) -> bool:
    """Whether a sentence only says what a note was made from."""
    source = statement.sources[0].item
    return source.origin is Origin.NOTE and bool(source.sections) and statement.text in source.sections[0].text


def _given(paragraphs: Sequence[Paragraph], last: Sequence[Unit]) -> "Reply":
    from kompasbot.answering.replying import Reply

    return Reply(Status.ANSWERED, tuple(paragraphs), near=tuple(unit.id for unit in last), reasons=("gesprek",))
