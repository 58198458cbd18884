"""What the knowledge base needs from the wiring: embedders by name, and limits."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shopwright.kit.files import FileStore
from shopwright.nlp.embedding import Embedder

LOCAL = "local"


class Embedders(Protocol):
    """Finds the embedder of an index generation."""

    @property
    def local(self) -> Embedder: ...

    async def get(self, tenant_id: UUID, embedding_model: str) -> Embedder:
        """Return the embedder of a model id (`local:…`, or `<provider id>:<model>`).

        Raises:
            UnknownEmbeddingModel: there is none.
        """


@dataclass(frozen=True, slots=True)
class KnowledgeSettings:
    max_upload_bytes: int = 16 * 1024 * 1024
    max_files: int = 50


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the routes of this slice work with; kept in the application's state."""

    files: FileStore
    embedders: Embedders
    settings: KnowledgeSettings
