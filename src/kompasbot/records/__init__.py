"""What visitors leave behind on purpose: a judgement of an answer, a suggestion for a factsheet.

Kept in a database by SQLAlchemy, which is imported at the first record only. No addresses, no browser, no cookie: a
record holds what the visitor typed and sent, the site it came from, and when.
"""

from kompasbot.records.values import Judgement, Suggestion

__all__ = ["Judgement", "Suggestion"]
