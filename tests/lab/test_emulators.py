"""The emulators themselves: they take what the platforms take, and convict a caller that does anything else."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import pytest
import pytest_asyncio
from httpx2 import Response
from pywa import WhatsApp
from pywa.utils import webhook_updates_validator
from tests.lab.bench import PRODUCT, SECRET, WORD, Bench, open_bench
from tests.lab.callers.base import Call, Wrong, caller, stranger
from twilio.request_validator import RequestValidator

from shopwright.channels.registry import CHANNELS
from shopwright.lab import accounts
from shopwright.lab.registry import EMULATORS

# Mail is not spoken by HTTP: its emulator has tests of its own.
SLUGS = sorted(set(EMULATORS) - {"email"})


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with open_bench() as opened:
        yield opened


def test_every_channel_has_an_emulator() -> None:
    assert set(CHANNELS) == set(EMULATORS)


# ---- right and wrong callers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
async def test_a_call_as_documented_is_taken_and_shown(bench: Bench, slug: str) -> None:
    account = await bench.listening(slug)

    answer = await bench.call(caller(account.channel).sending(account))

    assert answer.status_code in {200, 201}, answer.text
    assert [entry.shown.lines[0][0].text for entry in account.said_by("bot")] == ["Hi"]
    assert list(account.violations) == []


WRONG = [(slug, *wrong) for slug in SLUGS for wrong in caller(slug).WRONG]


def refused(answer: Response) -> bool:
    """By its status, or, at Slack, by what it says."""
    told = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else None
    return 400 <= answer.status_code < 500 or (isinstance(told, dict) and told.get("ok") is False)


@pytest.mark.parametrize(("slug", "about", "wrong", "problem"), WRONG, ids=[f"{w[0]}: {w[1]}" for w in WRONG])
async def test_a_wrong_caller_is_convicted(bench: Bench, slug: str, about: str, wrong: Wrong, problem: str) -> None:
    account = await bench.listening(slug)

    answer = await bench.call(wrong(account, caller(slug).sending(account)))

    noted = [violation.problem for violation in account.violations]
    assert any(problem in each for each in noted), noted
    # A platform that lets a field pass that it does not know still shows the message.
    assert refused(answer) or "no field" in problem or "not String" in problem or "ContentSid" in problem
    if refused(answer):
        assert account.said_by("bot") == []


def test_every_emulator_convicts_several_kinds_of_wrong_callers() -> None:
    convicted = [slug for slug, *_ in WRONG]
    assert {slug: convicted.count(slug) >= 3 for slug in SLUGS} == dict.fromkeys(SLUGS, True)


@pytest.mark.parametrize("slug", SLUGS)
async def test_without_the_accounts_own_token_nothing_is_done(bench: Bench, slug: str) -> None:
    account, other = await bench.listening(slug), await bench.listening(slug)
    answer = await bench.call(stranger(account, other))

    assert refused(answer)
    assert account.said_by("bot") == other.said_by("bot") == []


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("path", ["", "/elsewhere", "/api/nothing", "/graph/v23.0/1/nothing"])
async def test_an_address_that_does_not_exist_is_refused(bench: Bench, slug: str, path: str) -> None:
    assert refused(await bench.call(Call("POST", f"/{slug}{path}", json={})))


async def test_a_method_that_does_not_exist_is_noted_with_its_name(bench: Bench) -> None:
    account = await bench.listening("telegram")
    answer = await bench.call(Call("POST", f"/telegram/api/bot{account.credentials['bot_token']}/sendMesage", json={}))
    assert answer.status_code == 404
    assert [v.problem for v in account.violations] == ["there is no method sendMesage"]


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if EMULATORS[slug].window_hours])
async def test_a_free_answer_outside_of_the_window_is_refused(bench: Bench, slug: str) -> None:
    account = await bench.listening(slug)
    account.last_inbound = None
    thread = await bench.control("GET", f"accounts/{account.id}/thread")

    answer = await bench.call(caller(account.channel).sending(account))

    assert thread.json()["window_open"] is False
    assert answer.status_code == 400
    assert "24 hours" in account.violations[-1].problem


# ---- registering -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["whatsapp", "messenger"])
async def test_an_address_that_does_not_answer_the_challenge_is_not_taken(bench: Bench, slug: str) -> None:
    account = bench.account(slug)
    first = next(caller(slug).registering(account, f"{PRODUCT}/webhooks/x/k", "another word"))

    answer = await bench.call(first)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 2200
    assert "url" not in account.webhook


@pytest.mark.parametrize(("field", "value", "problem"), [
    ("url", "http://elsewhere.example/x", "https"), ("url", "https://elsewhere.example:5000/x", "port 5000"),
    ("secret_token", "with spaces", "secret_token"), ("allowed_updates", ["message", "mesage"], "mesage"),
])  # fmt: skip
async def test_a_webhook_that_telegram_would_not_take_is_refused(bench: Bench, field, value, problem) -> None:
    account = bench.account("telegram")
    [call] = caller("telegram").registering(account, f"{PRODUCT}/webhooks/telegram/k", WORD)

    await bench.call(call.with_json(**{field: value}))

    assert problem in account.violations[-1].problem


@pytest.mark.parametrize("slug", SLUGS)
async def test_nothing_is_sent_to_who_did_not_register(bench: Bench, slug: str) -> None:
    account = bench.account(slug)
    done = await bench.act(account, "text", text="Hello")
    assert done["delivered"] is False
    assert "no address" in done["detail"]
    assert bench.heard.requests == []


@pytest.mark.parametrize("slug", SLUGS)
async def test_webhooks_go_to_this_installation_only(bench: Bench, slug: str) -> None:
    account = await bench.listening(slug)
    account.webhook["url"] = "http://evil.example/x"
    done = await bench.act(account, "text", text="Hello")
    assert done["delivered"] is False
    assert "this installation only" in done["detail"]


async def test_who_knows_the_secret_says_where_the_product_is(bench: Bench) -> None:
    account = await bench.listening("telegram")
    moved = {"channel": "telegram", "product_url": "http://moved.test"}
    assert (await bench.control("PUT", f"accounts/{account.id}", moved)).status_code == 200
    done = await bench.act(account, "text", text="Hello")
    assert (done["delivered"], "this installation only" in done["detail"]) == (False, True)


async def test_an_update_that_was_not_asked_for_is_not_sent(bench: Bench) -> None:
    account = await bench.listening("telegram")
    done = await bench.act(account, "edit", text="Hello again")
    assert done["delivered"] is False
    assert len(bench.heard.requests) == 1


# ---- signatures, as the vendors' own code checks them ------------------------------------------------------------


async def test_twilios_own_code_accepts_the_webhooks_signature(bench: Bench) -> None:
    account = await bench.listening("twilio")
    url, headers, body = bench.heard.requests[-1]
    fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    validator = RequestValidator(account.credentials["auth_token"])
    assert validator.validate(url, fields, headers["x-twilio-signature"])
    assert not validator.validate(url, {**fields, "Body": "Hallo"}, headers["x-twilio-signature"])


async def test_pywa_accepts_the_webhooks_of_whatsapp_and_reads_them(bench: Bench) -> None:
    account = await bench.listening("whatsapp")
    _, headers, body = bench.heard.requests[-1]
    signature, secret = headers["x-hub-signature-256"], account.credentials["app_secret"]
    assert webhook_updates_validator(app_secret=secret, request_body=body, x_hub_signature=signature)
    assert not webhook_updates_validator(app_secret="0" * 32, request_body=body, x_hub_signature=signature)

    seen = []
    client = WhatsApp(account.credentials["phone_number_id"], server=None, app_secret=secret, verify_token=WORD)
    client.on_message(lambda _, message: seen.append(message.text))
    said, status = client.webhook_update_handler(update=body)
    assert (status, seen) == (200, ["Hello"]), said


# ---- the control calls, and what goes wrong on purpose -----------------------------------------------------------


@pytest.mark.parametrize("path", ["channels", "accounts/x/thread"])
async def test_the_control_calls_are_for_those_who_know_the_secret(bench: Bench, path: str) -> None:
    assert (await bench.control("GET", path, secret=SECRET[:-1])).status_code == 401
    assert (await bench.http.get(f"/control/{path}")).status_code == 401


async def test_what_the_lab_does_not_know_is_404_and_what_it_cannot_read_is_422(bench: Bench) -> None:
    account = bench.account("http")
    assert (await bench.control("GET", "accounts/unknown/thread")).status_code == 404
    assert (await bench.control("PUT", "accounts/x", {"channel": "pigeon"})).status_code == 404
    assert (await bench.control("POST", f"accounts/{account.id}/acts", {"kind": "sing"})).status_code == 422
    assert (
        await bench.control("PUT", f"accounts/{account.id}/faults", {"faults": [{"kind": "fire"}]})
    ).status_code == 422


@pytest.mark.parametrize("slug", SLUGS)
async def test_an_act_that_the_platform_does_not_have_is_refused_with_a_sentence(bench: Bench, slug: str) -> None:
    account = bench.account(slug)
    kinds = {"text", "choice", "image", "voice", "file", "location", "edit", "delete", "reaction", "read", "block"}
    for kind in kinds - EMULATORS[slug].acts:
        answer = await bench.control("POST", f"accounts/{account.id}/acts", {"kind": kind})
        assert answer.status_code == 422
        assert answer.json()["detail"].endswith((".", ")."))


async def test_the_same_seed_makes_the_same_calls_fail(bench: Bench) -> None:
    account = await bench.listening("http")
    outcomes = []
    for _ in range(2):
        faults = {"faults": [{"kind": "server_error", "rate": 0.5, "seed": 7}]}
        await bench.control("PUT", f"accounts/{account.id}/faults", faults)
        outcomes.append([(await bench.call(caller(account.channel).sending(account))).status_code for _ in range(12)])
    assert outcomes[0] == outcomes[1]
    assert {200, 503} == set(outcomes[0])


async def test_who_waits_is_told_which_thread_changed(bench: Bench) -> None:
    account, other = bench.account("http"), bench.account("http")
    seen = {account.id: account.version, other.id: other.version, "gone": 5}
    first = await bench.control("POST", "changes", {"seen": seen})
    assert first.json()["changed"] == {"gone": -1}

    del seen["gone"]
    waiting = asyncio.create_task(bench.control("POST", "changes", {"seen": seen, "wait_seconds": 20}))
    await bench.act(account, "text", text="Hello")
    assert set((await waiting).json()["changed"]) == {account.id}


async def test_what_is_remembered_is_bounded(bench: Bench) -> None:
    account = bench.account("http")
    for n in range(accounts.MAX_MESSAGES + 5):
        await bench.act(account, "text", text=f"m{n}")
    for _ in range(accounts.MAX_ACCOUNTS):
        bench.account("http")
    assert len(account.entries) == accounts.MAX_MESSAGES
    assert bench.lab.accounts.get(account.id) is None


async def test_no_secret_is_printed_or_listed_with_the_calls(bench: Bench) -> None:
    for slug in SLUGS:
        account = await bench.listening(slug)
        await bench.call(caller(account.channel).sending(account))
        thread = (await bench.control("GET", f"accounts/{account.id}/thread")).text
        names = {*EMULATORS[slug].signed_with, "bot_token", "access_token", "page_access_token", "app_password"}
        hidden = [value for name, value in account.credentials.items() if name in names - {"app_id"}]
        assert [value for value in hidden if value in thread + repr(account)] == []
    assert SECRET not in repr(bench.lab)
