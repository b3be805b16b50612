"""Tells a listener where an ingestion is, and notes how long each step took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Progress = Callable[[str, int, int], None]
"""Told the step's name, how much of it is done and how much there is."""


@dataclass(slots=True)
class Steps:
    """Times the steps and tells a listener where the ingestion is."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, name: str) -> None:
        """Begin a step that the store reports itself."""
        self.progress(name, 0, 1)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Run a step, and note how long it took."""
        self.progress(name, 0, 1)
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 3)
        self.progress(name, 1, 1)
