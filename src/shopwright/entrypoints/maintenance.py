"""What is tidied up once an hour: old idempotency records, expired sign-ins, and what the retention time ends."""

from typing import Any

import sqlalchemy as sa

from shopwright.evaluation.document_usage import add_up
from shopwright.kit.logs import get_logger
from shopwright.tenants.models import AdminAudit, Tenant

log = get_logger("shopwright.maintenance")

# Constant statements; the tenant is that of the session.
PER_TENANT = (
    "delete from idempotency_keys where tenant_id = :tenant and created_at < now() - interval '1 day'",
    "delete from member_sessions where tenant_id = :tenant and coalesce(revoked_at, expires_at) < now()",
    "delete from password_resets where tenant_id = :tenant and expires_at < now()",
    "delete from invitations where tenant_id = :tenant and expires_at < now() - interval '30 days'",
    "delete from audit_log where tenant_id = :tenant and created_at < now() - make_interval(days => :days)",
    # Platforms deliver again for up to seven days: so long their names of messages are known.
    "delete from inbox where tenant_id = :tenant and state = 'done' and created_at < now() - interval '14 days'",
    "delete from outbox where tenant_id = :tenant and state = 'sent' and created_at < now() - interval '14 days'",
    "delete from inbox where tenant_id = :tenant and state = 'dead'"  # noqa: ISC004
    " and created_at < now() - make_interval(days => :days)",
    "delete from outbox where tenant_id = :tenant and state = 'dead'"  # noqa: ISC004
    " and created_at < now() - make_interval(days => :days)",
    "update turns set trace = '{}' where tenant_id = :tenant and trace <> '{}' and created_at < now() -"  # noqa: ISC004
    " make_interval(days => :days)",
)
# Sign-ups nobody confirmed, attempts nobody came back from, mail that could not be sent.
OF_NOBODY = (
    "delete from admin_idempotency_keys where created_at < now() - interval '1 day'",
    "delete from admin_sessions where coalesce(revoked_at, expires_at) < now()",
    "delete from sign_ups where expires_at < now()",
    "delete from oidc_attempts where expires_at < now()",
    "delete from outgoing_mails where updated_at < now() - interval '7 days'",
)
# The memory of a live conversation is kept; what was said is forgotten when it has been quiet for an hour.
FORGET = (
    "update messages m set parts = '[{\"type\": \"withheld\"}]', citations = '[]' from conversations c"
    " where m.tenant_id = :tenant and c.tenant_id = m.tenant_id and c.id = m.conversation_id"
    " and c.updated_at < now() - interval '1 hour' and m.parts <> '[{\"type\": \"withheld\"}]'"
)


async def run_maintenance(core: Any) -> None:
    """Tidy up every tenant, each in transactions of its own."""
    audit = await core.live_settings.audit_logging()
    async with core.db.admin() as session, session.begin():
        tenants = list((await session.scalars(sa.select(Tenant.id))).all())
    for tenant_id in tenants:
        # Before what was said is forgotten.
        async with core.db.tenant(tenant_id) as session, session.begin():
            await add_up(session, tenant_id)
        statements = [*PER_TENANT, *(() if audit.log_conversations else (FORGET,))]
        for statement in statements:
            async with core.db.tenant(tenant_id) as session, session.begin():
                await session.execute(
                    sa.text(statement), {"tenant": tenant_id, "days": audit.retention_days} if ":days" in statement
                    else {"tenant": tenant_id},
                )  # fmt: skip
    async with core.db.nobody() as session, session.begin():
        for statement in OF_NOBODY:
            await session.execute(sa.text(statement))
        old = sa.func.now() - sa.func.make_interval(0, 0, 0, audit.retention_days)
        await session.execute(sa.delete(AdminAudit).where(AdminAudit.created_at < old))
    log.info("maintenance_done", tenants=len(tenants))
