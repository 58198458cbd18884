"""Tenants for tests: made through the API, as an administrator and an owner make them."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

ADMIN_EMAIL, ADMIN_PASSWORD = "admin@installation.example", "a-long-admin-password"
OWNER_PASSWORD = "a-long-owner-password"
Json = dict[str, Any]


@dataclass
class Shop:
    """A tenant and a client that is signed in as its owner."""

    api: AsyncClient
    tenant: Json
    email: str

    @property
    def id(self) -> str:
        return str(self.tenant["id"])

    async def post(self, path: str, body: Any = None, *, status: int = 201) -> Json:
        answer = await self.api.post(path, json=body)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def get(self, path: str, *, status: int = 200) -> Json:
        answer = await self.api.get(path)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def dataset(self, name: str = "Help", **fields: Any) -> Json:
        return await self.post("/v1/tenant/datasets", {"name": name, **fields})

    async def text(self, dataset: Json, title: str, content: str, **fields: Any) -> Json:
        body = {"title": title, "content": content, **fields}
        return await self.post(f"/v1/tenant/datasets/{dataset['id']}/documents", body)

    async def bot(self, *datasets: Json, **fields: Any) -> Json:
        limits = {"rate_limit_per_minute": 10_000, "rate_limit_per_second": 10_000}
        bot = await self.post("/v1/tenant/bots", {"name": "Aria", "is_public": True, **limits, **fields})
        for dataset in datasets:
            await self.post(f"/v1/tenant/bots/{bot['id']}/datasets", {"dataset_id": dataset["id"]})
        return bot

    async def ask(self, bot: Json, message: str, **fields: Any) -> Json:
        body = {"bot_id": bot["id"], "message": message, **fields}
        return await self.post("/v1/chat/efficient", body, status=200)


@asynccontextmanager
async def open_shop(app: FastAPI, admin_token: str, slug: str) -> AsyncIterator[Shop]:
    # Each shop calls from an address of its own: sign-ins are limited by address.
    digest = hashlib.sha256(slug.encode()).digest()
    address = (f"10.{digest[0]}.{digest[1]}.{digest[2]}", 40_000)
    transport = ASGITransport(app=app, raise_app_exceptions=False, client=address)
    async with AsyncClient(transport=transport, base_url="http://test", timeout=60) as http:
        email = f"owner@{slug}.example"
        body = {
            "name": slug.title(),
            "slug": slug,
            "email": email,
            "password": OWNER_PASSWORD,
            "plan": "enterprise",
        }
        made = await http.post("/admin/tenants/", json=body, headers={"authorization": f"Bearer {admin_token}"})
        assert made.status_code == 201, made.text
        signed_in = await http.post("/v1/auth/login", json={"email": email, "password": OWNER_PASSWORD})
        assert signed_in.status_code == 200, signed_in.text
        http.headers["authorization"] = f"Bearer {signed_in.json()['access_token']}"
        yield Shop(http, made.json(), email)
