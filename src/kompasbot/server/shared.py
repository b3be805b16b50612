"""Names of the environment variables by which ``kompasbot serve`` tells its workers what they share."""

from typing import Final

COUNTERS: Final = "KOMPASBOT_SHARED_COUNTERS"
FIGURES: Final = "PROMETHEUS_MULTIPROC_DIR"
