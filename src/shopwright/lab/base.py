"""What every emulator is: one platform's side of the HTTP contract, read from the platform's documentation.

An emulator is written from what the platform publishes and never from our adapter: it checks the adapter, so it must
not share a mistake with it. `docs/how-to/emulators.md` says how one is written.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qsl

import orjson

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.schemas import ActKind, FaultKind, LabAct

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a platform. `address` is the name of the server, `path` what stands behind it, without a slash."""

    method: str
    address: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    # The parts of a multipart form: text, or the bytes of a file.
    parts: Mapping[str, str | bytes] = field(default_factory=dict, repr=False)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def bearer(self) -> str:
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    def json(self) -> Any:
        """The JSON in the body, or None."""
        try:
            return orjson.loads(self.body) if self.body else None
        except ValueError:
            return None

    def form(self) -> list[tuple[str, str]]:
        """The pairs of a form in the body."""
        try:
            return parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=200)
        except ValueError:
            return []


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform says to a call."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else orjson.dumps(self.body)


class Refused(Exception):
    """The platform refuses a call with this answer; `problem` says what we did wrong, if it was us."""

    def __init__(self, answer: Answer, problem: str = "") -> None:
        super().__init__(problem)
        self.answer, self.problem = answer, problem


class NotThere(Exception):
    """The customer cannot do that; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """A webhook as it goes out, signed."""

    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back for a request of the platform; without a status nobody answered."""

    status: int | None
    body: bytes = b""
    detail: str = ""


class Web(Protocol):
    """How a platform calls us; anything else cannot be reached."""

    def reaches(self, url: str) -> bool: ...

    async def send(self, request: Request) -> Heard: ...


class Servers(Protocol):
    """Servers of another kind than HTTP, all on loopback, by a name of ours."""

    ports: Mapping[str, int]

    async def close(self) -> None: ...


class Emulator(ABC):
    """One platform. It keeps nothing itself: all it knows of an account is in the account."""

    slug: ClassVar[str]
    name: ClassVar[str]
    # What customers can do there; anything else is answered with `lacks`, or a general sentence.
    acts: ClassVar[frozenset[ActKind]]
    lacks: ClassVar[Mapping[ActKind, str]] = {}
    # Free answers are taken for so many hours after the customer wrote.
    window_hours: ClassVar[int | None] = None
    # Seconds between the tries to deliver a webhook that was not taken; empty: the platform tries once.
    retries: ClassVar[tuple[float, ...]] = (1.0, 5.0, 30.0)
    # Whether a webhook that we answered with an error is tried again, too.
    retries_refused: ClassVar[bool] = True
    # It has no API to tell it our address: a person pastes it on its pages.
    by_hand: ClassVar[bool] = False
    # The platform itself refuses to take the same message twice.
    knows_repeats: ClassVar[bool] = False
    # The credentials, or what registering left in `webhook`, that webhooks are signed with.
    signed_with: ClassVar[tuple[str, ...]] = ()

    @property
    def does(self) -> frozenset[ActKind]:
        """All that can be done there; time passes where it makes a difference."""
        return self.acts | {"later"} if self.window_hours else self.acts

    @abstractmethod
    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:
        """Credentials of a new account, in the form of the real ones."""

    @abstractmethod
    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        """What calls name the account by: its token, its number."""

    @abstractmethod
    def account_of(self, call: Call, accounts: Accounts) -> Account:
        """Whose call it is, by its token.

        Raises:
            Refused: it carries none that is valid.
        """

    @abstractmethod
    def title(self, call: Call) -> str:
        """The call in a few words, without anything secret."""

    @abstractmethod
    def sends(self, call: Call) -> bool:
        """Whether the call brings the customer a message."""

    @abstractmethod
    async def answer(self, account: Account, call: Call, web: Web) -> Answer:
        """Check the call as strictly as the documentation lets us, do it, and answer.

        Raises:
            Refused: the platform would refuse it.
        """

    @abstractmethod
    def fault(self, kind: FaultKind, seconds: float) -> Answer:
        """The platform's own answer for "rate_limited", "server_error" and "expired_token"."""

    def fault_on(self, call: Call, kind: FaultKind, seconds: float) -> Answer:  # noqa: ARG002 - others have several
        """The same, where a platform's servers answer each in its own way."""
        return self.fault(kind, seconds)

    @abstractmethod
    def act(self, account: Account, act: LabAct) -> list[Payload]:
        """Do what the customer does, and say what the platform tells us of it.

        Raises:
            NotThere: it cannot be done, such as pressing a button that is not there.
        """

    @abstractmethod
    def request(self, account: Account, payload: Payload) -> Request | None:
        """The webhook for a payload, signed as the platform signs; None while it knows no address of ours."""

    async def bring(self, account: Account, payload: Payload, web: Web) -> Heard | None:
        """Bring what the platform tells to us; None while it knows no address of ours."""
        request = self.request(account, payload)
        return None if request is None else await web.send(request)

    def opens(self, accounts: Accounts) -> Servers | None:  # noqa: ARG002 - most speak HTTP only
        """Servers of its own beside HTTP, opened when somebody asks where they are."""
        return None

    async def paste(self, account: Account, url: str, secret: str, web: Web) -> str:  # noqa: ARG002
        """What a person does on the platform's pages, where it has no API for that; returns what went wrong."""
        return ""

    def oversized(self, payload: Payload) -> Payload:
        """The same with far more in it than anybody should read."""
        return Payload({**payload.body, "padding": "x" * 1_200_000}, payload.about, payload.receipt)

    def anonymous(self, call: Call) -> Answer | None:  # noqa: ARG002 - others have some
        """The answer to a call that needs no account, such as for public keys; None: it needs one."""
        return None
