"""Stored bytes live as long as something names them."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.bots.pictures import png
from tests.shops import Json, Shop

from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.sweeping import sweep
from shopwright.entrypoints.wiring import Core
from shopwright.kit.files import hold_bytes
from shopwright.knowledge.service import Documents, NewDocument, digest_of

LONG_AGO = time.time() - 3 * 24 * 3600
DATA = b"Returns are free within 30 days of delivery."


@pytest.fixture
def stored(settings: Settings, shop: Shop) -> "Stored":
    return Stored(settings.data_dir / "files" / shop.id)


class Stored:
    """The files of one tenant."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> set[str]:
        return {file.name for file in self.folder.rglob("*") if file.is_file()}

    def age(self) -> None:
        for file in self.folder.rglob("*"):
            os.utime(file, (LONG_AGO, LONG_AGO))


async def upload(shop: Shop, dataset: Json, data: bytes) -> Json:
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/upload"
    answer = await shop.api.post(path, files={"files": ("note.txt", data, "text/plain")})
    assert answer.status_code == 201
    return dict(answer.json()["items"][0])


async def test_bytes_of_deleted_documents_go_and_all_others_stay(shop: Shop, core: Core, stored: Stored) -> None:
    dataset, other = await shop.dataset("One"), await shop.dataset("Two")
    gone = await upload(shop, dataset, b"The old price list.")
    await upload(shop, dataset, DATA)
    await upload(shop, other, DATA)
    await shop.api.post("/v1/tenant/icons", files={"file": ("icon.png", png(), "image/png")})
    await shop.api.delete(f"/v1/tenant/datasets/{dataset['id']}/documents/{gone['id']}")
    await shop.api.delete(f"/v1/tenant/datasets/{dataset['id']}")
    before = stored.names()

    await sweep(core)
    assert stored.names() == before, "too young to go"

    stored.age()
    await sweep(core)
    assert stored.names() == before - {digest_of(b"The old price list.")}
    assert digest_of(DATA) in stored.names()

    await shop.api.delete(f"/v1/tenant/datasets/{other['id']}")
    await sweep(core)
    assert digest_of(DATA) not in stored.names()
    assert len(stored.names()) == 4, "the icon stays"


async def test_bytes_of_an_upload_that_has_not_committed_are_not_swept(shop: Shop, core: Core, stored: Stored) -> None:
    dataset, tenant = await shop.dataset(), UUID(shop.id)
    await core.files.put(tenant, digest_of(DATA), DATA)
    stored.age()

    async with core.db.tenant(tenant) as session, session.begin():
        await hold_bytes(session, core.files, tenant, digest_of(DATA), DATA)
        await sweep(core)
        new = NewDocument(title="Note", source_type="file", digest=digest_of(DATA), size_bytes=len(DATA))
        await Documents(session, tenant).add(UUID(dataset["id"]), [new])
    await sweep(core)

    assert stored.names() == {digest_of(DATA)}


async def test_bytes_that_were_swept_are_put_back_by_the_next_upload(shop: Shop, core: Core, stored: Stored) -> None:
    dataset = await shop.dataset()
    document = await upload(shop, dataset, DATA)
    await shop.api.delete(f"/v1/tenant/datasets/{dataset['id']}/documents/{document['id']}")
    stored.age()
    assert await sweep(core, timedelta(days=2)) >= 1

    await upload(shop, dataset, DATA)

    assert stored.names() == {digest_of(DATA)}
