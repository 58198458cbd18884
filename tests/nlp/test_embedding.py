"""The local embedder on the real models."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from shopwright.nlp import embedding
from shopwright.nlp.embedding import EmbedderBusy, LocalEmbedder, minilm_weight, text_to_embed
from shopwright.nlp.manifest import MODELS
from shopwright.nlp.weights import WEIGHTS

RETURNS = "You can send back unworn shoes within 30 days and get your money back."
HOURS = "Our store in Berlin is open from Monday to Saturday, 10 am to 8 pm."


async def test_rows_have_length_one_and_stand_in_the_order_of_the_texts(embedder: LocalEmbedder) -> None:
    texts = [RETURNS * 8, "Hi", HOURS, RETURNS]
    rows = await embedder.embed_passages(texts)

    assert rows.shape == (4, embedder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    alone = await embedder.embed_passages([HOURS])
    assert float(alone[0] @ rows[2]) > 0.98


async def test_a_text_is_at_similarity_one_to_itself_whatever_the_weight(
    embedder: LocalEmbedder,
) -> None:
    stored = await embedder.embed_passages([RETURNS])
    for language in ("en", "de", "el", None):
        asked = await embedder.embed_queries([RETURNS], language)
        assert float(asked[0] @ stored[0]) == pytest.approx(1, abs=0.01)


async def test_a_question_is_nearer_to_the_passage_that_answers_it(embedder: LocalEmbedder) -> None:
    stored = await embedder.embed_passages([RETURNS, HOURS])
    english = await embedder.embed_queries(["Can I return boots I bought?", "When do you close?"], "en")
    spanish = await embedder.embed_queries(["¿Puedo devolver unas botas?", "¿A qué hora cierran?"], "es")

    for asked in (english, spanish):
        assert list((asked @ stored.T).argmax(axis=1)) == [0, 1]


async def test_a_question_does_not_wait_for_a_long_ingest(embedder: LocalEmbedder) -> None:
    ingest = asyncio.create_task(embedder.embed_passages([RETURNS * 10] * 60))
    await asyncio.sleep(0)
    await embedder.embed_queries(["Where is my order?"], "en")
    waited_for_ingest = ingest.done()
    await ingest

    assert not waited_for_ingest


@pytest.mark.parametrize("text", ["", " \n", "\x00", "a\ud800b", "x" * 100_000, "👟" * 50])
async def test_odd_texts_get_a_finite_row(embedder: LocalEmbedder, text: str) -> None:
    rows = await embedder.embed_passages([text, RETURNS])
    assert np.isfinite(rows).all()


async def test_no_text_gives_no_row(embedder: LocalEmbedder) -> None:
    assert (await embedder.embed_passages([])).shape == (0, embedder.dimensions)
    assert (await embedder.embed_queries([], "en")).shape == (0, embedder.dimensions)


async def test_when_too_many_questions_wait_the_next_is_told_to_come_back(
    embedder: LocalEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "MAX_WAITING_QUERIES", 2)
    answers = await asyncio.gather(
        *(embedder.embed_queries(["Where is my order?"], "en") for _ in range(3)), return_exceptions=True
    )

    assert [type(answer) is EmbedderBusy for answer in answers] == [False, False, True]
    assert len(await embedder.embed_queries(["Where is it now?"], "en")) == 1


def test_other_languages_lean_on_the_multilingual_model() -> None:
    assert minilm_weight("en") > 0.5 > minilm_weight("zh")


def test_a_passage_is_embedded_below_its_nearest_heading_once() -> None:
    assert text_to_embed("From €60.", ["Shipping", "Free delivery"]) == "Free delivery\nFrom €60."
    assert text_to_embed("# Free delivery\nFrom €60.", ["Free delivery"]) == "# Free delivery\nFrom €60."
    assert text_to_embed("From €60.") == "From €60."


def test_the_weights_are_mapped_so_that_all_processes_share_them(model_dir: Path) -> None:
    embedder = LocalEmbedder(model_dir, threads=1)
    asyncio.run(embedder.embed_passages([HOURS]))

    mapped = Path("/proc/self/maps").read_text()
    assert [model.name for model in MODELS if str(model_dir / model.folder / WEIGHTS) not in mapped] == []
    embedder.close()
