"""Every error that kompasbot raises on purpose; each says in Dutch what the person can do about it.

::

    KompasbotError                     exit 1
    ├── CorpusError                    exit 3   something in the corpus is missing or contradicts itself
    │   ├── UnreadableFile             exit 3   broken YAML, wrong encoding, not text
    │   └── UncertainMatch             exit 4   an item's id is not certain; a person has to decide
    ├── IndexFailure                   exit 5   the index can't be used
    │   ├── NoIndex                    exit 5   nothing was ever published
    │   ├── IndexMismatch              exit 5   built with another embedder or Chroma version
    │   └── PublicationStopped         exit 6   a check of the new generation failed
    ├── Busy                           exit 7   another process holds the lock, or the port is taken
    ├── BadRequest                              the visitor's question can't be used (HTTP 422)
    ├── NotFound                                unknown item or factsheet (HTTP 404)
    ├── LimitReached                            too much was sent; wait (HTTP 429)
    ├── RecordsFailure                          feedback or a suggestion can't be kept now (HTTP 503)
    ├── EngineUnavailable                       the language model is asked for but not configured (HTTP 409)
    ├── UpstreamError                  exit 8   an endpoint failed (language model, embeddings)
    └── BelowGate                      exit 9   the figures of an evaluation are too low
"""

import errno
from typing import ClassVar, Final

_REASONS: Final = {
    errno.ENOENT: "het bestand of de map is er niet",
    errno.EACCES: "dat mag niet: de rechten ontbreken",
    errno.EPERM: "dat mag niet: de rechten ontbreken",
    errno.ENOTDIR: "een deel van het pad is geen map",
    errno.EISDIR: "dit is een map en geen bestand",
    errno.EEXIST: "het bestaat al",
    errno.ENOTEMPTY: "de map is niet leeg",
    errno.ENOSPC: "de schijf is vol",
    errno.EDQUOT: "de ruimte die je mag gebruiken is op",
    errno.EFBIG: "het bestand wordt te groot",
    errno.EROFS: "hier kan alleen gelezen worden",
    errno.EIO: "de schijf geeft een fout",
    errno.EMFILE: "er staan te veel bestanden open",
    errno.ENFILE: "er staan te veel bestanden open",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.ELOOP: "een snelkoppeling verwijst naar zichzelf",
    errno.ENOMEM: "er is te weinig geheugen",
    errno.ETXTBSY: "het bestand is in gebruik",
    errno.EBUSY: "het is in gebruik",
    errno.EADDRINUSE: "de poort is al in gebruik",
    errno.EADDRNOTAVAIL: "dit adres is niet van deze computer",
    errno.ECONNREFUSED: "daar luistert niets",
    errno.ECONNRESET: "de verbinding is verbroken",
    errno.EPIPE: "de verbinding is verbroken",
    errno.ETIMEDOUT: "het duurde te lang",
    errno.EHOSTUNREACH: "de computer is niet te bereiken",
    errno.ENETUNREACH: "het netwerk is niet te bereiken",
}


def reason_of(error: BaseException) -> str:
    """Why the system could not do something, in Dutch; a number where we have no words for it."""
    cause: BaseException | None = error
    while cause is not None:
        # A library for HTTP gives the reason of the system as the cause of its own error.
        if isinstance(cause, OSError) and cause.errno is not None:
            return _REASONS.get(cause.errno) or f"fout {cause.errno} van het systeem"
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__


class KompasbotError(Exception):
    """Base of the tree: ``str(error)`` says what is wrong, ``hint`` what to do, both in Dutch.

    ``kind`` is the stable last part of the problem type in the HTTP interface. ``report`` is the report of the
    ingestion that it stopped, where there is one: see :mod:`ingest.report`.
    """

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "fout"
    report: object = None

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CorpusError(KompasbotError):
    """The corpus is missing, empty or contradicts itself."""

    exit_code = 3
    kind = "corpus"


class UnreadableFile(CorpusError):
    """One file can't be read; ``str(error)`` names the file and, where known, the line."""


class UncertainMatch(CorpusError):
    """An item that was read can't be matched to one id for certain."""

    exit_code = 4


class IndexFailure(KompasbotError):
    """The index can't be used."""

    exit_code = 5
    kind = "index"


class NoIndex(IndexFailure):
    """No generation was published yet."""

    kind = "geen-index"


class IndexMismatch(IndexFailure):
    """The published generation was built with another embedder, format or Chroma version."""

    kind = "andere-index"


class PublicationStopped(IndexFailure):
    """A check of the new generation failed; the serving one stays."""

    exit_code = 6


class FactsChanged(PublicationStopped):
    """Nothing is worse but facts that the evaluation expects: a person says whether they are meant."""

    exit_code = 10


class Busy(KompasbotError):
    """Another process holds what is needed: the ingestion lock or the port."""

    exit_code = 7
    kind = "bezet"


class BadRequest(KompasbotError):
    """The visitor's input can't be used as it is; ``field`` names the part of the request where it is one."""

    kind = "ongeldige-vraag"
    field: str = ""


class NotFound(KompasbotError):
    """No item or factsheet has that id."""

    kind = "niet-gevonden"


class LimitReached(KompasbotError):
    """Too much was sent; it can be tried again after ``retry_after`` seconds."""

    kind = "limiet"

    def __init__(self, message: str, hint: str = "", retry_after: int = 60) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class RecordsFailure(KompasbotError):
    """The database of feedback and suggestions can't be used now."""

    kind = "bewaren"


class EngineUnavailable(KompasbotError):
    """The ``llm`` engine was asked for, but no endpoint is configured."""

    kind = "engine-niet-beschikbaar"


class UpstreamError(KompasbotError):
    """An endpoint outside this process failed or was too slow."""

    exit_code = 8
    kind = "extern"


class BelowGate(KompasbotError):
    """The figures of an evaluation are below the gate, or lower than those of an earlier run."""

    exit_code = 9
    kind = "onder-de-grens"
