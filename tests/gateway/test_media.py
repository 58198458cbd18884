"""What customers send beside words: kept, shown to the team, and gone with the conversation."""

from datetime import timedelta

import pytest
from tests.gateway.talk import Line
from tests.shops import Json

from shopwright.entrypoints.sweeping import sweep
from shopwright.entrypoints.wiring import Core

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 40


async def first_of(line: Line) -> Json:
    """The only message that a customer wrote."""
    (talk,) = (await line.shop.get(f"/v1/tenant/conversations?bot_id={line.bot['id']}"))["items"]
    found: Json = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"][0]
    return found


async def parts_of(line: Line) -> list[Json]:
    found: list[Json] = (await first_of(line))["parts"]
    return found


async def send_picture(line: Line, **fields: object) -> str:
    """Write with a picture; returns its address."""
    attachment = {"kind": "image", "reference": "pic-1", "name": "boot.png", **fields}
    await line.write("chat-1", "Is this one waterproof?", attachments=[attachment])
    await line.settle()
    (part,) = [part for part in await parts_of(line) if part["type"] == "attachment"]
    assert (part["kind"], part["name"]) == ("image", "boot.png")
    return f"/v1/tenant/attachments/{part['id']}"


async def test_a_picture_is_fetched_and_kept_with_the_conversation(line: Line) -> None:
    line.platform.files["pic-1"] = PNG

    address = await send_picture(line)
    line.platform.files.clear()
    shown = await line.shop.api.get(address)

    assert (shown.status_code, shown.content) == (200, PNG)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-disposition"] == "attachment"
    assert "sandbox" in shown.headers["content-security-policy"]
    named = {"id": address.rsplit("/", 1)[1], "media_type": "image/png", "size_bytes": len(PNG)}
    assert (await first_of(line))["attachments"] == [{**named, "state": "kept", "reason": ""}]
    assert line.rows("select source from attachments where state = 'kept' and tenant_id = %s", line.shop.id) == [
        (None,)
    ]


async def test_what_claims_to_be_a_picture_and_is_a_page_is_handed_out_as_nothing_to_show(line: Line) -> None:
    line.platform.files["pic-1"] = b"<html><script>alert(1)</script></html>"

    shown = await line.shop.api.get(await send_picture(line, media_type="image/png"))

    assert shown.headers["content-type"] == "application/octet-stream"
    assert shown.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Stub did not hand it out (404)."),
        ({"size_bytes": 10**9}, "It is larger than"),
        ({"reference": "", "url": "http://169.254.169.254/latest/meta-data"}, "may not be called"),
        ({"reference": "", "url": ""}, "Stub does not hand it out."),
    ],
)
async def test_what_cannot_be_had_says_why(line: Line, fields: Json, said: str) -> None:
    shown = await line.shop.api.get(await send_picture(line, **fields))
    assert (shown.status_code, shown.json()["code"]) == (409, "attachment_not_kept")
    assert said in shown.json()["detail"]
    [file] = (await first_of(line))["attachments"]
    assert (file["state"], file["size_bytes"]) == ("failed", None)
    assert said in file["reason"]


async def test_a_file_that_is_larger_than_it_said_is_not_kept(line: Line, core: Core) -> None:
    line.platform.files["pic-1"] = PNG + bytes(core.settings.max_upload_bytes)
    shown = await line.shop.api.get(await send_picture(line, size_bytes=10))
    assert "It is larger than" in shown.json()["detail"]


async def test_the_bytes_go_when_the_conversation_goes(line: Line, core: Core) -> None:
    line.platform.files["pic-1"] = PNG
    address = await send_picture(line)
    (digest,) = line.rows("select digest from attachments where tenant_id = %s", line.shop.id)[0]
    assert await core.files.exists(line.tenant_id, str(digest))

    (talk,) = (await line.shop.get(f"/v1/tenant/conversations?bot_id={line.bot['id']}"))["items"]
    await line.shop.api.delete(f"/v1/tenant/conversations/{talk['id']}")
    await sweep(core, grace=timedelta(0))

    assert (await line.shop.api.get(address)).status_code == 404
    assert not await core.files.exists(line.tenant_id, str(digest))


async def test_a_place_that_was_sent_is_shown(line: Line) -> None:
    await line.write(
        "chat-1", "Where is the nearest shop?", location={"latitude": 47.1, "longitude": 9.5, "name": "Vaduz"}
    )
    await line.settle()
    assert {"type": "location", "latitude": 47.1, "longitude": 9.5, "name": "Vaduz", "address": ""} in await parts_of(
        line
    )


async def test_messages_are_marked_as_read_before_the_answer_is_written(line: Line) -> None:
    first = await line.write("chat-1", "Hello")
    second = await line.write("chat-1", "How long may I keep it?")
    await line.settle()

    asked = [(what, body.get("message")) for what, body in line.platform.calls]
    assert asked[:3] == [("read", first["id"]), ("read", second["id"]), ("typing", None)]
    assert asked[3][0] == "send"
