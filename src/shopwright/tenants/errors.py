"""What can go wrong with tenants, their people and their keys."""

from shopwright.kit.errors import AppError, Conflict, InvalidInput


class SlugTaken(Conflict):
    """Another tenant already has the slug {slug!r}; choose a different one."""

    code = "slug_taken"


class EmailTaken(Conflict):
    """Somebody in this team already has this e-mail address; change that person instead of adding one."""

    code = "email_taken"


class ProviderNameTaken(Conflict):
    """There is already a provider with this name and label; change it, or give this one another label."""

    code = "provider_name_taken"


class ConfirmationNeeded(AppError):
    """Changing this key affects every bot that uses it; send "confirm": true to go on."""

    status, code = 409, "confirmation_needed"


class KeyRefused(InvalidInput):
    """The provider refused the new key, so the old one stays: {reason}"""

    code = "key_refused"


class NothingToRestore(Conflict):
    """There is no earlier key to go back to."""

    code = "nothing_to_restore"


class LastOwner(Conflict):
    """A tenant needs at least one active owner; make somebody else the owner first."""

    code = "last_owner"


class ClientNameTaken(Conflict):
    """Another client already has this name; choose a different one."""

    code = "client_name_taken"


class NameNeeded(AppError):
    """This removes {what} for good; to confirm, send its name: ?confirm={name}"""

    status, code = 409, "name_needed"
