"""What somebody has sent, found from its content, never from its name or from what a browser says about it."""

from __future__ import annotations

import codecs
import os
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import filetype

from lms.host import pictures, sound
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l
from lms.host.uploads import CHUNK

Kind = Literal["audio", "photo", "file"]
KINDS: tuple[Kind, ...] = ("audio", "photo", "file")
MOST_BYTES: dict[Kind, int] = {"audio": 10_000_000, "photo": 12_000_000, "file": 20_000_000}
MOST_PAGES = 10
MOST_SECONDS = 180
SPARE_SECONDS = 10  # a recorder stops a little late
IN_MEMORY = 64_000  # of each file; the rest of it is on the disk
# A text has some dozens of files in it; the reader of zips makes an object of every name that it is shown.
MOST_NAMES, MOST_BYTES_OF_NAMES = 5000, 1_000_000
END_OF_ZIP, END_OF_LARGE_ZIP, LONGEST_END = b"PK\x05\x06", b"PK\x06\x07", 20 + 22 + 65_535

# As the library names them -> as they are served. A browser's recording of sound alone looks like a film at first.
SOUNDS = {
    "audio/webm": "audio/webm",
    "video/webm": "audio/webm",
    "video/x-matroska": "audio/webm",
    "audio/mp4": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/mp4": "audio/mp4",
    "video/x-m4v": "audio/mp4",
    "video/quicktime": "audio/mp4",
    "audio/ogg": "audio/ogg",
    "audio/mpeg": "audio/mpeg",
    "audio/x-wav": "audio/wav",
}
PICTURES = {"image/jpeg", "image/png", "image/webp"}
APPLE = {"image/heic", "image/heif", "image/avif"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
ENDINGS = {
    "audio/webm": "webm",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "image/jpeg": "jpg",
    "application/pdf": "pdf",
    "text/plain": "txt",
    DOCX: "docx",
    ODT: "odt",
}

NOT_A_SOUND = _l("We could not play this recording. Please record it again, or send it as MP3, M4A, Ogg, WAV or WebM.")
NOT_A_PICTURE = _l("We could not open this as a photo. Please send a JPEG, PNG or WebP picture.")
NOT_A_FILE = _l(
    "We cannot take this kind of file. Send a PDF, a Word or OpenDocument text, plain text, a photo or a sound."
)
FROM_APPLE = _l(
    "This photo is in a format that many devices cannot show (HEIC). On an iPhone: Settings, Camera, Formats, "
    "Most Compatible. Or send a screenshot of it."
)
TOO_MANY_POINTS = _l("This picture is too large to open here. Please take the photo again, or make it smaller.")
TOO_LONG = _l("This recording is longer than 3 minutes. You can send the rest as a second one.")
EMPTY = _l("There is nothing in this file. Please choose it again.")
TOO_LARGE = {
    "audio": _l("This recording is larger than we can take (10 MB)."),
    "photo": _l("This photo is larger than we can take (12 MB a page)."),
    "file": _l("This file is larger than we can take (20 MB)."),
}


class NotTaken(Incomplete):
    """A file that cannot be taken, with a sentence for whoever sent it."""

    def __init__(self, sentence: Any) -> None:
        super().__init__({"files": sentence}, sentence)


@dataclass(frozen=True)
class Found:
    """What it is: its type as it is served, its bytes (a picture made anew), how long a recording lasts.

    Whoever asked closes `content`.
    """

    media_type: str
    content: BinaryIO
    seconds: int | None = None


def look_at(kind: Kind, file: BinaryIO, size: int) -> Found:
    """What `file` is, if it may come as a `kind`. Raises NotTaken."""
    if size > MOST_BYTES[kind]:
        raise NotTaken(TOO_LARGE[kind])
    if not size:
        raise NotTaken(EMPTY)
    return LOOKS[kind](file, _type_of(file))


def _type_of(file: BinaryIO) -> str:
    file.seek(0)
    beginning = file.read(8192)
    file.seek(0)
    guessed = filetype.guess(beginning)
    if guessed:
        return str(guessed.mime)
    # What recorders of browsers write, in shapes that the library does not know.
    if beginning.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm"
    return "video/mp4" if beginning[4:8] == b"ftyp" else ""


def _audio(file: BinaryIO, guessed: str) -> Found:
    media_type = SOUNDS.get(guessed)
    if media_type is None:
        raise NotTaken(NOT_A_SOUND)
    try:
        seconds = sound.seconds_of(media_type, file)
    except sound.Broken as broken:
        raise NotTaken(NOT_A_SOUND) from broken
    if seconds is not None and seconds > MOST_SECONDS + SPARE_SECONDS:
        raise NotTaken(TOO_LONG)
    return Found(media_type, file, None if seconds is None else max(1, round(seconds)))


def _photo(file: BinaryIO, guessed: str) -> Found:
    if guessed in APPLE:
        raise NotTaken(FROM_APPLE)
    if guessed not in PICTURES:
        raise NotTaken(NOT_A_PICTURE)
    anew: Any = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (whoever asked closes it)
    try:
        pictures.made_anew(file, anew)
    except pictures.NoPicture as none:
        anew.close()
        raise NotTaken(TOO_MANY_POINTS if isinstance(none, pictures.TooLarge) else NOT_A_PICTURE) from none
    anew.seek(0)
    return Found("image/jpeg", anew)


def _file(file: BinaryIO, guessed: str) -> Found:
    if guessed in PICTURES or guessed in APPLE:
        return _photo(file, guessed)
    if guessed in SOUNDS:
        return _audio(file, guessed)
    if guessed == "application/pdf":
        return Found(guessed, file)
    media_type = _kind_of_zip(file) or _plain_text(file)
    if media_type is None:
        raise NotTaken(NOT_A_FILE)
    return Found(media_type, file)


LOOKS: dict[Kind, Callable[[BinaryIO, str], Found]] = {"audio": _audio, "photo": _photo, "file": _file}


def _kind_of_zip(file: BinaryIO) -> str | None:
    """Word and OpenDocument texts are zips; only their table of contents is read, and nothing is unpacked."""
    if _has_too_many_names(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = {info.filename: info for info in archive.infolist()}
            kind = names.get("mimetype")
            plain = kind is not None and kind.compress_type == zipfile.ZIP_STORED  # the format asks for that
            if kind is not None and plain and kind.file_size == len(ODT) and archive.read(kind) == ODT.encode():
                return ODT
            return DOCX if {"[Content_Types].xml", "word/document.xml"} <= names.keys() else None
    except Exception:  # whatever the reader stumbles over: it is no text
        return None
    finally:
        file.seek(0)


def _has_too_many_names(file: BinaryIO) -> bool:
    """From the record at the end of a zip, or from anything that its reader could take for one."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - LONGEST_END))
    end = file.read()
    file.seek(0)
    for found in re.finditer(re.escape(END_OF_ZIP), end):
        at = found.start()
        names, length = struct.unpack_from("<HI", end[at : at + 22].ljust(22, b"\0"), 10)
        large = end[max(0, at - 20) :].startswith(END_OF_LARGE_ZIP)
        if names > MOST_NAMES or length > MOST_BYTES_OF_NAMES or large:
            return True
    return False


def _plain_text(file: BinaryIO) -> str | None:
    """Text in UTF-8, without the signs that only programs write."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(CHUNK):
            if b"\x00" in piece or any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in decoder.decode(piece)):
                return None
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    finally:
        file.seek(0)
    return "text/plain"
