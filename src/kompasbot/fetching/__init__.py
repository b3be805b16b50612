"""Fetches what links point at: guarded, within limits, politely, with the last good copy kept."""
