"""A whole small cluster on loopback, for the tests and for engineers: ``python -m tests.cluster``.

Three replicas behind nginx (with the configuration that docs/draaien ships), a Chroma server, PostgreSQL and Redis,
each a process of its own in one temporary folder. Every part can be killed, hung and started again.
"""
