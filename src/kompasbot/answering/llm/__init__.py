"""The engine that lets a language model write, and shows only sentences that the sources support."""

from kompasbot.answering.llm.engine import GaveUp, LlmEngine, Task

__all__ = ["GaveUp", "LlmEngine", "Task"]
