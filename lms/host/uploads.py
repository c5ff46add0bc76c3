"""Where recordings, photos and files are kept: a folder, or a bucket of an S3-compatible service, by setting.

Names are random and made here. A database row says whose the bytes are and what they are; nothing here does.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from lms.host.config import Config, Settings
from lms.host.errors import SetUpError

CHUNK = 256 * 1024


def new_name() -> str:
    """A name that nobody can guess, and that no person chose."""
    return secrets.token_hex(16)


class Uploads(Protocol):
    """Bytes under names made by `new_name`."""

    def put(self, name: str, source: BinaryIO) -> None:
        """Keep all that `source` has, from where it stands, piece by piece. There under its name only when it is whole."""

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """So many bytes from `start` on. Raises FileNotFoundError."""

    def delete(self, name: str) -> None:
        """Forget it; what is not there is forgotten already."""


def pieces(source: BinaryIO, length: int | None = None) -> Iterator[bytes]:
    """What `source` has, or so many bytes of it, in pieces."""
    left = length
    while left is None or left > 0:
        piece = source.read(CHUNK if left is None else min(CHUNK, left))
        if not piece:
            return
        left = None if left is None else left - len(piece)
        yield piece


class Folder:
    """A folder on a disk. Its files are for this user of the system alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _file(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def put(self, name: str, source: BinaryIO) -> None:
        file = self._file(name)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = file.with_name(f"{name}.part")
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                for piece in pieces(source):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())  # "kept" is said only of what survives a power cut
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        file = self._file(name).open("rb")  # opened now, so that what is missing is known before an answer begins

        def rest() -> Iterator[bytes]:
            with file:
                file.seek(start)
                yield from pieces(file, length)

        return rest()

    def delete(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)


class Bucket:
    """A bucket of an S3-compatible service, or any other store that obstore knows."""

    def __init__(self, store: Any) -> None:
        import obstore

        self._ask, self._store = obstore, store

    def put(self, name: str, source: BinaryIO) -> None:
        self._ask.put(self._store, name, pieces(source), use_multipart=True)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        if length <= 0:
            return iter(())
        found = self._ask.get(self._store, name, options={"range": (start, start + length)})
        return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    def delete(self, name: str) -> None:
        try:
            self._ask.delete(self._store, name)
        except FileNotFoundError:
            return


def open_uploads(config: Config) -> Uploads:
    """The store that the settings name. Raises SetUpError with a sentence."""
    settings = config.settings
    if not settings.uploads:
        return Folder(config.instance / "uploads")
    place = urlsplit(settings.uploads)
    if place.scheme != "s3" or not place.netloc:
        raise SetUpError(f"uploads: {settings.uploads!r} is no bucket. Write s3://bucket/folder, or leave it empty.")
    try:
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError as error:
        raise SetUpError("uploads: a bucket needs the package obstore: pip install 'learning-host[s3]'.") from error
    try:
        return Bucket(S3Store(place.netloc, prefix=place.path.strip("/") or None, **_access(settings)))
    except BaseError as error:
        raise SetUpError(f"uploads: {str(error).splitlines()[0]}.") from error


def _access(settings: Settings) -> dict[str, Any]:
    chosen = {
        "endpoint": settings.uploads_endpoint,
        "region": settings.uploads_region,
        "access_key_id": settings.uploads_key,
        "secret_access_key": settings.uploads_secret,
    }
    access: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    if settings.uploads_endpoint.startswith("http://"):
        access["client_options"] = {"allow_http": True}
    return access
