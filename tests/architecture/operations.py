"""Every operation of the API, read from its own description, with valid bodies made from the schemas.

A new route joins the tests that walk over this list by itself. One that holds an id or a pattern that is not
known here fails them, until somebody says what to put there.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from httpx2 import AsyncClient, Response

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings

Json = dict[str, Any]
JSON_BODY, FORM_BODY = "application/json", "multipart/form-data"
UNKNOWN = "018f0000-0000-7000-8000-00000000dead"
UNKNOWN_SESSION = "c2Vzc2lvbi1vZi1ub2JvZHktYXQtYWxsLWhlcmU"
# What a field with a pattern or a meaning of its own takes.
SAMPLES: dict[str, Any] = {
    "email": "somebody@shop.example",
    "owner_email": "boss@shop.example",
    "slug": "a-slug",
    "url": "https://shop.example/help",
    "website": "https://shop.example",
    "base_url": "https://models.shop.example/v1",
    "language": "en",
    "key": "theme",
    "session_id": UNKNOWN_SESSION,
    "password": "a-long-enough-password",
    "api_key": "sk-sample-0123456789",
    "refresh_token": "rt_" + "A" * 64,
    "scopes": ["bots:read"],
    "allowed_origins": [],
    "allowed_domains": [],
    "kind": "secret",
    "provider_name": "openai",
    "embedding_model": "local",
    "role": "user",
    "channel": "telegram",
    "token_expires_at": "2099-01-01T00:00:00Z",
    "time_zone": "Europe/Berlin",
    "phone": "+49 30 123456",
    "expires_at": "2099-01-01T00:00:00Z",
    "issuer": "https://accounts.shop.example",
    "trusted_email_domains": ["shop.example"],
    "token": "nobody-was-ever-mailed-this",
}
# What any field with this pattern takes.
PATTERNS = {r"^#[0-9a-f]{6}$": "#112233"}


# Path parameters that are no ids: the same word for everybody.
WORDS = {"channel": "telegram", "file": "no-such-file.js", "number": "1"}


class NoSample(AssertionError):
    """A field or path parameter that the walk cannot fill; add it to `SAMPLES` or to the ids of the world."""


@lru_cache
def description() -> Json:
    settings = Settings(_env_file=None, database_url="postgresql://nobody@/nothing")
    return create_app(settings).openapi()


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    spec: Json

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def access(self) -> str:
        return str(self.spec.get("x-permission", ""))

    @property
    def path_names(self) -> list[str]:
        names = [p["name"] for p in self.spec.get("parameters", ()) if p["in"] == "path"]
        return [name for name in names if name not in WORDS]

    def at(self, ids: Mapping[str, str]) -> str:
        """The path with these ids in it."""
        return self.path.format(**WORDS, **{name: ids[name] for name in self.path_names})

    @property
    def queries(self) -> list[Json]:
        return [p for p in self.spec.get("parameters", ()) if p["in"] == "query"]

    @property
    def required_query_ids(self) -> list[str]:
        return [p["name"] for p in self.queries if p["name"].endswith("_id") or p["name"] == "bot"]

    def schema(self, kind: str = JSON_BODY) -> Json | None:
        content = self.spec.get("requestBody", {}).get("content", {})
        return resolve(content[kind]["schema"]) if kind in content else None

    @property
    def body_ids(self) -> list[str]:
        schema = self.schema()
        return [] if schema is None else [n for n, s in schema["properties"].items() if holds_id(n, s)]

    def body(self, **fields: Any) -> Any:
        """A valid JSON body; ids in it are unknown ones unless given."""
        schema = self.schema()
        if schema is None:
            return None
        made = sample("", schema)
        if not schema.get("required"):  # a change: every field of it
            values = schema["properties"].items()
            made = {name: sample(name, field) for name, field in values if name not in self.body_ids}
        for name in self.body_ids:
            made.setdefault(name, UNKNOWN_SESSION if name == "session_id" else UNKNOWN)
        if "confirm" in made:  # what asks the outside is not done by a walk
            made["confirm"] = False
        return {**made, **fields}

    async def call(
        self,
        http: AsyncClient,
        ids: Mapping[str, str],
        *,
        body: Any = ...,
        query: Mapping[str, str] | None = None,
    ) -> Response:
        """Call it with ids by name of the parameter; the body is a valid one unless given."""
        missing = [name for name in self.path_names if name not in ids]
        if missing:
            raise NoSample(f"{self}: nothing is known about the path parameter {missing}")
        path = self.at(ids)
        arguments: Json = {"params": dict(query or {})}
        if self.schema(FORM_BODY) is not None:
            part = "file" if "file" in self.schema(FORM_BODY)["properties"] else "files"  # type: ignore[index]
            arguments["files"] = [(part, ("note.txt", b"A note about nothing.", "text/plain"))]
        elif self.schema() is not None:
            text = json.dumps(self.body() if body is ... else body)
            arguments |= {"content": text, "headers": {"content-type": "application/json"}}
        return await http.request(self.method, path, **arguments)


@lru_cache
def operations() -> tuple[Operation, ...]:
    paths = description()["paths"]
    return tuple(
        Operation(method.upper(), path, spec) for path, methods in paths.items() for method, spec in methods.items()
    )


def resolve(schema: Json) -> Json:
    while "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def choices(schema: Json) -> Iterator[Json]:
    """The kinds of value a schema takes, null left out."""
    schema = resolve(schema)
    for option in schema.get("anyOf") or schema.get("oneOf") or [schema]:
        if option.get("type") != "null":
            yield resolve(option)


def holds_id(name: str, schema: Json) -> bool:
    return name == "session_id" or any(option.get("format") == "uuid" for option in choices(schema))


def sample(name: str, schema: Json) -> Any:
    """A valid value: of objects only what is required."""
    option = next(choices(schema), {})
    kind = option.get("type")
    if kind == "object":
        wanted = option.get("required", [])
        return {key: sample(key, option["properties"][key]) for key in wanted}
    if "enum" in option:
        known = SAMPLES.get(name)
        return known if known in option["enum"] else option["enum"][0]
    if name in SAMPLES:
        return SAMPLES[name]
    if option.get("format") == "uuid":
        return UNKNOWN
    if kind == "array":
        return [sample(name, option["items"]) for _ in range(option.get("minItems", 0))]
    if kind in {"integer", "number"}:
        return option.get("minimum", 1)
    if kind == "boolean":
        return True
    return word(name, option) if kind == "string" else "value"


def word(name: str, option: Json) -> str:
    if option.get("pattern") in PATTERNS:
        return PATTERNS[option["pattern"]]
    if "pattern" in option or ("format" in option and option["format"] != "password"):
        raise NoSample(f"the field {name!r} has a form that is not known here; add it to SAMPLES")
    return "word".ljust(option.get("minLength", 0), "x")


def full(name: str, schema: Json) -> Any:
    """A value with every field there is."""
    option = next(choices(schema), {})
    if option.get("type") == "object" and "properties" in option:
        return {key: full(key, field) for key, field in option["properties"].items()}
    if option.get("type") == "object":
        return {"known": "value"}
    if option.get("type") == "array" and name not in SAMPLES:
        return [full(name, option["items"])]
    return sample(name, schema)


def spots(name: str, schema: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every place in a body, with the kind of value that belongs there."""
    option = next(choices(schema), {})
    kind = str(option.get("type", "any"))
    yield path, "free" if kind == "object" and "properties" not in option else kind
    for key, field in option.get("properties", {}).items():
        yield from spots(key, field, (*path, key))
    if kind == "array":
        yield from spots(name, option["items"], (*path, 0))


def put(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of a body with another value at a place; an empty list gets its first item there."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        return [put(body[0] if body else {}, rest, value), *body[1:]]
    return {**body, key: put(body.get(key, {}), rest, value)}
