"""Embedders by the name an index generation has: the local models, or a provider's with a tenant's key."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database
from shopwright.kit.egress import EgressPolicy
from shopwright.kit.errors import NotFound
from shopwright.knowledge.errors import UnknownEmbeddingModel
from shopwright.llm.port import Credentials, EmbeddingModel, ProviderError
from shopwright.nlp.embedding import Embedder
from shopwright.tenants.providers import Providers

AT_ONCE = 64
KEEP_SECONDS = 60.0
MAX_KEPT = 500
ProviderFactory = Callable[[Credentials], EmbeddingModel]


@dataclass(frozen=True, slots=True)
class ProviderEmbedder:
    """A provider's embedding model behind the same port as the local one. Rows are made of length 1."""

    model_id: str
    dimensions: int
    model: EmbeddingModel
    name: str

    def understands(self, language: str | None) -> bool:  # noqa: ARG002 - providers' models are multilingual
        return True

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        parts = [
            np.asarray(await self.model.embed(self.name, list(texts[at : at + AT_ONCE])), np.float32)
            for at in range(0, len(texts), AT_ONCE)
        ]
        rows = np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)

    async def embed_queries(self, texts: Sequence[str], language: str | None) -> NDArray[np.float32]:  # noqa: ARG002
        return await self.embed_passages(texts)


class AllEmbedders:
    """The embedders of this installation; those of providers are remembered for a minute."""

    def __init__(
        self,
        local: Embedder,
        db: Database,
        envelope: Envelope,
        policy: EgressPolicy,
        factory: ProviderFactory,
    ) -> None:
        self.local = local
        self._db, self._envelope, self._policy, self._factory = db, envelope, policy, factory
        self._known: OrderedDict[tuple[UUID, str], tuple[float, ProviderEmbedder]] = OrderedDict()

    async def get(self, tenant_id: UUID, embedding_model: str) -> Embedder:
        """Return the embedder of a model id.

        Raises:
            UnknownEmbeddingModel: no such provider or model, or it does not answer.
        """
        if embedding_model == self.local.model_id:
            return self.local
        key, now = (tenant_id, embedding_model), time.monotonic()
        known = self._known.get(key)
        if known is not None and now - known[0] < KEEP_SECONDS:
            return known[1]
        embedder = await self._open(tenant_id, embedding_model)
        self._known[key] = (now, embedder)
        while len(self._known) > MAX_KEPT:
            self._known.popitem(last=False)
        return embedder

    async def _open(self, tenant_id: UUID, embedding_model: str) -> ProviderEmbedder:
        provider, _, name = embedding_model.partition(":")
        try:
            provider_id = UUID(provider)
            async with self._db.tenant(tenant_id) as session, session.begin():
                providers = Providers(session, tenant_id, self._envelope, self._policy)
                credentials = await providers.credentials(await providers.get(provider_id))
            model = self._factory(credentials)
            dimensions = len((await model.embed(name, ["How many numbers has a vector?"]))[0])
        except (ValueError, NotFound, ProviderError, IndexError):
            raise UnknownEmbeddingModel(name=embedding_model) from None
        return ProviderEmbedder(embedding_model, dimensions, model, name)
