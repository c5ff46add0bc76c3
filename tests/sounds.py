"""Recordings, pictures and files for tests, made here from nothing."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image

PLACE = 0x8825  # the tag under which cameras note where they were


def wav(seconds: float = 2, rate: int = 8000) -> bytes:
    sound = bytes([128, 160] * int(seconds * rate / 2))
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    return b"RIFF" + struct.pack("<I", 4 + len(head) + 8 + len(sound)) + b"WAVE" + head + _chunk(b"data", sound)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content


def mp3(seconds: float = 2) -> bytes:
    """Silence: frames of version 1, layer III, 32 kbit/s, 32 kHz."""
    frame = bytes([0xFF, 0xFB, 0x18, 0xC0]).ljust(144, b"\0")
    return b"ID3\x04\0\0\0\0\0\0" + frame * round(seconds / 0.036)


def ogg(seconds: float = 2) -> bytes:
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)
    return _page(0, head) + _page(0, b"OpusTags") + _page(int(seconds * 48000) + 312, b"\xf8" * 40)


def _page(position: int, body: bytes) -> bytes:
    return b"OggS\0\0" + struct.pack("<qIII", position, 7, 0, 0) + bytes([1, len(body)]) + body


def webm(seconds: float = 2, *, film: bool = False) -> bytes:
    """As a browser records it: a segment and clusters whose length is left open, no duration."""
    track = element(0xAE, element(0xD7, b"\1") + element(0x83, b"\1" if film else b"\2") + element(0x86, b"A_OPUS"))
    clusters = b"".join(
        open_element(0x1F43B675) + element(0xE7, struct.pack(">I", at)) + element(0xA3, b"\x81\0\0\x80" + b"\xf8" * 20)
        for at in range(0, int(seconds * 1000) + 1, 1000)
    )
    info = element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3)))
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    return head + open_element(0x18538067) + info + element(0x1654AE6B, track) + clusters


def element(id: int, content: bytes) -> bytes:
    return id.to_bytes((id.bit_length() + 7) // 8) + (0x10000000 | len(content)).to_bytes(4) + content


def open_element(id: int) -> bytes:
    return id.to_bytes((id.bit_length() + 7) // 8) + b"\x01" + b"\xff" * 7


def m4a(seconds: float = 2, *, handler: bytes = b"soun") -> bytes:
    header = box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, 1000, int(seconds * 1000), 0))
    track = box(b"trak", box(b"mdia", header + box(b"hdlr", struct.pack(">II4s12x", 0, 0, handler))))
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + box(b"moov", track) + box(b"mdat", b"\1" * 50)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, turned: bool = False) -> bytes:
    """A picture whose left half is red. With where it was taken, by which device, and `turned` by the camera."""
    made = Image.new("RGB", size, "white")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    notes = Image.Exif()
    notes[0x0110] = "Kettle Phone 9"
    notes.get_ifd(PLACE)[1] = "N"
    if turned:
        notes[0x0112] = 6
    out = io.BytesIO()
    made.save(out, kind, exif=notes)
    return out.getvalue()


def picture_bomb() -> bytes:
    """A small PNG that says it is 50,000 points wide and high."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + check + picture("PNG")[33:]


def archive(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return out.getvalue()


def docx() -> bytes:
    return archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
