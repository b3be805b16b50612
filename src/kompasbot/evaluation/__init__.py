"""How good the answers are: the figures of a question set, computed in process, compared and gated.

``evaluate(index, assistant, load_set(folder), factsheet)`` gives :class:`Figures`; ``shortcomings(figures, earlier)``
says what is below the gate. Both work on any open index, so that a new generation can be judged before it serves.
"""

from kompasbot.evaluation.comparison import Change, compare, shortcomings
from kompasbot.evaluation.figures import Fault, Figures, Miss, Outcome, SetAside, read_figures
from kompasbot.evaluation.measuring import evaluate
from kompasbot.evaluation.questions import QuestionSet, find_set, load_set

__all__ = [
    "Change",
    "Fault",
    "Figures",
    "Miss",
    "Outcome",
    "QuestionSet",
    "SetAside",
    "compare",
    "evaluate",
    "find_set",
    "load_set",
    "read_figures",
    "shortcomings",
]
