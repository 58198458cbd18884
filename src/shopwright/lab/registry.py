"""All emulators by the channel they stand for: the only place that names one."""

from collections.abc import Mapping
from typing import Final

from shopwright.lab.base import Emulator
from shopwright.lab.email.emulator import EmailEmulator
from shopwright.lab.http.emulator import HttpEmulator
from shopwright.lab.instagram.emulator import InstagramEmulator
from shopwright.lab.line.emulator import LineEmulator
from shopwright.lab.messenger.emulator import MessengerEmulator
from shopwright.lab.slack.emulator import SlackEmulator
from shopwright.lab.teams.emulator import TeamsEmulator
from shopwright.lab.telegram.emulator import TelegramEmulator
from shopwright.lab.twilio.emulator import TwilioEmulator
from shopwright.lab.whatsapp.emulator import WhatsAppEmulator

EMULATORS: Final[Mapping[str, Emulator]] = {
    "telegram": TelegramEmulator(),
    "whatsapp": WhatsAppEmulator(),
    "messenger": MessengerEmulator(),
    "instagram": InstagramEmulator(),
    "twilio": TwilioEmulator(),
    "http": HttpEmulator(),
    "slack": SlackEmulator(),
    "teams": TeamsEmulator(),
    "line": LineEmulator(),
    "email": EmailEmulator(),
}
