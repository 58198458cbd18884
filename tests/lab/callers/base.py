"""Callers of platforms, one module each, written from the platforms' documentation.

`sending(account)` says "Hi" to the customer with nothing wrong with it, `registering` are the calls that point the
platform at an address, `WRONG` are calls that must be convicted, `stranger` is a call without the account's own token
(when it is not just another header).
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from shopwright.lab.accounts import Account


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: Any = None

    def with_json(self, **fields: Any) -> "Call":
        """The same with fields of its body exchanged; None takes one away."""
        body = {**self.json, **fields}
        return replace(self, json={name: value for name, value in body.items() if value is not None})

    def with_form(self, **fields: Any) -> "Call":
        form = {**self.form, **fields}
        return replace(self, form={name: value for name, value in form.items() if value is not None})


Wrong = Callable[[Account, Call], Call]


def changed(**fields: Any) -> Wrong:
    """The good call with fields of its body exchanged."""
    return lambda account, call: call.with_json(**fields)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def caller(slug: str) -> ModuleType:
    return importlib.import_module(f"tests.lab.callers.{slug}")


def stranger(account: Account, other: Account) -> Call:
    """A call about one account with the token of another."""
    module = caller(account.channel)
    if hasattr(module, "stranger"):
        call: Call = module.stranger(account, other)
        return call
    return replace(module.sending(account), headers=module.sending(other).headers)
