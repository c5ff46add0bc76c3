"""Pictures that people send: made anew from their points, so that place, device and all else that came along stay behind.

What comes out is a JPEG of at most `LONGEST` points, the right way up. Its size is looked at before anything is decoded,
and one is decoded at a time: a small file can unfold into a very large picture.
"""

from __future__ import annotations

import threading
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps

LONGEST = 2400
# Points: what phones make, with room. A JPEG is decoded at a smaller scale, others are whole in memory.
MOST_POINTS = {"JPEG": 120_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}
# A progressive JPEG comes in layers, so that each of its points is in memory until the last one, at any scale.
MOST_POINTS_IN_LAYERS = 30_000_000
QUALITY = 82

_one_at_a_time = threading.Lock()


class NoPicture(Exception):
    """Nothing that can be shown."""


class TooLarge(NoPicture):
    """More points than a photo has."""


def made_anew(source: BinaryIO, target: BinaryIO) -> None:
    """Write the picture in `source` to `target`. Raises NoPicture, TooLarge."""
    source.seek(0)
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow thinks of odd metadata; it is not kept anyway
        try:
            with Image.open(source, formats=tuple(MOST_POINTS)) as picture:
                width, height = picture.size
                if width * height > _most_points(picture):
                    raise TooLarge
                picture.draft("RGB", (LONGEST, LONGEST))  # JPEG: decode no more than is needed
                picture.thumbnail((LONGEST, LONGEST))
                _on_white(ImageOps.exif_transpose(picture)).save(target, "JPEG", quality=QUALITY, optimize=True)
        except NoPicture:
            raise
        except Image.DecompressionBombError as error:
            raise TooLarge from error
        except Exception as error:  # whatever a decoder stumbles over: it is no picture
            raise NoPicture from error


def _most_points(picture: Image.Image) -> int:
    if picture.info.get("progressive"):
        return MOST_POINTS_IN_LAYERS
    # Cameras put a second, smaller picture behind the first: Pillow calls such a JPEG "MPO". The first one is taken.
    return MOST_POINTS["JPEG" if picture.format == "MPO" else str(picture.format)]


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, without a colour profile, and with nothing that came along."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain
