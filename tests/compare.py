"""A plain pipeline of LangChain and Chroma doing the same retrieval, to measure ours against.

What most tutorials build: texts cut by length, embedded, put in a collection, the nearest pieces taken. It gets the
same embedder, so that only the pipelines differ.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kompasbot.embedding import local_embedder
from kompasbot.knowledge import Knowledge

_LONGEST: Final = 900
_OVERLAP: Final = 100
_BATCH: Final = 1000


@dataclass
class Plain:
    """The collection with what is needed to ask it."""

    collection: Any
    embedder: Any

    @classmethod
    def build(cls, folder: Path, knowledge: Knowledge) -> "Plain":
        """Cut, embed and store the texts of all items."""
        import chromadb
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        documents = [
            Document(page_content=f"{item.title}\n{item.text}", metadata={"item": item.id}) for item in knowledge.items
        ]
        pieces = RecursiveCharacterTextSplitter(chunk_size=_LONGEST, chunk_overlap=_OVERLAP).split_documents(documents)
        embedder = local_embedder()
        client = chromadb.PersistentClient(str(folder), settings=chromadb.config.Settings(anonymized_telemetry=False))
        collection = client.create_collection("plain", embedding_function=None)
        for start in range(0, len(pieces), _BATCH):
            some = pieces[start : start + _BATCH]
            collection.add(
                ids=[str(at) for at in range(start, start + len(some))],
                embeddings=embedder.embed_documents([piece.page_content for piece in some]),  # type: ignore[arg-type]
                documents=[piece.page_content for piece in some],
                metadatas=[dict(piece.metadata) for piece in some],
            )
        return cls(collection, embedder)

    def search(self, question: str, limit: int = 10) -> list[str]:
        """The items of the nearest pieces, nearest first."""
        found = self.collection.query(query_embeddings=[self.embedder.embed_query(question)], n_results=limit)
        return list(dict.fromkeys(str(one["item"]) for one in found["metadatas"][0]))
