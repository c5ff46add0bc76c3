"""Files under the digest of their content: pictures of course revisions, certificate papers."""

from __future__ import annotations

import hashlib

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base, session


class StoredFile(Base):
    __tablename__ = "stored_file"

    digest: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


def keep_file(content: bytes, media_type: str) -> str:
    """Store `content` once; its SHA-256 in hex is its address."""
    digest = hashlib.sha256(content).hexdigest()
    if session.get(StoredFile, digest) is None:
        session.add(StoredFile(digest=digest, media_type=media_type, content=content))
        session.flush()
    return digest


def stored_file(digest: str) -> StoredFile | None:
    return session.get(StoredFile, digest)
