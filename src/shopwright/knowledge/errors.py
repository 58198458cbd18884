"""What can go wrong in the knowledge base; the first docstring line is what the caller reads."""

from shopwright.kit.errors import AppError, Conflict, InvalidInput


class DatasetNameTaken(Conflict):
    """Another dataset is already named {name!r}; choose a different name."""

    code = "dataset_name_taken"


class SameContent(Conflict):
    """The document {title!r} of this dataset already holds exactly this content."""

    code = "same_content"


class FileTooLarge(AppError):
    """The file {name!r} is larger than {limit_mb} MB; split it, or save it without its pictures."""

    status, code = 413, "file_too_large"


class NoFiles(InvalidInput):
    """No file was sent; send one or more parts named "files"."""

    code = "no_files"


class NothingToRetry(Conflict):
    """The document is {state}; only a failed one can be tried again."""

    code = "nothing_to_retry"


class UnknownEmbeddingModel(InvalidInput):
    """There is no embedding model {name!r}; possible are "local" and "<provider id>:<model>"."""

    code = "unknown_embedding_model"


class StillBuilding(Conflict):
    """The search index of this dataset is being rebuilt; wait until that is done."""

    code = "still_building"
