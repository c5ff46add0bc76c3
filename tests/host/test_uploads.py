"""What people send: known by its content, kept in pieces under names of the host's own, given back in parts."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lms.host import sound
from lms.host.config import load_config
from lms.host.errors import SetUpError
from lms.host.media import DOCX, ODT, Kind, NotTaken, look_at
from lms.host.transfer import Bounded
from lms.host.uploads import Bucket, Folder, Uploads, new_name, open_uploads
from tests.sounds import archive, docx, element, m4a, mp3, ogg, picture, picture_bomb, wav, webm

# -- where bytes are ----------------------------------------------------------------------------------------


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Uploads:
    if request.param == "folder":
        return Folder(tmp_path / "uploads")
    from obstore.store import MemoryStore

    return Bucket(MemoryStore())


def test_what_is_kept_is_given_back_whole_and_in_parts(store: Uploads) -> None:
    content = bytes(range(256)) * 5000
    store.put("a1", io.BytesIO(content))
    assert b"".join(store.read("a1", 0, len(content))) == content
    assert b"".join(store.read("a1", 1000, 300_000)) == content[1000:301_000]
    assert b"".join(store.read("a1", 0, 0)) == b""


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(store: Uploads) -> None:
    store.put("a1", io.BytesIO(b"words"))
    store.delete("a1")
    store.delete("a1")
    with pytest.raises(FileNotFoundError):
        store.read("a1", 0, 5)


class Breaks(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError("the line is cut")


def test_half_of_a_file_is_never_there(store: Uploads) -> None:
    with pytest.raises(OSError, match="cut"):
        store.put("a1", Breaks(b"words"))
    with pytest.raises(FileNotFoundError):
        store.read("a1", 0, 5)


def test_a_folder_is_for_this_user_of_the_system_alone(tmp_path: Path) -> None:
    Folder(tmp_path / "uploads").put("a1", io.BytesIO(b"words"))
    (file,) = (path for path in (tmp_path / "uploads").rglob("*") if path.is_file())
    assert (file.stat().st_mode & 0o077, file.parent.stat().st_mode & 0o077) == (0, 0)


def test_names_are_made_here_and_nobody_can_guess_them() -> None:
    names = {new_name() for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) == 32 and name.isalnum() for name in names)


def test_without_a_setting_uploads_are_in_the_instance_folder(tmp_path: Path) -> None:
    store = open_uploads(load_config(tmp_path, environ={}))
    assert isinstance(store, Folder)
    assert store.folder == tmp_path / "uploads"


def test_a_bucket_is_opened_by_setting(tmp_path: Path) -> None:
    given = {"uploads": "s3://kettle/north", "uploads_endpoint": "http://127.0.0.1:9", "uploads_region": "ca-central-1"}
    environ = {"LMS_UPLOADS_KEY": "kettle", "LMS_UPLOADS_SECRET": "moss"}
    assert isinstance(open_uploads(load_config(tmp_path, environ=environ, given=given)), Bucket)
    with pytest.raises(SetUpError, match="uploads: "):
        open_uploads(load_config(tmp_path, environ={"LMS_UPLOADS_SECRET": "moss"}, given=given))


@pytest.mark.parametrize("place", ["/srv/uploads", "s3://", "http://bucket"])
def test_a_place_that_is_no_bucket_stops_the_start_with_a_sentence(tmp_path: Path, place: str) -> None:
    with pytest.raises(SetUpError, match="no bucket"):
        open_uploads(load_config(tmp_path, environ={}, given={"uploads": place}))


def test_keys_of_a_bucket_are_secret(tmp_path: Path) -> None:
    config = load_config(tmp_path, environ={"LMS_UPLOADS_KEY": "kettle", "LMS_UPLOADS_SECRET": "moss"})
    shown = {name: value for name, value, _, _ in config.shown()}
    assert shown["uploads_key"] == shown["uploads_secret"] == "(set, hidden)"


def test_of_a_file_no_more_is_kept_than_it_may_have() -> None:
    with Bounded(10) as file:
        for _ in range(5):
            file.write(b"four")
        file.seek(0)
        assert (file.read(), file.sent) == (b"fourfourfo", 20)


# -- what it is ---------------------------------------------------------------------------------------------


def look(kind: Kind, content: bytes) -> tuple[str, int | None]:
    found = look_at(kind, io.BytesIO(content), len(content))
    found.content.close()
    return found.media_type, found.seconds


def seen(content: bytes) -> Image.Image:
    """The photo that comes of this one."""
    found = look_at("photo", io.BytesIO(content), len(content))
    with found.content:
        return Image.open(io.BytesIO(found.content.read()))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (wav(75), "audio/wav"),
        (mp3(75), "audio/mpeg"),
        (ogg(75), "audio/ogg"),
        (webm(75), "audio/webm"),
        (m4a(75), "audio/mp4"),
    ],
)
@pytest.mark.parametrize("kind", ["audio", "file"])
def test_a_recording_is_known_with_its_length(kind: Kind, content: bytes, media_type: str) -> None:
    assert look(kind, content) == (media_type, 75)


@pytest.mark.parametrize("content", [wav(200), mp3(200), ogg(200), webm(200), m4a(200)])
def test_a_recording_of_more_than_three_minutes_gets_a_sentence(content: bytes) -> None:
    with pytest.raises(NotTaken, match="longer than 3 minutes"):
        look("audio", content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_picture_without_anything_that_came_along(kind: str) -> None:
    content = picture(kind)
    assert b"Kettle Phone" in content
    found = look_at("photo", io.BytesIO(content), len(content))
    assert found.media_type == "image/jpeg"
    with found.content:
        anew = found.content.read()
    assert b"Kettle" not in anew
    assert b"Exif" not in anew
    assert not Image.open(io.BytesIO(anew)).getexif()


def test_a_photo_stays_the_right_way_up() -> None:
    photo = seen(picture(turned=True))
    assert photo.size == (40, 60)
    top, bottom = photo.getpixel((20, 5)), photo.getpixel((20, 55))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[1] < 60 < 200 < bottom[1], "what was on the left is on top"


def test_of_a_photo_with_a_second_one_behind_it_the_first_is_taken() -> None:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]
    )
    assert seen(out.getvalue()).size == (80, 60)


def test_a_photo_in_layers_may_have_fewer_points() -> None:
    out = io.BytesIO()
    Image.new("L", (6000, 6000)).save(out, "JPEG")
    assert seen(out.getvalue()).size == (2400, 2400)
    out = io.BytesIO()
    Image.new("L", (6000, 6000)).save(out, "JPEG", progressive=True)
    with pytest.raises(NotTaken, match="too large to open"):
        look("photo", out.getvalue())


def test_a_large_photo_is_made_small_enough_to_read() -> None:
    assert seen(picture(size=(5000, 4000))).size == (2400, 1920)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (docx(), DOCX),
        (archive(mimetype=ODT), ODT),
        ("Un été.\n".encode(), "text/plain"),
        (picture("PNG"), "image/jpeg"),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, media_type: str) -> None:
    assert look("file", content) == (media_type, None)


def lasting(seconds: float) -> bytes:
    """A recording that says itself how long it is."""
    info = element(0x1549A966, element(0x4489, struct.pack(">d", seconds)))
    return webm().replace(element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3))), info)


def broken_text() -> bytes:
    """An OpenDocument text whose first file cannot be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", ODT)
    content = bytearray(out.getvalue())
    content[38:42] = b"\xff" * 4
    return bytes(content)


def many_names(number: int) -> bytes:
    """A zip with nothing but a table of contents, of files without a name."""
    names = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 15) * number
    return names + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number & 0xFFFF, number & 0xFFFF, len(names), 0, 0)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40
SCRIPT = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("photo", docx(), "could not open this as a photo"),  # a zip with a picture's name
        ("photo", picture_bomb(), "too large to open"),
        ("photo", picture()[:400], "could not open this as a photo"),
        ("photo", b"\x89PNG\r\n\x1a\n", "could not open this as a photo"),
        ("photo", wav(), "could not open this as a photo"),
        ("photo", HEIC, "HEIC"),
        ("photo", b"", "nothing in this file"),
        ("audio", picture(), "could not play"),
        ("audio", wav()[:40], "could not play"),
        ("audio", webm()[:60], "could not play"),
        ("audio", webm(film=True), "could not play"),
        ("audio", m4a(handler=b"vide"), "could not play"),
        ("audio", m4a()[:40], "could not play"),
        ("audio", ogg()[:80], "could not play"),
        ("audio", b"ID3\x04\0\0\0\0\0\0" + b"\0" * 500, "could not play"),
        ("audio", lasting(float("nan")), "could not play"),
        ("audio", lasting(float("inf")), "could not play"),
        ("file", broken_text(), "cannot take this kind"),
        ("file", archive(mimetype=ODT)[:-30], "cannot take this kind"),
        ("file", many_names(3), "cannot take this kind"),
        ("file", archive(**{"evil.exe": "MZ"}), "cannot take this kind"),
        ("file", b"MZ\x90\0" + b"\0" * 100, "cannot take this kind"),
        ("file", "é".encode("latin-1"), "cannot take this kind"),
        ("file", b"words\x00more", "cannot take this kind"),
    ],
)
def test_what_cannot_be_taken_gets_a_clear_sentence(kind: Kind, content: bytes, sentence: str) -> None:
    with pytest.raises(NotTaken, match=sentence):
        look(kind, content)


@pytest.mark.parametrize("number", [5001, 70_000])
def test_of_a_zip_with_very_many_names_none_is_read(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(NotTaken, match="cannot take this kind"):
        look("file", many_names(number))


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 200))
def test_whatever_a_zip_says_about_itself_is_read_or_refused(noise: bytes, start: int, stop: int) -> None:
    good = archive(mimetype=ODT)
    content = b"PK\3\4" + good[4:start] + noise + good[stop:]
    with contextlib.suppress(NotTaken):
        look("file", content)


def test_a_page_with_script_is_plain_text_and_nothing_else() -> None:
    assert look("file", SCRIPT) == ("text/plain", None)


@pytest.mark.parametrize(("kind", "most"), [("audio", "10 MB"), ("photo", "12 MB"), ("file", "20 MB")])
def test_what_is_too_large_gets_a_sentence_with_the_limit(kind: Kind, most: str) -> None:
    with pytest.raises(NotTaken, match=most):
        look_at(kind, io.BytesIO(wav()), 20_000_001)


SOUNDS = {"audio/wav": wav(), "audio/mpeg": mp3(), "audio/ogg": ogg(), "audio/webm": webm(), "audio/mp4": m4a()}


def seconds_or_broken(media_type: str, file: BinaryIO) -> float | None:
    try:
        return sound.seconds_of(media_type, file)
    except sound.Broken:
        return None


@given(st.sampled_from(sorted(SOUNDS)), st.binary(max_size=400), st.integers(0, 300), st.integers(0, 300))
def test_whatever_a_recording_says_about_itself_is_read_or_refused(
    media_type: str, noise: bytes, start: int, stop: int
) -> None:
    good = SOUNDS[media_type]
    seconds = seconds_or_broken(media_type, io.BytesIO(good[:start] + noise + good[stop:]))
    assert seconds is None or seconds >= 0


def test_a_box_that_claims_to_be_endless_is_no_recording() -> None:
    with pytest.raises(sound.Broken):
        sound.seconds_of("audio/mp4", io.BytesIO(struct.pack(">I4sQ", 1, b"moov", 0) * 10))
