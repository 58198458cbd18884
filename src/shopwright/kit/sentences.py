"""Sentences for people: one English template each, with `{named}` places.

The console has a catalogue of the same templates in other languages. Therefore what is said to people is a whole
template, never pieces put together; `tests/architecture/test_sentences.py` collects them from the source.
"""

import re

_PLACE = re.compile(r"\{(\w+)\}")


def sentence(template: str, /, **values: object) -> str:
    """The sentence with its places filled; without values the template as it is, to be filled later.

    Also a clause that stands at the end of another sentence (`{reason}`).
    """
    return _PLACE.sub(lambda place: str(values[place[1]]), template) if values else template
