"""All emulators by the channel they stand for: the only place that names one."""

from collections.abc import Mapping
from typing import Final

from shopwright.lab.base import Emulator
from shopwright.lab.telegram.emulator import TelegramEmulator

EMULATORS: Final[Mapping[str, Emulator]] = {
    "telegram": TelegramEmulator(),
}
