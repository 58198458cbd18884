"""Every way in: a new account by mail, a second factor, a sign-in service, an invitation, a forgotten password."""

import base64
import re
import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, expect
from tests.e2e.console.conftest import PASSWORD, Server, make
from tests.e2e.console.pages import Console
from tests.e2e.console.peers import PERSON, Peers

from shopwright.identity.second_factor import STEP_SECONDS, totp

NEW = "a-new-and-long-password"
HOSTILE = '"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def enter(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_new_account_begins_with_a_mail_and_stays_signed_in(page: Page, server: Server, peers: Peers) -> None:
    email = "ada@lighthouse.example"
    page.goto(server.url + "/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Your name").fill(f"Ada {HOSTILE}")
    page.get_by_label("Name of your shop").fill(f"Lighthouse {HOSTILE}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of your shop")).to_have_value(f"Lighthouse {HOSTILE}")
    page.get_by_label("Password", exact=True).fill(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()

    link = peers.mailbox.link(email, "/verify-email")
    page.goto(link)
    expect(page.get_by_role("heading", name="What does your bot look like?")).to_be_visible()
    assert "token" not in page.url
    page.goto(server.url + "/")
    expect(page.get_by_role("heading", name="Hello, Ada")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Hello, Ada")).to_be_visible()
    assert page.evaluate("document.cookie + JSON.stringify({...localStorage, ...sessionStorage})").count("eyJ") == 0
    assert page.evaluate("window.hurt") is None
    sign_out(page)
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()


def test_a_forgotten_password_is_chosen_anew_by_mail(page: Page, server: Server, peers: Peers) -> None:
    email = "grace@harbour.example"
    make(server.api, "/v1/tenant/members", {"email": email, "name": "Grace", "password": PASSWORD, "role": "viewer"})
    page.goto(server.url + "/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    expect(page.get_by_role("heading", name="Set a new password")).to_be_visible()
    page.get_by_label("E-mail").fill(email)
    page.keyboard.press("Enter")
    expect(page.get_by_text("a mail is on its way")).to_be_visible()
    page.goto(peers.mailbox.link(email, "/reset-password"))
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Your password is set")).to_be_visible()
    enter(page, email, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("password is wrong")
    enter(page, email, NEW)
    expect(page.get_by_role("heading", name="Hello, Grace")).to_be_visible()


def add_service(browser: Browser, server: Server, peers: Peers) -> None:
    """An administrator lets people sign in with the service."""
    admin = Console(browser.new_context(locale="en-GB").new_page(), server.url)
    admin.sign_in(*server.admin, path="/administration/sign-in", home="/administration")
    admin.go("/administration/sign-in-services?edit=new")
    for label, value in {
        "Name": "Harbour Login", "Short name": "harbour", "Issuer": peers.issuer, "Client ID": "console",
        "Client secret": "secret",
    }.items():  # fmt: skip
        admin.page.get_by_label(label, exact=True).fill(value)
    admin.page.get_by_role("button", name="Save").click()
    expect(admin.page.get_by_text(peers.issuer)).to_be_visible()
    admin.page.context.close()


def help_out(browser: Browser, server: Server, email: str) -> None:
    """The owner switches Kim's second step off."""
    helper = Console(browser.new_context(locale="en-GB").new_page(), server.url)
    helper.sign_in(*next(server.people))
    helper.go("/settings/team")
    helper.page.get_by_role("button", name="More for Kim").click()
    helper.page.get_by_role("menuitem", name="Switch off second step").click()
    asking = helper.page.get_by_role("dialog")
    asking.get_by_role("textbox").fill(email)
    asking.get_by_role("button", name="Switch off second step").click()
    expect(helper.page.get_by_text("Kim signs in with the password alone now")).to_be_visible()
    helper.page.context.close()


def test_a_second_factor_is_asked_for_after_the_password_and_after_a_service(
    page: Page, server: Server, peers: Peers, browser: Browser
) -> None:
    email = str(PERSON["email"])
    make(server.api, "/v1/tenant/members", {"email": email, "name": "Kim", "password": PASSWORD, "role": "owner"})
    add_service(browser, server, peers)

    # With the service alone
    page.goto(server.url + "/conversations")
    page.get_by_role("link", name="Continue with Harbour Login").click()
    page.get_by_role("button", name="kim").click()
    expect(page.get_by_role("heading", name="Conversations", level=1)).to_be_visible()

    # The second factor
    console = Console(page, server.url)
    console.go("/settings/profile")
    page.get_by_role("button", name="Set it up").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Confirm").click()
    secret = base64.b32decode(dialog.get_by_role("region", name="Or type this in").inner_text().strip())
    step = int(time.time() // STEP_SECONDS)
    dialog.get_by_label("Six digits from the app").fill(totp(secret, step))
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_role("listitem")).to_have_count(10)
    codes = dialog.get_by_role("listitem").all_inner_texts()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Is on")).to_be_visible()

    sign_out(page)
    enter(page, email, PASSWORD)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_text("Lost phone and recovery codes?").click()
    expect(page.get_by_text("Ask an owner or admin of your shop")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Code").fill(totp(secret, step + 1))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Hello, Kim")).to_be_visible()

    sign_out(page)
    page.goto(server.url + "/sign-in?next=/clients")
    page.get_by_role("link", name="Continue with Harbour Login").click()
    page.get_by_role("button", name="kim").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Clients", level=1)).to_be_visible()
    assert "challenge" not in page.url

    # Phone and codes are lost: another owner switches the second step off
    sign_out(page)
    help_out(browser, server, email)
    enter(page, email, PASSWORD)
    expect(page.get_by_role("heading", name="Hello, Kim")).to_be_visible()

    # Somebody whom nobody knows here
    sign_out(page)
    page.get_by_role("link", name="Continue with Harbour Login").click()
    page.get_by_role("button", name="sam").click()
    expect(page.get_by_text("Nobody here has the address")).to_be_visible()


def test_an_invited_person_joins_and_is_signed_out_from_afar(
    console: Console, server: Server, peers: Peers, browser: Browser
) -> None:
    page, email = console.page, "ines@harbour.example"
    console.go("/settings/team?invite=1")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Role").select_option("editor")
    dialog.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", name="Open invitations")).to_be_visible()

    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    theirs, other = [context.new_page() for context in contexts]
    theirs.goto(peers.mailbox.link(email, "/invitation"))
    expect(theirs.get_by_role("heading", name="Join Harbour")).to_be_visible()
    theirs.get_by_label("Your name").fill("Ines")
    theirs.get_by_label("Password", exact=True).fill(NEW)
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("heading", name="Hello, Ines")).to_be_visible()
    Console(theirs, server.url).go("/bots")
    expect(theirs.get_by_role("link", name="Aria").first).to_be_visible()

    other.goto(server.url + "/sign-in")
    enter(other, email, NEW)
    expect(other.get_by_role("heading", name="Hello, Ines")).to_be_visible()
    Console(theirs, server.url).go("/settings/profile")
    sessions = theirs.locator("section", has=theirs.get_by_role("heading", name="Where you are signed in"))
    expect(sessions.get_by_role("listitem")).to_have_count(2)
    expect(sessions.get_by_text(re.compile("Chrom")).first).to_be_visible()
    sessions.get_by_role("listitem").get_by_role("button", name="Sign out").click()
    expect(sessions.get_by_role("listitem")).to_have_count(1)
    other.reload()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    for context in contexts:
        context.close()


def test_addresses_that_a_mail_does_not_hold_lead_to_a_sentence(page: Page, server: Server) -> None:
    for path in ("/verify-email", "/verify-email#token=x", "/invitation#token=x", "/invitation"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    page.goto(server.url + "/sign-in?error=" + HOSTILE + "#challenge=" + HOSTILE)
    page.get_by_label("Code").fill("123456")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate("window.hurt") is None
    assert parse_qs(urlsplit(page.url).query)
