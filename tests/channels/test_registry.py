"""The channels there are, and that the rest of the platform knows of them."""

import re

import pytest
from tests.channels.platform import FOLDER, platform, slugs

from shopwright.channels.port import Credentials
from shopwright.channels.registry import CHANNELS, create_channel
from shopwright.tenants.clients.forms import FORM_OF

ROOT = FOLDER.parents[1]


def test_every_channel_has_a_form_for_its_credentials_and_every_form_a_channel() -> None:
    assert set(CHANNELS) == set(FORM_OF)
    assert {slug: channel.name for slug, channel in CHANNELS.items()} == {s: form.name for s, form in FORM_OF.items()}


@pytest.mark.parametrize("slug", slugs())
def test_a_channel_needs_nothing_that_its_form_does_not_ask_for(slug) -> None:
    # The gateway adds these two.
    asked = {field.name for field in FORM_OF[slug].fields} | {"webhook_secret", "access_token"}

    assert set(platform(slug).credentials) <= asked


def test_the_slug_of_a_channel_is_its_place() -> None:
    for slug, channel in CHANNELS.items():
        assert channel.slug == slug
        assert channel.__module__ == f"shopwright.channels.{slug}.channel"


def test_every_adapter_may_be_named_by_the_registry_alone() -> None:
    contracts = (ROOT / ".importlinter").read_text()

    assert set(re.findall(r"^    shopwright\.channels\.(\w+)$", contracts, re.MULTILINE)) >= {*CHANNELS, "registry"}


def test_a_platform_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        create_channel("pager", Credentials({}))
