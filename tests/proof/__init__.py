"""What takes too long for every run of the tests: full measurements, written with their date to ``docs/proof.md``.

``python -m tests.proof`` runs every topic, ``python -m tests.proof.<topic>`` one. A topic is a module here with a
``TITLE`` and a ``measure() -> list[Figure]``; :mod:`tests.proof.book` finds it by that.
"""
