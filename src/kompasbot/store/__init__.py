"""Generations of the index on disk: written once beside the serving one, published by switching one pointer, never
changed.

::

<data>/index/CURRENT the id of the serving generation <data>/index/<id>/manifest.json what it was built from and
with; readable without Chroma knowledge.json factsheets, items, passages vectors.npy one row a passage, in the order
of the passages arrays/<name>.npy the lexical index chroma/ the vector store
"""

from kompasbot.store.generation import Generation
from kompasbot.store.manifest import FORMAT, Manifest, current, generations, read_manifest
from kompasbot.store.publishing import Contents, prune, publish, sweep

__all__ = [
    "FORMAT",
    "Contents",
    "Generation",
    "Manifest",
    "current",
    "generations",
    "prune",
    "publish",
    "read_manifest",
    "sweep",
]
