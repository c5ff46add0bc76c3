"""What views do with files that came along: look at them, store them, make them part of the draft."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from lms.features.submissions import attachments, gathering
from lms.features.submissions.actions import Author
from lms.host.db import saved
from lms.host.errors import HostError
from lms.host.media import ENDINGS, KINDS, Kind, look_at
from lms.host.transfer import sent_files, uploads
from lms.host.uploads import new_name, pieces


def take_files(author: Author, activity: str, accepts: Iterable[str], *, again: bool, now: datetime) -> list[Any]:
    """Add the files of this request to the draft. One that cannot be taken leaves a sentence and stops no other.

    No transaction is open while a file is looked at and stored: that takes its time, and nobody waits for it.
    """
    chosen = [(kind, *sent) for kind in KINDS if kind in set(accepts) for sent in sent_files(f"sent-{kind}")]
    sentences = []
    for kind, name, file, size in chosen:
        stored = new_name()
        with saved():
            attachments.expect(stored, now=now)
        try:
            new = _stored(kind, name, file, size, stored)
            with saved():
                gathering.add(author, activity, new, again=again, now=now)
        except HostError as error:
            sentences.append(error.sentence)
    return list(dict.fromkeys(sentences))


def _stored(kind: Kind, name: str, file: BinaryIO, size: int, stored: str) -> gathering.NewFile:
    """Look at a file and keep its bytes under the name `stored`. Raises NotTaken."""
    found = look_at(kind, file, size)
    with found.content:
        digest = _digest(file)
        length = found.content.seek(0, os.SEEK_END)
        found.content.seek(0)
        uploads().put(stored, found.content)
    shown = shown_name(kind, name, found.media_type)
    return gathering.NewFile(kind, found.media_type, shown, length, found.seconds, stored, digest)


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for piece in pieces(file):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def shown_name(kind: Kind, name: str, media_type: str) -> str:
    """The name as it is shown and offered for download: no path, no odd signs, the ending of what it is."""
    last = re.split(r"[\\/]", name)[-1]
    stem = " ".join(re.sub(r"[^\w\- ().,']+", " ", last.rpartition(".")[0] or last).split())[:80].strip(" .")
    return f"{stem or kind}.{ENDINGS[media_type]}"
