import pytest
from tests.understanding.conftest import ALLOWED, FORBIDDEN

from shopwright.understanding.reference import reference
from shopwright.understanding.topics import meanings


@pytest.fixture
def mean(embedder, model_dir):
    async def topics_of(*names, forbidden=False):
        ref = await reference(embedder, model_dir)
        return await meanings(names, ref, embedder, forbidden=forbidden)

    return topics_of


async def test_usual_names_are_all_known(mean):
    assert all(meaning.topics for meaning in await mean(*ALLOWED))
    assert [meaning.topics for meaning in await mean(*FORBIDDEN, forbidden=True)] == [
        ("medical",), ("legal",), ("investment",), ("personal_data",), ("competitor",)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("Rechnungen", "invoice"),
        ("Rückgaben", "returns"),
        ("how to pay", "payment_methods"),
        ("gift vouchers", "gift_cards"),
        ("カスタマーサポート", "contact"),
        ("questions about shipping", "shipping"),
    ],
)
async def test_a_name_is_found_by_its_meaning_in_any_language(mean, name, topic):
    [meaning] = await mean(name)
    assert topic in meaning.topics


async def test_the_known_parts_of_an_allowed_name_are_not_lost(mean):
    known, own = await mean("payment and bonsai care")
    assert "payment_methods" in known.topics
    assert (own.name, own.topics) == ("bonsai care", ())


async def test_a_forbidden_name_is_not_taken_apart(mean):
    [meaning] = await mean("prices and bonsai care", forbidden=True)
    assert meaning.topics == ()


async def test_personal_information_is_the_customers_own_when_allowed(mean):
    [meaning] = await mean("personal information")
    assert meaning.topics == ("account_data",)


async def test_forbidding_competitors_prices_does_not_forbid_prices(mean):
    [meaning] = await mean("competitor prices", forbidden=True)
    assert meaning.topics == ("competitor",)
