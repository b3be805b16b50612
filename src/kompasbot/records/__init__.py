"""What is kept: judgements and suggestions that visitors send on purpose, and how many answers of each kind were given.

Kept in a database by SQLAlchemy, which is imported at the first judgement or suggestion only; counting needs none of
it.
No addresses, no browser, no cookie. Questions are kept only where that is switched on, masked.
"""

from kompasbot.records.values import AnswerCount, Answered, ItemCount, Judgement, KeptQuestion, Suggestion

__all__ = ["AnswerCount", "Answered", "ItemCount", "Judgement", "KeptQuestion", "Suggestion"]
