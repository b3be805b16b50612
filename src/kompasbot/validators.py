"""What a setting may be: the checks of single values, and the reasons in Dutch for those that are refused.

Each check gives the value as it is used, and raises :class:`ValueError` with the reason, a Dutch clause.
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

OFF: Final = "uit"
_SHORTEST_KEY: Final = 16
_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_SHOWN: Final = 60
_ADDRESS: Final = re.compile(
    r"(\b[a-z][a-z0-9+.-]*://)(?:[^\s/?#]*@)?([^\s?#'\"<>]*)(?:[?#][^\s'\"<>]*)?", re.IGNORECASE
)


def plain_origin(text: str) -> str:
    """The origin of an address as browsers write it, "https://school.example"; ValueError for anything else."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:  # a port that is no number, half an IPv6 address
        parts, port = SplitResult("", "", "", "", ""), None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query or "@" in text:
        raise ValueError(f"{_short(text)} is geen adres van een website, zoals https://www.school.example")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in {None, _PORTS[parts.scheme]} else f":{port}")


def web_address(text: str) -> str:
    """The address of a server that speaks HTTP."""
    if not _is_address(text, tuple(_PORTS)):
        raise ValueError("het moet een webadres zijn dat begint met http:// of https://, zoals http://10.0.0.5:8000")
    return text


def without_secrets(text: str) -> str:
    """A text whose addresses have no user, password, query or fragment: as a person may see it, and a log keep it."""
    return _ADDRESS.sub(r"\1\2", text)


def redis_address(text: str) -> str:
    """The address of a Redis."""
    if not _is_address(text, ("redis", "rediss")):
        raise ValueError("het moet een adres zijn dat begint met redis:// of rediss://, zoals redis://10.0.0.5:6379/0")
    return text


def database_address(text: str) -> str:
    """The address of a database of a kind that is known."""
    if not re.match(r"postgres(ql)?(\+psycopg)?://|sqlite(\+pysqlite)?:///.", text):
        raise ValueError("het moet een adres zijn dat begint met postgresql:// of sqlite:///")
    return text


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", text)
    except ValueError:
        return False


def proxies(text: str) -> str:
    """Addresses and networks, with commas between them and no spaces, or ``*`` for whoever connects."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    if found == ["*"]:
        return "*"
    for part in found:
        try:
            # Exact, as uvicorn is: what it can't read, it keeps and never matches.
            ip_network(part) if "/" in part else ip_address(part)
        except ValueError as error:
            raise ValueError(f"{_short(part)} is geen IP-adres of netwerk, zoals 10.0.0.5 of 10.0.0.0/8") from error
    return ",".join(found)


def rate_limit(text: str) -> str:
    """Limits as the ``limits`` library writes them, or :data:`OFF`."""
    if text.lower() == OFF:
        return text
    from limits import parse_many

    try:
        found = parse_many(text)
    except ValueError as error:
        raise ValueError(f"schrijf een aantal per tijd, zoals 60/minute of 60/minute;2000/day, of {OFF}") from error
    if any(limit.amount == 0 for limit in found):
        raise ValueError(f"met 0 komt niemand binnen; met {OFF} is er geen grens")
    return text


def base_path(text: str) -> str:
    """A path of plain names that begins with a slash and does not end with one; empty for the root."""
    path = text.strip("/")
    if not all(part and part.replace("-", "").replace("_", "").isalnum() for part in path.split("/") if path):
        raise ValueError("het moet een pad zijn van letters, cijfers en streepjes, zoals /kompas")
    return f"/{path}" if path else ""


def contact(text: str) -> str:
    """A mail address or a web address."""
    if not re.fullmatch(r"https?://[^\s/]+\S*|[^\s@/]+@[^\s@/]+\.[^\s@/]+", text):
        raise ValueError("het moet een e-mailadres of een webadres zijn")
    return text


def long_key(text: str) -> str:
    """A key that is too long to guess."""
    if len(text) < _SHORTEST_KEY:
        raise ValueError(f"de sleutel moet minstens {_SHORTEST_KEY} tekens hebben")
    return text


CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    "chroma_url": web_address,
    "otlp_endpoint": web_address,
    "openai_base_url": web_address,
    "embedding_base_url": web_address,
    "redis_url": redis_address,
    "database_url": database_address,
    "trusted_proxies": proxies,
    "limit_visitor": rate_limit,
    "limit_total": rate_limit,
    "base_path": base_path,
    "contact": contact,
    "admin_token": long_key,
}
"""Names of settings that are texts, and what is checked of each."""

_REASONS: Final = {
    "greater_than_equal": "het moet minstens {ge} zijn",
    "greater_than": "het moet meer dan {gt} zijn",
    "less_than_equal": "het mag hoogstens {le} zijn",
    "less_than": "het moet minder dan {lt} zijn",
    "literal_error": "het moet een van deze zijn: {expected}",
    "string_too_short": "het mag niet leeg zijn",
    "int": "het moet een heel getal zijn",
    "float": "het moet een getal zijn, met een punt voor de decimalen",
    "finite": "het moet een getal zijn, met een punt voor de decimalen",
    "bool": "het moet true of false zijn",
    "string": "het moet tekst zijn",
    "path": "het moet een pad zijn",
    "dict": 'het moet bij elke naam een lijst van adressen zijn, zoals {{"school": ["https://www.school.example"]}}',
    "list": 'het moet bij elke naam een lijst van adressen zijn, zoals {{"school": ["https://www.school.example"]}}',
}
"""Reasons by pydantic's kind of error, or the first word of that."""


def reason_of(problem: Mapping[str, Any]) -> str:
    """Why pydantic refused a value, as a Dutch clause; ``problem`` is one of ``ValidationError.errors()``."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    reason = _REASONS.get(kind) or _REASONS.get(kind.split("_")[0], "deze waarde is niet te lezen")
    whole = {name: int(one) if isinstance(one, float) and one.is_integer() else one for name, one in context.items()}
    return reason.format(**whole).replace(" or ", " of ")


def shown(value: object) -> str:
    """A refused value, short enough for a message."""
    return _short(repr(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
