"""Lays out the model's checked sentences as blocks of the answer."""

from collections.abc import Iterator
from dataclasses import replace

from kompasbot.answering.answer import BlockKind, Event, Speaker
from kompasbot.answering.draft import Draft, Paragraph, Statement
from kompasbot.answering.llm.reading import Written


class Page:
    """Writes to a draft, whose first event waits for the first sentence. A connecting sentence, and a bare yes or no,
    wait until something follows that they belong to.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.begun = False
        self._block: int | None = None
        self._place: tuple[bool, int] = (False, -1)
        self._waiting: Statement | None = None

    def put(self, statement: Statement, written: Written) -> Iterator[Event]:
        """Add a sentence where the model wrote it."""
        if not statement.sources and statement.speaker is not Speaker.ABSENCE:
            self._waiting = statement
            return
        waiting, self._waiting = self._waiting, None
        yield from self._begin()
        if statement.speaker is Speaker.ABSENCE:
            self._block = None
            yield from self._draft.write(Paragraph(BlockKind.NOTICE, (statement,)))
            return
        if waiting and waiting.speaker is Speaker.COMPOSED:
            waiting = replace(waiting, sources=statement.sources)
            yield from self._say(waiting, written)
        elif waiting:
            yield from self._connect(waiting)
        yield from self._say(statement, written)

    def _begin(self) -> Iterator[Event]:
        if not self.begun:
            self.begun = True
            yield self._draft.start()

    def _say(self, statement: Statement, written: Written) -> Iterator[Event]:
        place = (written.entry, 0 if written.entry else written.row)
        if self._block is None or place != self._place:
            self._block, self._place = self._open(written.entry), place
        yield from self._draft.say(self._block, statement)

    def _connect(self, statement: Statement) -> Iterator[Event]:
        kind = BlockKind.SECTION if self._draft.blocks else BlockKind.INTRO
        self._block = None
        yield from self._draft.write(Paragraph(kind, (statement,)))

    def _open(self, entry: bool) -> int:
        """Begin a block; gives its number."""
        for _ in self._draft.write(Paragraph(BlockKind.SECTION, (), list=entry)):
            raise AssertionError("an empty block has no events")
        return len(self._draft.blocks) - 1
