"""The base of every API shape, and the field types that refuse what a database or a log cannot hold."""

import math
import re
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, SecretStr

from shopwright.kit.sentences import sentence

T = TypeVar("T")

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EMAIL_PATTERN = r"^[^@\s<>\"]{1,64}@[^@\s<>\"]+\.[^@\s<>\"]+$"
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_JSON_DEPTH = 16
MAX_JSON_NODES = 5_000
MAX_INTEGER = 2**53


class Schema(BaseModel):
    """Unknown fields are refused, so that a misspelt one is noticed and no column is set by accident."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, json_schema_serialization_defaults_required=True)


def clean_text(value: str) -> str:
    """Refuse NUL, other control characters and lone surrogates.

    Raises:
        ValueError: the text holds one of them.
    """
    if _FORBIDDEN.search(value):
        msg = sentence("It holds a character that cannot be stored (a control character or a broken one); remove it.")
        raise ValueError(msg)
    return value


def clean_secret(value: SecretStr) -> SecretStr:
    """The same for a password or a key.

    Raises:
        ValueError: it holds one of them.
    """
    clean_text(value.get_secret_value())
    return value


def strip_forbidden(value: str) -> str:
    """Remove what `clean_text` refuses; for text that comes out of files and models."""
    return _FORBIDDEN.sub("", value)


def clean_json(value: Any) -> Any:
    """Refuse JSON that is too deep, too large or holds unstorable text.

    Raises:
        ValueError: it does.
    """
    stack: list[tuple[Any, int]] = [(value, 1)]
    nodes = 0
    while stack:
        item, depth = stack.pop()
        nodes += 1
        if depth > MAX_JSON_DEPTH or nodes > MAX_JSON_NODES:
            msg = sentence(
                "The JSON is too deep or too large (at most {levels} levels, {nodes} values).",
                levels=MAX_JSON_DEPTH, nodes=MAX_JSON_NODES,
            )  # fmt: skip
            raise ValueError(msg)
        if isinstance(item, str):
            clean_text(item)
        elif (isinstance(item, float) and not math.isfinite(item)) or (
            isinstance(item, int) and abs(item) > MAX_INTEGER
        ):
            msg = sentence("The JSON holds a number that cannot be stored; use one of at most 15 digits.")
            raise ValueError(msg)
        elif isinstance(item, dict):
            for key, inner in item.items():
                clean_text(key)
                stack.append((inner, depth + 1))
        elif isinstance(item, list):
            stack.extend((inner, depth + 1) for inner in item)
    return value


Text = Annotated[str, AfterValidator(clean_text)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(clean_text)]
Line = Annotated[str, Field(max_length=500), AfterValidator(clean_text)]
LongText = Annotated[str, Field(max_length=20_000), AfterValidator(clean_text)]
Tag = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(clean_text)]
Tags = Annotated[list[Tag], Field(max_length=50)]
Secret = Annotated[SecretStr, AfterValidator(clean_secret)]
Json = Annotated[JsonValue, AfterValidator(clean_json)]
Metadata = Annotated[dict[str, JsonValue], AfterValidator(clean_json)]
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=EMAIL_PATTERN,
        examples=["owner@shop.example"],
    ),
    AfterValidator(clean_text),
]


class Page(Schema, Generic[T]):
    """One page of a list; `next_cursor` goes into `?cursor=` for the next one and is null on the last."""

    items: list[T]
    next_cursor: str | None = None


class Timestamps(Schema):
    created_at: datetime
    updated_at: datetime
