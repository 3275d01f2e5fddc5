"""Zip files encrypted with AES-256, the same bytes each time."""

from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from typing import Any

import pyzipper  # type: ignore[import-untyped]
from pyzipper.zipfile_aes import AESZipEncrypter  # type: ignore[import-untyped]

__all__ = ["packed"]


class _Encrypter(AESZipEncrypter):  # type: ignore[misc] # the library has no types
    """Encrypts as the library does, with a salt that is the same each time."""

    def __init__(self, name: str, password: bytes) -> None:
        self._name = name
        super().__init__(pwd=password, nbits=256)

    @property
    def salt(self) -> bytes:
        return self._salt

    @salt.setter
    def salt(self, drawn: bytes) -> None:
        self._salt = blake2b(self._name.encode(), digest_size=len(drawn)).digest()


class _ZipFile(pyzipper.AESZipFile):  # type: ignore[misc] # the library has no types
    current = ""

    def get_encrypter(self) -> _Encrypter:
        return _Encrypter(self.current, self.pwd or b"")


@lru_cache(64)
def packed(order: str, password: str, files: tuple[tuple[str, bytes], ...], at: tuple[int, ...]) -> bytes:
    """Pack an order's files, dated `at`, behind a password."""
    out = BytesIO()
    with _ZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        for name, content in files:
            archive.current = f"{order}|{name}"
            entry: Any = archive.zipinfo_cls(name, date_time=at)
            entry.compress_type = pyzipper.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
