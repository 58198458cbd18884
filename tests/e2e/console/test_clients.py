"""An agency: clients with bots and keys of their own; and what was said and used, seen as it happens."""

from playwright.sync_api import Browser, expect
from tests.e2e.console.conftest import PASSWORD, Server, make
from tests.e2e.console.pages import Console

TOKEN = "123456789:" + "A" * 31 + "4321"


def test_a_client_has_keys_that_are_never_shown_again_and_bots_that_move(console: Console, server: Server) -> None:
    page = console.page
    bot = make(server.api, "/v1/tenant/bots", {"name": "Mover"})
    console.go("/clients?new=1")
    page.get_by_label("Name").fill("Sea & Sand")
    page.get_by_label("E-mail").fill("not an address")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_label("E-mail").fill("office@sea.example")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    sheet = page.get_by_role("dialog", name="Sea & Sand")
    expect(sheet.get_by_text("office@sea.example")).to_be_visible()

    row = sheet.get_by_role("listitem").filter(has_text="Telegram")
    row.get_by_role("button", name="Add").click()
    row.locator("input").first.fill(TOKEN)
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_text("••••")).to_be_visible()
    row.get_by_role("button", name="Edit").click()
    expect(row.locator("input").first).to_have_value("")
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_text("••••")).to_be_visible()
    assert TOKEN not in page.content()

    sheet.get_by_label("Move a bot here").select_option("Mover")
    expect(sheet.get_by_role("listitem").filter(has_text="Mover")).to_be_visible()
    sheet.get_by_role("button", name="Take away").click()
    expect(sheet.get_by_text("No bot belongs to this client yet.")).to_be_visible()
    sheet.get_by_role("button", name="Delete").click()
    asked = page.get_by_role("dialog", name="Delete this client?")
    asked.get_by_role("textbox").fill("Sea & Sand")
    asked.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Sea & Sand is deleted")).to_be_visible()
    assert server.api.delete(f"/v1/tenant/bots/{bot['id']}").status_code == 204
    console.assert_whole()


def test_a_member_of_a_client_sees_that_client_only(browser: Browser, server: Server) -> None:
    client = make(server.api, "/v1/tenant/clients", {"name": "Dune"})
    bot = make(server.api, "/v1/tenant/bots", {"name": "Dune bot", "client_id": client["id"]})
    person = {"email": "dora@dune.example", "name": "Dora", "password": PASSWORD, "role": "editor"}
    make(server.api, "/v1/tenant/members", {**person, "client_id": client["id"]})
    context = browser.new_context(locale="en-GB")
    theirs = Console(context.new_page(), server.url)
    theirs.sign_in(person["email"], PASSWORD)
    theirs.go("/bots")
    expect(theirs.page.get_by_role("link", name="Dune bot").first).to_be_visible()
    expect(theirs.page.get_by_role("link", name="Aria")).to_have_count(0)
    for path in ("/", "/knowledge", "/conversations", "/clients", "/settings/usage", f"/bots/{bot['id']}"):
        theirs.go(path)
        theirs.assert_whole()
    context.close()
    assert server.api.delete(f"/v1/tenant/clients/{client['id']}?confirm=Dune").status_code == 204


def test_a_conversation_appears_by_itself_and_is_found_by_its_rating(console: Console, server: Server) -> None:
    page = console.page
    console.go(f"/conversations?bot_id={server.bot}&rating=down")
    asked = {"bot_id": server.bot, "message": "What does express delivery cost, and is a kiwi included?"}
    said = server.api.post("/v1/chat/efficient", json=asked).raise_for_status().json()
    expect(page.get_by_text("No conversation fits these filters.")).to_be_visible()
    feedback = {"session_id": said["session_id"], "message_id": said["message_id"], "rating": "down"}
    rated = server.api.post("/v1/chat/feedback", json={**feedback, "comment": "<b>No kiwi!</b>"})
    assert rated.status_code == 200, rated.text
    row = page.get_by_role("main").get_by_role("listitem").first
    expect(row.get_by_text("Bad")).to_be_visible()
    row.get_by_role("button").click()
    expect(page.get_by_role("dialog").get_by_text("<b>No kiwi!</b>")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Text").fill("kiwi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/conversations?bot_id={server.bot}&rating=down&q=kiwi")
    page.get_by_label("Outcome").select_option("refused")
    expect(page.get_by_text("No conversation fits these filters.")).to_be_visible()
    console.go(f"/settings/usage?bot_id={server.bot}")
    expect(page.get_by_role("table").get_by_role("row").first).to_be_visible()
    console.go(f"/bots/{server.bot}")
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    console.assert_whole()


def test_a_search_tells_why_and_next_steps_lead_somewhere(console: Console, server: Server) -> None:
    page = console.page
    console.go(f"/knowledge/{server.dataset}")
    page.get_by_role("searchbox", name="What would the bot find for …?").fill("return worn shoes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("the same words").first).to_be_visible()
    console.go(f"/bots/{server.bot}")
    steps = page.locator("section", has=page.get_by_role("heading", name="What to do next")).get_by_role("link")
    for number in range(steps.count()):
        console.go(f"/bots/{server.bot}")
        steps.nth(number).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("There is nothing here")
    console.assert_whole()
