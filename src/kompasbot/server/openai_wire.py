"""The shapes of the OpenAI-compatible interface: what a request may hold, and what errors look like there."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field, StrictStr

from kompasbot.answering.answer import Message, Question
from kompasbot.errors import BadRequest, NotFound
from kompasbot.server.wire import Problem, Text, Wire

ENGINES: Final = {"kompasbot": "auto", "kompasbot-extractive": "extractive", "kompasbot-llm": "llm"}
"""The engine behind each model name."""

_PATH: Final = re.compile(
    r"/v1/(?:chat/completions|models|assistants|audio|batches|chatkit|completions|containers|conversations|edits|"
    r"embeddings|engines|evals|files|fine[-_]tun(?:es|ing)|images|moderations|organization|projects|realtime|responses|"
    r"skills|threads|uploads|vector_stores|videos)(?:/|$)"
)
"""What OpenAI's own interface has: a client that asks for any of it understands errors in that form only."""
INSTEAD: Final = (
    "Dit deel van OpenAI's interface heeft kompasbot niet. Wat er wel is: POST /v1/chat/completions of "
    "POST /v1/responses voor een antwoord, GET /v1/models, en buiten OpenAI's vorm GET /v1/search om te zoeken."
)
"""What someone reads who asks for a part that is not there."""
_STATUS: Final = {409: 404, 422: 400}
_TYPES: Final = {429: "rate_limit_error", 500: "server_error", 502: "server_error", 503: "server_error"}
_CODES: Final = {"engine-niet-beschikbaar": "model_not_found", "onbekend-model": "model_not_found"}
_REFUSED_FIELDS: Final = {
    "tools": "kompasbot gebruikt geen hulpmiddelen (tools).",
    "functions": "kompasbot gebruikt geen functies (functions).",
    "logprobs": "kompasbot geeft geen kansen per woord (logprobs).",
    "audio": "kompasbot geeft geen geluid (audio).",
}
_UNFORCED: Final = (None, "none", "auto")
_TEXTS: Final = frozenset(("text", "refusal", "input_text", "output_text"))


class UnknownModel(NotFound):
    """No model of this interface has that name."""

    kind = "onbekend-model"


class UnsupportedPart(BadRequest):
    """The request asks for something that this interface does not do."""

    kind = "niet-ondersteund"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, f"Laat '{field}' weg.")
        self.field = field


class Part(Wire):
    """Een deel van een bericht; alleen tekst wordt gelezen."""

    type: StrictStr
    text: Text | None = None
    refusal: Text | None = None


def _as_parts(value: Any) -> Any:
    """Content as parts: a text is one part, nothing is none."""
    if value is None:
        return []
    return [{"type": "text", "text": value}] if isinstance(value, str) else value


Content = Annotated[list[Part], BeforeValidator(_as_parts, json_schema_input_type=str | list[Part] | None)]


def text_of(parts: Sequence[Part], field: str) -> str:
    """The text of a message; raises :class:`UnsupportedPart`, naming ``field``, for what is no text."""
    for part in parts:
        if part.type not in _TEXTS:
            raise UnsupportedPart(field, f"kompasbot leest alleen tekst, geen '{part.type[:40]}'.")
    return "\n".join(part.text or part.refusal or "" for part in parts)


def asked_in(messages: Sequence[Message], most: int, factsheet: str | None, model: str) -> Question:
    """The conversation as the assistant takes it: the last ``most`` messages of visitor and assistant.

    A client sends the whole of a conversation with every question, so a long one must not be a dead end. Raises
    :class:`UnknownModel`.
    """
    engine = ENGINES.get(model)
    if engine is None:
        raise UnknownModel(f"Er is geen model met de naam '{model[:80]}'.", f"Kies {', '.join(ENGINES)}.")
    last = len(messages) - 1
    turns = tuple(
        message
        for at, message in enumerate(messages)
        if message.role in {"user", "assistant"} and (message.content or at == last)
    )
    if not turns:
        raise BadRequest("Er is geen vraag.", "Stuur als laatste een bericht met de rol 'user'.")
    return Question(turns[-most:], factsheet, engine)


def refuse_tools(tools: Sequence[Any] | None, choice: Any) -> None:
    """Raise :class:`UnsupportedPart` where tools are asked for."""
    if tools:
        raise UnsupportedPart("tools", _REFUSED_FIELDS["tools"])
    if choice not in _UNFORCED:
        raise UnsupportedPart("tool_choice", _REFUSED_FIELDS["tools"])


def refuse_form(form: str, field: str) -> None:
    """Raise :class:`UnsupportedPart`, naming ``field``, where an answer is asked for that is no plain text."""
    if form != "text":
        raise UnsupportedPart(field, f"kompasbot antwoordt in tekst, niet als '{form[:40]}'.")


class CompletionMessage(Wire):
    """Een bericht; `system` en `developer` worden aangenomen, maar nooit gevolgd."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = Field(default_factory=list)


class StreamOptions(Wire):
    """Wat de stroom nog meer moet geven."""

    include_usage: bool | None = None


class CompletionRequest(Wire):
    """Een gesprek in de vorm van OpenAI. Instellingen als `temperature` worden aangenomen en hebben geen effect."""

    messages: Annotated[list[CompletionMessage], Field(min_length=1)]
    model: Text | None = "kompasbot"
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    factsheet: Text | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    tool_choice: Any = None
    response_format: dict[str, Any] | None = None
    logprobs: bool | None = None
    audio: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model or "kompasbot"

    @property
    def wants_usage(self) -> bool:
        """Whether the stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def question(self, most: int) -> Question:
        """The conversation as the assistant takes it, by :func:`asked_in`; raises :class:`UnsupportedPart` too."""
        self._refuse_unsupported()
        messages = [
            Message(message.role, text_of(message.content, f"messages.{at}.content"))
            for at, message in enumerate(self.messages)
        ]
        return asked_in(messages, most, self.factsheet, self.name)

    def _refuse_unsupported(self) -> None:
        for field, why in _REFUSED_FIELDS.items():
            if getattr(self, field):
                raise UnsupportedPart(field, why)
        refuse_tools(self.tools, self.tool_choice)
        if (self.n or 1) > 1:
            raise UnsupportedPart("n", "kompasbot geeft één antwoord per vraag.")
        refuse_form(str((self.response_format or {}).get("type", "text")), "response_format")
        for at, message in enumerate(self.messages):
            if message.role in {"tool", "function"}:
                raise UnsupportedPart(f"messages.{at}.role", _REFUSED_FIELDS["tools"])


class UrlCitation(Wire):
    """Een bron: waar haar verwijzing in de tekst staat, en wat ze zegt."""

    start_index: int
    end_index: int
    title: str
    url: str
    number: int
    item_id: str
    quote: str
    known: Literal["bekend", "vermoedelijk", "onbekend"]


class Annotation(Wire):
    """Een verwijzing in de tekst van het antwoord."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class CompletionAnswer(Wire):
    """Het antwoord als bericht."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(Wire):
    """Het enige antwoord van een chat.completion."""

    index: Literal[0] = 0
    message: CompletionAnswer
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class CompletionUsage(Wire):
    """Verbruik van het taalmodel; nul als dat niet gevraagd is."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CompletionDetails(Wire):
    """Wat OpenAI's vorm niet kent."""

    status: str
    complete: bool
    engine: Literal["extractive", "llm"]
    fallback_reason: str | None
    suggestions: list[str]
    index: str


class Completion(Wire):
    """Een volledig antwoord, in de vorm van OpenAI."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: CompletionUsage
    kompasbot: CompletionDetails


class Model(Wire):
    """Een naam die `model` mag hebben."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["kompasbot"] = "kompasbot"


class ModelList(Wire):
    """De namen die `model` mag hebben."""

    object: Literal["list"] = "list"
    data: list[Model]


class ErrorDetail(BaseModel):
    """Wat er mis is."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorReply(BaseModel):
    """Een fout, in de vorm van OpenAI."""

    error: ErrorDetail


def speaks_openai(path: str) -> bool:
    """Whether a path belongs to this interface, also to a part of it that is not here."""
    return bool(_PATH.match(path))


def error_of(found: Problem) -> tuple[int, ErrorReply]:
    """A problem as OpenAI's clients expect it, with the status that they know it by."""
    status = _STATUS.get(found.status, found.status)
    kind = found.type.rpartition(":")[2]
    detail = ErrorDetail(
        message=found.detail,
        type=_TYPES.get(status, "invalid_request_error"),
        param=found.errors[0]["field"] or None if found.errors else None,
        code=_CODES.get(kind, kind),
    )
    return status, ErrorReply(error=detail)
