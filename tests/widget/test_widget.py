"""What puts a bot on a page: its script, its look, its pages."""

import gzip
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from tests.bots.pictures import png
from tests.shops import Shop
from tests.widget.talk import QUESTION, Jobs, knowing_bot

from shopwright.kit.errors import NotFound
from shopwright.widget.files import FOLDER, WidgetFiles, WidgetNotBuilt

PAGE = "https://www.shop.example"
BUDGET_BYTES = 30 * 1024


@pytest.mark.usefixtures("built")
async def test_the_script_is_small_packed_and_may_be_kept(client: AsyncClient) -> None:
    first = await client.get("/widget.js", headers={"accept-encoding": "gzip, br"})
    assert first.headers["content-encoding"] == "br"
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["access-control-allow-origin"] == "*"
    again = await client.get("/widget.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    panel = next(path.name for path in FOLDER.glob("panel.*.js"))
    loaded = await client.get(f"/widget/{panel}", headers={"accept-encoding": "identity"})
    assert "immutable" in loaded.headers["cache-control"]
    assert loaded.content == gzip.decompress((FOLDER / f"{panel}.gz").read_bytes())
    sizes = [(FOLDER / f"{name}.gz").stat().st_size for name in ("widget.js", panel)]
    assert sum(sizes) <= BUDGET_BYTES


@pytest.mark.usefixtures("built")
async def test_only_the_widgets_own_files_are_given(client: AsyncClient) -> None:
    for name in ("manifest.json", "..%2f..%2fpyproject.toml", ".env", "panel.js.gz", "x" * 101 + ".js", "unknown.js"):
        answer = await client.get(f"/widget/{name}")
        assert answer.status_code in {404, 422}, name


def test_a_widget_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    files = WidgetFiles(tmp_path)
    with pytest.raises(WidgetNotBuilt, match="make web"):
        files.get("widget.js")
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(NotFound):
        files.get("widget.js")


async def test_a_page_learns_how_the_bot_looks_and_greets(shop: Shop, client: AsyncClient) -> None:
    icon = await shop.api.post("/v1/tenant/icons", files={"file": ("icon.png", png(), "image/png")})
    theme = {**icon.json()["theme"], "radius": 12, "position": "left"}
    hostile = {**theme, "light": {**theme["light"], "text": "red;} *{display:none"}}
    refused = await shop.api.post("/v1/tenant/bots", json={"name": "Aria", "settings": {"theme": hostile}})
    assert refused.status_code == 422
    settings = {
        "greeting": "Welcome!", "suggestions": ["How long may I return?"], "language": "de", "theme": theme,
        "texts": {"status": "Mo–Fr 9–17"},
    }  # fmt: skip
    bot = await shop.bot(settings=settings, allowed_domains=[PAGE])

    answer = await client.get(f"/v1/widget/config?bot={bot['id']}", headers={"origin": PAGE})

    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == {
        "bot_id": bot["id"], "name": "Aria", "icon_url": f"/icons/{theme['icon_id']}.png?size=128",
        "greeting": "Welcome!", "suggestions": ["How long may I return?"], "language": "de",
        "theme": {name: theme[name] for name in ("accent", "light", "dark", "radius", "position")},
        "texts": {"status": "Mo–Fr 9–17"}, "feedback": True,
    }  # fmt: skip


async def test_the_look_is_given_where_the_bot_may_be_asked_and_costs_nothing_of_its_limit(
    shop: Shop, client: AsyncClient
) -> None:
    bot = await shop.bot(allowed_domains=[PAGE], rate_limit_per_minute=1)
    path = f"/v1/widget/config?bot={bot['id']}"
    refused = await client.get(path, headers={"origin": "https://evil.example"})
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")
    assert {(await client.get(path, headers={"origin": PAGE})).status_code for _ in range(5)} == {200}
    hidden = await shop.bot(is_public=False)
    assert (await client.get(f"/v1/widget/config?bot={hidden['id']}")).status_code == 404
    key = await shop.post(
        "/v1/tenant/api-keys",
        {"name": "page", "scopes": ["chat:read", "chat:write"], "kind": "publishable", "bot_id": hidden["id"],
         "allowed_origins": [PAGE]},
    )  # fmt: skip
    headers = {"authorization": f"Bearer {key['key']}", "origin": PAGE}
    assert (await client.get(f"/v1/widget/config?bot={hidden['id']}", headers=headers)).status_code == 200
    headers["origin"] = "https://evil.example"
    assert (await client.get(f"/v1/widget/config?bot={hidden['id']}", headers=headers)).status_code == 403


@pytest.mark.usefixtures("built")
async def test_the_chat_page_escapes_names_and_says_who_may_frame_it(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot(name='"><script>alert(1)</script>', allowed_domains=[PAGE, "https://*.branch.example"])
    page = await client.get(f"/chat/{bot['id']}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    policy = page.headers["content-security-policy"]
    assert f"frame-ancestors 'self' {PAGE} https://*.branch.example" in policy
    assert "unsafe" not in policy
    closed = await shop.bot()
    alone = (await client.get(f"/chat/{closed['id']}")).headers["content-security-policy"]
    assert alone.endswith("frame-ancestors 'self'")
    manifest = (await client.get(f"/chat/{closed['id']}/manifest.webmanifest")).json()
    assert (manifest["start_url"], manifest["display"]) == (f"/chat/{closed['id']}", "standalone")
    hidden = await shop.bot(is_public=False)
    for accept, kind in (("text/html", "text/html; charset=utf-8"), ("*/*", "application/problem+json")):
        answer = await client.get(f"/chat/{hidden['id']}", headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, kind)


async def test_a_citation_opens_the_place_in_the_cited_version(shop: Shop, client: AsyncClient, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    body = {"bot_id": bot["id"], "messages": [{"role": "user", "content": QUESTION}]}
    answer = (await client.post("/v1/chat/public", json=body)).json()
    base = f"/v1/chat/sessions/{answer['session_id']}/messages/{answer['message_id']}/citations"

    opened = (await client.get(f"{base}/1")).json()

    assert opened["quote"] == answer["citations"][0]["quote"]
    assert (opened["title"], opened["heading"], opened["page"]) == ("Returns", "Returns", None)
    whole = opened["before"] + opened["quote"] + opened["after"]
    assert "You can return unworn articles within 30 days of delivery. The return is free of charge" in whole
    assert "Defective products" in opened["after"]
    after_the_last = len(answer["citations"]) + 1
    assert (await client.get(f"{base}/{after_the_last}")).status_code == 404
    assert (await client.get(f"{base}/0")).status_code == 422
    other = (await client.post("/v1/chat/public", json=body)).json()
    foreign = f"/v1/chat/sessions/{other['session_id']}/messages/{answer['message_id']}/citations/1"
    assert (await client.get(foreign)).status_code == 404, "only who knows the session opens its sources"
    await client.post(f"/api/bots/{bot['id']}/clear_conversation", json={"session_id": answer["session_id"]})
    assert (await client.get(f"{base}/1")).status_code == 404


async def test_a_citation_of_a_document_that_is_gone_still_shows_its_quote(
    shop: Shop, client: AsyncClient, run_jobs: Jobs
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    body = {"bot_id": bot["id"], "messages": [{"role": "user", "content": QUESTION}]}
    answer = (await client.post("/v1/chat/public", json=body)).json()
    cited = answer["citations"][0]
    dataset = (await shop.get(f"/v1/tenant/bots/{bot['id']}/datasets"))["items"][0]["dataset_id"]
    gone = await shop.api.delete(f"/v1/tenant/datasets/{dataset}/documents/{cited['document_id']}")
    assert gone.status_code == 204

    path = f"/v1/chat/sessions/{answer['session_id']}/messages/{answer['message_id']}/citations/1"
    opened = (await client.get(path)).json()

    assert (opened["before"], opened["quote"], opened["after"]) == ("", cited["quote"], "")
