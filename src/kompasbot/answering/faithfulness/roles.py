"""Whether a sentence turns round who does something to whom, as far as word order and ``door`` tell."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kompasbot.answering.faithfulness.held import Held
from kompasbot.answering.faithfulness.reading import Reading
from kompasbot.answering.faithfulness.wording import Alike, wording
from kompasbot.dutch import is_function_word, is_modifier, is_verb, stem, words

_FRONTED: Final = frozenset(
    "aan bij binnen daar daarbij daarin daarmee daarnaast door er hier in met na naast ook om op sinds tijdens tot uit "
    "van via volgens voor vanaf wat wie zo zonder dan dus".split()
)
"""A clause that begins with one of these may have its subject behind the verb."""
_MUTUAL: Final = re.compile(r"\b(samen|met elkaar|elkaar|met)\b")
"""What two parties do together has no one-sided direction."""


@dataclass(frozen=True, slots=True)
class Act:
    """A verb with what stands before it and after it in its clause; ``agent`` is named with ``door``."""

    verb: str
    before: frozenset[str]
    after: frozenset[str]
    agent: frozenset[str]
    plain: bool


def role_fault(reading: Reading, held: Held, _alike: Alike) -> str | None:
    """Why the roles of a sentence are not the source's, or None."""
    mine = acts(reading.folded)
    for line in held.lines:
        for theirs in acts(line.reading.folded):
            for act in mine:
                if act.verb == theirs.verb and _turned(act, theirs):
                    return f"wie wat doet, is omgedraaid (bij '{act.verb}')"
    return None


def _turned(act: Act, theirs: Act) -> bool:
    if theirs.agent:
        return act.plain and not act.agent and bool(act.after & theirs.agent and act.before - theirs.agent)
    if not act.plain or not theirs.plain or act.agent:
        return False
    crossed = act.before & theirs.after and act.after & theirs.before
    return bool(crossed) and not act.before & theirs.before and not act.after & theirs.after


@lru_cache(maxsize=4096)
def acts(folded: str) -> tuple[Act, ...]:
    """The verbs of each clause of a folded sentence, with their surroundings."""
    found = []
    for clause in re.split(r"[,;:.!?]", folded):
        tokens = words(clause)
        agent = _agent(tokens)
        plain = bool(tokens) and tokens[0] not in _FRONTED and not _MUTUAL.search(clause)
        for at, token in enumerate(tokens):
            if is_verb(token) and not is_function_word(token):
                before, after = _things(tokens[:at]), _things(tokens[at + 1 :])
                found.append(Act(stem(token), before, after, agent, plain))
    return tuple(found)


def _agent(tokens: list[str]) -> frozenset[str]:
    """The one who acts in a passive clause: the first thing after ``door``."""
    if "door" not in tokens:
        return frozenset()
    after = [word for word in tokens[tokens.index("door") + 1 :] if _is_thing(word)]
    return frozenset(stem(word) for word in after[:1])


def _things(tokens: list[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens if _is_thing(word))


def _is_thing(word: str) -> bool:
    if is_function_word(word) or is_verb(word) or is_modifier(word) or word[0].isdigit():
        return False
    return stem(word) not in wording().neutral
