"""Icons: what is taken, what is refused and in which words, and what everybody may see."""

import io
import struct
import zlib
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx2 import AsyncClient, Response
from PIL import Image, PngImagePlugin
from tests.bots.pictures import png, saved
from tests.shops import Shop

from shopwright.bots.models import Bot
from shopwright.bots.themes import DEFAULT_ACCENT
from shopwright.entrypoints.wiring import Core

RED = (200, 30, 60)


async def send(shop: Shop, data: bytes, name: str = "icon.png") -> Response:
    return await shop.api.post("/v1/tenant/icons", files={"file": (name, data, "application/octet-stream")})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "ICO"])
async def test_an_icon_is_drawn_anew_in_four_sizes_and_gives_a_theme(
    shop: Shop, client: AsyncClient, kind: str
) -> None:
    answer = await send(shop, png(kind=kind))

    assert answer.status_code == 201, answer.text
    made = answer.json()
    red, green, blue = (int(made["theme"]["accent"][i : i + 2], 16) for i in (1, 3, 5))
    assert red > max(green, blue) + 80
    assert made["theme"]["icon_id"] == made["icon_id"]
    for size in (64, 128, 256, 512):
        shown = await client.get(f"{made['url']}?size={size}")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
        assert Image.open(io.BytesIO(shown.content)).size == (size, size)
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert shown.headers["x-content-type-options"] == "nosniff"
        again = await client.get(f"{made['url']}?size={size}", headers={"if-none-match": shown.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_nothing_of_the_file_but_its_picture_is_kept(shop: Shop, client: AsyncClient) -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "<script>alert(1)</script> home: 47.1 N 13.2 E")
    data = saved(Image.new("RGB", (90, 90), RED), "PNG", pnginfo=note) + b"<script>alert(2)</script>"

    made = (await send(shop, data)).json()

    assert b"script" not in (await client.get(f"{made['url']}?size=512")).content


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("x.png", b'<?xml version="1.0"?>\n<!-- hello -->\n<svg onload="alert(1)"/>'),
        ("x.png", b"\xef\xbb\xbf  <!DOCTYPE svg><svg/>"),
    ],
)
async def test_a_drawing_that_can_hold_programs_is_refused_with_a_way_out(shop: Shop, name: str, data: bytes) -> None:
    refused = await send(shop, data, name)

    assert (refused.status_code, refused.json()["code"]) == (422, "icon_unreadable")
    assert refused.json()["detail"].startswith("SVG pictures can hold programs")
    assert "PNG" in refused.json()["detail"]


async def test_a_picture_of_40_mb_is_refused_with_a_way_out(shop: Shop) -> None:
    refused = await send(shop, b"\x89PNG\r\n\x1a\n" + b"\x00" * 40_000_000)

    assert (refused.status_code, refused.json()["code"]) == (413, "icon_too_large")
    assert "larger than 5 MB" in refused.json()["detail"]


def bomb(side: int) -> bytes:
    """A small file that says it is a huge picture, and is one."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\x00" * (side // 8 + 1)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [30_000, 9_999])
async def test_a_picture_that_unpacks_to_a_huge_one_is_refused(shop: Shop, side: int) -> None:
    refused = await send(shop, bomb(side))

    assert (refused.status_code, refused.json()["code"]) == (422, "icon_unreadable")
    assert f"{side} × {side}" in refused.json()["detail"]


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"GIF89a", png()[:60], b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, b"%PDF-1.4", b"\x00" * 5000]
)
async def test_what_is_no_picture_is_refused(shop: Shop, data: bytes) -> None:
    refused = await send(shop, data)

    assert (refused.status_code, refused.json()["code"]) == (422, "icon_unreadable")


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (128, 128, 128), (0, 0, 0, 0)])
async def test_an_icon_without_colour_gets_the_default(shop: Shop, colour: tuple[int, ...]) -> None:
    made = (await send(shop, png(colour=colour))).json()

    assert made["theme"]["accent"] == DEFAULT_ACCENT


async def test_an_icon_of_one_pixel_and_a_very_long_one_are_taken(shop: Shop) -> None:
    assert (await send(shop, png((1, 1)))).status_code == 201
    assert (await send(shop, png((2_000, 3)))).status_code == 201


@pytest.mark.parametrize("path", ["/icons/018f0000-0000-7000-8000-00000000dead.png", "/icons/x.png"])
async def test_an_icon_nobody_has_is_not_found(client: AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code in {404, 422}


async def test_a_bot_keeps_a_theme_of_its_own_tenants_icon_only(shop: Shop, other_shop: Shop) -> None:
    theme = (await send(shop, png())).json()["theme"]
    foreign = (await send(other_shop, png())).json()["theme"]

    bot = await shop.bot(settings={"theme": theme, "greeting": "Hello!", "suggestions": ["Where is my parcel?"]})
    refused = await shop.api.post("/v1/tenant/bots", json={"name": "B", "settings": {"theme": foreign}})

    assert bot["settings"]["theme"] == theme
    assert bot["settings"]["suggestions"] == ["Where is my parcel?"]
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reference")
    many = {"name": "B", "settings": {"suggestions": ["a", "b", "c", "d", "e"]}}
    assert (await shop.api.post("/v1/tenant/bots", json=many)).status_code == 422


async def test_onboarding_is_where_it_was_left(shop: Shop) -> None:
    assert (await shop.get("/v1/tenant/onboarding"))["step"] == "icon"
    dataset = await shop.dataset()
    state = {"step": "knowledge", "name": "Aria", "dataset_id": dataset["id"], "website": "shop.example"}

    await shop.api.put("/v1/tenant/onboarding", json=state)
    await shop.api.put("/v1/tenant/onboarding", json={**state, "step": "train"})

    kept = await shop.get("/v1/tenant/onboarding")
    assert {name: kept[name] for name in state} == {**state, "step": "train"}
    await shop.api.delete(f"/v1/tenant/datasets/{dataset['id']}")
    assert (await shop.get("/v1/tenant/onboarding"))["dataset_id"] is None


async def test_the_look_chosen_in_onboarding_is_kept_until_there_is_a_bot(shop: Shop) -> None:
    made = (await shop.api.post("/v1/tenant/icons", files={"file": ("icon.png", png(), "image/png")})).json()
    state = {"name": "Aria", "icon_id": made["icon_id"], "theme": {**made["theme"], "icon_id": None, "radius": 20}}

    await shop.api.put("/v1/tenant/onboarding", json=state)

    kept = await shop.get("/v1/tenant/onboarding")
    assert kept["theme"] == {**state["theme"], "icon_id": made["icon_id"]}
    assert kept["theme"]["accent"] == made["theme"]["accent"]
    unread = await shop.api.put("/v1/tenant/onboarding", json={**state, "theme": {"accent": "red"}})
    assert unread.status_code == 422
    await shop.api.put("/v1/tenant/onboarding", json={"step": "done"})
    assert (await shop.get("/v1/tenant/onboarding"))["theme"] is None


async def test_a_bot_whose_theme_is_from_before_themes_had_a_shape_still_answers(shop: Shop, core: Core) -> None:
    bot = await shop.bot()
    async with core.db.tenant(UUID(shop.id)) as session, session.begin():
        old = {"greeting": "Hello!", "theme": {"primary": "red"}}
        await session.execute(sa.update(Bot).where(Bot.id == UUID(bot["id"])).values(settings=old))

    assert (await shop.ask(bot, "Hello"))["outcome"] == "answered"
    refused = await shop.api.put(f"/v1/tenant/bots/{bot['id']}", json={"settings": old})
    assert refused.status_code == 422
