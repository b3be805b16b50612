"""Runs all topics: ``python -m tests.proof [topic …]``."""

import sys

from tests.proof import book

if __name__ == "__main__":
    sys.exit(book.run(sys.argv[1:] or book.topics()))
