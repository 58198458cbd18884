import numpy as np
import pytest
from tests.understanding.conftest import WordEmbedder

from shopwright.understanding import reference as module
from shopwright.understanding.reference import reference


@pytest.fixture(autouse=True)
def forget():
    """The references of a process outlive a test."""
    yield
    for key in [key for key in module._references if key[0].startswith("words")]:
        del module._references[key]


async def test_rows_names_and_topics_belong_together():
    ref = await reference(WordEmbedder())
    assert len(ref.vectors) == len(ref.texts) == len(ref.topics) == len(ref.kinds)
    assert len(ref.name_vectors) == len(ref.names) == len(ref.named)
    row = ref.texts.index("forgot my password")
    assert ref.catalogue.topics[ref.topics[row]].id == "login"
    assert row in ref.rows_of(["login"])


async def test_a_second_process_reads_what_the_first_one_made(tmp_path):
    first, second = WordEmbedder(), WordEmbedder()
    made = await reference(first, tmp_path)
    module._references.clear()
    read = await reference(second, tmp_path)
    assert second.passages_embedded == 0
    np.testing.assert_allclose(read.vectors, made.vectors, atol=1e-3)


async def test_another_model_gets_vectors_of_its_own(tmp_path):
    await reference(WordEmbedder("words:1"), tmp_path)
    other = WordEmbedder("words:2")
    await reference(other, tmp_path)
    assert other.passages_embedded > 0
    assert len(list((tmp_path / "topics").glob("*.npy"))) == 2


@pytest.mark.parametrize("content", [b"", b"not an array", b"\x93NUMPY\x01\x00"])
async def test_a_broken_file_is_made_anew(tmp_path, content):
    await reference(WordEmbedder(), tmp_path)
    [path] = (tmp_path / "topics").glob("*.npy")
    path.write_bytes(content)
    module._references.clear()
    again = WordEmbedder()
    await reference(again, tmp_path)
    assert again.passages_embedded > 0
    module._references.clear()
    assert (await reference(WordEmbedder(), tmp_path)).vectors.shape[1] == 64


async def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path):
    (tmp_path / "topics").write_text("a file where the folder should be")
    assert len((await reference(WordEmbedder(), tmp_path)).vectors) > 1000
