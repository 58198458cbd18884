"""Sentences the bot says by itself, and the messages they answer, by language (YAML)."""

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Read `<name>.yaml`, once in the life of the process."""
    parsed: dict[str, Any] = parse(files(__name__).joinpath(f"{name}.yaml").read_bytes())
    return parsed


def parse(content: bytes) -> Any:
    """Read YAML with the fast parser where it was built (ten times as fast)."""
    import yaml

    return yaml.load(content, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe either way
