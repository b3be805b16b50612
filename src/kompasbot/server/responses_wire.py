"""The shapes of OpenAI's Responses interface, as far as it is here: text in, text with sources out."""

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from kompasbot.answering.answer import Message, Question
from kompasbot.server.openai_wire import (
    CompletionDetails,
    Content,
    UnsupportedPart,
    UrlCitation,
    asked_in,
    refuse_form,
    refuse_tools,
    text_of,
)
from kompasbot.server.wire import Text, Wire

_PASSED_OVER: Final = frozenset(("reasoning", "item_reference"))
"""Parts of a conversation without a text of their own: thoughts of another model, answers that OpenAI would keep."""
_REFUSED: Final = {
    "previous_response_id": "kompasbot bewaart geen gesprekken: stuur het hele gesprek mee in 'input'.",
    "conversation": "kompasbot bewaart geen gesprekken: stuur het hele gesprek mee in 'input'.",
    "prompt": "kompasbot heeft geen opgeslagen prompts.",
    "background": "kompasbot antwoordt meteen, en niet op de achtergrond.",
}


class InputItem(Wire):
    """Een bericht van het gesprek; `system` en `developer` worden aangenomen, maar nooit gevolgd."""

    type: Text = "message"
    role: Literal["system", "developer", "user", "assistant"] = "user"
    content: Content = Field(default_factory=list)


def _as_items(value: Any) -> Any:
    """A text is one message of the visitor."""
    return [{"role": "user", "content": value}] if isinstance(value, str) else value


class TextFormat(Wire):
    """In welke vorm het antwoord moet komen; alleen `text` kan."""

    type: Text = "text"


class TextOptions(Wire):
    """Hoe het antwoord eruit moet zien."""

    format: TextFormat | None = None


class ResponseRequest(Wire):
    """Een gesprek in de vorm van Responses. `instructions` en instellingen als `temperature` hebben geen effect."""

    input: Annotated[
        list[InputItem],
        Field(min_length=1),
        BeforeValidator(_as_items, json_schema_input_type=str | list[InputItem]),
    ]
    model: Text | None = "kompasbot"
    stream: bool | None = False
    factsheet: Text | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    text: TextOptions | None = None
    background: bool | None = None
    previous_response_id: Text | None = None
    conversation: Any = None
    prompt: Any = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model or "kompasbot"

    def question(self, most: int) -> Question:
        """The conversation as the assistant takes it, by :func:`asked_in`; raises :class:`UnsupportedPart` too."""
        self._refuse_unsupported()
        messages = [
            Message(item.role, text_of(item.content, f"input.{at}.content"))
            for at, item in enumerate(self.input)
            if item.type not in _PASSED_OVER
        ]
        return asked_in(messages, most, self.factsheet, self.name)

    def _refuse_unsupported(self) -> None:
        refuse_tools(self.tools, self.tool_choice)
        refuse_form(self.text.format.type if self.text and self.text.format else "text", "text.format")
        for field, why in _REFUSED.items():
            if getattr(self, field):
                raise UnsupportedPart(field, why)
        for at, item in enumerate(self.input):
            if item.type != "message" and item.type not in _PASSED_OVER:
                raise UnsupportedPart(f"input.{at}.type", f"kompasbot leest alleen berichten, geen '{item.type[:40]}'.")


class CitedUrl(UrlCitation):
    """Een verwijzing in de tekst: waar ze staat, en naar welke bron."""

    type: Literal["url_citation"] = "url_citation"


class OutputText(Wire):
    """De tekst van het antwoord, met de bronnen."""

    type: Literal["output_text"] = "output_text"
    text: str
    annotations: list[CitedUrl]
    logprobs: list[Any] = Field(default_factory=list)


class OutputMessage(Wire):
    """Het antwoord als bericht."""

    id: str
    type: Literal["message"] = "message"
    status: Literal["in_progress", "completed"]
    role: Literal["assistant"] = "assistant"
    content: list[OutputText]


class InputDetails(Wire):
    """Welk deel van de vraag het taalmodel al kende; dat wordt niet geteld."""

    cached_tokens: Literal[0] = 0


class OutputDetails(Wire):
    """Hoeveel het taalmodel dacht; dat wordt niet geteld."""

    reasoning_tokens: Literal[0] = 0


class ResponseUsage(Wire):
    """Verbruik van het taalmodel; nul als dat niet gevraagd is."""

    input_tokens: int
    input_tokens_details: InputDetails = InputDetails()
    output_tokens: int
    output_tokens_details: OutputDetails = OutputDetails()
    total_tokens: int


class ResponseReply(Wire):
    """Een antwoord, in de vorm van OpenAI's Responses."""

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Literal["in_progress", "completed"]
    model: str
    output: list[OutputMessage]
    usage: ResponseUsage | None = None
    error: None = None
    incomplete_details: None = None
    instructions: None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    parallel_tool_calls: Literal[False] = False
    temperature: None = None
    tool_choice: Literal["none"] = "none"
    tools: list[Any] = Field(default_factory=list)
    top_p: None = None
    text: TextOptions = TextOptions(format=TextFormat())
    store: Literal[False] = False
    kompasbot: CompletionDetails | None = None
