"""The vendors' own verifiers and ours give the same verdict on the same requests."""

import asyncio
import json
from urllib.parse import parse_qsl

import pytest
from slack_sdk.signature import Clock, SignatureVerifier
from tests.channels.platform import NOW, platform
from tests.channels.slack.platform import SIGNING
from tests.channels.teams.platform import APP_ID
from tests.channels.twilio.platform import TOKEN
from twilio.request_validator import RequestValidator

from shopwright.channels.port import InvalidSignature, WebhookRequest

SLACK, TWILIO, TEAMS = platform("slack"), platform("twilio"), platform("teams")


def _verdict(side, request) -> bool:
    try:
        side.channel().verify(request, side.keys)
    except InvalidSignature:
        return False
    return True


def _requests(side):
    return {"genuine": side.genuine(), **side.forgeries()}


class _Now(Clock):
    def now(self) -> float:
        return NOW.timestamp()


@pytest.mark.parametrize("name", list(_requests(SLACK)))
def test_slacks_own_verifier_agrees(name) -> None:
    request = _requests(SLACK)[name]
    headers = dict(request.headers)

    try:
        theirs = SignatureVerifier(SIGNING, _Now()).is_valid_request(request.body, headers)
    except ValueError:
        theirs = False

    assert _verdict(SLACK, request) is theirs is (name == "genuine")


def test_the_example_of_slacks_documentation_is_accepted() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    headers = {"x-slack-request-timestamp": "1531420618", "x-slack-signature": signature}
    at = NOW.fromtimestamp(1531420620, NOW.tzinfo)

    SLACK.channel().verify(WebhookRequest("POST", "https://x", headers, {}, body, at))


@pytest.mark.parametrize("name", list(_requests(TWILIO)))
def test_twilios_own_validator_agrees(name) -> None:
    request = _requests(TWILIO)[name]
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    given = request.headers.get("x-twilio-signature", "")
    by_digest = "bodySHA256" in request.url

    theirs = RequestValidator(TOKEN).validate(request.url, request.body.decode() if by_digest else form, given)

    assert _verdict(TWILIO, request) is theirs is (name == "genuine")


def test_the_example_of_twilios_documentation_is_accepted() -> None:
    body = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    headers = {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"

    TWILIO.channel(auth_token="12345").verify(WebhookRequest("POST", url, headers, {}, body, NOW))


# What the Bot Framework's library refuses for another reason than ours or not at all: it leaves times to the clock of
# the machine, and reads the body as an activity first.
_TEAMS_TIMES = {"expired", "not yet valid", "no body", "without an end"}


@pytest.mark.parametrize("name", [name for name in _requests(TEAMS) if name not in _TEAMS_TIMES])
def test_the_bot_frameworks_own_validator_agrees(name, monkeypatch) -> None:
    from botbuilder.schema import Activity
    from botframework.connector.auth import (
        AuthenticationConfiguration,
        ChannelValidation,
        JwtTokenExtractor,
        SimpleCredentialProvider,
    )
    from botframework.connector.auth.jwt_token_extractor import _OpenIdConfig, _OpenIdMetadata
    from jwt.algorithms import RSAAlgorithm

    class Keys(_OpenIdMetadata):
        """The keys, without a network."""

        async def get(self, key_id, _force_refresh=False):
            found = next((k for k in TEAMS.keys["keys"] if k["kid"] == key_id), None)
            return found and _OpenIdConfig(RSAAlgorithm.from_jwk(found), found["endorsements"])

    monkeypatch.setattr(JwtTokenExtractor, "get_open_id_metadata", staticmethod(Keys))
    request = _requests(TEAMS)[name]
    channel_id = "directline" if "endorsed" in name else "msteams"
    said = Activity().deserialize(json.loads(request.body))

    async def check():
        claims = await ChannelValidation.authenticate_channel_token_with_service_url(
            request.headers.get("authorization", ""),
            SimpleCredentialProvider(APP_ID, ""),
            said.service_url,
            channel_id,
            AuthenticationConfiguration(),
        )
        return claims.is_authenticated

    try:
        theirs = asyncio.run(check())
    except Exception:  # noqa: BLE001 - it has many
        theirs = False

    assert _verdict(TEAMS, request) is theirs is (name == "genuine")
