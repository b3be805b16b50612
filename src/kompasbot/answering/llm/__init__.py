"""The engine that lets a language model write, and shows only sentences that the sources support."""

from kompasbot.answering.llm.engine import GaveUp, LlmEngine, Tally, Task

__all__ = ["GaveUp", "LlmEngine", "Tally", "Task"]
