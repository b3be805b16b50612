"""A question as its wording tells it: a whole section, items of some type, a kind of answer, its language."""

from dataclasses import dataclass

from kompasbot.answering.wants import Want, Wish, wish
from kompasbot.dutch import looks_english
from kompasbot.knowledge import ItemType
from kompasbot.retrieval.sections import sections_named, whole_section


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is understood.

    ``section``: all items of this section are asked for. ``types``: items of these types are meant, if any fit.
    ``wish``: the kind of answer. ``english``: the question is in English.
    """

    text: str
    section: ItemType | None
    types: frozenset[ItemType]
    wish: Wish | None
    english: bool

    @property
    def wants(self) -> Want | None:
        """The kind of answer that is asked for."""
        return self.wish.kind if self.wish else None


def understand(text: str) -> Asked:
    """Read what a question asks for from its wording."""
    return Asked(text, whole_section(text), sections_named(text), wish(text), looks_english(text))
