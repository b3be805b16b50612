"""What chat clients ask behind the visitor's back: a title, tags or next questions for a conversation.

Open WebUI and its like send these as a question that begins with ``### Task:`` and holds the conversation. They ask
nothing of the sources, so they are answered here, and not counted as questions.
"""

import json
import re
from collections.abc import AsyncGenerator
from typing import Any, Final
from uuid import uuid4

from kompasbot.answering.answer import BlockKind, Event, Status
from kompasbot.answering.assistant import EXTRACTIVE
from kompasbot.answering.draft import Draft, Paragraph, Statement

_TASK: Final = re.compile(r"\s*### Task:.*(?:### Chat History:|<chat_history>)", re.DOTALL)
_WANTED: Final = re.compile(r"\{\s*\"(\w+)\"\s*:")
"""The first field of the JSON that is asked for."""
_FIRST_QUESTION: Final = re.compile(
    r"(?:<chat_history>|### Chat History:)\s*(?:<chat_history>\s*)?USER:(.*?)(?:\nASSISTANT:|</chat_history>|\Z)",
    re.DOTALL,
)
_TITLE_WORDS: Final = 6
_TITLE_SIGNS: Final = 60
_NO_TITLE: Final = "Gesprek"


def is_task(text: str) -> bool:
    """Whether a message is of a chat client rather than of a visitor."""
    return bool(_TASK.match(text))


async def task_events(task: str, index_id: str) -> AsyncGenerator[Event, None]:
    """The reply to a task as an answer's events, in the shape that it asks for."""
    draft = Draft(uuid4().hex, Status.SMALLTALK, index_id, EXTRACTIVE)
    yield draft.start()
    for event in draft.write(Paragraph(BlockKind.INTRO, (Statement(_reply(task)),))):
        yield event
    yield draft.finish()


def _reply(task: str) -> str:
    """A title made of the first question, and nothing of anything else."""
    wanted = _WANTED.search(task.partition("### Output")[2])
    if wanted is None:
        return _title(task)
    field = wanted[1]
    empty: Any = "" if field in {"text", "prompt"} else []
    return json.dumps({field: _title(task) if field == "title" else empty}, ensure_ascii=False)


def _title(task: str) -> str:
    question = _FIRST_QUESTION.search(task)
    words = (question[1] if question else "").split()
    title = " ".join(words[:_TITLE_WORDS])[:_TITLE_SIGNS].strip(" ,;:")
    return f"{title}…" if title and len(words) > _TITLE_WORDS else title or _NO_TITLE
