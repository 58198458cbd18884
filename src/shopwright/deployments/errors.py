"""What can go wrong with deployments."""

from shopwright.kit.errors import AppError, Conflict, InvalidInput


class UnknownChannel(InvalidInput):
    """There is no platform {channel!r}; choose one of: {known}."""

    code = "unknown_channel"


class AlreadyDeployed(Conflict):
    """The bot is on {name} already; change that deployment, or remove it first."""

    code = "already_deployed"


class CredentialsMissing(InvalidInput):
    """{name} needs {missing}; save it with the client's credentials, or send it in `fields`."""

    code = "credentials_missing"


class CallRefused(AppError):
    """The platform's address may not be called from here; an administrator can allow it."""

    status, code = 422, "call_refused"


class PlatformAway(AppError):
    """The platform could not be reached; try again in a minute."""

    status, code = 502, "platform_away"


class SignInRefused(AppError):
    """The platform refused the credentials: {reason}"""

    status, code = 422, "sign_in_refused"
