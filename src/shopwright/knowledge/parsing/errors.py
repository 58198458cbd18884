"""Why a file could not be read, in words for a shop owner."""

from shopwright.kit.sentences import sentence

MESSAGES: dict[str, str] = {
    "empty": sentence("The file is empty. Check that the right file was chosen and upload it again."),
    "unsupported_type": sentence(
        "Files of this type cannot be read. Save the content as PDF, DOCX, TXT, MD, CSV or HTML and upload that."
    ),
    "encrypted": sentence("The file is protected by a password. Save a copy without the password and upload the copy."),
    "no_text": sentence(
        "No text was found in the file. If it holds pictures of pages (a scan), run text recognition (OCR) on "
        "it first and upload the result."
    ),
    "broken": sentence(
        "The file is damaged or incomplete. Open it in the program that made it, save it again and upload that."
    ),
    "too_large": sentence(
        "The file holds more text than can be taken in at once. Split it into smaller files and upload those."
    ),
    "too_many_pages": sentence("The document has too many pages. Split it into smaller documents and upload those."),
    "too_deep": sentence("The data in the file is nested too deeply. Export it in a flatter form, for example as CSV."),
    "zip_bomb": sentence(
        "The file unpacks to far more data than its size allows. Save it again in the program that made it; "
        "if that does not help, export it as PDF."
    ),
    "too_slow": sentence(
        "Reading the file took too long. Split it into smaller files, or save it as plain text or CSV."
    ),
    "too_much_memory": sentence(
        "Reading the file took too much memory. Split it into smaller files, or save it as plain text or CSV."
    ),
    "crashed": sentence(
        "The program that reads such files broke down on this one. Save it again in the program that made it, "
        "or export it as PDF or plain text."
    ),
    "interrupted": sentence("Reading was interrupted before it was done. Nothing is wrong with the file; try again."),
    "unsafe": sentence(
        "The file holds instructions that are not allowed in documents. Export it as PDF or plain text."
    ),
}

_RETRYABLE = {"interrupted", "too_slow", "too_much_memory"}


class ParseFailed(Exception):
    """A file could not be read.

    Attributes:
        code: stable, one of the keys of `MESSAGES`.
        message: what happened and what to do next, for a shop owner.
        retryable: whether the same file may succeed another time.
    """

    def __init__(self, code: str, message: str | None = None, *, retryable: bool | None = None) -> None:
        self.code = code
        self.message = message or MESSAGES[code]
        self.retryable = code in _RETRYABLE if retryable is None else retryable
        super().__init__(f"{code}: {self.message}")

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.message, self.retryable))


def _rebuild(code: str, message: str, retryable: bool) -> ParseFailed:
    return ParseFailed(code, message, retryable=retryable)
