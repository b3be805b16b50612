"""Checks many links, several at once, each to a record of how it was found."""

import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kompasbot.errors import UnreadableFile
from kompasbot.fetching.addresses import leads_to_nothing, leads_to_the_front, page_of
from kompasbot.fetching.doubts import doubt, not_found
from kompasbot.fetching.fetching import Fetcher, Limits, Response, TooMuch, Unreachable
from kompasbot.fetching.guard import Guard, Refused
from kompasbot.fetching.manners import Manners, Unwelcome
from kompasbot.fetching.network import Clock
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health

_GONE: Final = frozenset({404, 410})
_FORBIDDEN: Final = frozenset({401, 402, 403, 407, 429, 451})

_FRONT: Final = "de website stuurt door naar de voorpagina; de pagina zelf lijkt weg"
_NOTHING: Final = "de website stuurt door naar een pagina die zegt dat er niets gevonden is"
_READERS: Final = 2
"""Documents that are read at once; each may take a gigabyte of memory."""

Read = Callable[[str, Path, str], str]
"""Reads a copy, by its kind, path and address: its title and text. Raises :class:`~kompasbot.errors.UnreadableFile`."""
Progress = Callable[[int, int], None]
"""Told how many links were checked, of how many."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    record: Record
    reached: bool
    no_host: bool = False


class Checker:
    """Checks links and keeps what it finds on a shelf."""

    def __init__(
        self,
        shelf: Shelf,
        read: Read,
        guard: Guard | None = None,
        limits: Limits | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Clock | None = None,
    ) -> None:
        self._shelf = shelf
        self._read = read
        self._reading = threading.Semaphore(_READERS)
        self._accepted: frozenset[str] = frozenset()
        self._limits = limits or Limits()
        self._guard = guard or Guard()
        self._clock = clock or Clock()
        self._fetcher = Fetcher(self._guard, self._limits, self._clock)
        self._now = now
        self._room = 0
        self._taking = threading.Lock()

    def check(
        self,
        urls: Iterable[str],
        progress: Progress = lambda _done, _all: None,
        accepted: Collection[str] = (),
        only_new: bool = False,
    ) -> dict[str, Record]:
        """Check the pages of addresses, each once, and keep the result, by :func:`page_of` an address.

        A copy gives way to one that can be read and is no wall or remnant of a page, as far as can be seen; of the
        ``accepted`` addresses what can be read is taken. With ``only_new`` what has a record keeps it as it is.

        A link that can't be reached keeps its last health and copy; only when other websites do answer does a website
        that can't be found count as dead. Raises :class:`~kompasbot.errors.Busy` when another check runs.
        """
        wanted = list(dict.fromkeys(map(page_of, urls)))
        with self._shelf.writing():
            stored = self._shelf.load()
            before = [replace(stored.get(url, Record(url)), orphaned=None) for url in wanted]
            self._room, self._accepted = self._shelf.room(before), frozenset(map(page_of, accepted))
            now = self._now()
            left = {one.url: one for one in before if only_new and one.url in stored}
            outcomes = self._all(
                [one for one in before if one.url not in left], now.isoformat(timespec="seconds"), progress
            )
            online = any(outcome.reached for outcome in outcomes)
            records = left | {one.record.url: _settled(one, online) for one in outcomes}
            self._shelf.save(records, now)
        return records

    def _all(self, records: list[Record], now: str, progress: Progress) -> list[_Outcome]:
        manners = Manners(self._fetcher, self._limits, self._clock)
        done = 0
        counting = threading.Lock()

        def one(record: Record) -> _Outcome:
            nonlocal done
            outcome = self._one(replace(record, checked=now, reason="", moved_to=None, doubted=False), manners)
            with counting:
                done += 1
                progress(done, len(records))
            return outcome

        with ThreadPoolExecutor(max_workers=self._limits.at_once) as workers:
            return list(workers.map(one, records))

    def _one(self, checked: Record, manners: Manners) -> _Outcome:
        try:
            response = self._fetcher.fetch(checked.url, self._conditions(checked), manners.turn)
        except Unwelcome:
            reason = "de website wil niet dat programma's deze pagina ophalen (robots.txt)"
            return _Outcome(replace(checked, health=Health.BLOCKED, reason=reason), True)
        except Refused as error:
            reason = f"dit adres wordt niet opgehaald: {error}"
            return _Outcome(replace(checked, health=Health.BLOCKED, reason=reason, status=None), False)
        except TooMuch as error:
            return _Outcome(replace(checked, health=Health.OK, reason=str(error), status=200), True)
        except Unreachable as error:
            return _Outcome(replace(checked, reason=str(error), status=None), False, error.no_host)
        return _Outcome(self._judged(checked, response), True)

    def _conditions(self, record: Record) -> dict[str, str]:
        """Ask only for what is newer than the copy, when there is one."""
        if self._shelf.copy(record) is None:
            return {}
        asked = {"If-None-Match": record.etag, "If-Modified-Since": record.modified}
        return {key: value for key, value in asked.items() if value}

    def _judged(self, record: Record, response: Response) -> Record:
        status = response.status
        found = replace(record, status=status, moved_to=response.moved_to)
        if status in {200, 304}:
            health = Health.MOVED if response.moved_to else Health.OK
            found = replace(found, health=health)
            return found if status == 304 else self._kept(found, response)
        if status in _GONE:
            return replace(found, health=Health.DEAD, reason=f"de pagina bestaat niet meer (code {status})")
        if status in _FORBIDDEN:
            return replace(found, health=Health.BLOCKED, reason=f"de website geeft geen toegang (code {status})")
        return replace(found, reason=f"de website geeft nu een fout (code {status}); probeer het later nog eens")

    def _kept(self, record: Record, response: Response) -> Record:
        if response.body is None or response.kind is None:
            media = response.headers.get("content-type", "").partition(";")[0][:60] or "onbekend"
            return replace(record, reason=f"de inhoud is van een soort die kompasbot niet leest ({media})")
        found = replace(
            record,
            body=self._shelf.digest_of(response.body),
            kind=response.kind,
            etag=response.headers.get("etag", "")[:500] or None,
            modified=response.headers.get("last-modified", "")[:100] or None,
            fetched=record.checked,
        )
        old = self._shelf.copy(record)
        is_same = old is not None and (found.body, found.kind) == (record.body, record.kind)
        if is_same and record.letters is not None:
            return found
        if not is_same and not self._take(len(response.body)):
            return replace(record, reason="er is geen ruimte meer voor een kopie: samen mogen kopieën 2 GB groot zijn")
        path = self._shelf.put(response.body, response.kind)
        try:
            with self._reading:
                text = self._read(response.kind, path, record.url)
        except UnreadableFile as error:
            if (
                old is None or is_same or record.letters == 0
            ):  # nothing better is lost: the ingestion says what is wrong
                return replace(found, letters=0)
            harm = str(error).removeprefix(f"{record.url}: ").rstrip(".")
            return replace(record, reason=f"de nieuwe inhoud is niet te lezen ({harm})")
        return self._doubted(record, response, text, old is not None) or replace(found, letters=len(text))

    def _doubted(self, record: Record, response: Response, text: str, has_copy: bool) -> Record | None:
        """The record as it stays, when what came back is no page, or worse than the copy."""
        if record.url in self._accepted:
            return None
        gone = _FRONT if leads_to_the_front(record.url, response.url) else not_found(text)
        gone = _NOTHING if leads_to_nothing(record.url, response.url) else gone
        if gone:
            return replace(record, health=Health.DEAD, moved_to=None, reason=gone, doubted=True)
        why = doubt(text, record.letters if has_copy else None)
        return replace(record, reason=why, doubted=True) if why else None

    def _take(self, size: int) -> bool:
        """Whether a new copy fits beside the others; it is counted then."""
        with self._taking:
            if size > self._room:
                return False
            self._room -= size
            return True


def _settled(outcome: _Outcome, online: bool) -> Record:
    """A website that can't be found is dead, unless this machine is offline."""
    if outcome.no_host and online:
        return replace(outcome.record, health=Health.DEAD)
    return outcome.record
