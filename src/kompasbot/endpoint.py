"""What an OpenAI-compatible endpoint can do wrong, as one typed error in Dutch; shared by chat model and embeddings.

No client library is imported here: a failure is recognised when it happens, by then the library is loaded.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr

from kompasbot.errors import UpstreamError
from kompasbot.settings import Settings
from kompasbot.validators import without_secrets

NO_KEY: Final = "geen-sleutel"
"""What is sent as key to an endpoint that needs none; the client library insists on one."""

_TRY_LATER: Final = "Probeer het later opnieuw."
_CHECK_ADDRESS: Final = "Controleer {address} en of het {model} draait, of probeer het later opnieuw."
_CHECK_MODEL: Final = "Controleer {setting}."
_CHECK_KEY: Final = "Controleer {key}."
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


class Model(NamedTuple):
    """A model behind an endpoint, as messages name it, with the settings that a person should look at."""

    model: str
    setting: str
    address: str
    key: str

    def told(self, text: str) -> str:
        """A text with these names filled in."""
        return text.format(**self._asdict())


CHAT: Final = Model("taalmodel", "KOMPASBOT_CHAT_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY")
EMBEDDINGS: Final = Model(
    "embeddingmodel",
    "KOMPASBOT_EMBEDDING_MODEL",
    "KOMPASBOT_EMBEDDING_BASE_URL (of OPENAI_BASE_URL)",
    "KOMPASBOT_EMBEDDING_API_KEY (of OPENAI_API_KEY)",
)


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
    401: _Known("sleutel", "De sleutel van het {model} is niet geldig.", _CHECK_KEY),
    403: _Known("sleutel", "De sleutel geeft geen toegang tot dit {model}.", _CHECK_KEY),
    404: _Known(
        "onbekend-model",
        "Het endpoint kent dit model of dit adres niet.",
        "Controleer {address} en {setting}.",
    ),
    408: _Known("te-traag", "Het {model} deed er te lang over.", retryable=True),
    413: _Known("verzoek", "Het verzoek is te groot voor het {model}.", blames=False),
    422: _Known("verzoek", "Het {model} begrijpt het verzoek niet.", _CHECK_MODEL, blames=False),
    429: _Known("te-druk", "Het {model} is te druk of het tegoed is op.", retryable=True),
}


def failure_of(error: BaseException, model: Model = CHAT) -> EndpointFailure:
    """The failure behind an exception of the client library, that called this model."""
    if isinstance(error, EndpointFailure):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _refused(status, error, model)
    names = {kind.__name__ for kind in type(error).__mro__}
    if "APITimeoutError" in names or isinstance(error, TimeoutError):
        message = model.told("Het {model} is niet bereikbaar binnen de tijd.")
        return EndpointFailure("te-traag", message, model.told(_CHECK_ADDRESS))
    if "APIConnectionError" in names or isinstance(error, OSError) or _from_transport(error):
        message = f"De verbinding met het {model.model} lukt niet{_cause(error)}."
        return EndpointFailure("verbinding", message, model.told(_CHECK_ADDRESS), retryable=True)
    if "APIError" in names:
        return EndpointFailure("fout-van-het-model", model.told("Het {model} gaf een fout terug."), retryable=True)
    return EndpointFailure("onleesbaar", model.told("Het {model} gaf een onleesbaar antwoord."), retryable=True)


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


def _refused(status: int, error: BaseException, model: Model) -> EndpointFailure:
    known = _STATUSES.get(status) or (
        _Known("storing", f"Het {{model}} heeft een storing (code {status}).", retryable=True)
        if status >= 500
        else _Known("verzoek", f"Het {{model}} weigert het verzoek (code {status}).", blames=False)
    )
    return EndpointFailure(
        known.code,
        model.told(known.message),
        model.told(known.hint),
        retryable=known.retryable,
        retry_after=_retry_after(error),
        blames=known.blames,
    )


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
    """The hosts that questions go to where these are not of this organisation, those of chat and embeddings together.

    None without an endpoint, and for one on this machine or its network.

    A name without a dot is one of the network itself, as containers have; what a name with a dot stands for is not
    looked up.
    """
    hosts = [_elsewhere(settings.openai_base_url) if settings.has_endpoint else None]
    if settings.embeds_by_endpoint:
        hosts.append(_elsewhere(settings.embedding_base_url or settings.openai_base_url))
    return " en ".join(dict.fromkeys(filter(None, hosts))) or None


def _elsewhere(url: str | None) -> str | None:
    host = (urlsplit(url).hostname or "") if url else _OPENAI
    try:
        own = not ipaddress.ip_address(host).is_global
    except ValueError:
        own = "." not in host or host.endswith(_OWN_ENDINGS)
    return None if own else host


def key_of(settings: Settings) -> str:
    """The key for the language model."""
    return _secret(settings.openai_api_key) or NO_KEY


def embedding_key_of(settings: Settings) -> str:
    """The key for the embedding model: that of the language model only goes to the language model's address."""
    shared = None if settings.embedding_base_url else settings.openai_api_key
    return _secret(settings.embedding_api_key) or _secret(shared) or NO_KEY


def _secret(key: SecretStr | None) -> str:
    return key.get_secret_value() if key else ""
