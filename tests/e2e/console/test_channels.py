"""Bots on platforms: putting one there, what is wrong and the button that mends it, what got stuck, who writes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.console.board import KEYS, SECRET
from tests.e2e.console.conftest import Server, make
from tests.e2e.console.pages import Console
from tests.e2e.console.peers import Peers, Platforms
from tests.e2e.console.test_console import HOSTILE

TELEGRAM = KEYS["telegram"]["bot_token"]
Json = dict[str, Any]


@pytest.fixture
def platforms(peers: Peers) -> Iterator[Platforms]:
    peers.platforms.refuses = 0
    peers.platforms.calls.clear()
    yield peers.platforms
    peers.platforms.refuses = 0


@pytest.fixture
def bot(server: Server) -> Iterator[Json]:
    """A bot of its own, that knows what the shop's bot knows."""
    limits = {"rate_limit_per_minute": 10_000, "rate_limit_per_second": 1_000}
    made = make(server.api, "/v1/tenant/bots", {"name": "Iris", **limits})
    make(server.api, f"/v1/tenant/bots/{made['id']}/datasets", {"dataset_id": server.dataset})
    yield made
    assert server.api.delete(f"/v1/tenant/bots/{made['id']}").status_code == 204


def deploy(server: Server, bot: Json, platforms: Platforms) -> Json:
    """The bot on the shop's own system, not connected yet."""
    fields = {"callback_url": platforms.callback_url, "secret": SECRET}
    return make(server.api, f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "http", "fields": fields})


def connect(server: Server, deployment: Json) -> Json:
    answer = server.api.post(f"/v1/tenant/deployments/{deployment['id']}/connect")
    return dict(answer.raise_for_status().json())


def write(platforms: Platforms, deployment: Json, name: str, text: str = "What does express delivery cost?") -> None:
    sender = {"id": name, "name": name.title(), "language": "en"}
    platforms.write(deployment, SECRET, id=f"m-{name}-{text[:20]}", conversation=f"c-{name}", sender=sender, text=text)


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))


def test_a_bot_goes_on_telegram_with_one_key(console: Console, server: Server, bot: Json, platforms: Platforms) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/channels")
    page.get_by_role("button", name="Add a channel").click()
    dialog = page.get_by_role("dialog", name="Add a channel")
    dialog.get_by_label("Platform").select_option("Telegram")
    expect(dialog.get_by_text("@BotFather")).to_be_visible()
    dialog.get_by_label("Bot token").fill("not a token")
    dialog.get_by_role("button", name="Connect").click()
    expect(dialog.get_by_label("Bot token")).to_have_value("not a token")
    dialog.get_by_label("Bot token").fill(TELEGRAM)
    dialog.get_by_role("button", name="Connect").click()

    done = page.get_by_role("dialog", name="Connect Telegram")
    expect(done.get_by_text("Iris is live on Telegram")).to_be_visible()
    assert [path.rsplit("/", 1)[-1] for path, _ in platforms.calls] == ["getMe", "setWebhook"]
    done.get_by_role("button", name="Done").click()
    expect(card(page, "Telegram").get_by_text("Connected", exact=True)).to_be_visible()
    expect(page.get_by_role("banner").locator("[data-channel=telegram][data-stand=connected]")).to_be_visible()
    assert TELEGRAM not in page.content()
    console.assert_whole()


def test_what_the_platform_refuses_is_said_in_words_and_mended_with_one_button(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    platforms.refuses = 401
    made = deploy(server, bot, platforms)
    console.go(f"/bots/{bot['id']}/channels")
    own = card(page, "Your own system")
    expect(own.get_by_text("Not connected", exact=True)).to_be_visible()
    own.get_by_role("button", name="Connect").click()
    expect(own.get_by_text("Needs attention", exact=True)).to_be_visible()
    expect(own.get_by_text("does not accept the keys")).to_be_visible()
    expect(page.get_by_role("banner").locator("[data-channel=http][data-stand=attention]")).to_be_visible()

    own.get_by_role("button", name="Enter new keys").click()
    dialog = page.get_by_role("dialog", name="New keys for Your own system")
    expect(dialog.get_by_label("Secret that signs them")).to_have_attribute("placeholder", re.compile("^••••"))
    platforms.refuses = 0
    dialog.get_by_label("Secret that signs them").fill(SECRET)
    dialog.get_by_role("button", name="Save and connect").click()
    left = page.get_by_role("dialog", name="Connect Your own system")
    expect(left.get_by_text("Waiting for the first message of your system.")).to_be_visible()
    expect(left.get_by_text(made["webhook_url"])).to_be_visible()
    # The first message from there: nobody has touched the page.
    write(platforms, made, "ada")
    expect(left.get_by_text("Iris is live on Your own system (HTTP)")).to_be_visible()
    left.get_by_role("button", name="Done").click()
    expect(own.get_by_text("Connected", exact=True)).to_be_visible()
    assert "€11.90" in platforms.wait_for_messages(1)[0]["text"]
    expect(own.get_by_text("none yet")).to_have_count(0)
    console.assert_whole()


def test_the_keys_of_a_client_are_used_without_being_seen(
    console: Console, server: Server, platforms: Platforms
) -> None:
    page, api = console.page, server.api
    client = make(api, "/v1/tenant/clients", {"name": "Reef"})
    bot = make(api, "/v1/tenant/bots", {"name": "Coral", "client_id": client["id"]})
    stored = api.put(
        f"/v1/tenant/clients/{client['id']}/credentials/telegram", json={"fields": {"bot_token": TELEGRAM}}
    )
    assert stored.status_code == 200
    console.go(f"/bots/{bot['id']}/channels?add=1&channel=telegram")
    dialog = page.get_by_role("dialog", name="Add a channel")
    expect(dialog.get_by_text("Keys of Reef")).to_be_visible()
    expect(dialog.get_by_text("••••4321")).to_be_visible()
    expect(dialog.locator("input[type=password]")).to_have_count(0)
    dialog.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Coral is live on Telegram")).to_be_visible()

    # What is entered for another platform can be kept for the client's other bots.
    console.go(f"/bots/{bot['id']}/channels?add=1&channel=line")
    dialog.get_by_label("Channel secret").fill("0" * 32)
    dialog.get_by_label("Channel access token").fill("a-long-lived-token")
    expect(dialog.get_by_label("Store them for Reef")).to_be_checked()
    dialog.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Coral is live on LINE")).to_be_visible()
    kept = api.get(f"/v1/tenant/clients/{client['id']}/credentials").json()["items"]
    assert {one["channel"] for one in kept} == {"telegram", "line"}
    console.assert_whole()
    assert api.delete(f"/v1/tenant/clients/{client['id']}?confirm=Reef").status_code == 204


def test_slack_gets_our_address_before_it_gives_its_keys(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/channels?add=1&channel=slack")
    page.get_by_role("button", name="Show what to paste").click()
    dialog = page.get_by_role("dialog", name="Connect Slack")
    manifest = dialog.get_by_role("region", name=re.compile("Paste this manifest"))
    expect(manifest).to_contain_text("event_subscriptions")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog.get_by_role("button", name="Copy").first.click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == manifest.inner_text()
    dialog.get_by_label("Bot token").fill("xoxb-1234567890-abc")
    dialog.get_by_label("Signing secret").fill("0" * 32)
    dialog.get_by_role("button", name="Connect").click()
    expect(dialog.get_by_text("Waiting for the first call of Slack.")).to_be_visible()
    dialog.get_by_role("button", name="Go on later").click()
    expect(card(page, "Slack").get_by_role("button", name="Show the steps")).to_be_visible()
    console.assert_whole()


def test_a_channel_is_tested_set_switched_off_and_removed(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    made = deploy(server, bot, platforms)
    write(platforms, made, "bea")
    platforms.wait_for_messages(1)
    console.go(f"/bots/{bot['id']}/channels")
    page.get_by_role("button", name="Details of Your own system").click()
    sheet = page.get_by_role("dialog", name="Your own system (HTTP)")
    sheet.get_by_role("button", name="Test it").click()
    expect(sheet.get_by_text("The platform accepts the keys.")).to_be_visible()
    expect(sheet.get_by_text(re.compile("Messages (do not )?reach this server"))).to_be_visible()
    sheet.get_by_label("Warn me when nobody writes for").select_option("a day")
    sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert server.api.get(f"/v1/tenant/deployments/{made['id']}").json()["settings"]["silence_hours"] == 24

    sheet.get_by_role("button", name="Switch off").click()
    page.get_by_role("dialog", name="Switch this channel off?").get_by_role("button", name="Switch off").click()
    expect(sheet.get_by_text("Switched off", exact=True)).to_be_visible()
    expect(page.locator("[data-channel=http][data-stand=off]")).to_have_count(1)
    sheet.get_by_role("button", name="Switch on").last.click()
    expect(sheet.get_by_text("The keys work.")).to_be_visible()
    sheet.get_by_role("button", name="Remove").click()
    asked = page.get_by_role("dialog", name="Remove this channel?")
    expect(asked.get_by_role("button", name="Remove")).to_be_disabled()
    asked.get_by_role("textbox").fill("Your own system (HTTP)")
    asked.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("On no platform yet")).to_be_visible()
    expect(page.locator("[data-channel]")).to_have_count(0)
    console.assert_whole()


def test_badges_change_on_the_list_of_bots_while_it_is_looked_at(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    console.go("/bots")
    row = page.get_by_role("link", name=re.compile("Iris"))
    expect(row).to_be_visible()
    expect(row.locator("[data-channel]")).to_have_count(0)
    made = deploy(server, bot, platforms)
    badge = row.locator("[data-channel=http]").first
    expect(badge).to_have_attribute("data-stand", "open")
    write(platforms, made, "cleo")
    expect(badge).to_have_attribute("data-stand", "connected")
    badge.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your own system (HTTP): connected since")
    server.api.post(f"/v1/tenant/deployments/{made['id']}/disable").raise_for_status()
    expect(badge).to_have_attribute("data-stand", "off")


def test_what_got_stuck_says_why_and_is_tried_again(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    made = deploy(server, bot, platforms)
    server.api.patch(f"/v1/tenant/bots/{bot['id']}", json={"is_active": False}).raise_for_status()
    write(platforms, made, "dora")
    write(platforms, made, "edda", "Is delivery free above 60 euros?")
    console.go(f"/bots/{bot['id']}/channels")
    expect(card(page, "Your own system").get_by_text("2 messages got stuck")).to_be_visible()
    card(page, "Your own system").get_by_role("link", name="See them").click()
    stuck = page.get_by_role("list", name="Stuck messages").get_by_role("listitem")
    expect(stuck).to_have_count(2)
    expect(stuck.first).to_contain_text("The bot is switched off; switch it on")
    expect(page.get_by_role("link", name=re.compile(r"Stuck messages \(\d+\)"))).to_be_visible()
    server.api.patch(f"/v1/tenant/bots/{bot['id']}", json={"is_active": True}).raise_for_status()
    stuck.filter(has_text="express").get_by_role("button", name="Try again").click()
    expect(stuck).to_have_count(1)
    page.get_by_role("button", name="Try all again").click()
    expect(page.get_by_text("1 message is tried again now")).to_be_visible()
    expect(page.get_by_text("Nothing is stuck")).to_be_visible()
    assert len(platforms.wait_for_messages(2)) == 2
    console.assert_whole()


def test_a_conversation_shows_its_ticks_as_they_come_and_leads_to_its_contact_and_back(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    made = deploy(server, bot, platforms)
    write(platforms, made, "fay")
    [message] = platforms.wait_for_messages(1)
    console.go(f"/conversations?bot_id={bot['id']}&channel=http")
    page.get_by_role("main").get_by_role("listitem").get_by_role("button").click()
    sheet = page.get_by_role("dialog", name="Conversation")
    expect(sheet.get_by_text("Sent", exact=True)).to_be_visible()
    receipt = {"type": "receipt", "conversation": "c-fay", "message_id": "4242", "sender": {"id": "fay"}}
    for state, word in (("delivered", "Delivered"), ("read", "Read")):
        platforms.write(made, SECRET, id=f"r-{state}", state=state, **receipt)
        expect(sheet.get_by_text(word, exact=True)).to_be_visible()
    change = {
        "type": "edit",
        "conversation": "c-fay",
        "message_id": "m-fay-What does express de",
        "sender": {"id": "fay"},
    }
    platforms.write(made, SECRET, id="e-1", text="Never mind.", **change)
    expect(sheet.get_by_text("Changed after the answer")).to_be_visible()
    assert message["conversation"] == "c-fay"

    sheet.get_by_role("link", name="Fay").click()
    person = page.get_by_role("dialog", name="Contact")
    expect(person.get_by_role("heading", name="Fay")).to_be_visible()
    person.get_by_role("link", name=re.compile("2 messages")).click()
    expect(page.get_by_role("dialog", name="Conversation").get_by_text("Never mind.")).to_be_visible()
    console.assert_whole()


def test_two_contacts_become_one_and_two_again_and_who_is_blocked_gets_no_answer(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    made = deploy(server, bot, platforms)
    write(platforms, made, "gwen")
    write(platforms, made, "gwendolyn")
    platforms.wait_for_messages(2)
    console.go("/conversations/contacts?q=gwen")
    people = page.get_by_role("main").get_by_role("listitem")
    expect(people).to_have_count(2)
    people.filter(has_text="Gwendolyn").get_by_role("button").click()
    person = page.get_by_role("dialog", name="Contact")
    person.get_by_role("button", name="Same person as").click()
    merge = page.get_by_role("dialog", name="Which contact is the same person?")
    merge.get_by_label("Find the other contact").fill("gwen")
    merge.get_by_role("radio", name="Gwen", exact=False).first.check()
    expect(merge.get_by_text("Everything of Gwen goes to Gwendolyn.")).to_be_visible()
    merge.get_by_role("button", name="Make them one").click()
    names = person.get_by_role("listitem").filter(has_text="last seen")
    expect(names).to_have_count(2)
    names.filter(has_text=re.compile(r"· gwen ·")).get_by_role("button", name="This is somebody else").click()
    page.get_by_role("dialog", name="Is Gwen somebody else?").get_by_role("button", name="This is").click()
    expect(person.get_by_role("heading", name="Gwen", exact=True)).to_be_visible()

    person.get_by_role("button", name="Record as agreed").click()
    expect(person.get_by_text("Agreed", exact=True)).to_be_visible()
    person.get_by_role("button", name="Take back").click()
    expect(person.get_by_text("Not agreed")).to_be_visible()
    person.get_by_role("button", name="Block", exact=True).click()
    page.get_by_role("dialog", name="Block Gwen?").get_by_role("button", name="Block").click()
    expect(person.get_by_text("This person is blocked")).to_be_visible()
    write(platforms, made, "gwen", "Are you there?")
    write(platforms, made, "gwendolyn", "Are you there?")
    answered = platforms.wait_for_messages(3)
    assert [one["conversation"] for one in answered].count("c-gwen") == 1
    person.get_by_role("button", name="Delete the data").click()
    asked = page.get_by_role("dialog", name="Delete all that is kept of this person?")
    asked.get_by_role("textbox").fill("Gwen")
    asked.get_by_role("button", name="Delete the data").click()
    expect(people).to_have_count(1)
    console.assert_whole()


def test_who_may_not_change_channels_sees_how_they_are(
    page: Page, server: Server, bot: Json, platforms: Platforms
) -> None:
    deploy(server, bot, platforms)
    person = {"email": f"viewer-{bot['id']}@harbour.example", "name": "Vic", "password": "a-long-viewer-password"}
    made = make(server.api, "/v1/tenant/members", {**person, "role": "viewer"})
    theirs = Console(page, server.url)
    theirs.sign_in(person["email"], person["password"])
    theirs.go(f"/bots/{bot['id']}/channels")
    expect(card(page, "Your own system").get_by_text("Not connected", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Add a channel|^Connect$"))).to_have_count(0)
    page.get_by_role("button", name="Details of Your own system").click()
    sheet = page.get_by_role("dialog", name="Your own system (HTTP)")
    expect(sheet.get_by_role("button", name=re.compile("Remove|Switch off|Test it|Change the keys"))).to_have_count(0)
    theirs.assert_whole()
    assert server.api.delete(f"/v1/tenant/members/{made['id']}").status_code == 204


def test_a_channel_is_added_with_the_keyboard_alone(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/channels")
    add = page.get_by_role("button", name="Add a channel")
    console.tab_to(add)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Platform")).to_be_focused()
    page.keyboard.type("Tel")
    expect(page.get_by_label("Bot token")).to_be_visible()
    console.tab_to(page.get_by_label("Bot token"))
    page.keyboard.type(TELEGRAM)
    page.keyboard.press("Enter")
    done = page.get_by_role("button", name="Done")
    expect(done).to_be_visible()
    console.tab_to(done)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_hostile_words_from_a_platform_stay_words(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page, api = console.page, server.api
    made = deploy(server, bot, platforms)
    sender = {"id": HOSTILE[:60], "name": HOSTILE, "language": "en"}
    platforms.write(made, SECRET, id="h-1", conversation="c-h", sender=sender, text=HOSTILE)
    platforms.wait_for_messages(1)
    api.patch(f"/v1/tenant/bots/{bot['id']}", json={"is_active": False}).raise_for_status()
    platforms.write(made, SECRET, id="h-2", conversation="c-h", sender=sender, text=HOSTILE)
    found = api.get("/v1/tenant/contacts", params={"q": HOSTILE[:50]}).json()["items"]
    talk = api.get(f"/v1/tenant/conversations?bot_id={bot['id']}").json()["items"][0]["id"]
    for path in (
        f"/channels?open={made['id']}", "/channels/letters", f"/bots/{bot['id']}/channels", "/conversations/contacts",
        f"/conversations/contacts?open={found[0]['id']}", f"/conversations?open={talk}",
    ):  # fmt: skip
        console.go(path)
        assert page.evaluate("window.hurt") is None, path
    assert page.locator("img[src=x], a[href^='javascript:']").count() == 0
    console.assert_whole()


def test_keys_stay_in_the_form_when_the_connection_is_lost(
    console: Console, server: Server, bot: Json, platforms: Platforms
) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/channels?add=1&channel=telegram")
    page.get_by_label("Bot token").fill(TELEGRAM)
    page.context.set_offline(True)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Check your connection")
    expect(page.get_by_label("Bot token")).to_have_value(TELEGRAM)
    page.context.set_offline(False)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Iris is live on Telegram")).to_be_visible()
