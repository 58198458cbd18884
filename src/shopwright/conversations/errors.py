"""What can go wrong with conversations."""

from shopwright.kit.errors import Conflict


class AttachmentNotKept(Conflict):
    """The attachment cannot be shown: {reason}"""

    code = "attachment_not_kept"
