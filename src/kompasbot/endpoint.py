"""What an OpenAI-compatible endpoint can do wrong, as one typed error in Dutch; shared by chat model and embeddings.

No client library is imported here: a failure is recognised when it happens, by then the library is loaded.
"""

import ipaddress
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from kompasbot.errors import UpstreamError
from kompasbot.settings import Settings
from kompasbot.validators import without_secrets

NO_KEY: Final = "geen-sleutel"
"""What is sent as key to an endpoint that needs none; the client library insists on one."""

_TRY_LATER: Final = "Probeer het later opnieuw."
_CHECK_ADDRESS: Final = "Controleer OPENAI_BASE_URL en of het {model} draait, of probeer het later opnieuw."
_CHECK_MODEL: Final = "Controleer {setting}."
_LONGEST_DETAIL: Final = 160
_OPENAI: Final = "api.openai.com"
_OWN_ENDINGS: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_OF_GATEWAYS: Final = frozenset((502, 504))
_UNREACHED: Final = frozenset(("ConnectError", "ConnectTimeout", "PoolTimeout", "ConnectionRefusedError"))


class EndpointFailure(UpstreamError):
    """A call to the endpoint failed.

    ``code`` names the kind of failure, for logs and metrics; ``retryable`` says whether a new attempt may help, after
    ``retry_after`` seconds where the endpoint asks for that; ``blames`` whether it says something about the endpoint's
    health.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = _TRY_LATER,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        blames: bool = True,
    ) -> None:
        super().__init__(message, hint)
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after
        self.blames = blames


class Asked(Enum):
    """Which of the endpoint's models was asked, by its name in Dutch."""

    CHAT = "taalmodel"
    EMBEDDINGS = "embeddingmodel"

    @property
    def setting(self) -> str:
        """The variable that chooses it."""
        return "KOMPASBOT_CHAT_MODEL" if self is Asked.CHAT else "KOMPASBOT_EMBEDDING_MODEL"


@dataclass(frozen=True, slots=True)
class _Known:
    """What went wrong at the endpoint; ``{model}``, ``{setting}`` and ``{cause}`` stand in its texts."""

    code: str
    message: str
    hint: str = _TRY_LATER
    retryable: bool = False
    blames: bool = True


_STATUSES: Final = {
    400: _Known("verzoek", "Het {model} begrijpt het verzoek niet.", _CHECK_MODEL, blames=False),
    401: _Known("sleutel", "De sleutel van het {model} is niet geldig.", "Controleer OPENAI_API_KEY."),
    403: _Known("sleutel", "De sleutel geeft geen toegang tot dit {model}.", "Controleer OPENAI_API_KEY."),
    404: _Known(
        "onbekend-model",
        "Het endpoint kent dit {model} of dit adres niet.",
        "Controleer OPENAI_BASE_URL en {setting}.",
    ),
    408: _Known("te-traag", "Het {model} deed er te lang over.", retryable=True),
    413: _Known("verzoek", "Het verzoek is te groot voor het {model}.", blames=False),
    422: _Known("verzoek", "Het {model} begrijpt het verzoek niet.", _CHECK_MODEL, blames=False),
    429: _Known("te-druk", "Het {model} is te druk of het tegoed is op.", retryable=True),
}


def failure_of(error: BaseException, asked: Asked = Asked.CHAT) -> EndpointFailure:
    """The failure behind an exception of the client library, told of the model that was asked."""
    if isinstance(error, EndpointFailure):
        return error
    known = _known(error)
    words = {"model": asked.value, "setting": asked.setting, "cause": _cause(error)}
    return EndpointFailure(
        known.code,
        known.message.format(**words),
        known.hint.format(**words),
        retryable=known.retryable,
        retry_after=_retry_after(error),
        blames=known.blames,
    )


def _known(error: BaseException) -> _Known:
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _refused(status)
    names = {kind.__name__ for kind in type(error).__mro__}
    if "APITimeoutError" in names or isinstance(error, TimeoutError):
        return _Known("te-traag", "Het {model} is niet bereikbaar binnen de tijd.", _CHECK_ADDRESS)
    if "APIConnectionError" in names or isinstance(error, OSError) or _from_transport(error):
        message = "De verbinding met het {model} lukt niet{cause}."
        return _Known("verbinding", message, _CHECK_ADDRESS, retryable=True)
    if "APIError" in names:
        return _Known("fout-van-het-model", "Het {model} gaf een fout terug.", retryable=True)
    return _Known("onleesbaar", "Het {model} gaf een onleesbaar antwoord.", retryable=True)


def may_have_worked(error: BaseException) -> bool:
    """Whether the endpoint may have worked on a call that failed so, and asks money for it.

    Not when it was never reached, or answered with an error; a gateway's error tells nothing of what is behind it.
    """
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return status in _OF_GATEWAYS
    cause: BaseException | None = error
    while cause:
        if any(kind.__name__ in _UNREACHED for kind in type(cause).__mro__):
            return False
        cause = cause.__cause__ or cause.__context__
    return True


def _refused(status: int) -> _Known:
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return _Known("storing", f"Het {{model}} heeft een storing (code {status}).", retryable=True)
    return _Known("verzoek", f"Het {{model}} weigert het verzoek (code {status}).", blames=False)


def _retry_after(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None


def _from_transport(error: BaseException) -> bool:
    return type(error).__module__.split(".")[0] in {"httpx", "httpx2", "httpcore", "httpcore2", "anyio"}


def _cause(error: BaseException) -> str:
    """What the operating system said, where it said something: `` (Connection refused)``."""
    deepest = error
    while deepest.__cause__ or deepest.__context__:
        deepest = deepest.__cause__ or deepest.__context__ or deepest
    text = without_secrets(" ".join(str(deepest).split()))[:_LONGEST_DETAIL]
    return f" ({text})" if text else ""


def outside(settings: Settings) -> str | None:
    """The host that questions go to where that is not of this organisation.

    None without an endpoint, and for one on this machine or its network.

    A name without a dot is one of the network itself, as containers have; what a name with a dot stands for is not
    looked up.
    """
    if not settings.has_endpoint:
        return None
    host = (urlsplit(settings.openai_base_url).hostname or "") if settings.openai_base_url else _OPENAI
    try:
        own = not ipaddress.ip_address(host).is_global
    except ValueError:
        own = "." not in host or host.endswith(_OWN_ENDINGS)
    return None if own else host


def key_of(settings: Settings) -> str:
    """The key for the endpoint."""
    return (settings.openai_api_key.get_secret_value() if settings.openai_api_key else "") or NO_KEY
