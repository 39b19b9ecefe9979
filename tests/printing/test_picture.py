import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from printing import PictureError, TemplateError, load_template, read_picture
from printing.picture import open_picture
from tests.printing.faces import PLAIN, make_face, side_of, written

LOGO = '\n[[front]]\nkind = "image"\nfile = "logo.png"\nleft = 64\ntop = 10.5\nwidth = 4\nheight = 4\n'
PHOTO = '\n[[front]]\nkind = "photo"\nleft = 5\ntop = 39.5\nwidth = 12\nheight = 6\n'


def content_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as that."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def webp_bomb(width: int, height: int) -> bytes:
    """A WebP whose canvas is as large as that."""
    exif = Image.Exif()
    exif[0x0112] = 1
    small = content_of(Image.new("RGBA", (4, 4), (255, 0, 0, 9)), "WEBP", lossless=True, exif=exif)
    at = small.index(b"VP8X") + 12
    return small[:at] + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + small[at + 6 :]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_of_three_kinds_are_taken_and_written_anew(kind: str) -> None:
    content = content_of(Image.new("RGB", (30, 20), (200, 30, 40)), kind)

    picture = read_picture(content)

    again = opened(picture.content)
    assert (30, 20) == (picture.width_px, picture.height_px) == again.size
    assert (200, 30, 40) == pytest.approx(again.convert("RGB").getpixel((5, 5)), abs=3)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_becomes_grey_or_rgb(mode: str) -> None:
    assert opened(read_picture(content_of(Image.new(mode, (8, 8)))).content).mode in ("L", "RGB")


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_mode_of_jpeg_becomes_grey_or_rgb(mode: str) -> None:
    assert opened(read_picture(content_of(Image.new(mode, (8, 8)), "JPEG")).content).mode in ("L", "RGB")


def test_what_is_transparent_becomes_white() -> None:
    picture = read_picture(content_of(Image.new("RGBA", (8, 8), (0, 0, 0, 0))))

    assert (255, 255, 255) == opened(picture.content).getpixel((4, 4))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_exif_is_obeyed_and_gone(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "SECRET-PLACE"
    content = content_of(Image.new("RGB", (40, 20), "red"), kind, exif=exif)
    assert b"SECRET-PLACE" in content

    picture = read_picture(content)

    assert (20, 40) == (picture.width_px, picture.height_px)
    assert b"SECRET-PLACE" not in picture.content
    assert not opened(picture.content).getexif()


def test_words_hidden_in_a_png_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "SECRET")

    assert b"SECRET" not in read_picture(content_of(Image.new("L", (8, 8)), pnginfo=info)).content


def test_large_pictures_are_made_as_small_as_they_are_drawn() -> None:
    picture = read_picture(content_of(Image.new("RGB", (900, 600))), longest_px=300)

    assert (300, 200) == (picture.width_px, picture.height_px)


@pytest.mark.parametrize("content", [bomb(13_000, 13_000), bomb(6_000, 4_001), webp_bomb(16_000, 16_000)])
def test_pictures_above_24_million_pixels_are_refused_by_their_header(content: bytes) -> None:
    assert len(content) < 1000

    with pytest.raises(PictureError, match="24 million pixels at most"):
        read_picture(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"BM" + b"\0" * 60,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\0\0\0\0WEBP",
        b"RIFF\0\0\0\0WEBPVP8X\x0a",
        b"RIFF\0\0\0\0WEBPVP8L",
        bomb(400, 400),
        bomb(0, 0),
        content_of(Image.new("RGB", (90, 90), "red"), "JPEG")[:300],
        content_of(Image.new("RGB", (90, 90), "red"), "WEBP")[:60],
    ],
)
def test_what_is_no_whole_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(PictureError) as refused:
        read_picture(content)

    assert refused.value.problem
    assert "PNG, JPEG or WebP" in refused.value.mend


@pytest.mark.parametrize(
    "name",
    [
        "../logo.png",
        "sub/../../logo.png",
        "/etc/passwd",
        "C:\\logo.png",
        "C:logo.png",
        "..\\logo.png",
        "",
        ".",
        "a\0b",
        "\n",
    ],
)
def test_nothing_outside_the_templates_folder_is_opened(name: str, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(content_of(Image.new("L", (8, 8))))
    folder = tmp_path / "templates"
    folder.mkdir()

    with pytest.raises(PictureError):
        open_picture(folder, name)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "logo.png").write_bytes(content_of(Image.new("L", (8, 8))))
    (folder / "logo.png").symlink_to(tmp_path / "logo.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")

    with pytest.raises(PictureError, match="leads out"):
        open_picture(folder, "logo.png")
    with pytest.raises(PictureError):
        open_picture(folder, "loop.png")


def test_a_picture_in_a_folder_beside_the_template_is_taken(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "logo.png").write_bytes(content_of(Image.new("L", (8, 8))))

    assert 8 == open_picture(tmp_path, "pictures/logo.png").width_px


def test_a_broken_picture_is_told_with_its_item_and_mend(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(bomb(13_000, 13_000))

    with pytest.raises(TemplateError) as refused:
        load_template(written(tmp_path, PLAIN + LOGO))

    (mistake,) = refused.value.mistakes
    assert "[[front]] no. 8 (image)" in mistake.place
    assert '"logo.png"' in mistake.problem
    assert "24 million" in mistake.mend


def test_a_logo_stands_whole_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(content_of(Image.new("RGB", (20, 20), (255, 0, 0))))
    picture = side_of(make_face(), load_template(written(tmp_path, PLAIN + LOGO)), 254)

    assert (255, 0, 0) == picture.getpixel((660, 125))
    assert (255, 255, 255) == picture.getpixel((695, 125))


def test_a_photo_keeps_its_shape_and_is_left_out_where_there_is_none(tmp_path: Path) -> None:
    template = load_template(written(tmp_path, PLAIN + PHOTO))
    photo = read_picture(content_of(Image.new("RGB", (30, 30), (0, 0, 255)), "JPEG"))

    with_photo = side_of(make_face(photo=photo), template, 254)
    without = side_of(make_face(), template, 254)

    assert (0, 0, 255) == pytest.approx(with_photo.getpixel((110, 425)), abs=4)
    assert (255, 255, 255) == with_photo.getpixel((60, 425)) == without.getpixel((110, 425))


def test_a_frame_lies_over_the_photo_that_comes_before_it(tmp_path: Path) -> None:
    frame = PHOTO.replace('"photo"', '"rect"') + 'stroke = "#ff0000"\nstroke_width = 1\n'
    template = load_template(written(tmp_path, PLAIN + PHOTO + frame))
    photo = read_picture(content_of(Image.new("RGB", (120, 60), (0, 0, 255))))

    picture = side_of(make_face(photo=photo), template, 254)

    assert [(255, 0, 0), (0, 0, 255)] == [picture.getpixel((55, 425)), picture.getpixel((110, 425))]


def test_pictures_on_a_roll_become_pure_black_and_white(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(content_of(Image.linear_gradient("L")))
    picture = open_picture(tmp_path, "logo.png", is_pure_black=True)

    assert {0, 255} == {value for _, value in opened(picture.content).getcolors() or []}
