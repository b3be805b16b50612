"""Run as ``python -m kompasbot``."""

from kompasbot.cli import main

if __name__ == "__main__":
    main()
