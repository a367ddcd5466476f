"""Writes layered-pictures.json: WebP, TIFF and JPEG of many kinds, and what Pillow makes of each.

Run by hand: /usr/bin/python3 test/preprocessing/layered-pictures.py > test/preprocessing/layered-pictures.json
"""

import struct

from picture_cases import Image, deep, indexes, io, np, picture, pixels, saved, veil, veiled, write

files = {}
other = Image.fromarray(255 - pixels)
grey, palette = picture.convert("L"), picture.quantize(40)


def animation(canvas, at, frame):
    """A WebP of two frames whose first is smaller than the canvas."""

    def riff(kind, data):
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    def small(value):
        return struct.pack("<I", value)[:3]

    parts = b""
    for x, y, image in ((*at, frame), (0, 0, other.convert("RGBA"))):
        still = saved(image, "WEBP", lossless=True, exact=True)
        bitstream = still[still.index(b"VP8L") :]
        where = small(x // 2) + small(y // 2) + small(image.width - 1) + small(image.height - 1) + small(100) + b"\0"
        parts += riff(b"ANMF", where + bitstream)
    head = riff(b"VP8X", b"\x12\0\0\0" + small(canvas - 1) * 2) + riff(b"ANIM", b"\x20\x40\x60\xff" + b"\0\0")
    return b"RIFF" + struct.pack("<I", 4 + len(head + parts)) + b"WEBP" + head + parts


for name, image in {"rgb": picture, "alpha": veiled, "grey": grey}.items():
    files[f"{name}-lossy.webp"] = saved(image, "WEBP", quality=70)
    files[f"{name}-lossless.webp"] = saved(image, "WEBP", lossless=True)
files["alpha-exact.webp"] = saved(veiled, "WEBP", lossless=True, exact=True)
clear = Image.fromarray(np.concatenate([pixels, veil // 128 * 255], 2))
files["clear.webp"] = saved(clear, "WEBP", quality=60)
files["clear-exact.webp"] = saved(clear, "WEBP", lossless=True, exact=True)
files["animated.webp"] = saved(picture, "WEBP", save_all=True, append_images=[other], lossless=True)
files["animated-alpha.webp"] = saved(veiled, "WEBP", save_all=True, append_images=[other.convert("RGBA")], lossless=True)
files["animated-lossy.webp"] = saved(picture, "WEBP", save_all=True, append_images=[other], quality=70)
files["animated-clear.webp"] = saved(clear, "WEBP", save_all=True, append_images=[veiled], quality=70)
files["animated-small-first.webp"] = animation(20, (4, 6), picture.resize((9, 8)))
files["animated-small-alpha.webp"] = animation(20, (4, 6), veiled.resize((9, 8)))
turned = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
files["turned.webp"] = saved(picture, "WEBP", exif=turned, lossless=True)
files["truncated.webp"] = files["rgb-lossless.webp"][:-200]
files["truncated-lossy.webp"] = files["rgb-lossy.webp"][:-100]

for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "lzma", "zstd", "webp"):
    files[f"rgb-{compression}.tif"] = saved(picture, "TIFF", compression=compression)
for name, image in {"alpha": veiled, "grey": grey, "palette": palette, "cmyk": picture.convert("CMYK"), "bits": picture.convert("1"), "grey-alpha": veiled.convert("LA"), "ycbcr": picture.convert("YCbCr"), "lab": picture.convert("LAB"), "premultiplied": veiled.convert("RGBa"), "whole": grey.convert("I"), "float": grey.convert("F"), "palette-alpha": veiled.quantize(40)}.items():
    try:
        files[f"{name}-saved.tif"] = saved(image, "TIFF")
        files[f"{name}-lzw.tif"] = saved(image, "TIFF", compression="tiff_lzw")
    except OSError:
        pass
files["predicted-lzw.tif"] = saved(picture, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
files["predicted-alpha.tif"] = saved(veiled, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
files["fax-3.tif"] = saved(picture.convert("1"), "TIFF", compression="group3")
files["fax-4.tif"] = saved(picture.convert("1"), "TIFF", compression="group4")
files["pages.tif"] = saved(picture, "TIFF", save_all=True, append_images=[other, grey])
files["pages-palette.tif"] = saved(palette, "TIFF", save_all=True, append_images=[other])
files["turned.tif"] = saved(picture, "TIFF", tiffinfo={274: 6})
files["upside-down.tif"] = saved(picture, "TIFF", tiffinfo={274: 3})
files["truncated.tif"] = saved(picture, "TIFF")[:-700]


def tiff(values, tags, order="<", strips=1):
    """A TIFF without compression; `tags` by number, each a list of shorts."""
    height, width = values.shape[:2]
    data = values.tobytes()
    entries = {256: [width], 257: [height], 259: [1], 277: [1 if values.ndim < 3 else values.shape[2]], 278: [height], **tags}
    at = 8 + len(data)
    extra, table = b"", []
    start = at
    for number, shorts in sorted({**entries, 273: None, 279: None}.items()):
        if number == 273:
            table.append(struct.pack(order + "HHII", 273, 4, 1, 8))
        elif number == 279:
            table.append(struct.pack(order + "HHII", 279, 4, 1, len(data)))
        elif len(shorts) <= 2:
            table.append(struct.pack(order + "HHI", number, 3, len(shorts)) + struct.pack(order + f"{len(shorts)}H", *shorts).ljust(4, b"\0"))
        else:
            table.append(struct.pack(order + "HHII", number, 3, len(shorts), start + len(extra)))
            extra += struct.pack(order + f"{len(shorts)}H", *shorts)
    head = (b"II\x2a\0" if order == "<" else b"MM\0\x2a") + struct.pack(order + "I", start + len(extra))
    return head + data + extra + struct.pack(order + "H", len(table)) + b"".join(table) + b"\0\0\0\0"


with_alpha = np.concatenate([pixels, veil], 2)
mapped = [v for c in range(3) for v in (palette.getpalette()[c : 3 * 256 : 3] + [0] * 256)[:256]]
colour_map = [v * 257 for v in mapped]
for extra, name in enumerate(("unspecified", "associated", "unassociated")):
    files[f"alpha-{name}.tif"] = tiff(with_alpha, {258: [8] * 4, 262: [2], 338: [extra]})
    files[f"grey-alpha-{name}.tif"] = tiff(np.ascontiguousarray(with_alpha[..., 2:]), {258: [8] * 2, 262: [1], 338: [extra]})
files["alpha-untold.tif"] = tiff(with_alpha, {258: [8] * 4, 262: [2]})
files["big-endian.tif"] = tiff(pixels, {258: [8] * 3, 262: [2]}, ">")
files["rgb-16.tif"] = tiff(deep.astype("<u2"), {258: [16] * 3, 262: [2]})
files["rgb-16-big-endian.tif"] = tiff(deep.astype(">u2"), {258: [16] * 3, 262: [2]}, ">")
files["alpha-16.tif"] = tiff(np.concatenate([deep, deep[..., :1]], 2).astype("<u2"), {258: [16] * 4, 262: [2], 338: [2]})
files["premultiplied-16.tif"] = tiff(np.concatenate([deep, deep[..., :1]], 2).astype("<u2"), {258: [16] * 4, 262: [2], 338: [1]})
files["grey-16.tif"] = tiff(deep[..., 0].astype("<u2"), {258: [16], 262: [1]})
files["white-is-zero.tif"] = tiff(pixels[..., 0], {258: [8], 262: [0]})
files["bits-white-is-zero.tif"] = tiff(np.packbits(indexes % 2, axis=1), {256: [20], 258: [1], 262: [0]})
files["grey-4.tif"] = tiff((indexes[:, ::2] * 16 + indexes[:, 1::2]).astype("u1"), {256: [20], 258: [4], 262: [1]})
files["palette-4.tif"] = tiff((indexes[:, ::2] * 16 + indexes[:, 1::2]).astype("u1"), {256: [20], 258: [4], 262: [3], 320: [257 * v for v in range(2, 242, 5)]})
files["palette-8.tif"] = tiff(np.asarray(palette), {258: [8], 262: [3], 320: colour_map})
files["palette-8-alpha.tif"] = tiff(np.concatenate([np.asarray(palette)[..., None], veil], 2), {258: [8, 8], 262: [3], 320: colour_map, 338: [2]})
files["planes.tif"] = tiff(pixels, {258: [8] * 3, 262: [2], 284: [1]})
files["turned-lzw.tif"] = saved(picture, "TIFF", compression="tiff_lzw", tiffinfo={274: 8})

files["grey.jpg"] = saved(grey, "JPEG")
files["grey-turned.jpg"] = saved(grey, "JPEG", exif=turned)
files["cmyk-turned.jpg"] = saved(picture.convert("CMYK"), "JPEG", exif=turned)
files["cmyk-progressive.jpg"] = saved(picture.convert("CMYK"), "JPEG", progressive=True)
files["two-pictures.jpg"] = saved(picture, "MPO", save_all=True, append_images=[other])
files["restarts.jpg"] = saved(picture, "JPEG", quality=70, restart_marker_blocks=1)
rgb = bytearray(saved(picture, "JPEG", subsampling=0, quality=80))
jfif = rgb.index(b"\xff\xe0")
adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"
files["rgb-components.jpg"] = bytes(rgb[:jfif]) + adobe + bytes(rgb[jfif + 18 :])
files["no-header.jpg"] = bytes(rgb[:jfif]) + bytes(rgb[jfif + 18 :])
files["profile.jpg"] = saved(picture, "JPEG", icc_profile=b"\0" * 200)
write(files)
