"""Calls of Twilio's REST API."""

import base64
from collections.abc import Iterator

from tests.lab.callers.base import Call, Wrong

from shopwright.lab.accounts import Account
from shopwright.lab.twilio.emulator import number_sid


def basic(account: Account) -> dict[str, str]:
    pair = f"{account.credentials['account_sid']}:{account.credentials['auth_token']}"
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def sending(account: Account) -> Call:
    known = account.credentials
    form = {"To": f"+1{account.customer}", "From": known["from_number"], "Body": "Hi"}
    path = f"/twilio/api/2010-04-01/Accounts/{known['account_sid']}/Messages.json"
    return Call("POST", path, basic(account), form=form)


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    numbers = f"/twilio/api/2010-04-01/Accounts/{account.credentials['account_sid']}/IncomingPhoneNumbers"
    form = {"SmsUrl": url, "SmsMethod": "POST"}
    yield Call("POST", f"{numbers}/{number_sid(account)}.json", basic(account), form=form)


def form(**fields: str | None) -> Wrong:
    return lambda account, call: call.with_form(**fields)


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("nobody to send to", form(To=None), "To is missing"),
    ("no number", form(To="Ada"), "E.164"),
    ("somebody else's number", form(From="+15550001111"), "account's number"),
    ("nothing said", form(Body=None), "neither Body"),
    ("a text that is too long", form(Body="x" * 1601), "1601"),
    ("a field that does not exist", form(Text="x"), "Text is no field"),
    ("a field of another form", form(ContentSid="HX1", Body=None), "ContentSid"),
    ("a callback that is no address", form(StatusCallback="soon"), "StatusCallback"),
    ("JSON", lambda a, c: Call(c.method, c.path, c.headers, json=c.form), "no form"),
]
