"""`/v1/tenant/invitations` for who invites, `/v1/auth/invitations` for who was invited."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from shopwright.identity.cookies import BrowserDep
from shopwright.identity.errors import AlreadyInvited, ForeignOrigin, LinkExpired, SignUpClosed
from shopwright.identity.invitations import Invitations
from shopwright.identity.limits import LINKS, MAILS_PER_PERSON, MAILS_PER_TENANT, limit_from
from shopwright.identity.models import Invitation
from shopwright.identity.routes_auth import IdentityDep, anyone
from shopwright.identity.schemas import InvitationAccept, InvitationCreate, InvitationLook, InvitationRead
from shopwright.kit.errors import Forbidden, NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.passwords import WeakPassword
from shopwright.kit.rates import enforce
from shopwright.kit.schemas import Page
from shopwright.tenants.errors import EmailTaken
from shopwright.tenants.permissions import ROLE_PERMISSIONS, Permission, Role
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.scope import Scope, ScopedRoute, requires, scoped_router

router = scoped_router("/v1/tenant/invitations", "tenant")
public_router = APIRouter(prefix="/v1/auth/invitations", tags=["sign-in"], route_class=ScopedRoute)


def invitations_of(scope: Scope, identity: IdentityDep) -> Invitations:
    return Invitations(scope.session, scope.tenant_id, identity.outbox, identity.letters)


InvitationsDep = Annotated[Invitations, Depends(invitations_of)]


def _read(row: Invitation) -> InvitationRead:
    status = "accepted" if row.accepted_at else "expired" if row.expires_at <= datetime.now(UTC) else "pending"
    return InvitationRead(
        id=row.id, email=row.email, role=Role(row.role), client_id=row.client_id, invited_by=row.invited_by,
        status=status, created_at=row.created_at, expires_at=row.expires_at,
    )  # fmt: skip


async def _prepare(scope: Scope, identity: IdentityDep, role: Role, email: str) -> None:
    """Look whether this caller may invite to this role, now.

    Raises:
        SignUpClosed: nobody may join here.
        Forbidden: the role may do what the caller may not.
        TooManyRequests: too many mails.
    """
    identity.check_open("invited")
    if not ROLE_PERMISSIONS[role] <= scope.principal.permissions:
        raise Forbidden(permission=f"the role {role}, or a higher one,")
    to = (f"mail-invite|{scope.tenant_id}|{email.lower()}", MAILS_PER_PERSON)
    await enforce(identity.limiter, (f"invite|{scope.tenant_id}", MAILS_PER_TENANT), to)


@router.get("")
@requires(Permission.MEMBERS_READ)
async def list_invitations(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[InvitationRead]:
    rows, after = await scope.repository(Invitation).page(limit, cursor)
    return Page(items=[_read(row) for row in rows], next_cursor=after)


@router.post("", status_code=201, responses=error_responses(EmailTaken, AlreadyInvited, Forbidden, SignUpClosed))
@requires(Permission.MEMBERS_WRITE)
async def create_invitation(
    new: InvitationCreate, scope: Scope, identity: IdentityDep, invitations: InvitationsDep
) -> InvitationRead:
    """Invite somebody by mail. Nobody can give a role that may do more than their own."""
    await _prepare(scope, identity, new.role, new.email)
    await scope.client_for(new.client_id)
    row = await invitations.create(new, UUID(scope.principal.id))
    scope.audit("invitation.create", row.id, role=row.role)
    return _read(row)


@router.post("/{invitation_id}/resend", responses=error_responses(NotFound, Forbidden, SignUpClosed))
@requires(Permission.MEMBERS_WRITE)
async def resend_invitation(
    invitation_id: UUID, scope: Scope, identity: IdentityDep, invitations: InvitationsDep
) -> InvitationRead:
    """Mail an invitation again, for another seven days; the link before stops working."""
    row = await invitations.get(invitation_id)
    await _prepare(scope, identity, Role(row.role), row.email)
    row = await invitations.resend(row, UUID(scope.principal.id))
    scope.audit("invitation.resend", row.id)
    return _read(row)


@router.delete("/{invitation_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.MEMBERS_WRITE)
async def delete_invitation(invitation_id: UUID, scope: Scope, invitations: InvitationsDep) -> None:
    """Withdraw an invitation; its link stops working."""
    await invitations.rows.delete(await invitations.get(invitation_id))
    scope.audit("invitation.delete", invitation_id)


@public_router.get("/{token}", responses=error_responses(LinkExpired))
@anyone
async def look_at_invitation(token: str, identity: IdentityDep, request: Request) -> InvitationLook:
    """What one is invited to."""
    await limit_from(request, "link", LINKS)
    return await identity.acceptance.look(token)


@public_router.post(
    "/{token}/accept", responses=error_responses(LinkExpired, EmailTaken, WeakPassword, SignUpClosed, ForeignOrigin)
)
@anyone
async def accept_invitation(
    token: str, given: InvitationAccept, identity: IdentityDep, request: Request, browser: BrowserDep
) -> TokenPair:
    """Join a tenant; the new member is signed in."""
    await limit_from(request, "link", LINKS)
    identity.check_open("invited")
    return browser.hand_over(await identity.acceptance.accept(token, given, browser.device))
