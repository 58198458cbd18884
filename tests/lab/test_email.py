"""The lab's mail servers, spoken with by the standard library's clients, and callers that do it wrong."""

import asyncio
import imaplib
import smtplib
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from typing import Any

import pytest
import pytest_asyncio
from tests.gateway.talk import Jobs
from tests.lab.booth import QUESTION, SECOND, Booth, open_booth, text_of
from tests.lab.stand import Stand, open_stand
from tests.shops import Shop

from shopwright.kit import mailboxes
from shopwright.kit.egress import EgressPolicy
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.mailboxes import Mark, find_mail, read_mail
from shopwright.lab.app import Lab
from shopwright.lab.email.customer import bounce
from shopwright.lab.email.mailbox import customer_address, login_of, mails, own_address, put
from shopwright.lab.email.reading import as_lines
from shopwright.lab.schemas import Fault


@pytest_asyncio.fixture
async def stand() -> AsyncIterator[Stand]:
    opened = open_stand("email")
    yield opened
    await opened.lab.close()


async def port(stand: Stand, kind: str) -> int:
    return int((await stand.call("GET", f"servers/{kind}")).body["port"])


def an_answer(stand: Stand, **changed: str | None) -> EmailMessage:
    """A mail to the customer with nothing wrong with it, but for what is changed."""
    asked = stand.account.said_by("customer")[-1].shown.id
    head: dict[str, str | None] = {
        "From": own_address(stand.account), "To": customer_address(stand.account), "Subject": "Re: x",
        "Message-ID": "<1@lab.example>", "Date": format_datetime(datetime.now(UTC)), "In-Reply-To": asked,
        "References": asked, "Auto-Submitted": "auto-replied", **changed,
    }  # fmt: skip
    mail = EmailMessage(policy=SMTP)
    for name, value in head.items():
        if value is not None:
            mail[name] = value
    mail.set_content("Hello *you*\n")
    mail.add_alternative('<p>Hello <b>you</b>, <a href="https://shop.example">the shop</a></p>', subtype="html")
    return mail


async def hand_in(stand: Stand, mail: EmailMessage | bytes, **who: str) -> None:
    """What smtplib does."""
    user, password = login_of(stand.account.credentials, "smtp")
    at = await port(stand, "smtp")
    content = mail if isinstance(mail, bytes) else mail.as_bytes()

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", at, timeout=10) as client:
            client.login(who.get("user", user), who.get("password", password))
            sender, to = own_address(stand.account), customer_address(stand.account)
            client.sendmail(who.get("sender", sender), [who.get("to", to)], content)

    await asyncio.to_thread(work)


async def in_mailbox(stand: Stand, work: Callable[[imaplib.IMAP4], Any], password: str = "") -> Any:
    user, right = login_of(stand.account.credentials, "imap")
    at = await port(stand, "imap")

    def run() -> Any:
        with imaplib.IMAP4("127.0.0.1", at, timeout=10) as client:
            client.login(user, password or right)
            client.select("INBOX", readonly=True)
            return work(client)

    return await asyncio.to_thread(run)


async def test_a_mail_is_shown_with_its_formatting_and_its_links(stand: Stand) -> None:
    stand.does("text", text="Hello")
    await hand_in(stand, an_answer(stand))
    shown = stand.shown()[-1]
    assert [run.model_dump(exclude_defaults=True) for run in shown.lines[0]] == [
        {"text": "Hello "}, {"text": "you", "bold": True}, {"text": ", "},
        {"text": "the shop", "url": "https://shop.example"},
    ]  # fmt: skip
    assert (shown.subject, shown.reply_to) == ("Re: x", stand.shown()[0].id)
    assert stand.problems == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"From": "somebody@else.example"}, "From is not"),
        ({"To": "somebody@else.example"}, "To does not name"),
        ({"Date": None}, "date stands there 0 times"),
        ({"Date": "Mon, 01 Jan 2001 00:00:00 +0000"}, "Date is not the time"),
        ({"Message-ID": "nothing"}, "Message-ID has not the form"),
        ({"Auto-Submitted": None}, "a machine answers"),
        ({"In-Reply-To": None}, "does not name the customer's mail"),
        ({"In-Reply-To": "<other@x.example>"}, "not the customer's"),
        ({"References": None}, "References do not end"),
    ],
)
async def test_a_mail_that_breaks_the_rules_is_noted(stand: Stand, changed: Any, problem: str) -> None:
    stand.does("text", text="Hello")
    await hand_in(stand, an_answer(stand, **changed))
    assert any(problem in found for found in stand.problems), stand.problems


async def test_a_mail_without_words_or_with_wrong_bytes_is_noted(stand: Stand) -> None:
    stand.does("text", text="Hello")
    plain = an_answer(stand)
    raw = plain.as_bytes().replace(b"Hello *you*", b"Hell\xf6 " + b"x" * 1000)
    await hand_in(stand, raw)
    assert any("beyond ASCII" in found for found in stand.problems)
    assert any("longer than 998" in found for found in stand.problems)


@pytest.mark.parametrize(
    ("who", "code"),
    [({"password": "wrong"}, 535), ({"sender": "a@else.example"}, 553), ({"to": "nobody@post.lab.example"}, 550)],
)
async def test_the_server_refuses_who_may_not(stand: Stand, who: Any, code: int) -> None:
    stand.does("text", text="Hello")
    with pytest.raises(smtplib.SMTPException) as refused:
        await hand_in(stand, an_answer(stand), **who)
    refusals = getattr(refused.value, "recipients", {}).values()
    assert next(iter(refusals), (getattr(refused.value, "smtp_code", None),))[0] == code
    assert len(stand.shown()) == 1


@pytest.mark.parametrize(("kind", "code"), [("rate_limited", 450), ("server_error", 451)])
async def test_a_busy_or_greylisting_server_says_so_once(stand: Stand, kind: Any, code: int) -> None:
    stand.does("text", text="Hello")
    stand.account.plan([Fault(kind=kind, count=1)])
    with pytest.raises(smtplib.SMTPException) as refused:
        await hand_in(stand, an_answer(stand))
    assert str(code) in str(refused.value)
    await hand_in(stand, an_answer(stand))
    assert len(stand.account.said_by("bot")) == 1


async def test_lines_that_do_not_end_as_they_must_are_noted(stand: Stand) -> None:
    user, password = login_of(stand.account.credentials, "imap")
    at = await port(stand, "smtp")

    def work() -> None:
        import base64

        with socket.create_connection(("127.0.0.1", at), 10) as raw:
            given = base64.b64encode(f"\0{user}\0{password}".encode())
            raw.sendall(b"EHLO x\r\nAUTH PLAIN " + given + b"\r\nNOOP\nXYZ\r\nQUIT\r\n")
            while raw.recv(1000):
                pass

    await asyncio.to_thread(work)
    assert stand.problems == ["a line does not end with CR and LF", "there is no command XYZ"]


# ---- the mailbox ----------------------------------------------------------------------------------------------------


async def test_a_mail_is_found_by_its_number_and_by_its_id(stand: Stand) -> None:
    [payload] = stand.does("text", text="Hello")
    uid = put(stand.account, payload.body)

    def work(client: imaplib.IMAP4) -> Any:
        numbers = client.uid("SEARCH", "UID", f"{uid}:*")[1]
        later = client.uid("SEARCH", "UID", f"{uid + 5}:*")[1]
        by_id = client.uid("SEARCH", "HEADER", "Message-ID", f'"{stand.shown()[0].id}"')[1]
        nothing = client.uid("SEARCH", "HEADER", "Message-ID", '"<x@y>"')[1]
        return numbers, later, by_id, nothing, client.uid("FETCH", str(uid), "(BODY.PEEK[])")[1]

    numbers, later, by_id, nothing, fetched = await in_mailbox(stand, work)
    # As real servers have it, the last mail is always part of "n:*".
    assert numbers == later == by_id == [str(uid).encode()]
    assert nothing == [b""]
    assert fetched[0][1] == payload.body
    assert stand.problems == []


async def test_who_reads_the_mailbox_wrongly_is_noted_or_refused(stand: Stand) -> None:
    [payload] = stand.does("text", text="Hello")
    uid = put(stand.account, payload.body)
    await in_mailbox(stand, lambda client: client.uid("FETCH", str(uid), "(BODY[])"))
    with pytest.raises(imaplib.IMAP4.error):
        await in_mailbox(stand, lambda client: client.uid("SEARCH", "SINCE", "1-Jan-2026"))
    with pytest.raises(imaplib.IMAP4.error, match="Invalid credentials"):
        await in_mailbox(stand, lambda client: client.noop(), password="wrong")
    assert any("PEEK" in found for found in stand.problems)
    assert any("SINCE" in found for found in stand.problems)


async def test_an_answer_has_the_mail_it_answers_below_it(stand: Stand) -> None:
    stand.does("text", text="Hello", name="A question")
    await hand_in(stand, an_answer(stand))
    [payload] = stand.does("text", text="Thank you")
    mail = message_from_bytes(payload.body, policy=default)
    plain, marked = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert marked is not None
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: x", "<1@lab.example>")
    assert plain.get_content().splitlines()[:2] == ["Thank you", ""]
    assert "> Hello you, the shop" in plain.get_content()
    assert '<div class="gmail_quote">' in marked.get_content()


@pytest.mark.parametrize("kind", ["image", "voice", "file"])
async def test_what_is_attached_is_in_the_mail(stand: Stand, kind: str) -> None:
    [payload] = stand.does(kind, text="Here")
    [part] = message_from_bytes(payload.body, policy=default).iter_attachments()
    assert part.get_filename() == stand.shown()[0].files[0].name
    assert part.get_content_maintype() == {"image": "image", "voice": "audio", "file": "application"}[kind]


def test_a_report_of_a_mail_that_came_back_is_read_by_the_standard_library(stand: Stand) -> None:
    stand.does("text", text="Hello")
    report = message_from_bytes(bounce(stand.account, an_answer(stand)), policy=default)
    kinds = [part.get_content_type() for part in report.iter_parts()]
    assert kinds == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    assert report.defects == []
    assert "<1@lab.example>" in str(list(report.iter_parts())[2])


def test_html_is_read_without_what_would_be_fetched_or_run() -> None:
    lines = as_lines("<head><title>t</title></head><div>One<br>Two</div><script>x</script><img src=x><p>Three</p>")
    assert ["".join(run.text for run in line) for line in lines] == ["One", "Two", "Three"]


# ---- the product ----------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def mail_booth(shop: Shop, lab: Lab, run_jobs: Jobs, postgres: EmbeddedPostgres) -> AsyncIterator[Booth]:
    opened = await open_booth(shop, lab, run_jobs, postgres, "email")
    yield opened
    opened.rows("delete from procrastinate_jobs where task_name = 'gateway.mail' returning id")


async def test_a_mail_that_comes_back_is_shown_as_failed_at_the_message(mail_booth: Booth) -> None:
    await mail_booth.writes(QUESTION)
    await mail_booth.act("block")
    await mail_booth.settle(3)
    await mail_booth.settle()

    [talk] = (await mail_booth.shop.get("/v1/tenant/conversations"))["items"]
    said = (await mail_booth.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    query = "select receipt from outbox where deployment_id = %s"
    assert len(said) == 2
    assert mail_booth.rows(query, mail_booth.deployment["id"]) == [("failed",)]
    assert await mail_booth.answers() == []


async def test_the_subject_of_a_first_mail_is_part_of_the_question(mail_booth: Booth) -> None:
    await mail_booth.act("text", text="Please tell me.", name=QUESTION)
    await mail_booth.settle()
    [answer] = await mail_booth.answers()
    assert answer["subject"] == f"Re: {QUESTION}"
    assert "30 days" in text_of(answer)
    await mail_booth.writes(SECOND)
    await mail_booth.settle()
    assert len((await mail_booth.shop.get("/v1/tenant/conversations"))["items"]) == 1


async def test_a_picture_in_answer_to_us_is_no_question_of_our_own_words_below_it(mail_booth: Booth) -> None:
    await mail_booth.writes(QUESTION)
    await mail_booth.settle()
    await mail_booth.act("image")
    await mail_booth.settle(2)
    first, second = await mail_booth.texts()
    assert "30 days" in first
    assert "30 days" not in second


async def test_of_a_mail_that_is_too_large_the_words_are_read(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "MAX_MESSAGE_BYTES", 20_000)
    monkeypatch.setattr(mailboxes, "PIECE_BYTES", 5_000)
    [payload] = stand.does("text", text=QUESTION)
    large = message_from_bytes(payload.body, policy=SMTP)
    assert isinstance(large, EmailMessage)
    large.add_attachment(b"x" * 50_000, maintype="application", subtype="pdf", filename="a.pdf")
    put(stand.account, large.as_bytes())
    at = await port(stand, "imap")
    user, password = login_of(stand.account.credentials, "imap")
    url = f"imap://{user.replace('@', '%40')}:{password}@127.0.0.1:{at}"

    policy = EgressPolicy([f"127.0.0.1:{at}"])
    messages, mark = await read_mail(policy, url, None, all_of_it=True)
    again, same = await read_mail(policy, url, mark)

    assert len(messages[0]) == 5_000
    assert QUESTION.encode() in messages[0]
    assert (again, same) == ([], mark)
    assert mark == Mark(mark.validity, mails(stand.account)[0].uid)
    assert await find_mail(policy, url, stand.shown()[0].id) == b""
