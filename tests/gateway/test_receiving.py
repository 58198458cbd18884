"""What platforms post: only what they signed is taken, and it is taken whole or not at all."""

import json

import pytest
from tests.gateway.stub_platform import signature
from tests.gateway.talk import QUESTION, Line

from shopwright.gateway.routes import MAX_BODY_BYTES


async def test_a_forged_request_is_refused_and_nothing_is_stored(line: Line) -> None:
    body = json.dumps({"events": [line.message("chat-1", QUESTION)]}).encode()
    wrong = {
        "no signature": {},
        "an empty one": {"x-signature": ""},
        "one of another body": {"x-signature": signature(body + b" ")},
        "one with another secret": {"x-signature": signature(body, "guessed")},
        "a token of ours": {"authorization": line.shop.api.headers["authorization"]},
    }

    answers = {name: await line.http.post(line.path, content=body, headers=h) for name, h in wrong.items()}

    assert {name: (a.status_code, a.json()["code"]) for name, a in answers.items()} == dict.fromkeys(
        wrong, (401, "invalid_signature")
    )
    assert line.inbox() == []


async def test_an_authorization_header_of_the_platform_is_not_taken_for_one_of_ours(line: Line) -> None:
    answer = await line.post(line.message("chat-1", QUESTION), authorization="Bearer of.another.maker")
    assert answer.status_code == 200


async def test_an_unknown_address_looks_like_one_of_another_platform(line: Line) -> None:
    token = line.path.rsplit("/", 1)[1]
    body = b'{"events": []}'
    headers = {"x-signature": signature(body)}
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    for path in (f"/webhooks/http/{changed}", f"/webhooks/telegram/{token}", f"/webhooks/http/{token[:-4]}"):
        answer = await line.http.post(path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


async def test_what_is_signed_and_unreadable_is_refused(line: Line) -> None:
    body = b'{"events": [{"id": 1'
    answer = await line.http.post(line.path, content=body, headers={"x-signature": signature(body)})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_payload")
    assert line.inbox() == []


async def test_a_body_that_is_too_large_is_refused(line: Line) -> None:
    answer = await line.http.post(line.path, content=b"x" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413


async def test_the_platforms_check_of_the_address_is_answered(line: Line) -> None:
    right = await line.http.get(line.path, params={"verify": "a-secret-of-the-stub-platform", "challenge": "42"})
    wrong = await line.http.get(line.path, params={"verify": "guessed", "challenge": "42"})
    assert (right.status_code, right.text) == (200, "42")
    assert wrong.status_code == 401


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "e\u0301" * 3000])
async def test_text_that_cannot_be_stored_as_it_is_is_answered_all_the_same(line: Line, text: str) -> None:
    body = json.dumps({"events": [line.message("chat-1", f"{QUESTION} {text}")]}).encode()
    answer = await line.http.post(line.path, content=body, headers={"x-signature": signature(body)})
    assert answer.status_code == 200
    await line.settle()
    assert len(line.platform.texts("chat-1")) == 1
