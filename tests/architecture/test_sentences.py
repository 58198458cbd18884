"""What the server says to people can be read in every language of the console."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.architecture import sentences
from tests.architecture.test_docs import all_errors

CATALOGUES = Path(__file__).parents[2] / "web" / "console" / "src" / "i18n" / "server"
LANGUAGES = sorted(folder.name for folder in CATALOGUES.iterdir() if folder.is_dir())
_PLACE = re.compile(r"\{(\w+)(?:!r)?\}")
_MADE_OF_PLACES = re.compile(r"^\W*(\{\w+\}\W*)*$")


def _said() -> set[str]:
    all_errors()  # imports every module, so that every class is known
    everything = sentences.said() | sentences.errors() | sentences.words()
    return {template for template in everything if not _MADE_OF_PLACES.match(template)}


def _pairs(language: str) -> list[tuple[str, str]]:
    files = sorted((CATALOGUES / language).glob("*.json"))
    return [pair for file in files for pair in json.loads(file.read_text(), object_pairs_hook=list)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_server_is_in_the_catalogue(language: str) -> None:
    known = {english for english, _ in _pairs(language)}

    assert _said() - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_nothing_that_the_server_never_says(language: str) -> None:
    known = Counter(english for english, _ in _pairs(language))

    assert set(known) - _said() == set()
    assert [english for english, times in known.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_name_only_places_that_there_are_and_are_not_empty(language: str) -> None:
    wrong = [
        english
        for english, translated in _pairs(language)
        if not translated.strip() or not set(_PLACE.findall(translated)) <= set(_PLACE.findall(english))
    ]

    assert wrong == []


def test_what_is_handed_to_people_is_a_sentence_that_catalogues_can_name() -> None:
    assert sentences.loose() == []
