"""Whether a sentence is supported by the sources that it cites: deterministic, explainable, Dutch."""

from kompasbot.answering.faithfulness.check import Checked, Checker, Support

__all__ = ["Checked", "Checker", "Support"]
