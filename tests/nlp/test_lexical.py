import re
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwright.nlp import lexical
from shopwright.nlp.lexical import analyze


def shared(first: str, second: str, language: str) -> set[str]:
    return set(analyze(first, language)) & set(analyze(second, language))


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("returning shoes", "returns of a shoe", "en"),
        ("Rückgaben", "die Rückgabe", "de"),
        ("los envíos", "un envio", "es"),
        ("l’article", "des articles", "fr"),
        ("KILIFLARI", "kılıf", "tr"),
        ("КОРОБКА", "коробки", "ru"),
        ("επιστροφές", "ΕΠΙΣΤΡΟΦΗ", "el"),
        ("الطَّلب", "الطلب", "ar"),
        ("जूते", "जूतों", "hi"),
        ("配送时间", "时间", "zh"),
        ("การจัดส่งสินค้า", "จัดส่ง", "th"),
        ("café", "cafe", "vi"),
    ],
)
def test_forms_of_one_word_share_a_term(first: str, second: str, language: str) -> None:
    assert shared(first, second, language)


def test_codes_are_kept_whole_joined_and_in_parts() -> None:
    assert set(analyze("Is AB-1234 in stock?", "en")) >= {"ab-1234", "ab1234", "ab", "1234"}
    assert "ab1234" in analyze("ab1234", "en")
    assert "9" in analyze("US9", "en")


@pytest.mark.parametrize(
    ("first", "second"),
    [("42.5", "42,5"), ("$1,299.00", "1299"), ("€12.90", "12,9"), ("1.299", "1299"), ("0.5", "0,50")],
)
def test_one_number_written_two_ways_shares_its_whole_term(first: str, second: str) -> None:
    assert analyze(first, "en")[0] == analyze(second, "de")[0]


def test_a_half_size_is_not_the_whole_size() -> None:
    assert analyze("size 42", "en") != analyze("size 42.5", "en")
    assert "42.5" not in analyze("size 42", "en")


def test_function_words_go_but_words_that_name_things_stay() -> None:
    assert analyze("How do I dry the down jacket?", "en") == ["dri", "down", "jacket"]


@pytest.mark.parametrize("unit", ["a-", "1,", "a'", "/", "1", "ก", "1-", "_."])
def test_a_hostile_text_of_300_kilobytes_is_cut_all_the_same(unit: str) -> None:
    assert len(analyze(unit * (300_000 // len(unit)) + "!", "fr")) < 300_000


def test_threads_do_not_mix_up_their_words() -> None:
    roots = ["".join(letters) for letters in product("bdfglmnprst", "aeiou", "bdfglmnprst", "aeiou")]
    words = [f"{root}nationalizations {root}ingly" for root in roots]
    expected = [analyze(text, "en") for text in words]
    lexical._word.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: analyze(text, "en"), words)) == expected


@given(st.text(max_size=60), st.sampled_from(["en", "de", "tr", "el", "hi", "ar", "zh", "th", "xx"]))
def test_terms_are_plain_strings_that_any_store_takes(text: str, language: str) -> None:
    for term in analyze(text, language):
        assert 0 < len(term) <= 64
        assert not re.search(r"[\s'\"\\:&|!()<>*\x00]", term)
        term.encode()
