"""What the console says of a platform in its own words is what the adapter means."""

import re
from pathlib import Path

import pytest
from tests.e2e.console.board import KEYS

from shopwright.channels.port import Credentials
from shopwright.channels.registry import CHANNELS, create_channel
from shopwright.tenants.clients.forms import FORMS

WORDS = Path(__file__).parents[2] / "web" / "console" / "src" / "i18n" / "en" / "channels.ts"
OTHERS = {"slack": {}, "http": {}}


def steps_in_the_console(channel: str) -> list[str]:
    steps = WORDS.read_text().split("  steps: {", 1)[1]
    found = re.search(rf"^    {channel}: \[(.*?)\],$", steps, re.MULTILINE | re.DOTALL)
    return re.findall(r"'([^']*)'", found[1]) if found else []


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_console_says_the_steps_of_a_platform_as_its_adapter_does(channel: str) -> None:
    adapter = create_channel(channel, Credentials({**KEYS, **OTHERS}[channel]))
    said = [step.text.replace("'", "’") for step in adapter.manual_steps("https://shop.example/hook", "word")]
    assert steps_in_the_console(channel) == said


def test_the_console_has_words_for_every_field_and_a_guide_for_every_platform() -> None:
    words = WORDS.read_text()
    missing = [
        f"{form.channel}.{field.name}"
        for form in FORMS
        for field in form.fields
        if f"'{form.channel}.{field.name}': {{" not in words
    ]
    assert missing == []
    guides = words.split("  guides: {", 1)[1].split("  fields: {", 1)[0]
    assert [form.channel for form in FORMS if f"    {form.channel}: [" not in guides] == []
