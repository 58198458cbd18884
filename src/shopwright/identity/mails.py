"""Writes the mails of this package, in the reader's language, as text and as HTML.

Names in them come from strangers: they keep to one line, and nothing in them can become a link.
"""

import html
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from shopwright.kit.mail import Mail

LANGUAGES = ("en", "de")
MAX_NAME = 80
_SCHEME = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*:(?=//|\S)|www\.")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f\u0085\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
# What makes mail programs see an address: dots between letters (also those that only look like one), slashes, @.
_DOTS = re.compile(r"[.\u3002\uff0e\uff61](?=\w)")

PAGE = """\
<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>
<body style="margin:0;padding:24px;background:#f4f4f5;color:#18181b;font:16px/1.5 system-ui,-apple-system,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
<p>{greeting}</p>
{lines}
<p style="margin:28px 0"><a href="{link}" style="display:inline-block;padding:12px 20px;border-radius:8px;\
background:#18181b;color:#ffffff;text-decoration:none">{button}</a></p>
<p style="font-size:13px;color:#52525b">{link_hint}<br><span style="word-break:break-all">{link}</span></p>
<p style="font-size:13px;color:#52525b">{note}</p>
<p style="font-size:13px;color:#52525b">{footer}</p>
</div></body></html>
"""


@cache
def _texts(language: str) -> dict[str, Any]:
    import yaml

    content = files("shopwright.identity.texts").joinpath(f"{language}.yaml").read_bytes()
    texts: dict[str, Any] = yaml.safe_load(content)
    return texts


def plain_name(name: str) -> str:
    """A name as it may stand in a mail: one short line, in which no mail program finds an address."""
    text = _SCHEME.sub(" ", name)
    text = _DOTS.sub(" .", text)
    text = re.sub(r"[/\\@<>|]", " ", text)
    return " ".join(_BREAKS.sub(" ", text).split())[:MAX_NAME].strip()


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes letters whose links lead to this installation. Their secret stands behind `#`, which no server logs."""

    base_url: str

    def write(
        self, kind: str, language: str | None, to: str, path: str, *, name: str = "", role: str = "", **names: str
    ) -> Mail:
        """Write one letter.

        Args:
            kind: a key of the catalogue: verify, already, reset, changed, second_factor_off, invitation.
            path: where its button leads, below the public address.
            names: what people typed; made harmless here.
        """
        language = (language or "").partition("-")[0]
        language = language if language in LANGUAGES else LANGUAGES[0]
        texts = _texts(language)
        letter, frame = texts[kind], texts["frame"]
        values = {key: plain_name(value) for key, value in names.items()}
        values["role"] = texts["roles"].get(role, "")
        link = self.base_url + path
        called = plain_name(name)
        parts = {
            "subject": _fill(letter["subject"], values),
            "greeting": _fill(frame["greeting"], {"name": called}) if called else frame["greeting_nameless"],
            "button": letter["button"],
            "link_hint": frame["link_hint"],
            "note": _fill(letter["note"], values),
            "footer": _fill(frame["footer"], {"installation": urlsplit(self.base_url).netloc}),
        }
        lines = [_fill(line, values) for line in letter["lines"]]
        text = "\n\n".join([parts["greeting"], *lines, f"{parts['button']}: {link}", parts["note"], parts["footer"]])
        safe = {key: html.escape(value) for key, value in parts.items()}
        body = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines)
        page = PAGE.format(language=language, lines=body, link=html.escape(link), **safe)
        return Mail(to=to, subject=parts["subject"], text=text + "\n", html=page)


def _fill(template: str, values: dict[str, str]) -> str:
    """Put values in, once: a value that looks like a place is not filled again."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], ""), template)
