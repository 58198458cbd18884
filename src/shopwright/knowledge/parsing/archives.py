"""Zip-based formats, opened with care: counted and measured before anything is unpacked."""

import io
import posixpath
import zipfile
import zlib

from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.types import Limits

_SMALL_BYTES = 1_000_000
_ENCRYPTED_FLAG = 0x1


class Archive:
    """The members of a zip file, read one by one within the limits.

    Raises:
        ParseFailed: `broken`, `encrypted` or `zip_bomb`.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise ParseFailed("broken") from error
        members = self._zip.infolist()
        if len(members) > limits.max_archive_entries:
            raise ParseFailed("zip_bomb")
        total = 0
        for member in members:
            total += member.file_size
            ratio = member.file_size / max(member.compress_size, 1)
            if member.file_size > _SMALL_BYTES and ratio > limits.max_archive_ratio:
                raise ParseFailed("zip_bomb")
        if total > limits.max_archive_bytes:
            raise ParseFailed("zip_bomb")
        self._names = {member.filename: member for member in members}

    @property
    def names(self) -> list[str]:
        return list(self._names)

    def has(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        """One member; it cannot be longer than the archive's directory says.

        Raises:
            ParseFailed: `broken` when it is missing or damaged, `encrypted` when it needs a password.
        """
        member = self._names.get(name)
        if member is None:
            raise ParseFailed("broken")
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise ParseFailed("encrypted")
        try:
            with self._zip.open(member) as file:
                data = file.read(member.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise ParseFailed("broken") from error
        if len(data) > member.file_size:
            raise ParseFailed("zip_bomb")
        return data

    def find(self, name: str) -> bytes | None:
        return self.read(name) if name in self._names else None


def resolve(base: str, target: str) -> str:
    """The name of a member that another one points to; `base` is the pointing member's name."""
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))
