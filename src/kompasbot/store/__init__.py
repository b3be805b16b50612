"""Generations of the index: written once beside the serving one, published by switching one pointer, never changed.

::

    <data>/index/CURRENT             the id of the serving generation
    <data>/index/WITHDRAWN           the digest of the sources that a person turned back from
    <data>/index/<id>/manifest.json  what it was built from and with; readable without Chroma
                      knowledge.json factsheets, items, passages
                      vectors.npy    one row a passage, in the order of the passages
                      arrays/*.npy   the lexical index
                      chroma/        the vector store
                      notes.json     what an ingestion measured and found, for the next one
    <data>/vectors/                  every vector by the digest of its text: see ``vectors.py``

On a Chroma server (``CHROMA_URL``) the pointer and the generations stand there: see ``server.py``.
"""

from kompasbot.store.generation import Generation
from kompasbot.store.manifest import FORMAT, Manifest, read_manifest
from kompasbot.store.place import Place, Where, current, generations, place_of
from kompasbot.store.publishing import Contents, alone, prune, publish, sweep

__all__ = [
    "FORMAT",
    "Contents",
    "Generation",
    "Manifest",
    "Place",
    "Where",
    "alone",
    "current",
    "generations",
    "place_of",
    "prune",
    "publish",
    "read_manifest",
    "sweep",
]
