"""Pictures of articles: read with care, written anew, and kept once under the hash of what was written.

Nothing of a stranger's file reaches a reader: no place where it was taken, no bytes that mean something else to a
browser. A picture that is kept never changes.
"""

import hashlib
import io
import warnings
from typing import NamedTuple

from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from reader.models import Picture

# What a server may call a picture that we can read.
TYPES = ("image/webp", "image/avif", "image/png", "image/jpeg", "image/jpg", "image/gif")
MOST_BYTES = 10_000_000

# Twice as wide as a text is on a screen with fine dots.
_LONGEST_SIDE = 1600
# What pages count their visitors with is smaller.
_SHORTEST_SIDE = 16
# A camera's are up to 50 million; unpacked that is 200 MB, and twice as much while its colours are turned.
_MOST_PIXELS = 50_000_000
_FORMATS = ("WEBP", "AVIF", "PNG", "JPEG", "GIF")
_QUALITY = 82
# A drawing has few colours, and is smaller and sharper when each is kept.
_COLOURS_OF_A_DRAWING = 256


class PictureError(ValueError):
    """A picture that cannot be shown, with a sentence that says why."""


class Encoded(NamedTuple):
    """A picture as WebP, its sides in pixels."""

    data: bytes
    width: int
    height: int


def encode(data: bytes) -> Encoded:
    """Write a picture anew: upright, at most 1600 pixels wide and high, with nothing in it but what is seen.

    Of one that moves the first state is taken. Raises PictureError.
    """
    if len(data) > MOST_BYTES:
        raise PictureError(f"It is over {MOST_BYTES // 1_000_000} MB.")
    with _opened(data) as found:
        if found.width * found.height > _MOST_PIXELS:
            raise PictureError("It has more dots than a picture needs.")
        if min(found.size) < _SHORTEST_SIDE:
            raise PictureError("It is too small to show anything.")
        try:
            return _written(_prepared(found))
        except Exception as error:  # A damaged file makes its reader fail in ways that nobody has listed.
            raise PictureError("It is damaged.") from error


def keep(encoded: Encoded) -> Picture:
    """Keep a picture, once however often it comes, and give it."""
    name = hashlib.sha256(encoded.data).hexdigest()
    known = Picture.objects.filter(pk=name).first()
    if known and _has_file(known):
        return known
    picture = Picture(hash=name, width=encoded.width, height=encoded.height, size=len(encoded.data))
    picture.file.save(f"{name}.webp", ContentFile(encoded.data), save=False)
    columns = {name: getattr(picture, name) for name in ("file", "width", "height", "size")}
    kept, is_new = Picture.objects.get_or_create(pk=picture.pk, defaults=columns)
    return kept if is_new else _settled(kept, picture)


def _settled(kept: Picture, again: Picture) -> Picture:
    """Give the row that was there already: with the new file where its own was lost, else as it is."""
    if not _has_file(kept):
        kept.file = again.file
        kept.save(update_fields=["file"])
    elif kept.file.name != again.file.name:
        again.file.delete(save=False)
    return kept


def _has_file(picture: Picture) -> bool:
    """Say whether the file is there; a backup may have held the database alone."""
    return picture.file.storage.exists(str(picture.file.name))


def _opened(data: bytes) -> Image.Image:
    """Read what kind of picture it is and how large, and nothing more yet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError("It has more dots than a picture needs.") from error
    except UnidentifiedImageError as error:
        raise PictureError("It is no picture that can be shown here: JPEG, PNG, GIF, WebP or AVIF.") from error
    except Exception as error:  # As above.
        raise PictureError("It is damaged.") from error


def _prepared(found: Image.Image) -> Image.Image:
    """Give the picture as it is shown: upright, small enough, in the colours that every screen knows."""
    # Tells the JPEG reader to read no more dots than are needed.
    found.draft(None, (_LONGEST_SIDE, _LONGEST_SIDE))
    found.load()
    ImageOps.exif_transpose(found, in_place=True)
    image = _in_common_colours(found)
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def _in_common_colours(image: Image.Image) -> Image.Image:
    """Turn whatever colours the picture has into sRGB, and keep what shines through."""
    if image.mode.startswith("I"):
        # Sixteen bits a dot, of which the upper eight are seen.
        return image.point(lambda value: value * (1 / 256)).convert("RGB")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            return image.convert(mode)
        return converted or image.convert(mode)
    return image.convert(mode)


def _written(image: Image.Image) -> Encoded:
    is_drawing = image.getcolors(_COLOURS_OF_A_DRAWING) is not None
    # Copied without what the file said beside the picture.
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=_QUALITY, method=4, lossless=is_drawing)
    return Encoded(written.getvalue(), image.width, image.height)
