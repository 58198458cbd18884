"""The last resort of who runs the installation: a second factor that nobody else can switch off any more."""

from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import database_url
from shopwright.identity.lost_factors import LostFactors
from shopwright.identity.mails import Letters
from shopwright.identity.people import Who
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database, create_engine
from shopwright.notifications.outbox import Outbox
from shopwright.tenants.models import AdminAudit

ACTOR = "installation"


async def reset_second_factor(settings: Settings, email: str) -> list[str]:
    """Switch the second factor of every login of an address off; says what was done, a line each."""
    db = Database(create_engine(database_url(settings), pool_size=2))
    outbox, letters = Outbox(Envelope(settings.master_keys())), Letters(settings.base_url)
    try:
        async with db.admin() as session, session.begin():
            found = await LostFactors(session, outbox, letters).find(email)
        lines = []
        for one in found:
            where, who = one.tenant_name or "the administration", Who(one.id, one.tenant_id)
            async with db.admin() as session, session.begin():
                lost = LostFactors(session, outbox, letters)
                if one.tenant_id is not None:
                    await lost.enter(one.tenant_id)
                if not await lost.switch_off(who):
                    lines.append(f"{email} has no second factor in {where}.")
                    continue
                if one.tenant_id is not None:
                    lost.tell_tenant(who, "system", ACTOR)
                session.add(
                    AdminAudit(
                        actor=ACTOR, action="second_factor.off_for", subject=str(one.id),
                        details={"tenant": str(one.tenant_id)} if one.tenant_id else {},
                    )
                )  # fmt: skip
            lines.append(f"The second factor of {email} in {where} is off, and all sign-ins have ended.")
        return lines
    finally:
        await db.close()
