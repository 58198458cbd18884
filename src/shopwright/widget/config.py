"""What a page may know of a bot: its name, its look and its first words."""

from shopwright.bots.live import LiveBot
from shopwright.widget.schemas import WidgetConfig


def config_of(bot: LiveBot) -> WidgetConfig:
    theme = bot.settings.theme
    icon_id = theme.icon_id if theme else None
    return WidgetConfig(
        bot_id=bot.id,
        name=bot.name,
        icon_url=f"/icons/{icon_id}.png?size=128" if icon_id else None,
        greeting=bot.settings.greeting,
        suggestions=list(bot.settings.suggestions),
        language=bot.settings.language,
        theme=theme.model_dump(mode="json", exclude={"icon_id", "font"}) if theme else {},
        texts=dict(bot.settings.texts),
        feedback=True,
    )
