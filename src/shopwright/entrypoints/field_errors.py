"""What is wrong with a field, in words of ours where a person can cause it; the rest keeps pydantic's, for programs."""

from typing import Any

from shopwright.kit.schemas import EMAIL_PATTERN, SLUG_PATTERN
from shopwright.kit.sentences import sentence

EMPTY = sentence("This must not be empty.")
WRONG_FORM = sentence("This is not written as it has to be here.")
SAID: dict[str, str] = {
    "missing": sentence("This is missing."),
    "string_too_short": sentence("This is too short; use at least {min_length} characters."),
    "string_too_long": sentence("This is too long; use at most {max_length} characters."),
    "too_short": sentence("These are too few; there must be at least {min_length}."),
    "too_long": sentence("These are too many; there may be at most {max_length}."),
    "greater_than": sentence("The number is too small; it must be more than {gt}."),
    "greater_than_equal": sentence("The number is too small; it must be at least {ge}."),
    "less_than": sentence("The number is too large; it must be less than {lt}."),
    "less_than_equal": sentence("The number is too large; it may be at most {le}."),
    "literal_error": sentence("This is none of the choices: {expected}."),
}
PATTERNS: dict[str, str] = {
    EMAIL_PATTERN: sentence("An e-mail address looks like owner@shop.example."),
    SLUG_PATTERN: sentence("Use small letters, digits and hyphens only, such as my-shop."),
}


def field_message(error: dict[str, Any]) -> str:
    """The sentence for one error of pydantic; the value that was given is never repeated."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], WRONG_FORM)
    if kind == "string_too_short" and context["min_length"] == 1:
        return EMPTY
    said = SAID.get(kind)
    return sentence(said, **context) if said else str(error["msg"])
