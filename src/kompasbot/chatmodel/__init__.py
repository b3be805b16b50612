"""The adapter to a language model: any OpenAI-compatible endpoint, with deadlines, retries, a breaker and a count of
tokens.
"""

from kompasbot.chatmodel.model import ChatModel, Ended, Piece, Said, Turn
from kompasbot.chatmodel.spending import Boundless, Budget, Spent
from kompasbot.chatmodel.tokens import TokenCounter, token_counter

__all__ = [
    "Boundless",
    "Budget",
    "ChatModel",
    "Ended",
    "Piece",
    "Said",
    "Spent",
    "TokenCounter",
    "Turn",
    "token_counter",
]
