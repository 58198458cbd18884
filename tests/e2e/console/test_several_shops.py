"""Somebody who belongs to several shops: invited, chooses, is remembered, goes from one to the other."""

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.console.conftest import ADMIN, PASSWORD, Server, make, signed_in
from tests.e2e.console.pages import Console
from tests.e2e.console.peers import Peers
from tests.e2e.console.test_signing_in import enter, sign_out

EMAIL = "robin@both.example"


@pytest.fixture
def both(page: Page, server: Server, peers: Peers) -> Page:
    """Robin is in Harbour and joins Lantern with the same password."""
    make(server.api, "/v1/tenant/members", {"email": EMAIL, "name": "Robin", "password": PASSWORD, "role": "viewer"})
    owner = "owner@lantern.example"
    with signed_in(server, "/admin/auth/login", ADMIN, PASSWORD) as admin:
        make(admin, "/admin/tenants", {"name": "Lantern", "slug": "lantern", "email": owner, "password": PASSWORD})
    with signed_in(server, "/v1/auth/login", owner, PASSWORD) as lantern:
        make(lantern, "/v1/tenant/invitations", {"email": EMAIL, "role": "viewer"})
    page.goto(peers.mailbox.link(EMAIL, "/invitation"))
    expect(page.get_by_text("This address already has a login for another shop.")).to_be_visible()
    page.get_by_label("Your name").fill("Robin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Hello, Robin")).to_be_visible()
    return page


def test_somebody_of_two_shops_chooses_once_and_changes_in_the_menu(both: Page, server: Server) -> None:
    page, console = both, Console(both, server.url)
    sign_out(page)
    enter(page, EMAIL, PASSWORD)
    expect(page.get_by_role("heading", name="Which shop?")).to_be_visible()
    assert console.check() == []
    page.get_by_role("button", name="Lantern").click()
    expect(page.get_by_role("heading", name="Hello, Robin")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("Lantern")).to_be_visible()

    # The next time nobody asks.
    sign_out(page)
    enter(page, EMAIL, PASSWORD)
    expect(page.get_by_role("heading", name="Hello, Robin")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("Lantern")).to_be_visible()

    page.goto(server.url + "/bots")
    other = page.context.new_page()
    other.goto(server.url + "/settings/profile")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitem", name="Harbour").click()
    expect(page.get_by_role("heading", name="Hello, Robin")).to_be_visible()
    Console(page, server.url).go("/bots")
    expect(page.get_by_role("link", name="Aria").first).to_be_visible()
    # What another tab shows is not of this shop any more: it begins anew.
    other.get_by_role("link", name="Home").first.click()
    expect(other).to_have_url(server.url + "/")
    expect(other.get_by_role("complementary").get_by_text("Harbour")).to_be_visible()
    console.assert_whole()
