"""Vector search of a small tenant in a large table: the tenant owns 0.1 % of 200,000 passages.

    python bench/vectors.py [--rows 200000]

Recall@5 against exact search, and the time beside a table that holds only this tenant's rows. The rows are made in SQL,
in a database of the bench's own, with the product's schema and policies.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import numpy as np
import psycopg
import sqlalchemy as sa

from shopwright.entrypoints.migrate import migrate
from shopwright.kit.addresses import APP_ROLE
from shopwright.kit.db import Database, create_engine
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.knowledge.encoding import vector_text
from shopwright.knowledge.search import _NEAREST_EXACT

DIMENSIONS = 896
RESULTS = Path(__file__).parent / "results"
_FILL = """
insert into chunk_vectors (tenant_id, id, chunk_id, generation_id, embedding, dimensions, indexed)
select '{tenant}', gen_random_uuid(), gen_random_uuid(), '{generation}',
  (select
   l2_normalize(array_agg(random() - 0.5 + 0 * (g + s))::halfvec(896)) from generate_series(1, 896) s), 896, false
from generate_series(1, {count}) g
"""


def fill(owner: str, rows: int) -> tuple[str, str, int]:
    mine, generation, count = uuid4(), uuid4(), max(10, rows // 1000)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")  # the bench needs no parents for its rows
        connection.execute(_FILL.format(tenant=mine, generation=generation, count=count))
        others = 200
        for _ in range(others):
            part = (rows - count) // others
            connection.execute(_FILL.format(tenant=uuid4(), generation=uuid4(), count=part))
        connection.execute(
            "create table alone as select chunk_id, embedding from chunk_vectors where tenant_id = %s", (mine,)
        )
        connection.execute(f"grant select on alone to {APP_ROLE}")
        connection.execute("analyze chunk_vectors")
        connection.execute("analyze alone")
    return str(mine), str(generation), count


async def measure(url: str, tenant: str, generation: str) -> dict[str, float]:
    db = Database(create_engine(url))
    rng = np.random.default_rng(7)
    shared, alone, recalls = [], [], []
    for _ in range(60):
        vector = rng.standard_normal(DIMENSIONS).astype(np.float32)
        text = vector_text(vector / np.linalg.norm(vector))
        async with db.tenant(tenant) as session, session.begin():  # type: ignore[arg-type]
            values = {"tenant": tenant, "generations": [generation], "vector": text, "candidates": 5}
            started = time.perf_counter()
            found = [row[0] for row in await session.execute(sa.text(_NEAREST_EXACT), values)]
            shared.append(time.perf_counter() - started)
            exact = "select chunk_id from alone order by (embedding <#> cast(:vector as halfvec)) + 0 limit 5"
            started = time.perf_counter()
            wanted = [row[0] for row in await session.execute(sa.text(exact), {"vector": text})]
            alone.append(time.perf_counter() - started)
        recalls.append(len(set(found) & set(wanted)) / len(wanted))
    await db.close()
    warm = slice(10, None)
    one, other = statistics.median(shared[warm]), statistics.median(alone[warm])
    return {
        "recall@5": statistics.mean(recalls), "shared table ms": round(one * 1000, 2),
        "own table ms": round(other * 1000, 2), "ratio": round(one / other, 2),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder), APP_ROLE, print)
        server.start()
        try:
            migrate(server.owner_url, print)
            tenant, generation, count = fill(server.owner_url, given.rows)
            result = {"rows": given.rows, "own rows": count, **asyncio.run(measure(server.app_url, tenant, generation))}
        finally:
            server.stop()
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "vectors.json").write_text(json.dumps(result, indent=1))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
