"""What can go wrong with contacts."""

from shopwright.kit.errors import Conflict


class DifferentClients(Conflict):
    """These contacts are customers of different clients and cannot be one."""

    code = "different_clients"


class OnlyIdentity(Conflict):
    """This is the contact's only identity; there is nothing to split off."""

    code = "only_identity"
