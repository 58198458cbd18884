"""The emulators themselves: they take what the platforms take, and convict a caller that does anything else."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import pytest
import pytest_asyncio
from httpx2 import Response
from pywa import WhatsApp
from pywa.utils import webhook_updates_validator
from tests.lab.bench import PRODUCT, SECRET, WORD, Bench, Call, Wrong, open_bench, own_call, registering, sending
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

    answer = await bench.call(sending(account))

    assert answer.status_code in {200, 201}, answer.text
    assert [entry.shown.lines[0][0].text for entry in account.said_by("bot")] == ["Hi"]
    assert list(account.violations) == []


def js(**changed) -> Wrong:
    return lambda account, call: call.with_json(**changed)


def says(**changed) -> Wrong:
    """Another `message` of the Send API."""
    return lambda account, call: call.with_json(message=changed)


def interactive(**content) -> Wrong:
    return lambda account, call: call.with_json(
        type="interactive", text=None, interactive={"body": {"text": "Which?"}, **content}
    )


def replies(*titles: str, same: bool = False) -> dict:
    listed = [{"type": "reply", "reply": {"id": "v" if same else f"v{n}", "title": t}} for n, t in enumerate(titles)]
    return {"type": "button", "action": {"buttons": listed}}


def rows(count: int, title: str = "Row") -> dict:
    listed = [{"id": f"v{n}", "title": f"{title} {n}"} for n in range(count)]
    return {"type": "list", "action": {"button": "Options", "sections": [{"rows": listed}]}}


def keyboard(**button: str) -> Wrong:
    return js(reply_markup={"inline_keyboard": [[{"text": "Go", **button}]]})


def quick(count: int, title: str = "Yes") -> Wrong:
    listed = [{"content_type": "text", "title": title, "payload": f"v{n}"} for n in range(count)]
    return says(text="Which?", quick_replies=listed)


def generic(**element) -> Wrong:
    payload = {"template_type": "generic", "elements": [{"title": "Lamp", "subtitle": "Warm", **element}]}
    return says(attachment={"type": "template", "payload": payload})


def image(**content) -> Wrong:
    return js(type="image", text=None, image=content)


POSTBACK = {"type": "postback", "title": "A", "payload": "v"}
DOCUMENT = {"type": "file", "payload": {"url": "https://a.example/a.pdf"}}


def section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def form(**changed) -> Wrong:
    return lambda account, call: call.with_form(**changed)


def own(**changed) -> Wrong:
    return lambda account, call: own_call(account, {**call.json, **changed})


WRONG: list[tuple[str, str, Wrong, str]] = [
    ("telegram", "no text", js(text=None), "text is missing"),
    ("telegram", "an empty text", js(text="  "), "empty"),
    ("telegram", "a text that is too long", js(text="x" * 4097), "4097"),
    ("telegram", "long only when counted in UTF-16", js(text="😀" * 2049), "4098"),
    ("telegram", "a tag that is not closed", js(text="<b>x", parse_mode="HTML"), "end tag"),
    ("telegram", "a tag that Telegram does not know", js(text="<p>x</p>", parse_mode="HTML"), "Unsupported start tag"),
    ("telegram", "a sign that is no tag", js(text="1 < 2", parse_mode="HTML"), "Unsupported start tag"),
    ("telegram", "no such way of formatting", js(parse_mode="RTF"), "parse_mode"),
    ("telegram", "a field that does not exist", js(texts="x"), "texts is no field"),
    ("telegram", "a number where a text belongs", js(text=5), "text is not String"),
    ("telegram", "a stranger", js(chat_id=1), "chat_id"),
    ("telegram", "too much in a button", keyboard(callback_data="x" * 65), "64 bytes"),
    ("telegram", "a button that does nothing", keyboard(), "exactly one thing"),
    ("telegram", "a button that opens a script", keyboard(url="javascript:x"), "cannot be opened"),
    ("whatsapp", "no product", js(messaging_product=None), "messaging_product is missing"),
    ("whatsapp", "another product", js(messaging_product="whatsap"), "none of whatsapp"),
    ("whatsapp", "no kind of recipient", js(recipient_type=None), "recipient_type is missing"),
    ("whatsapp", "a text that is too long", js(text={"body": "x" * 4097}), "4097"),
    ("whatsapp", "an empty text", js(text={"body": ""}), "empty"),
    ("whatsapp", "a type without what it is", js(type="image"), "image is missing"),
    ("whatsapp", "a field that does not exist", js(bodyy="x"), "bodyy is no field"),
    ("whatsapp", "a stranger", js(to="15550000000"), "this number"),
    ("whatsapp", "four buttons", interactive(**replies("A", "B", "C", "D")), "4 entries"),
    ("whatsapp", "a title that is too long", interactive(**replies("x" * 21)), "21 characters"),
    ("whatsapp", "two buttons of one id", interactive(**replies("A", "B", same=True)), "same id"),
    ("whatsapp", "two buttons of one title", interactive(**replies("A", "A")), "same title"),
    ("whatsapp", "a list that is too long", interactive(**rows(11)), "11"),
    ("whatsapp", "a row that is too long", interactive(**rows(1, "x" * 24)), "26 characters"),
    ("whatsapp", "a list without a body", js(type="interactive", text=None, interactive=rows(2)), "body"),
    ("whatsapp", "a picture with id and link", image(id="1", link="https://a.example"), "either"),
    ("whatsapp", "a picture at no address", image(link="file:///etc"), "no web address"),
    ("messenger", "a text that is too long", says(text="x" * 2001), "2001"),
    ("messenger", "no kind of message", js(messaging_type=None), "messaging_type is missing"),
    ("messenger", "nothing said", says(), "either a text or an attachment"),
    ("messenger", "a field that does not exist", says(text="x", body="x"), "body is no field"),
    ("messenger", "fourteen quick replies", quick(14), "14 entries"),
    ("messenger", "a quick reply that is too long", quick(1, "x" * 21), "21 characters"),
    ("messenger", "a card that is too long", generic(title="x" * 81), "81 characters"),
    ("messenger", "a card with four buttons", generic(buttons=[POSTBACK] * 4), "4 entries"),
    ("messenger", "a stranger", js(recipient={"id": "1"}), "this id"),
    ("instagram", "a text that is too long in bytes", says(text="ü" * 501), "1002 bytes"),
    ("instagram", "a document", says(attachment=DOCUMENT), "none of image"),
    ("instagram", "a stranger", js(recipient={"id": "1"}), "this id"),
    ("twilio", "nobody to send to", form(To=None), "To is missing"),
    ("twilio", "no number", form(To="Ada"), "E.164"),
    ("twilio", "somebody else's number", form(From="+15550001111"), "account's number"),
    ("twilio", "nothing said", form(Body=None), "neither Body"),
    ("twilio", "a text that is too long", form(Body="x" * 1601), "1601"),
    ("twilio", "a field that does not exist", form(Text="x"), "Text is no field"),
    ("twilio", "a field of another form", form(ContentSid="HX1", Body=None), "ContentSid"),
    ("twilio", "a callback that is no address", form(StatusCallback="soon"), "StatusCallback"),
    ("twilio", "JSON", lambda a, c: Call(c.method, c.path, c.headers, json=c.form), "no form"),
    ("slack", "nothing said", js(text=None), "neither text nor a block"),
    ("slack", "a field that does not exist", js(texts="x"), "texts is no field"),
    ("slack", "a stranger", js(channel="D1"), "no conversation"),
    ("slack", "a section that is too long", js(blocks=[section("x" * 3001)]), "3001 characters"),
    ("slack", "all blocks together too long", js(blocks=[section("x" * 2999)] * 5), "14995"),
    ("teams", "no type", js(type=None), "type is missing"),
    ("teams", "nothing said", js(text=None), "empty"),
    ("teams", "a field that does not exist", js(texts="x"), "texts is no field"),
    ("teams", "somebody else's name", js(**{"from": {"id": "28:x"}}), "from is not the bot"),
    ("teams", "a message that is too long", js(text="x" * 60_000), "as UTF-16"),
    ("line", "no messages", js(messages=[]), "messages is empty"),
    ("line", "six messages", js(messages=[{"type": "text", "text": "x"}] * 6), "6 entries"),
    ("line", "a text that is too long", js(messages=[{"type": "text", "text": "😀" * 2501}]), "5002"),
    ("line", "a stranger", js(to="U" + "0" * 32), "this user id"),
    ("http", "no text for plain systems", own(plain_text=5), "plain_text"),
    ("http", "a stranger", own(conversation="x"), "conversation"),
    ("http", "a kind that does not exist", own(type="shout"), "no type shout"),
    ("http", "another secret", lambda a, c: own_call(a, c.json, secret="another"), "signature"),
    ("http", "an old time", lambda a, c: own_call(a, c.json, seconds_ago=400), "timestamp"),
]  # fmt: skip


def refused(answer: Response) -> bool:
    """By its status, or, at Slack, by what it says."""
    told = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else None
    return 400 <= answer.status_code < 500 or (isinstance(told, dict) and told.get("ok") is False)


@pytest.mark.parametrize(("slug", "about", "wrong", "problem"), WRONG, ids=[f"{w[0]}: {w[1]}" for w in WRONG])
async def test_a_wrong_caller_is_convicted(bench: Bench, slug: str, about: str, wrong: Wrong, problem: str) -> None:
    account = await bench.listening(slug)

    answer = await bench.call(wrong(account, sending(account)))

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
    call = sending(account)

    if slug == "telegram":
        wrong = Call(call.method, call.path.replace("/bot", "/bot0"), json=call.json)
    elif slug == "http":
        wrong = own_call(account, call.json, secret=other.credentials["secret"])
    else:
        wrong = Call(call.method, call.path, sending(other).headers, call.json, call.form)
    answer = await bench.call(wrong)

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

    answer = await bench.call(sending(account))

    assert thread.json()["window_open"] is False
    assert answer.status_code == 400
    assert "24 hours" in account.violations[-1].problem


# ---- registering -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["whatsapp", "messenger"])
async def test_an_address_that_does_not_answer_the_challenge_is_not_taken(bench: Bench, slug: str) -> None:
    account = bench.account(slug)
    first = next(registering(account, f"{PRODUCT}/webhooks/x/k", "another word"))

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
    [call] = registering(account, f"{PRODUCT}/webhooks/telegram/k")

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
        outcomes.append([(await bench.call(sending(account))).status_code for _ in range(12)])
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
        await bench.call(sending(account))
        thread = (await bench.control("GET", f"accounts/{account.id}/thread")).text
        hidden = [
            v
            for k, v in account.credentials.items()
            if k in {*EMULATORS[slug].signed_with, "bot_token", "access_token", "app_password"} - {"app_id"}
        ]
        assert [value for value in hidden if value in thread + repr(account)] == []
    assert SECRET not in repr(bench.lab)
