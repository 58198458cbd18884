"""What only mails have: threads that hold, dates, headers that strangers may try to write."""

from email import message_from_bytes, policy

import pytest
from tests.channels.email.platform import OWN, mail
from tests.channels.platform import NOW, platform

from shopwright.channels.email.quoting import own_words
from shopwright.channels.port import Address, OutboundMessage

EMAIL = platform("email")


def _asked(**changed):
    (event,) = EMAIL.channel().parse(EMAIL.genuine(mail("Do you ship?", **changed)))
    return event


def _answered(event, text="Yes.", key="k1"):
    to = Address(event.thread, event.route)
    (call,) = EMAIL.channel().render(OutboundMessage(key, text), to)
    return message_from_bytes(EMAIL.channel().stamp(call, NOW).content, policy=policy.default)


def test_an_answer_names_the_mail_it_answers_and_the_customers_answer_comes_to_the_same_thread() -> None:
    first = _asked()
    answer = _answered(first)
    # A program that keeps only the last reference.
    second = _asked(Message_ID="<a2@customer.example>", Subject="Re: Shipping", In_Reply_To=answer["Message-ID"])

    assert answer["To"] == "Ada@customer.example"
    assert answer["In-Reply-To"] == "<a1@customer.example>"
    assert answer["Subject"] == "Re: Shipping"
    assert answer["Date"] == "Sat, 21 Nov 2026 12:00:00 +0000"
    assert second.thread == first.thread


def test_a_mail_tried_twice_has_one_id_and_another_message_has_another() -> None:
    event = _asked()

    assert _answered(event)["Message-ID"] == _answered(event)["Message-ID"]
    assert _answered(event)["Message-ID"] != _answered(event, key="k2")["Message-ID"]


def test_answers_of_ours_are_not_answered_by_machines_nor_by_us() -> None:
    answer = _answered(_asked())

    assert answer["Auto-Submitted"] == "auto-replied"
    assert EMAIL.channel().parse(EMAIL.request(answer.as_bytes(), method="IMAP")) == []


def test_naming_somebody_elses_mail_does_not_lead_into_their_conversation() -> None:
    hers = _asked()
    his = _asked(From="eve@evil.example", Message_ID="<e1@evil.example>", References="<a1@customer.example>")

    assert his.thread != hers.thread


def test_a_forged_sender_does_not_lead_answers_elsewhere() -> None:
    event = _asked(Reply_To="eve@evil.example")

    assert _answered(event)["To"] == "Ada@customer.example"


@pytest.mark.parametrize("subject", ["Hi\r\n Bcc: eve@evil.example", "=?utf-8?q?Hi=0D=0ABcc:_eve@evil.example?="])
def test_a_subject_cannot_add_a_header(subject) -> None:
    answer = _answered(_asked(Subject=subject))

    assert answer["Bcc"] is None
    assert answer["From"] == OWN


def test_the_html_part_fetches_nothing() -> None:
    text = "![a](https://evil.example/p.png) <img src=https://evil.example/q.png> **bold** <b>not</b>"

    html = _answered(_asked(), text).get_body(("html",)).get_content()

    assert "<img" not in html
    assert '<a href="https://evil.example/p.png">a</a>' in html
    assert "<b>bold</b> &lt;b&gt;not" in html


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Top.\n\nOn Mon, Shop wrote:\n\nHello without signs", "Top."),
        ("-- \nAda", "-- \nAda"),
        ("> all\n> quoted", "> all\n> quoted"),
        ("Ja\n\n-----Ursprüngliche Nachricht-----\nVon: Shop", "Ja"),
        ("Ok\n________________________________\nFrom: Shop", "Ok"),
        ("On holiday I wrote:\na poem", "On holiday I wrote:\na poem"),
        ("a > b\n-- no signature", "a > b\n-- no signature"),
    ],
)
def test_only_the_new_words_of_a_mail_are_read(text, kept) -> None:
    assert own_words(text) == kept


@pytest.mark.parametrize("words", ["", "Like this one?\n\n"])
def test_of_an_answer_without_new_words_our_own_are_not_heard_as_a_question(words) -> None:
    answer = _answered(_asked())
    quoted = f"{words}On Sat, 21 Nov 2026 at 12:00, <{OWN}> wrote:\n> Yes."
    raw = mail(quoted, Message_ID="<a2@customer.example>", Subject="Re: Shipping", In_Reply_To=answer["Message-ID"])

    events = EMAIL.channel().parse(EMAIL.genuine(raw))

    assert [event.text for event in events] == ([words.strip()] if words else [])
