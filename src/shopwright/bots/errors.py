"""What can go wrong with bots."""

from shopwright.kit.errors import Conflict, InvalidInput


class DatasetAlreadyLinked(Conflict):
    """This bot already answers from this dataset."""

    code = "dataset_already_linked"


class UnknownReference(InvalidInput):
    """There is no {what} with this id."""

    code = "unknown_reference"
