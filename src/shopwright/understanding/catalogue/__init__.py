"""What ships: topics of shops, sensitive, dangerous and everyday ones, each with example messages.

Every message was written for this product. The files are YAML; a block of a language holds one message a
line.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from shopwright.understanding.texts import parse

Kind = Literal["shop", "sensitive", "danger", "injection", "everyday", "trigger"]

GROUPS = "groups.yaml"
TRIGGERS = "triggers.yaml"
_FIELDS = {"id", "kind", "title", "names", "topics"}


@dataclass(frozen=True, slots=True)
class Topic:
    """Something customers write about; of kind `trigger`, a reason to hand the conversation over."""

    id: str
    kind: Kind
    # English, for the owner's eyes
    title: str
    # what an owner might call it, in several languages
    names: tuple[str, ...]
    # (message, its language)
    messages: tuple[tuple[str, str], ...]
    # of a trigger: the topics whose messages are such a reason too
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A broad name ("customer support") and the ids of the topics it stands for."""

    names: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    topics: tuple[Topic, ...]
    groups: tuple[Group, ...]
    # changes whenever a message or a name does
    digest: str


@cache
def load() -> Catalogue:
    """Read the catalogue (30 ms), once in the life of the process."""
    digest = hashlib.sha256()
    topics: list[Topic] = []
    groups: list[Group] = []
    for file in sorted(_yaml_files(), key=lambda file: file.name):
        content = file.read_bytes()
        digest.update(content)
        if file.name == GROUPS:
            groups = [Group(tuple(entry["names"]), tuple(entry["topics"])) for entry in parse(content)]
        else:
            default = _kind(file.name)
            topics += [_topic(entry, default) for entry in parse(content)]
    shop = tuple(topic.id for topic in topics if topic.kind == "shop")
    widened = (Group(g.names, shop) if g.topics == ("*",) else g for g in groups)
    return Catalogue(tuple(topics), tuple(widened), digest.hexdigest())


def _yaml_files() -> Iterator[Traversable]:
    return (file for file in files(__name__).iterdir() if file.name.endswith(".yaml"))


def _kind(file_name: str) -> Kind:
    if file_name == TRIGGERS:
        return "trigger"
    return "shop" if file_name.startswith("shop") else "everyday"


def _topic(entry: dict[str, Any], default: Kind) -> Topic:
    messages = tuple(
        (line.strip(), language)
        for language, block in entry.items()
        if language not in _FIELDS
        for line in block.splitlines()
        if line.strip()
    )
    names = tuple(str(name) for name in entry["names"])
    title = entry.get("title") or names[0]
    return Topic(entry["id"], entry.get("kind", default), title, names, messages, tuple(entry.get("topics", ())))
