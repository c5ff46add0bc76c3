"""Files on their way in and out: bounded, in pieces, never whole in memory.

A form that brings files is read to its end even where one of them is too large: the words beside it arrive. Of a file
no more is kept than it may have; it then says that it was larger.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import flask
from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_range_header
from werkzeug.wrappers import Response

from lms.host.errors import NotFound
from lms.host.media import IN_MEMORY, MOST_BYTES
from lms.host.uploads import Uploads
from lms.host.web import host

# A form with files is read to its end, so that what was typed beside a film arrives, too: ten photos, three recordings
# and five files at their largest, or one film of a minute or two. What is beyond that is not read.
MOST_SENT = 250_000_000
# Each takes some memory and an open file. An answer has at most thirty; empty fields of a form count, too.
MOST_FILES_AT_ONCE = 40
# Forms beside which files may come.
TAKES_FILES = ("files.add", "files.remove", "files.move", "submissions.save_draft", "submissions.submit")


def uploads() -> Uploads:
    """Where this host keeps what people upload."""
    found: Uploads = host().extras["uploads"]
    return found


class Bounded(tempfile.SpooledTemporaryFile[bytes]):
    """Keeps the beginning of what is written to it, up to `most` bytes, and counts the rest."""

    def __init__(self, most: int) -> None:
        super().__init__(IN_MEMORY)
        self.most, self.sent = most, 0

    def write(self, piece: Any) -> int:
        room = max(0, self.most - self.sent)
        self.sent += len(piece)
        if room:
            super().write(piece[:room])
        return len(piece)


class Request(flask.Request):
    """A request whose files are bounded one by one, and in number: of those beyond nothing is kept."""

    files_begun = 0

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        self.files_begun += 1
        kept = _may_be_known() and self.files_begun <= MOST_FILES_AT_ONCE
        return Bounded(max(MOST_BYTES.values()) if kept else 0)


def make_room() -> None:
    """A form with files may be larger than one without. It is read now: before anything asks the database, which would
    else be held up by it."""
    request = flask.request
    if request.endpoint in TAKES_FILES and request.mimetype == "multipart/form-data" and _may_be_known():
        request.max_content_length = MOST_SENT
        _ = request.files


def _may_be_known() -> bool:
    """True where the cookie is of somebody who signed in here; whether that still holds is asked later."""
    return "_user_id" in flask.session


def sent_files(field: str) -> list[tuple[str, BinaryIO, int]]:
    """What was chosen under this name: its name, its bytes, how many there were. An empty field brings nothing."""
    chosen: list[FileStorage] = flask.request.files.getlist(field)[:MOST_FILES_AT_ONCE]
    return [(one.filename or "", cast(BinaryIO, one.stream), _size(one)) for one in chosen if one.filename]


def _size(one: FileStorage) -> int:
    stream = one.stream
    return stream.sent if isinstance(stream, Bounded) else 0


def stored_answer(name: str, size: int, media_type: str, filename: str, *, shown: bool) -> Response:
    """The bytes kept under `name`, or the part of them that was asked for: players seek by that.

    Nothing in them may act on this host's pages, whatever they turn out to be. Raises NotFound.
    """
    asked = parse_range_header(flask.request.headers.get("Range"))
    part = asked.range_for_length(size) if asked and len(asked.ranges) == 1 else None
    if asked and asked.units == "bytes" and len(asked.ranges) == 1 and part is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, stop = part or (0, size)
    try:
        pieces: Iterator[bytes] = uploads().read(name, start, stop - start)
    except FileNotFoundError as error:
        raise NotFound from error
    response = Response(pieces, 206 if part else 200, mimetype=media_type, direct_passthrough=True)
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.content_length = stop - start
    response.headers.set("Content-Disposition", "inline" if shown else "attachment", filename=filename)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def pieces_answer(pieces: Iterator[bytes], media_type: str, filename: str) -> Response:
    """Something for download that is made while it is sent."""
    response = Response(pieces, mimetype=media_type, direct_passthrough=True)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["Cache-Control"] = "no-store"
    return response
