"""The fixtures of the server's tests, here too."""

from tests.server.conftest import client, settings

__all__ = ["client", "settings"]
