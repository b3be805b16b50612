"""The adapter to a language model: any OpenAI-compatible endpoint, with deadlines, retries, a breaker and a count of
tokens.
"""

from kompasbot.chatmodel.model import ChatModel, Ended, Piece, Said, Turn
from kompasbot.chatmodel.tokens import TokenCounter, token_counter

__all__ = ["ChatModel", "Ended", "Piece", "Said", "TokenCounter", "Turn", "token_counter"]
