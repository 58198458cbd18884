"""`/v1/tenant/onboarding`: how far a new tenant has come, so that one can leave and come back."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from shopwright.bots.errors import UnknownReference
from shopwright.bots.models import Onboarding
from shopwright.bots.theme_schemas import Theme
from shopwright.kit.db import violated
from shopwright.kit.errors import error_responses
from shopwright.kit.ids import uuid7
from shopwright.kit.schemas import Schema, Text
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import Scope, requires, scoped_router

router = scoped_router("/v1/tenant/onboarding", "onboarding")


class OnboardingWrite(Schema):
    """All of it: what is left out is empty."""

    step: Literal["icon", "knowledge", "train", "create", "done"] = "icon"
    name: Annotated[Text, Field(max_length=120)] | None = None
    icon_id: UUID | None = None
    dataset_id: UUID | None = None
    bot_id: UUID | None = None
    website: Annotated[Text, Field(max_length=1000)] | None = Field(None, description="As it was typed.")
    theme: Theme | None = Field(None, description="How the bot is to look; its icon is the one of `icon_id`.")


class OnboardingRead(OnboardingWrite):
    updated_at: datetime | None = None


@router.get("")
@requires(Permission.TENANT_READ)
async def get_onboarding(scope: Scope) -> OnboardingRead:
    """The state of onboarding; the first step where it has not begun."""
    row = await scope.repository(Onboarding).find_by()
    return _read(row) if row else OnboardingRead()


@router.put("", responses=error_responses(UnknownReference))
@requires(Permission.BOTS_WRITE)
async def set_onboarding(state: OnboardingWrite, scope: Scope) -> OnboardingRead:
    """Remember how far onboarding has come; the last one written holds."""
    values = state.model_dump(exclude={"theme"})
    values["theme"] = state.theme.model_dump(mode="json", exclude={"icon_id"}) if state.theme else None
    statement = insert(Onboarding).values(tenant_id=scope.tenant_id, id=uuid7(), **values)
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id"], set_={**values, "updated_at": sa.func.now()}
    )
    try:
        await scope.session.execute(statement)
    except IntegrityError as exc:
        what = next((w for w in ("icon", "dataset", "bot") if f"{w}_id" in violated(exc)), "object")
        raise UnknownReference(what=what, reason="") from exc
    row = await scope.repository(Onboarding).find_by()
    assert row is not None
    return _read(row)


def _read(row: Onboarding) -> OnboardingRead:
    state = OnboardingRead.model_validate(row)
    if state.theme is not None:
        state.theme.icon_id = state.icon_id
    return state
