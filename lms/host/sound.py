"""Whether bytes are a recording that can be played, and how long it lasts; from their structure, nothing is decoded.

Each reader walks the frame of one format (WebM, MP4, Ogg, MP3, WAV), gives the seconds or None where the file does not
say, and raises Broken for everything else: also for a film, and for a file that stops before any sound.
"""

from __future__ import annotations

import io
import math
import os
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

MAX_ELEMENTS = 200_000


class Broken(Exception):
    """This cannot be played."""


def seconds_of(media_type: str, file: BinaryIO) -> float | None:
    """How long a recording of this type lasts, None where it does not say. Raises Broken."""
    file.seek(0)
    try:
        seconds = READERS[media_type](file)
        if seconds is not None and not math.isfinite(seconds):
            raise Broken
        return seconds
    except (struct.error, IndexError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise Broken from error
    finally:
        file.seek(0)


def _size(file: BinaryIO) -> int:
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end


# -- WebM: elements with an id and a length, which may be left open ------------------------------------------

SEGMENT, INFO, SCALE, DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
TRACKS, TRACK, TRACK_TYPE, CLUSTER, TIME = 0x1654AE6B, 0xAE, 0x83, 0x1F43B675, 0xE7
SIMPLE_BLOCK, GROUP, BLOCK = 0xA3, 0xA0, 0xA1
ENTERED = {SEGMENT, INFO, TRACKS, TRACK, CLUSTER, GROUP}
TIMES_IN_BLOCKS = {SIMPLE_BLOCK, BLOCK}
SOUND_TRACK = 2


def _webm(file: BinaryIO) -> float | None:
    scale, duration, cluster, last, blocks = 1_000_000, 0.0, 0, 0, 0
    for id, data in _elements(file):
        if id == SCALE:
            scale = int.from_bytes(data)
        elif id == DURATION:
            duration = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
        elif id == TRACK_TYPE and int.from_bytes(data) != SOUND_TRACK:
            raise Broken
        elif id == TIME:
            cluster = int.from_bytes(data)
        elif id in TIMES_IN_BLOCKS:
            blocks += 1
            offset = struct.unpack(">h", data[1:3])[0]
            last = max(last, cluster + offset)
    if not blocks:
        raise Broken
    return max(duration, last) * scale / 1e9


def _elements(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each element with the beginning of its content; those that hold others are entered."""
    end = _size(file)
    for _ in range(MAX_ELEMENTS):
        id = _number(file, keep_mark=True)
        length = _number(file)
        if id is None or length is None:
            return
        start = file.tell()
        if id in ENTERED:
            continue
        yield id, file.read(min(length, 16))
        if start + length > end:
            return
        file.seek(start + length)


def _number(file: BinaryIO, keep_mark: bool = False) -> int | None:
    """A number whose first bit that is set says how many bytes it has; None at the end."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    width = 8 - first[0].bit_length()
    rest = file.read(width)
    if len(rest) < width:
        return None
    head = first[0] if keep_mark else first[0] & ((1 << (7 - width)) - 1)
    return int.from_bytes(bytes([head]) + rest)


# -- MP4: boxes with a length and a name ---------------------------------------------------------------------

BOXES_ENTERED = {b"moov", b"trak", b"mdia", b"moof", b"traf"}


def _mp4(file: BinaryIO) -> float | None:
    scale, length, latest, sound, data = 0, 0, 0, False, False
    for name, body in _boxes(file):
        if name == b"hdlr":
            if body[8:12] == b"vide":
                raise Broken
            sound = sound or body[8:12] == b"soun"
        elif name == b"mdhd":
            scale, length = struct.unpack(">IQ" if body[0] else ">II", body[20:32] if body[0] else body[12:20])
        elif name == b"tfdt":
            latest = max(latest, int.from_bytes(body[4:12] if body[0] else body[4:8]))
        elif name == b"mdat":
            data = True
    if not sound or not data:
        raise Broken
    return max(length, latest) / scale


def _boxes(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    end = _size(file)
    for _ in range(MAX_ELEMENTS):
        start = file.tell()
        head = file.read(8)
        if len(head) < 8:
            return
        length, name = struct.unpack(">I4s", head)
        if length == 1:
            length = struct.unpack(">Q", file.read(8))[0]
        elif length == 0:
            length = end - start
        if length < 8 or not name.isascii():
            raise Broken
        if name in BOXES_ENTERED:
            continue
        if name != b"mdat" and start + length > end:
            raise Broken
        yield name, file.read(min(length - 8, 64))
        file.seek(min(start + length, end))


# -- Ogg: pages ----------------------------------------------------------------------------------------------


def _ogg(file: BinaryIO) -> float | None:
    rate, last, pages, skipped = 0, 0, 0, 0
    while len(head := file.read(27)) == 27:
        if head[:4] != b"OggS":
            raise Broken
        length = sum(file.read(head[26]))
        body = file.read(length)
        if not pages:
            rate, skipped = _ogg_rate(body)
        pages += 1
        position = struct.unpack("<q", head[6:14])[0]
        if len(body) == length:
            last = max(last, position)
    if not rate or pages < 3:  # two of them say what it is, and there is no sound in them
        raise Broken
    return max(0, last - skipped) / rate


def _ogg_rate(first: bytes) -> tuple[int, int]:
    if first.startswith(b"OpusHead"):
        return 48_000, struct.unpack("<H", first[10:12])[0]
    if first.startswith(b"\x01vorbis"):
        return struct.unpack("<I", first[12:16])[0], 0
    raise Broken


# -- MP3: frames ---------------------------------------------------------------------------------------------

# Version 1, then versions 2 and 2.5 of layer III, in kbit/s.
RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _mp3(file: BinaryIO) -> float | None:
    head = file.read(10)
    tag = 0
    if head[:3] == b"ID3":
        tag = 10 + sum((byte & 127) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(tag)
    seconds, frames = 0.0, 0
    for length, duration in _frames(file):
        frames += 1
        seconds += duration
        file.seek(length - 4, io.SEEK_CUR)
    if frames < 3:
        raise Broken
    return seconds


def _frames(file: BinaryIO) -> Iterator[tuple[int, float]]:
    for _ in range(MAX_ELEMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
            return
        version = head[1] >> 3 & 3
        rate, sampling = head[2] >> 4, head[2] >> 2 & 3
        if version not in SAMPLES or rate in (0, 15) or sampling == 3:
            return
        samples = SAMPLES[version][sampling]
        per_frame, kilobits = (1152, RATES_1[rate]) if version == 3 else (576, RATES_2[rate])
        yield per_frame // 8 * kilobits * 1000 // samples + (head[2] >> 1 & 1), per_frame / samples


# -- WAV: chunks ---------------------------------------------------------------------------------------------


def _wav(file: BinaryIO) -> float | None:
    end = _size(file)
    file.seek(12)
    rate = 0
    while len(head := file.read(8)) == 8:
        name, length = head[:4], int.from_bytes(head[4:], "little")
        start = file.tell()
        if name == b"fmt ":
            rate = int.from_bytes(file.read(16)[8:12], "little")
        elif name == b"data":
            there = min(length, end - start)
            if not there:
                raise Broken
            return there / rate
        file.seek(start + length + length % 2)
    raise Broken


READERS: dict[str, Callable[[BinaryIO], float | None]] = {
    "audio/webm": _webm,
    "audio/mp4": _mp4,
    "audio/ogg": _ogg,
    "audio/mpeg": _mp3,
    "audio/wav": _wav,
}
