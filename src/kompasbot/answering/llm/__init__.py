"""The engine that lets a language model write, and shows only sentences that the sources support."""

from kompasbot.answering.llm.engine import Asides, Declined, GaveUp, LlmEngine, Task

__all__ = ["Asides", "Declined", "GaveUp", "LlmEngine", "Task"]
