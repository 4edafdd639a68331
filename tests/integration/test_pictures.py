"""Pictures: what becomes of a stranger's file, and how it is served."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.http import FileResponse
from django.test import Client
from PIL import Image, ImageCms
from pytest_django.fixtures import Settings

from reader.importing import pictures
from reader.importing.pictures import PictureError
from reader.models import Picture


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "pictures"


def drawn(image: Image.Image | None = None, form: str = "PNG", **options: Any) -> bytes:
    """Give a file with the picture, or with a red one of 40 by 30 dots."""
    file = io.BytesIO()
    (image or Image.new("RGB", (40, 30), "red")).save(file, form, **options)
    return file.getvalue()


def shown(data: bytes) -> Image.Image:
    """Give what is written of a file."""
    return Image.open(io.BytesIO(pictures.encode(data).data))


def photographed(size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.effect_noise(size, 60).convert("RGB")


# Written anew


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_every_kind_becomes_webp(form: str) -> None:
    image = shown(drawn(form=form))
    assert (image.format, image.size, image.mode) == ("WEBP", (40, 30), "RGB")
    assert image.getpixel((20, 15)) == pytest.approx((254, 0, 0), abs=6)


@pytest.mark.parametrize(("size", "kept"), [((3200, 100), (1600, 50)), ((50, 1700), (47, 1600)), ((70, 60), (70, 60))])
def test_no_side_is_longer_than_1600(size: tuple[int, int], kept: tuple[int, int]) -> None:
    encoded = pictures.encode(drawn(Image.new("RGB", size), "JPEG"))
    assert (encoded.width, encoded.height) == kept == Image.open(io.BytesIO(encoded.data)).size


def test_a_camera_held_sideways_gives_an_upright_picture() -> None:
    image = Image.new("RGB", (40, 30), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    assert shown(drawn(image, "JPEG", exif=exif)).size == (30, 40)


def test_nothing_is_kept_of_where_and_by_whom_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    data = drawn(photographed(), "JPEG", exif=exif, comment=b"taken at home", xmp=b"taken at home")
    assert b"taken at home" in data
    written = pictures.encode(data).data
    assert b"taken at home" not in written
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(Image.open(io.BytesIO(written)).info)


def test_of_one_that_moves_the_first_state_is_taken() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    image = shown(drawn(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_shines_through_is_kept(mode: str) -> None:
    image = Image.new("RGBA", (40, 30), (255, 0, 0, 0)).convert(mode)
    assert shown(drawn(image)).getchannel("A").getextrema() == (0, 0)


def test_sixteen_bits_are_not_taken_for_white() -> None:
    assert shown(drawn(Image.new("I;16", (40, 30), 0x8000))).convert("RGB").getpixel((0, 0)) == (128, 128, 128)


def test_colours_are_those_that_the_profile_means() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_and_green_swapped = profile.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    assert shown(drawn(icc_profile=red_and_green_swapped)).getpixel((0, 0)) == (0, 255, 0)


def test_a_profile_that_is_none_is_passed_over() -> None:
    assert shown(drawn(icc_profile=b"not a profile")).getpixel((0, 0)) == (255, 0, 0)


def test_a_drawing_keeps_every_dot() -> None:
    image = Image.new("RGB", (40, 30), "white")
    image.putpixel((20, 15), (1, 2, 3))
    assert shown(drawn(image)).getpixel((20, 15)) == (1, 2, 3)


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = drawn(photographed(), "JPEG")
    assert pictures.encode(data) == pictures.encode(data)


# Refused


def _png_of(width: int, height: int) -> bytes:
    """Give the head of a PNG that says how large it is, and next to nothing behind it."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", b""), (b"IEND", b"")]
    written = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(SVG, "no picture that can be shown", id="SVG"),
        pytest.param(b"", "no picture that can be shown", id="nothing"),
        pytest.param(b"<html>", "no picture that can be shown", id="a page"),
        pytest.param(b"BM" + bytes(100), "no picture that can be shown", id="a format of no web page"),
        pytest.param(drawn(photographed())[:-500], "It is damaged", id="cut off"),
        pytest.param(_png_of(40, 30), "It is damaged", id="a head without a body"),
        pytest.param(_png_of(8000, 8000), "more dots", id="sixty-four million dots"),
        pytest.param(_png_of(10_000, 10_000), "more dots", id="a hundred million dots"),
        pytest.param(_png_of(60_000, 60_000), "more dots", id="a bomb"),
        pytest.param(drawn(Image.new("RGB", (1, 1))), "too small", id="a dot that counts visitors"),
        pytest.param(bytes(pictures.MOST_BYTES + 1), "over 10 MB", id="too many bytes"),
    ],
)
def test_what_is_no_picture_for_readers_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(PictureError, match=sentence):
        pictures.encode(data)


# Kept


@pytest.mark.django_db
def test_a_picture_is_kept_once(media: Path) -> None:
    first, second = (pictures.keep(pictures.encode(drawn())) for _ in range(2))
    assert first == second
    assert [file.name for file in media.iterdir()] == [f"{first.hash}.webp"]
    assert (first.width, first.height, first.size) == (40, 30, (media / f"{first.hash}.webp").stat().st_size)


class Overtaken(FileSystemStorage):
    """A storage in which somebody else keeps the same picture while a file is being written."""

    is_first = True

    def _save(self, name: str, content: Any) -> str:
        if Overtaken.is_first:
            Overtaken.is_first = False
            pictures.keep(pictures.encode(drawn()))
        saved: str = super()._save(self.get_available_name(name), content)  # type: ignore[misc]
        return saved


@pytest.mark.django_db
def test_of_two_who_keep_it_at_once_one_wins_and_no_file_is_left_over(media: Path, settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.Overtaken"}}
    picture = pictures.keep(pictures.encode(drawn()))
    assert not Overtaken.is_first
    assert picture == Picture.objects.get()
    assert [file.name for file in media.iterdir()] == [f"{picture.hash}.webp"]


@pytest.mark.django_db
def test_a_file_that_was_lost_comes_back(media: Path) -> None:
    encoded = pictures.encode(drawn())
    lost = media / f"{pictures.keep(encoded).hash}.webp"
    lost.unlink()
    picture = pictures.keep(encoded)
    assert lost.read_bytes() == encoded.data
    assert picture == Picture.objects.get()


# Served


@pytest.mark.django_db
def test_strangers_get_a_picture_to_keep_for_ever(client: Client) -> None:
    encoded = pictures.encode(drawn())
    answer = client.get(pictures.keep(encoded).get_absolute_url())
    assert isinstance(answer, FileResponse)
    assert b"".join(answer) == encoded.data
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Length"] == str(len(encoded.data))
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["0" * 64, "0" * 63, "A" * 64, "..", "0" * 64 + ".webp"])
def test_there_is_no_other_picture(client: Client, name: str) -> None:
    assert client.get(f"/pictures/{name}/").status_code == 404


@pytest.mark.django_db
def test_a_picture_without_its_file_is_not_there(client: Client, media: Path) -> None:
    picture = pictures.keep(pictures.encode(drawn()))
    (media / f"{picture.hash}.webp").unlink()
    answer = client.get(picture.get_absolute_url())
    assert answer.status_code == 404
    assert "Cache-Control" not in answer


@pytest.mark.django_db
def test_nothing_can_be_done_to_a_picture(client: Client) -> None:
    assert client.post(pictures.keep(pictures.encode(drawn())).get_absolute_url()).status_code == 405
