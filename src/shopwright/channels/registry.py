"""All channels by their slug: the only place that names an adapter."""

from collections.abc import Mapping
from typing import Final

from shopwright.channels.port import Channel

CHANNELS: Final[Mapping[str, type[Channel]]] = {}
