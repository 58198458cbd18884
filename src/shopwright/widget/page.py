"""The full-page chat: a page of plain markup, its description as an app, and who may frame it."""

from html import escape
from typing import Any

from shopwright.bots.live import LiveBot
from shopwright.widget.page_texts import TEXTS

# `{name}` is the only text of a shop in here, and it is escaped.
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{name}</title>
<link rel="manifest" href="/chat/{bot}/manifest.webmanifest">
<link rel="icon" href="{icon}">
<link rel="apple-touch-icon" href="{icon}">
<link rel="stylesheet" href="/widget/{style}">
<script type="module" src="/widget/{script}" data-bot="{bot}"></script>
</head>
<body>
<main id="chat" data-bot="{bot}" aria-label="{name}"></main>
<noscript>{noscript}</noscript>
</body>
</html>
"""
_NOT_FOUND = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="/widget/{style}">
</head>
<body><main class="notice"><h1>{title}</h1><p>{text}</p></main></body>
</html>
"""
DEFAULT_ICON = "/widget/icon.svg"


def spoken(accepted: str, language: str | None = None) -> str:
    """The language of a page: the bot's, or the first one the visitor's browser names that we have."""
    wanted = [language or "", *(part.split(";")[0].strip()[:2].lower() for part in accepted.split(","))]
    return next((code for code in wanted if code in TEXTS), "en")


def policy(frame_ancestors: tuple[str, ...]) -> str:
    """What the page may load, and on whose pages it may stand."""
    ancestors = " ".join(("'self'", *frame_ancestors))  # the console shows it beside the settings
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self';"
        " manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none';"
        f" frame-ancestors {ancestors}"
    )


def chat_page(bot: LiveBot, icon: str | None, language: str, script: str, style: str) -> str:
    return _PAGE.format(
        language=language, name=escape(bot.name), bot=bot.id, icon=escape(icon or DEFAULT_ICON), script=script,
        style=style, noscript=TEXTS[language]["noscript"],
    )  # fmt: skip


def not_found_page(language: str, style: str) -> str:
    texts = TEXTS[language]
    return _NOT_FOUND.format(language=language, title=texts["title"], text=texts["text"], style=style)


def app_manifest(bot: LiveBot, icon: str | None, colour: str) -> dict[str, Any]:
    """The description by which the chat can be installed."""
    start = f"/chat/{bot.id}"
    if icon:
        sized = icon.split("?", 1)[0]
        icons = [
            {"src": f"{sized}?size={size}", "sizes": f"{size}x{size}", "type": "image/png"} for size in (128, 256, 512)
        ]
    else:
        icons = [{"src": DEFAULT_ICON, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]
    return {
        "id": start, "name": bot.name, "short_name": bot.name[:12], "start_url": start, "scope": start,
        "display": "standalone", "background_color": "#ffffff", "theme_color": colour, "icons": icons,
    }  # fmt: skip
