"""Sentences the bot says by itself, and the messages they answer, by language (YAML)."""

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Read `<name>.yaml`, once in the life of the process."""
    import yaml

    content = files(__name__).joinpath(f"{name}.yaml").read_bytes()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    parsed: dict[str, Any] = yaml.load(content, loader)  # noqa: S506: a safe loader either way
    return parsed
