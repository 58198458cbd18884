"""A tenant that has a row in every table, and the ids of what it has by the names paths and bodies use."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from tests.bots.pictures import png
from tests.gateway.stub_platform import SECRET, StubChannel, StubPlatform, signature
from tests.shops import OWNER_PASSWORD, Json, Shop

from shopwright.channels.registry import CHANNELS
from shopwright.conversations.models import Attachment
from shopwright.entrypoints.seed import create_admin
from shopwright.entrypoints.tables import TENANT_TABLES
from shopwright.entrypoints.wiring import Core
from shopwright.evaluation.document_usage import add_up
from shopwright.gateway.models import Outbound, Thread
from shopwright.identity.models import OidcProvider
from shopwright.identity.oidc.people import link
from shopwright.identity.people import Who
from shopwright.tenants.models import Admin

Jobs = Callable[[], Awaitable[None]]
POLICY = "# Returns\n\nYou can return unworn articles within 30 days of delivery, free of charge."


@dataclass
class World:
    """A filled tenant."""

    shop: Shop
    ids: dict[str, str]
    key: str
    documents: list[Json] = field(default_factory=list)

    def id_for(self, name: str) -> str:
        """The id that a field of a body or query with this name may point to."""
        if name == "bot":
            return self.ids["bot_id"]
        if name.endswith("ai_provider_id"):
            return self.ids["provider_id"]
        return self.ids[name]


async def fill(shop: Shop, run_jobs: Jobs) -> World:
    client = await shop.post("/v1/tenant/clients", {"name": "North Bikes"})
    token = {"fields": {"bot_token": "123456789:" + "A" * 35}}
    saved = await shop.api.put(f"/v1/tenant/clients/{client['id']}/credentials/telegram", json=token)
    assert saved.status_code == 200, saved.text
    dataset = await shop.dataset("Policies", client_id=client["id"])
    document = await shop.text(dataset, "Returns", POLICY, source_type="markdown")
    # Nobody listens there: the crawl ends with a page that says so.
    crawl = await shop.post(f"/v1/tenant/datasets/{dataset['id']}/crawls", {"url": "http://127.0.0.1:9/"}, status=202)
    await run_jobs()
    provider = await shop.post(
        "/v1/tenant/ai-providers",
        {"provider_name": "openai", "label": "own", "api_key": "sk-of-the-shop-1234"},
    )
    bot = await shop.bot(dataset, is_public=False, client_id=client["id"])
    icon = await shop.api.post("/v1/tenant/icons", files={"file": ("icon.png", png(), "image/png")})
    assert icon.status_code == 201, icon.text
    begun = {"step": "train", "dataset_id": dataset["id"], "bot_id": bot["id"], "icon_id": icon.json()["icon_id"]}
    assert (await shop.api.put("/v1/tenant/onboarding", json=begun)).status_code == 200
    await shop.post(f"/v1/tenant/bots/{bot['id']}/scopes", {"allowed_topics": ["returns"]})
    answer = await shop.ask(bot, "How many days do I have to return an article?")
    rated = {"session_id": answer["session_id"], "message_id": answer["message_id"], "rating": "up"}
    await shop.post("/v1/chat/feedback", rated, status=200)
    core: Core = shop.api._transport.app.state.core  # type: ignore[attr-defined]
    async with core.db.tenant(UUID(shop.id)) as session, session.begin():
        await add_up(session, UUID(shop.id), settled_seconds=0)
    on_platform = await go_live(shop, bot, core, run_jobs)
    conversations = (await shop.get("/v1/tenant/conversations"))["items"]
    person = {"email": "helper@shop.example", "password": OWNER_PASSWORD, "role": "viewer"}
    member = await shop.post("/v1/tenant/members", person)
    key = await shop.post("/v1/tenant/api-keys", {"name": "site", "scopes": ["chat:read", "chat:write"]})
    guest = {"email": "guest@shop.example", "role": "viewer"}
    invitation = await shop.post("/v1/tenant/invitations", guest)
    session = (await shop.get("/v1/tenant/me/sessions"))["items"][0]
    sign_in_provider = await know_by_provider(shop)
    await shop.post("/v1/auth/password/forgot", {"email": shop.email}, status=202)
    await run_jobs()
    kept = await shop.api.post("/v1/tenant/datasets", json={"name": "Kept"}, headers={"idempotency-key": "kept-once"})
    assert kept.status_code == 201
    ids = {
        "tenant_id": shop.id, "dataset_id": dataset["id"], "document_id": document["id"], "bot_id": bot["id"],
        "provider_id": provider["id"], "member_id": member["id"], "key_id": key["id"],
        "message_id": answer["message_id"], "session_id": answer["session_id"],
        "conversation_id": conversations[-1]["id"], "client_id": client["id"], "crawl_id": crawl["id"],
        "icon_id": icon.json()["icon_id"], "invitation_id": invitation["id"], "sign_in_id": session["id"],
        "oidc_provider_id": sign_in_provider, "admin_id": await administrator(shop),
        # What opens a door by itself is no name of a row: here is one that opens nothing.
        "token": "nobody-was-ever-mailed-this", "slug": "no-such-provider", **on_platform,
    }  # fmt: skip
    return World(shop, ids, key["key"], [document])


async def administrator(shop: Shop) -> str:
    db, email = shop.api._transport.app.state.db, f"walk-{shop.id}@people.example"  # type: ignore[attr-defined]
    await create_admin(db, email, OWNER_PASSWORD)
    async with db.nobody() as session, session.begin():
        return str(await session.scalar(sa.select(Admin.id).where(Admin.email == email)))


async def know_by_provider(shop: Shop) -> str:
    """Let a sign-in provider have a name for the owner; returns the provider's id."""
    db = shop.api._transport.app.state.db  # type: ignore[attr-defined]
    async with db.nobody() as session, session.begin():
        fields = {"name": "Walk", "issuer": "https://accounts.shop.example", "client_id": "us"}
        provider = OidcProvider(slug=f"walk-{shop.id}", is_active=False, **fields)
        session.add(provider)
    owner = await shop.get("/v1/tenant/me")
    async with db.tenant(UUID(shop.id)) as session, session.begin():
        await link(session, Who(UUID(owner["id"]), UUID(shop.id)), provider.id, "subject-of-the-owner")
    return str(provider.id)


async def go_live(shop: Shop, bot: Json, core: Core, run_jobs: Jobs) -> dict[str, str]:
    """Put a bot on a platform that refuses its first answer there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CHANNELS, StubChannel.slug, StubChannel)  # type: ignore[arg-type]
        async with StubPlatform.started() as platform:
            platform.will_answer(400)
            wanted = {"channel": "http", "fields": {"callback_url": platform.url, "secret": SECRET}}
            made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", wanted)
            platform.files["pic-1"] = b"\x89PNG\r\n\x1a\n"
            event = {"id": "in-1", "chat": "chat-1", "text": "Is the return free of charge?", "name": "Sam"}
            event["attachments"] = [{"kind": "image", "reference": "pic-1"}]
            body = json.dumps({"events": [event]}).encode()
            path = urlsplit(made["webhook_url"]).path
            taken = await shop.api.post(path, content=body, headers={"x-signature": signature(body)})
            assert taken.status_code == 200, taken.text
            async with core.db.nobody() as session, session.begin():
                await session.execute(
                    sa.text("update procrastinate_jobs set scheduled_at = now() where queue_name = 'gateway'")
                )
            await run_jobs()
    mine = UUID(made["id"])
    async with core.db.tenant(UUID(shop.id)) as session, session.begin():
        thread = (await session.scalars(sa.select(Thread).where(Thread.deployment_id == mine))).one()
        dead = sa.select(Outbound.id).where(Outbound.deployment_id == mine, Outbound.state == "dead")
        letter = (await session.scalars(dead)).one()
        mine_too = Attachment.conversation_id == thread.conversation_id
        picture = (await session.scalars(sa.select(Attachment.id).where(mine_too))).one()
    return {
        "deployment_id": made["id"], "contact_id": str(thread.contact_id), "identity_id": str(thread.identity_id),
        "letter_id": str(letter), "attachment_id": str(picture),
    }  # fmt: skip


def rows_of(owner_url: str, tenant_id: str) -> dict[str, str]:
    """A digest of all that a tenant has, table by table, seen from above the row policies."""
    with psycopg.connect(owner_url) as connection:
        return {
            table.name: str(
                connection.execute(
                    f"select md5(coalesce(string_agg(t::text, '|' order by t.id), '')) from {table.name} t"
                    " where tenant_id = %s",
                    (tenant_id,),
                ).fetchone()
            )
            for table in TENANT_TABLES
        }
