"""Checking a call's fields against facts of the platform's own description: names, types, what is required."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import orjson

# Of a field: the types it may have, whether it must be there, and the limits of its value, where there are some.
Fields = Mapping[str, Sequence[Any]]
_ARRAY: Final = "Array of "
_PLAIN: Final[Mapping[str, tuple[type, ...]]] = {
    "String": (str,), "Integer": (int,), "Float": (int, float), "Boolean": (bool,), "True": (bool,), "Object": (dict,),
    "Null": (type(None),),
}  # fmt: skip
MAX_DEPTH: Final = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """Methods with their fields, the types that fields are made of, and types that are one of several."""

    methods: Mapping[str, Fields]
    types: Mapping[str, Fields] = field(default_factory=dict)
    subtypes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def problems(self, given: Mapping[str, Any], fields: Fields, *, at: str = "", depth: int = 0) -> Iterator[str]:
        """What is wrong with an object: fields that are missing, unknown, or of a type they do not have."""
        for name, described in fields.items():
            if described[1] and name not in given:
                yield f"{at}{name} is missing"
        for name, value in given.items():
            if name not in fields:
                yield f"{at}{name} is no field of it"
            elif not self.fits(value, fields[name][0], depth):
                yield f"{at}{name} is not {' or '.join(fields[name][0])}"
            elif depth < MAX_DEPTH:
                if len(fields[name]) > 2:
                    yield from beyond(value, fields[name][2], f"{at}{name}")
                yield from self._inside(value, fields[name][0], f"{at}{name}", depth)

    def _inside(self, value: Any, kinds: Sequence[str], at: str, depth: int) -> Iterator[str]:
        objects = [kind for kind in kinds if kind.removeprefix(_ARRAY).removeprefix(_ARRAY) in self.types]
        if isinstance(value, list):
            for number, item in enumerate(value):
                inner = [kind.removeprefix(_ARRAY) for kind in objects if kind.startswith(_ARRAY)]
                yield from self._inside(item, inner, f"{at}[{number}]", depth + 1)
        elif isinstance(value, dict) and objects:
            shapes = [self.types[kind] for kind in self._one(objects)]
            tries = [list(self.problems(value, shape, at=f"{at}.", depth=depth + 1)) for shape in shapes]
            yield from min(tries, key=len, default=[])

    def _one(self, kinds: Sequence[str]) -> list[str]:
        found = [sub for kind in kinds for sub in self.subtypes.get(kind, [kind])]
        return [kind for kind in found if kind in self.types]

    def fits(self, value: Any, kinds: Sequence[str], depth: int = 0) -> bool:
        """Whether a value has one of the types, as far as its outside shows."""
        return any(self._is(value, kind, depth) for kind in kinds)

    def _is(self, value: Any, kind: str, depth: int) -> bool:
        if kind.startswith(_ARRAY):
            inner = kind.removeprefix(_ARRAY)
            return isinstance(value, list) and depth < MAX_DEPTH and all(self._is(x, inner, depth + 1) for x in value)
        if kind in _PLAIN:
            return isinstance(value, _PLAIN[kind]) and not (kind in {"Integer", "Float"} and isinstance(value, bool))
        return isinstance(value, dict)


def beyond(value: Any, limits: Mapping[str, Any], at: str) -> Iterator[str]:
    """What is wrong with the size of a value, or with its being none of those that are known."""
    length = len(value) if isinstance(value, str | list) else 0
    if "max" in limits and isinstance(value, str) and length > limits["max"]:
        yield f"{at} has {length} characters, {limits['max']} are taken"
    if "utf16" in limits and isinstance(value, str) and utf16(value) > limits["utf16"]:
        yield f"{at} has {utf16(value)} characters in UTF-16, {limits['utf16']} are taken"
    if "bytes" in limits and isinstance(value, str) and len(value.encode()) > limits["bytes"]:
        yield f"{at} has {len(value.encode())} bytes, {limits['bytes']} are taken"
    if "items" in limits and isinstance(value, list) and length > limits["items"]:
        yield f"{at} has {length} entries, {limits['items']} are taken"
    if "min" in limits and length < limits["min"]:
        yield f"{at} is empty" if length == 0 else f"{at} has {length}, {limits['min']} are the least"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], str(value)):
        yield f"{at} has not the form {limits['pattern']}"
    if "one_of" in limits and value not in limits["one_of"]:
        yield f"{at} is none of {', '.join(map(str, limits['one_of']))}"


@lru_cache
def load_facts(platform: str) -> Facts:
    """The facts of a platform, as `tools/lab_facts.py` wrote them."""
    read = orjson.loads(files("shopwright.lab").joinpath(platform, "facts.json").read_bytes())
    return Facts(read["methods"], read.get("types", {}), read.get("subtypes", {}))


def utf16(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
