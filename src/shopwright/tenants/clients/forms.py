"""What each platform asks for: the fields of its credentials, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of a form. `secret` fields are shown as dots; `pattern` is what the whole value must match."""

    name: str
    label: str
    secret: bool = True
    required: bool = True
    hint: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class CredentialForm:
    channel: str
    name: str
    fields: tuple[CredentialField, ...]


F = CredentialField
_DIGITS = r"\d{5,25}"
_META_APP = (
    F("app_secret", "App secret", hint="App dashboard → App settings → Basic", pattern=r"[0-9a-f]{32}"),
    F("verify_token", "Verify token", required=False, hint="A word of your own; made for you when empty"),
)
FORMS: tuple[CredentialForm, ...] = (
    CredentialForm(
        "telegram",
        "Telegram",
        (F("bot_token", "Bot token", hint="@BotFather gives it: 123456:ABC…", pattern=r"\d{5,15}:[\w-]{30,60}"),),
    ),
    CredentialForm(
        "whatsapp",
        "WhatsApp",
        (
            F("phone_number_id", "Phone number id", secret=False, hint="WhatsApp → API setup", pattern=_DIGITS),
            F("business_account_id", "Business account id", secret=False, required=False, pattern=_DIGITS),
            F("access_token", "Access token", hint="Of a system user, without an end"),
            *_META_APP,
        ),
    ),
    CredentialForm(
        "messenger",
        "Messenger",
        (
            F("page_id", "Page id", secret=False, pattern=_DIGITS),
            F("page_access_token", "Page access token", hint="Messenger → API settings → Generate token"),
            *_META_APP,
        ),
    ),
    CredentialForm(
        "instagram",
        "Instagram",
        (
            F("account_id", "Account id", secret=False, pattern=_DIGITS),
            F("access_token", "Access token"),
            *_META_APP,
        ),
    ),
    CredentialForm(
        "slack",
        "Slack",
        (
            F("bot_token", "Bot token", hint="OAuth & Permissions: xoxb-…", pattern=r"xoxb-[A-Za-z0-9-]{10,200}"),
            F("signing_secret", "Signing secret", hint="Basic information", pattern=r"[0-9a-f]{32}"),
        ),
    ),
    CredentialForm(
        "teams",
        "Microsoft Teams",
        (
            F("app_id", "App id", secret=False, hint="Azure Bot → Configuration", pattern=r"[0-9a-fA-F-]{36}"),
            F("app_password", "Client secret"),
            F("app_tenant_id", "Directory id", secret=False, required=False, pattern=r"[0-9a-fA-F-]{36}"),
        ),
    ),
    CredentialForm(
        "twilio",
        "Twilio SMS and WhatsApp",
        (
            F("account_sid", "Account SID", secret=False, pattern=r"AC[0-9a-fA-F]{32}"),
            F("auth_token", "Auth token", pattern=r"[0-9a-fA-F]{32}"),
            F("from_number", "Number", secret=False, hint="With country code: +49…", pattern=r"(whatsapp:)?\+\d{6,15}"),
        ),
    ),
    CredentialForm(
        "email",
        "E-mail",
        (
            F("address", "Address", secret=False, hint="help@your-shop.example", pattern=r"[^@\s]+@[^@\s]+"),
            F("imap_url", "Mailbox to read", hint="imaps://user:password@mail.your-shop.example"),
            F("smtp_url", "Server to send with", hint="smtps://user:password@mail.your-shop.example"),
        ),
    ),
    CredentialForm(
        "line",
        "LINE",
        (
            F("channel_secret", "Channel secret", hint="Basic settings", pattern=r"[0-9a-f]{32}"),
            F("channel_access_token", "Channel access token", hint="Messaging API → long-lived"),
        ),
    ),
    CredentialForm(
        "http",
        "Your own system (HTTP)",
        (
            F("callback_url", "Address that gets the answers", secret=False, pattern=r"https?://\S{3,500}"),
            F("secret", "Secret that signs them", required=False, hint="Made for you when empty"),
        ),
    ),
)  # fmt: skip
FORM_OF = {form.channel: form for form in FORMS}
