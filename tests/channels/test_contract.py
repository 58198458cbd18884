"""What every channel keeps, over recorded payloads of its platform and messages made up by hypothesis."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.channels.platform import FOLDER, NOW, cases, described, letters, platform, slugs

from shopwright.channels.port import (
    ApiResponse,
    Attachment,
    BadPayload,
    Card,
    Choice,
    CitedSource,
    Credentials,
    InvalidSignature,
    OutboundMessage,
    Rejected,
    RetryAfter,
    Sent,
)
from shopwright.channels.registry import create_channel
from shopwright.channels.text.choices import choice_value, understand
from shopwright.channels.text.splitting import size

SLUGS = slugs()
INBOUND = [(slug, case) for slug in SLUGS for case in cases(slug)]
ANSWERS = [(slug, case) for slug in SLUGS for case in cases(slug, "answers")]
FORGED = [(slug, name) for slug in SLUGS for name in platform(slug).forgeries()]
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def _named(items):
    return [f"{slug}: {case if isinstance(case, str) else case['about']}" for slug, case in items]


# ---- in ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slug", "case"), INBOUND, ids=_named(INBOUND))
def test_a_recorded_request_is_accepted_and_means_what_is_written_beside_it(slug, case) -> None:
    side = platform(slug)
    request = side.genuine(case["body"])
    channel = side.channel()

    channel.verify(request, side.keys)

    assert described(channel.parse(request)) == case["events"]


@pytest.mark.parametrize(("slug", "case"), INBOUND, ids=_named(INBOUND))
def test_a_request_that_comes_twice_names_its_events_the_same_and_each_differently(slug, case) -> None:
    side = platform(slug)
    first = side.channel().parse(side.genuine(case["body"]))
    second = side.channel().parse(side.genuine(case["body"]))

    assert [e.external_id for e in first] == [e.external_id for e in second]
    assert len({e.external_id for e in first}) == len(first)
    assert all(e.external_id for e in first)


@pytest.mark.parametrize(("slug", "name"), FORGED, ids=_named(FORGED))
def test_a_forged_request_is_refused(slug, name) -> None:
    side = platform(slug)

    with pytest.raises(InvalidSignature):
        side.channel().verify(side.forgeries()[name], side.keys)


def test_there_are_many_forgeries_of_every_platform() -> None:
    assert len(FORGED) >= 6 * len(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_without_its_secret_a_channel_accepts_nothing(slug) -> None:
    side = platform(slug)

    for name in side.needed:
        with pytest.raises(InvalidSignature):
            side.channel(**{name: ""}).verify(side.genuine(), side.keys)


@pytest.mark.parametrize("slug", SLUGS)
def test_what_cannot_be_read_is_one_error_and_nothing_else(slug) -> None:
    side = platform(slug)
    request = side.genuine()

    for body in (b"", b"\xff\xfe", b"[" * 3000, b"[]", b"null", b'{"a":', b'{"message": 5, "entry": 5}'):
        try:
            events = side.channel().parse(replace(request, body=body))
        except BadPayload:
            continue
        assert events == []


@QUICK
@given(data=st.data(), slug=st.sampled_from(SLUGS))
def test_a_payload_with_anything_in_the_wrong_place_is_read_or_refused_but_never_crashes(slug, data) -> None:
    side = platform(slug)
    payload = json.loads(json.dumps(side.hello))
    if not isinstance(payload, dict):
        return
    places = list(_places(payload))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(st.sampled_from([None, 7, -1.5, True, "x", "", [], {}, [{}], {"id": None}, "\0" * 3]))

    try:
        side.channel().parse(side.genuine(payload))
    except BadPayload:
        return


def _places(node):
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(items):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


# ---- out -----------------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=60)
# A word of a plain paragraph has a letter before its digits, so that it opens no numbered list.
# Long texts by repeating: hypothesis itself prefers short ones. The giant word and the giant code must be cut anywhere.
LONG = st.builds(lambda ws, n: [*ws, "end."] * n, st.lists(WORDS, min_size=1, max_size=20), st.integers(1, 300))
GIANT = st.builds(lambda word, n: word * n, WORDS, st.integers(50, 3000))
PIECES = st.one_of(
    LONG.map(lambda words: ("".join(words), "So " + " ".join(words))),
    LONG.map(lambda words: ("".join(words), "- **" + " ".join(words) + "**")),
    GIANT.map(lambda word: (word, f"{word}, *{word}*")).map(lambda p: (p[0] * 2, p[1])),
    GIANT.map(lambda word: (word, f"```\n{word}\n{word}\n```")).map(lambda p: (p[0] * 2, p[1])),
    WORDS.map(lambda word: (word, f"**{word}**")),
    WORDS.map(lambda word: (word, f"A *{word}*, {word}!")).map(lambda p: ("A" + p[0] * 2, p[1])),
    WORDS.map(lambda word: (word, f"[{word}](https://shop.example/a?b=1&c=2)")),
    WORDS.map(lambda word: (word, f"# {word}")),
    st.lists(WORDS, min_size=1, max_size=8).map(lambda ws: ("".join(ws), "\n".join(f"- {w}" for w in ws))),
    WORDS.map(lambda word: (word, f"> x{word}")).map(lambda p: ("x" + p[0], p[1])),
)


@pytest.mark.parametrize("slug", SLUGS)
@QUICK
@given(pieces=st.lists(PIECES, min_size=1, max_size=6))
def test_every_word_of_a_long_answer_arrives_in_order_and_within_the_limit(slug, pieces) -> None:
    side = platform(slug)
    channel = side.channel()
    text = "\n\n".join(piece for _, piece in pieces)

    calls = channel.render(OutboundMessage("k1", text), side.address)

    arrived = letters("".join(side.visible(t) for call in calls for t in side.texts(call)))
    at = 0
    for words, _ in pieces:
        # A link's address may stand between its words where it cannot hide.
        found = arrived.find(letters(words), at)
        assert found >= 0, words
        at = found + len(letters(words))
    for call in calls:
        for part in side.texts(call):
            assert 0 < size(part, channel.limits.counted_in) <= (channel.limits.text_characters or len(part))


CHOICES = st.lists(
    st.builds(
        Choice,
        title=WORDS,
        value=st.one_of(st.just(""), WORDS, st.text("ab/:", min_size=60, max_size=120)),
        url=st.one_of(st.just(""), st.just(""), st.just("https://shop.example/page")),
        description=st.one_of(st.just(""), WORDS),
    ),
    max_size=14,
    unique_by=lambda choice: choice.title.casefold(),
).map(tuple)


@pytest.mark.parametrize("slug", SLUGS)
@QUICK
@given(choices=CHOICES, text=st.sampled_from(["", "Which one?"]))
def test_every_choice_reaches_the_customer_and_comes_back(slug, choices, text) -> None:
    side = platform(slug)
    message = OutboundMessage("k1", text, choices=choices)

    calls = side.channel().render(message, side.address)

    pressed = dict(pair for call in calls for pair in side.buttons(call))
    shown = letters("".join(side.visible(t) for call in calls for t in side.texts(call)))
    for choice in choices:
        wholes = (letters(choice.title), letters(choice.title + choice.description))
        title = next((t for t in pressed if letters(t) in wholes), None)
        if title is None:
            assert letters(choice.title) in shown
            assert choice.url or understand(choice.title, message) is not None
        else:
            assert pressed[title] == (choice.url or choice_value(choice))
        assert letters(choice.description) in shown + letters("".join(pressed))
    assert bool(calls) == bool(text or choices)
    limits = side.channel().limits
    assert len(pressed) <= max(limits.choices, limits.list_entries)
    longest = max(limits.choice_title, limits.list_title)
    for choice in choices:
        if longest and choice.title in pressed:
            assert size(choice.title, "utf16") <= longest
        if not choice.url and choice.title in pressed:
            assert size(choice_value(choice), "bytes" if slug == "telegram" else "characters") <= (
                limits.choice_value or 10_000
            )


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("length", [20, 21, 24, 25, 75, 76])
@pytest.mark.parametrize("count", [1, 4, 14, 101])
def test_a_title_goes_whole_into_a_button_that_can_hold_it_or_into_the_text(slug, length, count) -> None:
    side = platform(slug)
    limits = side.channel().limits
    choices = tuple(Choice(f"{number:03}".ljust(length, "x"), f"v{number}") for number in range(count))

    calls = side.channel().render(OutboundMessage("k1", "Which?", choices=choices), side.address)

    pressed = [title for call in calls for title, _ in side.buttons(call)]
    shown = "".join(side.visible(t) for call in calls for t in side.texts(call))
    assert [c.title for c in choices] == pressed or all(c.title in shown for c in choices)
    # Our own protocol takes as many as there are.
    assert slug == "http" or len(pressed) <= max(limits.choices, limits.list_entries)
    if pressed and limits.choice_title and count <= limits.choices and length > limits.choice_title:
        assert length <= limits.list_title
    if pressed and (limits.choice_title or limits.list_title):
        assert length <= max(limits.choice_title, limits.list_title)


@pytest.mark.parametrize("slug", SLUGS)
@QUICK
@given(choices=CHOICES, title=WORDS, subtitle=st.one_of(st.just(""), st.lists(WORDS, max_size=40).map(" ".join)))
def test_every_word_of_a_card_reaches_the_customer(slug, choices, title, subtitle) -> None:
    side = platform(slug)
    card = Card(title, subtitle, "https://shop.example/lamp.jpg", "https://shop.example/lamp", choices)

    calls = side.channel().render(OutboundMessage("k1", "See:", cards=(card, card)), side.address)

    seen = letters("".join(side.visible(t) for call in calls for t in side.texts(call)))
    seen += letters("".join(title for call in calls for title, _ in side.buttons(call)))
    assert seen.count(letters(title)) >= 2
    assert letters(subtitle) in seen
    assert all(letters(choice.title) in seen for choice in choices)


@pytest.mark.parametrize("slug", SLUGS)
def test_sources_stand_at_the_end_with_their_numbers_and_addresses(slug) -> None:
    side = platform(slug)
    sources = (CitedSource(1, "Shipping", "https://shop.example/shipping"), CitedSource(2, "Returns"))
    message = OutboundMessage("k1", "It costs 4,90 € [1]. Send it back [2].", sources=sources, language="de")

    calls = side.channel().render(message, side.address)

    seen = "".join(side.visible(t) for call in calls for t in side.texts(call))
    assert letters(seen).startswith("Itcosts4901Senditback2Quellen1Shipping")
    assert letters(seen).endswith("2Returns")
    assert any("https://shop.example/shipping" in t for call in calls for t in side.texts(call))


@pytest.mark.parametrize("slug", SLUGS)
def test_nobody_is_called_and_nothing_is_fetched_because_of_a_text(slug) -> None:
    side = platform(slug)
    text = "<!channel> <!here> @everyone <@U123> ![x](https://evil.example/p.png) <img src=https://evil.example/q.png>"

    calls = side.channel().render(OutboundMessage("k1", text), side.address)

    sent = "".join(t for call in calls for t in side.texts(call))
    assert len(calls) == 1
    assert [sign for sign in side.calls_or_fetches if sign in sent] == []
    assert "everyone" in sent
    assert "evil.example/p.png" in sent


@pytest.mark.parametrize("slug", SLUGS)
def test_an_empty_message_is_no_call(slug) -> None:
    side = platform(slug)

    assert side.channel().render(OutboundMessage("k1", " \n "), side.address) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_pictures_and_files_reach_the_customer_as_such_or_as_links(slug) -> None:
    side = platform(slug)
    files = (
        Attachment("file", url="https://shop.example/manual.docx", name="manual.docx"),
        Attachment("file", url="https://shop.example/label.pdf", name="label.pdf", media_type="application/pdf"),
        Attachment("audio", url="https://shop.example/a.mp3", name="a.mp3", media_type="audio/mpeg"),
    )
    message = OutboundMessage("k1", "Here:", images=("https://shop.example/lamp.jpg",), files=files)

    calls = side.channel().render(message, side.address)

    sent = json.dumps([[call.json, call.form] for call in calls]) + "".join(str(call.content) for call in calls)
    for url in ("https://shop.example/lamp.jpg", *(file.url for file in files)):
        assert url in sent


FOREIGN = (
    "https://evil.example/a.jpg",
    "https://evil.example/https://files.slack.com/a.jpg",
    "https://files.slack.com.evil.example/a.jpg",
    "https://evilslack.com/a.jpg",
    "https://lookaside.fbsbx.com.evil.example/a.jpg",
    "https://evilfbsbx.com/a.jpg",
    "https://evil.trafficmanager.net/a.jpg",
    "https://api.twilio.com.evil.example/a.jpg",
    "https://api.line.me@evil.example/a.jpg",
    "https://graph.facebook.com@evil.example/a.jpg",
    "https://slack.com%2Fapi@evil.example/a.jpg",
)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("url", FOREIGN)
def test_a_file_at_somebody_elses_address_is_fetched_without_our_token(slug, url) -> None:
    if slug == "email":
        return  # its files have no addresses

    for call in platform(slug).channel().fetch_media(Attachment("image", "", url)):
        assert call.url == url
        assert dict(call.headers) == {}


# ---- what the platform answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slug", "case"), ANSWERS, ids=_named(ANSWERS))
def test_a_documented_answer_is_understood(slug, case) -> None:
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
    response = ApiResponse(case["status"], case.get("headers", {}), body.encode())

    outcome = described(platform(slug).channel().explain(response))

    assert {name: outcome.get(name) for name in case["outcome"]} == case["outcome"]


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": 5}', b'{"ok": "x", "error": {"code": []}}'])
def test_an_answer_of_any_shape_is_understood_by_its_status(slug, body) -> None:
    side = platform(slug)
    channel = side.channel()

    assert isinstance(channel.explain(ApiResponse(side.busy, {}, body)), RetryAfter)
    assert isinstance(channel.explain(ApiResponse(side.limited, {}, body)), RetryAfter)
    assert isinstance(channel.explain(ApiResponse(side.refused, {}, body)), Rejected)
    assert isinstance(channel.explain(ApiResponse(side.taken, {}, body)), Sent | Rejected)


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "email"])
def test_the_wait_that_a_platform_asks_for_is_kept(slug) -> None:
    outcome = platform(slug).channel().explain(ApiResponse(429, {"retry-after": "7"}, b""))

    assert isinstance(outcome, RetryAfter)
    assert outcome.seconds == 7.0


# ---- setting up ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_an_account_is_connected_by_calls_or_by_steps_that_name_our_address(slug) -> None:
    side = platform(slug)
    channel = side.channel()

    calls, steps = channel.register(side.hook, "s3cret"), channel.manual_steps(side.hook, "s3cret")
    if [call.purpose for call in calls] == ["locate"]:
        calls = channel.register(side.hook, "s3cret", side.located)
        assert {call.purpose for call in calls} == {"register"}

    said = json.dumps([[call.url, call.json, call.form] for call in calls]) + "".join(s.copy for s in steps)
    assert side.hook in said or slug == "email"
    assert (channel.capabilities.automatic_webhook != "no") == bool(calls)
    assert calls or channel.unregister(side.hook) == []
    assert channel.check().purpose == "check"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_call_goes_to_the_addresses_that_were_given(slug) -> None:
    side = platform(slug)
    own = {name: f"https://{name.replace('_', '-')}.lab.example" for name in type(side.channel()).addresses}
    values = Credentials({**side.credentials, "webhook_secret": "s"})
    channel = create_channel(slug, values, own)
    message = OutboundMessage("k1", "Hi", images=("https://shop.example/x.png",))

    calls = [
        *channel.render(message, side.address),
        *channel.register(side.hook, "s"),
        *channel.unregister(side.hook),
        *[call for call in (channel.check(), channel.typing(side.address), channel.sign_in()) if call],
    ]

    elsewhere = [call.url for call in calls if not call.url.startswith((*own.values(), *side.own_addresses))]
    assert elsewhere == []


@pytest.mark.parametrize("slug", SLUGS)
def test_secrets_are_not_printed(slug) -> None:
    side = platform(slug)
    channel = side.channel()
    printed = repr([channel, channel.render(OutboundMessage("k1", "Hi"), side.address), channel.check()])
    printed += repr(channel.register(side.hook, "s3cret"))

    hidden = [v for name, v in side.credentials.items() if name not in side.public]
    assert [value for value in hidden if value in printed] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_limits_say_where_and_when_they_were_read(slug) -> None:
    limits = platform(slug).channel().limits

    assert limits.source.startswith("https://") or slug in ("http", "email")
    assert NOW.date().isoformat() >= limits.read_on >= "2026-01-01"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_channel_has_its_cases_answers_and_guide(slug) -> None:
    root = FOLDER.parents[1]

    assert len(list(cases(slug))) >= 3
    assert len(list(cases(slug, "answers"))) >= 3
    assert (root / "docs" / "how-to" / "channels" / f"{slug}.md").exists()
