"""What can go wrong on the way in."""

from shopwright.kit.errors import AppError, Conflict


class WrongCredentials(AppError):
    """The e-mail address or the password is wrong."""

    status, code = 401, "wrong_credentials"


class SecondFactorRequired(AppError):
    """Enter the code of your authenticator app, or one of your recovery codes."""

    status, code = 401, "second_factor_required"


class TenantChoice(AppError):
    """This opens several shops; choose the one to enter."""

    status, code = 401, "tenant_choice"


class WrongCode(AppError):
    """This code is wrong or was used already; wait for the next one and try again."""

    status, code = 401, "wrong_code"


class LinkExpired(AppError):
    """This link has expired or was used already; ask for a new one."""

    status, code = 404, "link_expired"


class SignUpClosed(AppError):
    """Nobody can sign up here by themselves; ask the people who run this installation."""

    status, code = 403, "sign_up_closed"


class ForeignOrigin(AppError):
    """This request did not come from a page of this installation; open the console and try again."""

    status, code = 403, "foreign_origin"


class SecondFactorOn(Conflict):
    """The second factor is on already; switch it off first to set it up anew."""

    code = "second_factor_on"


class SecondFactorOff(Conflict):
    """The second factor is not set up; begin with setting it up."""

    code = "second_factor_off"


class OwnSecondFactor(Conflict):
    """Your own second factor is switched off in your profile, with your password; this way is for others."""

    code = "own_second_factor"


class AlreadyInvited(Conflict):
    """This address has an open invitation; send that one again, or withdraw it first."""

    code = "already_invited"


class ProviderSlugTaken(Conflict):
    """There is already a sign-in provider with this slug; choose another one."""

    code = "provider_slug_taken"
