"""What the API of signing in takes and returns."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shopwright.kit.schemas import SLUG_PATTERN, Email, Name, Schema, Secret, Text, clean_text
from shopwright.tenants.permissions import Role
from shopwright.tenants.schemas import MemberRead, Password

Language = Annotated[
    str, Field(max_length=20, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=["en"]), AfterValidator(clean_text)
]
LinkToken = Annotated[str, Field(min_length=20, max_length=200), AfterValidator(clean_text)]
Code = Annotated[str, Field(min_length=6, max_length=40, examples=["123456"]), AfterValidator(clean_text)]
GivenPassword = Annotated[Secret, Field(min_length=1, max_length=200)]


class Login(Schema):
    email: Email
    password: GivenPassword


class MemberLogin(Login):
    tenant_id: UUID | None = Field(None, description="The one to enter, where the password opens several.")


class ChoiceIn(Schema):
    choice: Annotated[str, Field(min_length=20, max_length=4000)]


class TenantChosen(ChoiceIn):
    tenant_id: UUID


class RefreshTokenIn(Schema):
    refresh_token: Annotated[str, Field(min_length=10, max_length=400)] | None = Field(
        None, description="Left out when it travels in the cookie."
    )


class SecondFactorIn(Schema):
    challenge: Annotated[str, Field(min_length=20, max_length=2000)]
    code: Code = Field(description="Of the authenticator app, or a recovery code.")


class OidcChoice(Schema):
    slug: str
    name: str


class MailState(Schema):
    configured: bool
    folder: str | None = Field(description="Where mail is written to, when there is no mail server.")


class Methods(Schema):
    """How one can sign in here."""

    password: bool
    sign_up: bool
    oidc: list[OidcChoice]
    mail: MailState


class SignUpIn(Schema):
    email: Email
    password: Password
    name: Name
    tenant_name: Name
    language: Language = "en"


class Asked(Schema):
    """The same for every address, known or not."""

    status: Literal["verification_sent", "reset_sent"]


class MailTo(Schema):
    email: Email


class TokenIn(Schema):
    token: LinkToken


class ResetIn(Schema):
    token: LinkToken
    password: Password


class PasswordChange(Schema):
    current: GivenPassword
    new: Password


class MyTenant(Schema):
    id: UUID
    name: str
    slug: str


class MyTenants(Schema):
    """Where one proof lets somebody in, by name."""

    items: list[MyTenant]


class Me(MemberRead):
    """The signed-in member."""

    language: str | None = Field(description="Null: the browser's.")
    tenant: MyTenant
    permissions: list[str]
    client_id: UUID | None = Field(None, description="Of members who see one client only.")


class MeUpdate(Schema):
    name: Annotated[Text, Field(max_length=120)] | None = None
    language: Language | None = None


class AdminMe(Schema):
    """The signed-in administrator."""

    id: UUID
    email: str
    name: str
    role: str
    two_factor: bool
    created_at: datetime


class PersonFind(Schema):
    email: Email


class PersonFound(Schema):
    """A login of somebody: in a tenant, or as administrator of the installation (no tenant)."""

    id: UUID
    tenant_id: UUID | None = None
    tenant_name: str = ""
    name: str
    role: Role | None = None
    two_factor: bool
    is_active: bool


class SignInRead(Schema):
    id: UUID
    created_at: datetime
    last_used_at: datetime
    user_agent: str
    address: str
    current: bool


class PasswordIn(Schema):
    password: GivenPassword


class CodeIn(Schema):
    code: Code


class TwoFactorSetup(Schema):
    """For the authenticator app: as text, as address and as a picture of the address."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryCodes(Schema):
    recovery_codes: list[str] = Field(description="Shown here once and never again; each works once.")


class InvitationCreate(Schema):
    email: Email
    role: Role
    client_id: UUID | None = Field(None, description="Sees only what is this client's; null is all of the tenant.")


class InvitationRead(Schema):
    id: UUID
    email: str
    role: Role
    client_id: UUID | None = None
    invited_by: UUID | None
    status: Literal["pending", "accepted", "expired"]
    created_at: datetime
    expires_at: datetime


class InvitationLook(Schema):
    """What somebody who holds the link may see of it."""

    email: str
    tenant_name: str
    role: Role
    elsewhere: bool = Field(description="The address has a login in another tenant; each has a password of its own.")


class InvitationAccept(Schema):
    name: Name
    password: Password


Slug = Annotated[str, Field(min_length=2, max_length=40, pattern=SLUG_PATTERN)]
Scopes = Annotated[Text, Field(max_length=200, pattern=r"^[A-Za-z0-9_.:/ -]*$")]
Domain = Annotated[str, Field(max_length=253, pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Domains = Annotated[list[Domain], Field(max_length=50)]
Issuer = Annotated[Text, Field(min_length=8, max_length=500)]
ClientSecret = Annotated[Secret, Field(min_length=1, max_length=4000)]


class OidcProviderCreate(Schema):
    slug: Slug
    name: Name
    issuer: Issuer
    client_id: Annotated[Text, Field(min_length=1, max_length=300)]
    client_secret: ClientSecret | None = None
    scopes: Scopes = "openid email profile"
    trusted_email_domains: Domains = Field(
        default=[], description="Addresses at these count as proved though the provider does not say so."
    )
    is_active: bool = True
    allow_sign_up: bool = False


class OidcProviderUpdate(Schema):
    name: Name | None = None
    issuer: Issuer | None = None
    client_id: Annotated[Text, Field(min_length=1, max_length=300)] | None = None
    client_secret: ClientSecret | None = None
    scopes: Scopes | None = None
    trusted_email_domains: Domains | None = None
    is_active: bool | None = None
    allow_sign_up: bool | None = None


class OidcProviderRead(Schema):
    id: UUID
    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = Field(description="Masked; empty when there is none.")
    scopes: str
    trusted_email_domains: list[str]
    is_active: bool
    allow_sign_up: bool
    redirect_uri: str = Field(description="Enter this address at the provider.")
    created_at: datetime
