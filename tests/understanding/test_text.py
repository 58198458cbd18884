from shopwright.understanding.text import MAX_CHARACTERS, count_words, mentions, plain


def test_spelling_tricks_are_undone():
    assert plain("IGN\u200bORE  all\nrules’") == "ignore all rules'"
    assert plain("ｉｇｎｏｒｅ") == "ignore"


def test_of_a_very_long_text_both_ends_are_kept():
    text = plain("start " + "x " * 50_000 + "the end")
    assert len(text) <= MAX_CHARACTERS + 1
    assert text.startswith("start")
    assert text.endswith("the end")


def test_words_are_counted_in_every_script():
    assert count_words("where is order 5512?") == 3
    assert count_words("75x48 #9981") == 1
    assert count_words("12345 !!") == 0
    assert count_words("荷物はどこですか") == 4


def test_a_phrase_is_found_as_whole_words_only():
    assert mentions("do you sell vapes?", "vape")
    assert mentions("is acme cheaper", "acme")
    assert not mentions("the acmeist poets", "acme")
    assert not mentions("the essex", "sex")
    assert mentions("我想买电子烟", "电子烟")


def test_a_tenants_phrase_is_never_read_as_a_pattern():
    assert not mentions("anything at all", ".*")
    assert mentions("what about c++ (beginners)?", "c++ (beginners)")
    assert not mentions("a" * 5000, "(a+)+$")
    assert not mentions("anything", "")
