"""Markdown in the signs of each platform, and its cutting."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopwright.channels.slack.format import Mrkdwn
from shopwright.channels.teams.format import TeamsMarkdown
from shopwright.channels.telegram.html import TelegramHtml
from shopwright.channels.text.blocks import parse_markdown, plain
from shopwright.channels.text.dialects import MarkedText, PlainText
from shopwright.channels.text.sms import Segments, segments
from shopwright.channels.text.splitting import split

TEXT = """# Delivery

It is **free** from *50 €*, see [our page](https://shop.example/a?b=1&c=2) or `code`.

1. Choose
   - red
   - blue
2. Pay

> quoted

```py
a < b
```

| Country | Price |
|---|---|
| Austria | 5 | more |
"""


def _written(dialect, text=TEXT) -> str:
    return dialect.write([dialect.prepare(block) for block in parse_markdown(text)])


def test_plain_text_keeps_all_words_and_shows_addresses() -> None:
    assert _written(PlainText()) == (
        "Delivery\n\nIt is free from 50 €, see our page (https://shop.example/a?b=1&c=2) or code.\n\n"
        "1. Choose\n  • red\n  • blue\n2. Pay\n\nquoted\n\na < b\n\nCountry | Price\nAustria | 5 | more"
    )


def test_whatsapp_has_signs() -> None:
    assert _written(MarkedText()) == (
        "*Delivery*\n\nIt is *free* from _50 €_, see our page (https://shop.example/a?b=1&c=2) or `code`.\n\n"
        "1. Choose\n  • red\n  • blue\n2. Pay\n\n> quoted\n\n```\na < b\n```\n\n*Country* | *Price*\nAustria | 5 | more"
    )


def test_slack_has_its_own() -> None:
    assert _written(Mrkdwn()).startswith(
        "*Delivery*\n\nIt is *free* from _50 €_, see <https://shop.example/a?b=1&amp;c=2|our page> or `code`."
    )
    assert "```\na &lt; b\n```" in _written(Mrkdwn())


def test_telegram_has_html() -> None:
    assert _written(TelegramHtml()).startswith(
        '<b>Delivery</b>\n\nIt is <b>free</b> from <i>50 €</i>, see <a href="https://shop.example/a?b=1&amp;c=2">our '
        "page</a> or <code>code</code>."
    )
    assert "<pre>a &lt; b</pre>" in _written(TelegramHtml())


def test_teams_has_markdown() -> None:
    assert _written(TeamsMarkdown()).startswith(
        "**Delivery**\n\nIt is **free** from _50 €_, see [our page](https://shop.example/a?b=1&c=2) or `code`\\."
    )


@pytest.mark.parametrize(
    ("dialect", "text", "written"),
    [
        (TelegramHtml(), "<b>&</b> @shop", "&lt;b&gt;&amp;&lt;/b&gt; @\u2060shop"),
        (TelegramHtml(), "ada@shop.example", "ada@shop.example"),
        (TelegramHtml(), "**`x`**", "<code>x</code>"),
        (TelegramHtml(), "[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        (TelegramHtml(), '[a](https://x.example/"onclick=)', '<a href="https://x.example/%22onclick=">a</a>'),
        (Mrkdwn(), "<!channel> a&b", "&lt;!channel&gt; a&amp;b"),
        (Mrkdwn(), "[a|b](https://x.example/a|b)", "<https://x.example/a%7Cb|a¦b>"),
        (Mrkdwn(), "un**fest**lich", "unfestlich"),
        (Mrkdwn(), r"5\*3\*2 \*note\*", "5*3*2 *\u200bnote*"),
        (MarkedText(), "**a\nb**", "*a*\n*b*"),
        (MarkedText(), "** bold **", "** bold **"),
        (TeamsMarkdown(), r"<at>all</at> 1\*2", r"&lt;at&gt;all&lt;/at&gt; 1\*2"),
        (PlainText(), "[1]: https://x.example", "[1]: https://x.example"),
        (PlainText(), "1984.", "1984. "),
        (PlainText(), "<https://x.example>", "https://x.example"),
        (PlainText(), "![lamp](https://x.example/l.png)", "lamp (https://x.example/l.png)"),
    ],
)
def test_signs_of_the_text_itself_mean_nothing(dialect, text, written) -> None:
    assert _written(dialect, text) == written


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(st.sampled_from("ab1 .\n*_`~[]()<>#|>-+\\!&:/@"), max_size=120))
def test_no_letter_of_any_text_is_lost(text) -> None:
    said = plain(text)

    assert [c for c in said if c in "ab"] == [c for c in text if c in "ab"]


def test_a_long_text_is_cut_at_a_sentence_end() -> None:
    text = "One two three. Four five six. " * 10

    parts = split(parse_markdown(text), PlainText(), 50)

    assert all(part.endswith(".") and len(part) <= 50 for part in parts)
    assert " ".join(parts) == text.strip()


def test_a_heading_goes_with_what_it_is_over() -> None:
    assert split(parse_markdown("aaaa\n\n# Head\n\nbbbbbbbbbb"), PlainText(), 16) == ["aaaa", "Head\n\nbbbbbbbbbb"]


def test_signs_that_belong_together_are_not_torn() -> None:
    family = "👩\u200d👩\u200d👧"

    parts = split(parse_markdown(family * 10), PlainText(), 16, "utf16")

    assert "".join(parts) == family * 10
    assert all(set(part.split(family)) == {""} for part in parts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Segments("gsm7", 0)),
        ("a" * 160, Segments("gsm7", 1)),
        ("a" * 161, Segments("gsm7", 2)),
        ("€" * 80, Segments("gsm7", 1)),
        ("€" * 81, Segments("gsm7", 2)),
        ("ä" * 306, Segments("gsm7", 2)),
        ("’" + "a" * 69, Segments("ucs2", 1)),
        ("’" + "a" * 70, Segments("ucs2", 2)),
        ("👍" * 35, Segments("ucs2", 1)),
        ("👍" * 36, Segments("ucs2", 2)),
    ],
)
def test_text_messages_are_counted_as_networks_count_them(text, found) -> None:
    assert segments(text) == found
