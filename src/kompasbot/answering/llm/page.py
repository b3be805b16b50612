"""Lays out the model's checked sentences as blocks of the answer."""

from collections.abc import Iterator

from kompasbot.answering.answer import BlockKind, Event
from kompasbot.answering.draft import Draft, Paragraph, Statement
from kompasbot.answering.llm.reading import Written


class Page:
    """Writes to a draft. A connecting sentence waits until something follows that it connects to."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._block: int | None = None
        self._place: tuple[bool, int] = (False, -1)
        self._waiting: Statement | None = None
        self.told: list[str] = []
        """The ids of the items that were told about, in order."""

    def put(self, statement: Statement, written: Written) -> Iterator[Event]:
        """Add a sentence where the model wrote it."""
        if not statement.sources:
            self._waiting = statement
            return
        if self._waiting:
            yield from self._connect(self._waiting)
            self._waiting = None
        place = (written.entry, 0 if written.entry else written.row)
        if self._block is None or place != self._place:
            self._block, self._place = self._open(written.entry), place
        yield from self._draft.say(self._block, statement)
        self.told += [basis.item.id for basis in statement.sources]

    def _connect(self, statement: Statement) -> Iterator[Event]:
        kind = BlockKind.SECTION if self.told else BlockKind.INTRO
        self._block = None
        yield from self._draft.write(Paragraph(kind, (statement,)))

    def _open(self, entry: bool) -> int:
        """Begin a block; gives its number."""
        for _ in self._draft.write(Paragraph(BlockKind.SECTION, (), list=entry)):
            raise AssertionError("an empty block has no events")
        return len(self._draft.blocks) - 1
