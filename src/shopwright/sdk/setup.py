"""From a description to a complete bot: tenant, provider, dataset, documents, bot, scopes, API key, in this order.

    setup = ProductionBotSetup(admin_token, "http://localhost:8000")
    result = asyncio.run(setup.create_complete_bot(config))

`config` has the keys `tenant`, `ai_provider` (may be missing: then the bot quotes its documents), `dataset`,
`documents` (`{"type": "file", "path": …}` or `{"type": "text", "title": …, "content": …}`), `bot`, `scopes`
and `api_key` (may be missing). Run twice it finds what is there already.
"""

import asyncio
import json
import mimetypes
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

Json = dict[str, Any]
FILES_AT_ONCE = 10
TEXTS_AT_ONCE = 200
WAIT_SECONDS = 900.0
POLL_SECONDS = 0.3


class SetupFailed(Exception):
    """A step was refused; the message says which and why."""


class ProductionBotSetup:
    """Creates complete bots over the HTTP API."""

    def __init__(
        self,
        admin_token: str | None,
        base_url: str = "http://localhost:8000",
        *,
        base_dir: Path = Path(),
        report: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """`base_dir` is what relative paths of documents start from; `report` is told of each step."""
        self.admin_token, self.base_url = admin_token, base_url.rstrip("/")
        self._base_dir, self._report = base_dir, report
        self._client: httpx2.AsyncClient | None = None

    async def create_complete_bot(self, config: Mapping[str, Any]) -> Json:
        """Do all steps and wait until the documents are read.

        Raises:
            SetupFailed: a step was refused, or documents could not be read in time.
        """
        async with httpx2.AsyncClient(base_url=self.base_url, timeout=60, trust_env=False) as client:
            self._client = client
            tenant = await self.create_tenant(config["tenant"])
            token = await self.login_tenant(tenant["email"], config["tenant"]["password"])
            provider = None
            if config.get("ai_provider"):
                provider = await self.setup_ai_provider(token, config["ai_provider"])
            dataset = await self.create_dataset(token, config["dataset"])
            documents = await self.upload_documents(token, dataset["id"], config.get("documents", []))
            states = await self.wait_for_processing(token, dataset["id"])
            bot_config = dict(config["bot"])
            if provider is not None:
                bot_config["tenant_ai_provider_id"] = provider["id"]
            bot = await self.create_bot(token, bot_config)
            await self.link_dataset_to_bot(token, bot["id"], dataset["id"])
            if config.get("scopes"):
                await self.configure_scopes(token, bot["id"], config["scopes"])
            key = await self.create_api_key(token, config["api_key"]) if config.get("api_key") else None
            self._client = None
        return {
            "tenant": tenant,
            "ai_provider": provider,
            "dataset": dataset,
            "documents": {"sent": documents, **states},
            "bot": bot,
            "api_key": key,
            "setup_complete": True,
        }

    async def create_tenant(self, tenant: Mapping[str, Any]) -> Json:
        if self.admin_token is None:
            raise SetupFailed("creating a tenant needs an administrator's token")
        self._report(f"Tenant {tenant['name']}")
        response = await self._send("POST", "/admin/tenants/", self.admin_token, json=dict(tenant), accept=(409,))
        if response.status_code == 409:
            return {"name": tenant["name"], "slug": tenant["slug"], "email": tenant["email"]}
        return self._json(response)

    async def login_tenant(self, email: str, password: str) -> str:
        answer = await self._send("POST", "/v1/auth/login", None, json={"email": email, "password": password})
        return str(self._json(answer)["access_token"])

    async def login_admin(self, email: str, password: str) -> str:
        async with httpx2.AsyncClient(base_url=self.base_url, timeout=60, trust_env=False) as client:
            self._client = client
            answer = await self._send("POST", "/admin/auth/login", None, json={"email": email, "password": password})
            self._client = None
        self.admin_token = str(self._json(answer)["access_token"])
        return self.admin_token

    async def setup_ai_provider(self, token: str, provider: Mapping[str, Any]) -> Json:
        self._report(f"AI provider {provider['provider_name']}")
        return await self._create(token, "/v1/tenant/ai-providers/", provider, "provider_name")

    async def create_dataset(self, token: str, dataset: Mapping[str, Any]) -> Json:
        self._report(f"Dataset {dataset['name']}")
        return await self._create(token, "/v1/tenant/datasets/", dataset, "name")

    async def upload_documents(self, token: str, dataset_id: str, documents: Sequence[Mapping[str, Any]]) -> int:
        """Send files and texts, several a call."""
        path = f"/v1/tenant/datasets/{dataset_id}/documents"
        files = [document for document in documents if document.get("type") == "file"]
        texts = [document for document in documents if document.get("type") != "file"]
        for at in range(0, len(files), FILES_AT_ONCE):
            part = files[at : at + FILES_AT_ONCE]
            parts = [("files", self._file(document)) for document in part]
            meta = {"metadata": json.dumps({"source": "setup"})}
            await self._send("POST", f"{path}/upload", token, files=parts, data=meta)
            self._report(f"Sent {min(at + len(part), len(files))} of {len(files)} files")
        for at in range(0, len(texts), TEXTS_AT_ONCE):
            batch = [
                {key: value for key, value in document.items() if key != "type"}
                for document in texts[at : at + TEXTS_AT_ONCE]
            ]
            await self._send("POST", f"{path}/batch", token, json={"documents": batch})
        return len(documents)

    def _file(self, document: Mapping[str, Any]) -> tuple[str, bytes, str]:
        path = self._base_dir / str(document["path"])
        try:
            data = path.read_bytes()
        except OSError as exc:
            msg = f"the document {path} cannot be read: {exc.strerror}"
            raise SetupFailed(msg) from None
        return path.name, data, mimetypes.guess_type(path.name)[0] or "application/octet-stream"

    async def wait_for_processing(self, token: str, dataset_id: str) -> Json:
        """Wait until no document of a dataset waits or is being read.

        Raises:
            SetupFailed: it takes longer than a quarter of an hour.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        said = -1
        while True:
            dataset = self._json(await self._send("GET", f"/v1/tenant/datasets/{dataset_id}", token))
            counts: Json = dataset["documents"]
            open_ = counts["pending"] + counts["processing"]
            if counts["completed"] != said:
                said = counts["completed"]
                self._report(f"Read {said} of {said + open_ + counts['failed']} documents")
            if not open_:
                return {"completed": counts["completed"], "failed": counts["failed"]}
            if time.monotonic() > deadline:
                msg = f"{open_} documents are still being read; look at the list of documents"
                raise SetupFailed(msg)
            await asyncio.sleep(POLL_SECONDS)

    async def create_bot(self, token: str, bot: Mapping[str, Any]) -> Json:
        self._report(f"Bot {bot['name']}")
        return await self._create(token, "/v1/tenant/bots/", bot, "name")

    async def link_dataset_to_bot(self, token: str, bot_id: str, dataset_id: str) -> None:
        body = {"dataset_id": dataset_id, "is_active": True, "priority": 1}
        await self._send("POST", f"/v1/tenant/bots/{bot_id}/datasets", token, json=body, accept=(409,))

    async def configure_scopes(self, token: str, bot_id: str, scopes: Mapping[str, Any]) -> Json:
        return self._json(await self._send("POST", f"/v1/tenant/bots/{bot_id}/scopes", token, json=dict(scopes)))

    async def create_api_key(self, token: str, key: Mapping[str, Any]) -> Json:
        return self._json(await self._send("POST", "/v1/tenant/api-keys/", token, json=dict(key)))

    async def _create(self, token: str, path: str, body: Mapping[str, Any], name: str) -> Json:
        """Create something, or find the one that is there under the same name."""
        listed = self._json(await self._send("GET", f"{path}?limit=200", token))
        for item in listed["items"]:
            if item[name] == body[name]:
                return dict(item)
        return self._json(await self._send("POST", path, token, json=dict(body)))

    async def _send(
        self, method: str, path: str, token: str | None, *, accept: tuple[int, ...] = (), **options: Any
    ) -> httpx2.Response:
        if self._client is None:
            raise SetupFailed("call create_complete_bot, which opens the connection")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            response = await self._client.request(method, path, headers=headers, **options)
        except httpx2.HTTPError as exc:
            msg = f"{self.base_url} does not answer ({type(exc).__name__}); is the server running?"
            raise SetupFailed(msg) from None
        if response.status_code >= 400 and response.status_code not in accept:
            msg = f"{method} {path}: {response.status_code} {_detail(response)}"
            raise SetupFailed(msg)
        return response

    @staticmethod
    def _json(response: httpx2.Response) -> Json:
        return dict(response.json())


def _detail(response: httpx2.Response) -> str:
    try:
        return str(response.json().get("detail", ""))[:500]
    except ValueError:
        return response.text[:200]
