"""What can go wrong with bots."""

from shopwright.kit.errors import AppError, Conflict, InvalidInput


class DatasetAlreadyLinked(Conflict):
    """This bot already answers from this dataset."""

    code = "dataset_already_linked"


class DatasetOfAnotherClient(Conflict):
    """The dataset {name!r} belongs to another client than the bot; use one of the same client or of no client."""

    code = "dataset_of_another_client"


class DatasetShared(Conflict):
    """Other bots of the client answer from the dataset {name!r} too; unlink it before you move the bot."""

    code = "dataset_shared"


class DatasetNameThere(Conflict):
    """The other client already has a dataset with the name of one that would move along; rename one of them first."""

    code = "dataset_name_taken"


class UnknownReference(InvalidInput):
    """There is no {what} with this id."""

    code = "unknown_reference"


class IconTooLarge(AppError):
    """The picture is larger than {limit_mb} MB; save it smaller, 512 × 512 points are enough, and upload that."""

    status, code = 413, "icon_too_large"


class IconUnreadable(InvalidInput):
    """{reason}"""

    code = "icon_unreadable"
