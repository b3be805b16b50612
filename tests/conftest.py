"""What holds for all tests."""

import os

# Tests that don't say which embedder they want get the one that needs no model; so do the programs that they start.
os.environ.setdefault("KOMPASBOT_EMBEDDER", "hashed")
