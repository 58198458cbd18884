import pytest

from shopwright.nlp.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order?", "en"),
        ("Wo ist mein Paket?", "de"),
        ("¿Cuánto cuesta el envío?", "es"),
        ("Quand vais-je recevoir mon colis ?", "fr"),
        ("Kargom ne zaman gelir?", "tr"),
        ("Где мой заказ?", "ru"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("أين طلبي؟", "ar"),
        ("मेरा ऑर्डर कहाँ है?", "hi"),
        ("我的订单在哪里", "zh"),
        ("สินค้าของฉันอยู่ที่ไหน", "th"),
        ("Đơn hàng của tôi ở đâu?", "vi"),
        ("Unde este comanda mea?", "ro"),
    ],
)
def test_a_short_question_is_recognised(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "XL", "42.5?", "AB-1234", "https://example.com/en", "👟👟", "ok"])
def test_without_words_the_preferred_language_decides(text: str) -> None:
    assert detect(text, preferred=["de", "en"]) in {"de", "en"}
    assert detect(text, fallback="fr") in {"fr", "en"}


def test_one_word_of_several_languages_is_taken_for_the_preferred_one() -> None:
    assert detect("Rabatt") == "en"
    assert detect("Rabatt", preferred=["de", "it"]) == "it"
    assert detect("Material", preferred=["de"]) == "de"


def test_an_order_number_and_an_address_do_not_count_as_words() -> None:
    assert detect("AB-1234 shipping@example.com 42.5", preferred=["de"]) == "de"


def test_a_clear_message_is_not_bent_to_the_preferred_language() -> None:
    assert detect("¿Dónde está mi pedido? Lleva una semana.", preferred=["de"]) == "es"


def test_a_dialect_is_handled_as_its_large_neighbour() -> None:
    assert detect("Wia geht's da? I mog mei Packl zruckgebn.") == "de"
