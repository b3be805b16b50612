"""What the processes of one server share besides Redis."""

from typing import Final

FIGURES: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder with their figures."""
