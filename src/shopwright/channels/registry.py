"""All channels by their slug: the only place that names an adapter."""

from collections.abc import Callable, Mapping
from typing import Final

from shopwright.channels.email.channel import EmailChannel
from shopwright.channels.http.channel import HttpChannel
from shopwright.channels.instagram.channel import InstagramChannel
from shopwright.channels.line.channel import LineChannel
from shopwright.channels.messenger.channel import MessengerChannel
from shopwright.channels.port import Channel, Credentials
from shopwright.channels.slack.channel import SlackChannel
from shopwright.channels.teams.channel import TeamsChannel
from shopwright.channels.telegram.channel import TelegramChannel
from shopwright.channels.twilio.channel import TwilioChannel
from shopwright.channels.whatsapp.channel import WhatsAppChannel

CHANNELS: Final[Mapping[str, type[Channel]]] = {
    "telegram": TelegramChannel,
    "whatsapp": WhatsAppChannel,
    "messenger": MessengerChannel,
    "instagram": InstagramChannel,
    "slack": SlackChannel,
    "teams": TeamsChannel,
    "twilio": TwilioChannel,
    "email": EmailChannel,
    "http": HttpChannel,
    "line": LineChannel,
}


def create_channel(
    slug: str, credentials: Credentials, base_urls: Mapping[str, str] | None = None, *, in_lab: bool = False
) -> Channel:
    """The channel of a platform for one account.

    Args:
        base_urls: other addresses of the platform than its own, such as those of a test server.
        in_lab: the account is one of the channel lab; whoever does the calls keeps them there.

    Raises:
        KeyError: there is no such platform.
    """
    make: Callable[[Credentials, Mapping[str, str] | None], Channel] = CHANNELS[slug]
    channel = make(credentials, base_urls)
    channel.in_lab = in_lab
    return channel
