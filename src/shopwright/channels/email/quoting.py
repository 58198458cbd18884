"""What somebody wrote in a mail, without the mails below it and without the signature."""

import re
from typing import Final

_WROTE: Final = r"wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał\(?a?\)?"  # before the colon
# "On …, … wrote:", over up to three lines, in the languages of the phrases.
_ATTRIBUTION: Final = re.compile(
    rf"^(?:On|Am|Le|El|Il|Op|Em|W dniu|Den)\b[^\n]*(?:\n[^\n]*){{0,2}}?(?:{_WROTE})[^\n]{{0,80}}:[ \t]*$", re.MULTILINE
)
# The head of a mail as Outlook puts it above an answer.
_HEAD: Final = re.compile(
    r"^[ \t>*]*(?:From|Von|De|Da|Van|Od):[^\n]+\n(?:[^\n]*\n){0,3}?[ \t>*]*"
    r"(?:Sent|Date|Gesendet|Datum|Envoyé|Date|Enviado|Inviato|Verzonden|Wysłano)[ \t*]*:",
    re.MULTILINE,
)
_DIVIDER: Final = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Forwarded message"
    r"|Messaggio originale|Oorspronkelijk bericht|Mensagem original) ?-{2,}|_{20,})[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(r"^-- ?$", re.MULTILINE)
_DEVICE: Final = re.compile(
    r"\n[ \t]*(?:Sent from my|Sent from Outlook|Get Outlook for|Von meinem \S+ gesendet|Gesendet von|Envoyé de mon"
    r"|Enviado desde mi|Inviato da|Verzonden vanaf mijn)[^\n]{0,60}\s*$",
    re.IGNORECASE,
)
_BLANKS: Final = re.compile(r"\n{3,}")


def own_words(text: str, *, ours_below: bool = False) -> str:
    """The new words of an answer. Words between quoted lines stay.

    If nothing is left, all of it is taken, such as the mail that somebody sends on; but not when what is below is ours
    (`ours_below`): else we would hear our own words as a question.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = text
    for end in (_DIVIDER, _HEAD, _SIGNATURE):
        found = end.search(kept)
        if found and kept[: found.start()].strip():
            kept = kept[: found.start()]
    attribution = _ATTRIBUTION.search(kept)
    if attribution:
        below = "\n".join(line for line in kept[attribution.end() :].split("\n") if not line.lstrip().startswith(">"))
        quoted = below != kept[attribution.end() :]
        # Without ">" nobody can tell where the quotation ends, so all below goes.
        kept = kept[: attribution.start()] + (below if quoted else "")
    else:
        kept = "\n".join(line for line in kept.split("\n") if not line.startswith(">"))
    kept = _BLANKS.sub("\n\n", _DEVICE.sub("", "\n" + kept)).strip()
    return kept if kept or ours_below else _BLANKS.sub("\n\n", text).strip()
