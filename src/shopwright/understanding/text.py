"""One spelling of a message for the rules to read."""

import re
import unicodedata

MAX_CHARACTERS = 6000

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese: a run of letters is not one word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def plain(text: str) -> str:
    """Return the text in lower case, in one Unicode form, without invisible characters or double spaces.

    Of a text longer than 6,000 characters only the beginning and the end are kept.
    """
    if len(text) > MAX_CHARACTERS:
        text = f"{text[: MAX_CHARACTERS * 2 // 3]} {text[-MAX_CHARACTERS // 3 :]}"
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_APOSTROPHES)
    return " ".join(text.casefold().split())


def words(text: str) -> list[str]:
    """The words of a `plain` text; digits, codes and punctuation are left out."""
    return _WORD.findall(text)


def count_words(text: str) -> int:
    """How many words a text has; in scripts without spaces, two letters count as one word."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2


def mentions(text: str, phrase: str) -> bool:
    """Whether a `plain` text holds a `plain` phrase as whole words; a plural s may differ.

    The phrase comes from a tenant and is compared letter by letter, never read as a pattern.
    """
    if not phrase:
        return False
    if _UNSPACED.search(phrase):
        return phrase in text
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        before = start == 0 or not text[start - 1].isalnum()
        rest = text[end : end + 2]
        after = not rest[:1].isalnum() or (rest[:1] == "s" and not rest[1:].isalnum())
        if before and after:
            return True
        start = text.find(phrase, start + 1)
    return False
