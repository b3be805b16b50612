"""The session of a maintainer: a signed cookie that ends by itself. No replica has to remember anything.

It is signed with a key that is derived from ``KOMPASBOT_ADMIN_TOKEN``, so that every replica accepts it and a changed
token ends all sessions. Signing out is counted where limits are counted, so that a copy of the cookie is worth nothing
after it.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final

COOKIE: Final = "kompasbot_beheer"
LIFE_SECONDS: Final = 8 * 3600
_PURPOSE: Final = b"kompasbot/beheer/1/"
_FORM: Final = re.compile(r"(\d{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Session:
    """``number`` tells it from others, ``ends`` is in seconds since 1970."""

    number: str
    ends: int

    @property
    def revoked_key(self) -> str:
        """What is counted when its owner signs out."""
        return f"beheer-uit/{self.number}"


def begin(now: float) -> Session:
    """A new session."""
    return Session(secrets.token_hex(16), int(now) + LIFE_SECONDS)


def cookie_of(session: Session, token: str) -> str:
    """The cookie's value."""
    return f"{session.ends}.{session.number}.{_sign(token, 'sessie', session)}"


def session_of(cookie: str, token: str, now: float) -> Session | None:
    """The session of a cookie; None when it is not ours, changed, or over."""
    found = _FORM.fullmatch(cookie)
    if found is None:
        return None
    session = Session(found[2], int(found[1]))
    signed = hmac.compare_digest(found[3], _sign(token, "sessie", session))
    return session if signed and now < session.ends <= now + LIFE_SECONDS + 60 else None


def form_key(session: Session, token: str) -> str:
    """What every form of this session carries, so that no other page can send one."""
    return _sign(token, "formulier", session)


def same(given: str, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _sign(token: str, what: str, session: Session) -> str:
    key = hmac.digest(token.encode(), _PURPOSE + what.encode(), "sha256")
    return hmac.new(key, f"{session.ends}.{session.number}".encode(), "sha256").hexdigest()
