"""Writes odd-pictures.json: pictures of every kind, 20 x 20, and what Pillow's convert("RGB") makes of each, or its refusal.

Run by hand: /usr/bin/python3 test/preprocessing/odd-pictures.py > test/preprocessing/odd-pictures.json
"""

import base64
import hashlib
import io
import json
import struct
import sys
import zlib

import numpy as np
import PIL
from PIL import Image

rng = np.random.RandomState(0)
y, x = np.mgrid[:20, :20]
colours = np.stack([12 * x, 12 * y, 128 + 100 * np.sin(x * y / 9)], 2)
pixels = np.clip(colours + rng.normal(0, 12, colours.shape), 0, 255).astype("u1")
picture, alpha = Image.fromarray(pixels), Image.fromarray(rng.randint(0, 256, (20, 20)).astype("u1"))
files = {}


def save(name, image, **options):
    out = io.BytesIO()
    image.save(out, {"jpg": "JPEG", "tif": "TIFF"}.get(name[-3:], name.rsplit(".")[-1].upper()), **options)
    files[name] = out.getvalue()


def png(name, array, colour_type, bits, more=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.astype(">u2" if bits == 16 else "u1").tobytes() for row in array)
    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], bits, colour_type, 0, 0, 0)
    more = chunk(more[:4], more[4:]) if more else b""
    body = chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    files[name] = b"\x89PNG\r\n\x1a\n" + body


def with_alpha(image):
    image = image.copy()
    image.putalpha(alpha)
    return image


grey, palette = picture.convert("L"), picture.convert("P", palette=Image.ADAPTIVE)
save("rgb.png", picture)
save("rgb.tif", picture)
save("rgb.jpg", picture, quality=90)
save("progressive.jpg", picture, progressive=True)
save("subsampled-422.jpg", picture, subsampling=1)
save("subsampled-not.jpg", picture, subsampling=0)
save("quality-20.jpg", picture, quality=20)
save("rgb.webp", picture, quality=80)
save("rgb.gif", palette)
save("grey.jpg", grey)
save("grey.png", grey)
save("grey-alpha.png", with_alpha(grey.convert("LA")))
save("alpha.png", with_alpha(picture))
save("alpha.webp", with_alpha(picture), lossless=True)
save("palette.png", palette)
save("palette-16.png", picture.convert("P", palette=Image.ADAPTIVE, colors=16), bits=4)
save("palette-transparent.png", palette, transparency=5)
save("bits.png", picture.convert("1"))
save("bits.tif", picture.convert("1"))
save("cmyk.jpg", picture.convert("CMYK"), quality=95)
save("cmyk.tif", picture.convert("CMYK"))
exif = Image.Exif()
exif[0x112] = 6  # to be shown turned by 90 degrees
save("exif-turned.jpg", picture, exif=exif)
deep = pixels.astype("u4") * 256 + rng.randint(0, 256, pixels.shape)
png("rgb-16.png", deep, 2, 16)
png("alpha-16.png", np.concatenate([deep, rng.randint(0, 65536, (20, 20, 1))], 2), 6, 16)
png("grey-alpha-16.png", np.concatenate([deep[..., :1], rng.randint(0, 65536, (20, 20, 1))], 2), 4, 16)
png("grey-16.png", deep[..., 0], 0, 16)
png("gamma.png", pixels, 2, 8, b"gAMA" + struct.pack(">I", 100000))
png("colour-transparent.png", pixels, 2, 8, b"tRNS" + struct.pack(">HHH", *map(int, pixels[5, 5])))

jpeg, cmyk = files["rgb.jpg"], files["cmyk.jpg"]
at = cmyk.find(b"\xff\xee")
length = struct.unpack(">H", cmyk[at + 2 : at + 4])[0]
files["cmyk-without-adobe.jpg"] = cmyk[:at] + cmyk[at + 2 + length :]
files["ycck.jpg"] = cmyk[: at + 1 + length] + b"\2" + cmyk[at + 2 + length :]
middle = len(jpeg) - 150
files["damaged.jpg"] = jpeg[:middle] + b"\x12\x34\x56" + jpeg[middle + 3 :]
files["end-in-the-middle.jpg"] = jpeg[:middle] + b"\xff\xd9" + jpeg[middle + 2 :]
files["more-behind.jpg"] = jpeg + b"more" * 50
files["truncated.jpg"] = jpeg[:middle]
files["truncated-by-10.jpg"] = jpeg[:-10]
files["without-end.jpg"] = jpeg[:-2]
files["truncated-progressive.jpg"] = files["progressive.jpg"][:-200]
files["truncated.png"] = files["rgb.png"][:-400]
files["damaged.png"] = files["rgb.png"][:300] + b"\x12\x34" + files["rgb.png"][302:]
files["without-end.png"] = files["rgb.png"][:-12]
files["png-named.jpg"] = files["rgb.png"]
files["empty.jpg"] = b""
files["text.jpg"] = b"no picture\n" * 20

cases = []
for name, content in files.items():
    case = {"name": name, "file": base64.b64encode(content).decode()}
    try:
        image = Image.open(io.BytesIO(content))
        case["mode"] = image.mode
        case["sha256"] = hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()
    except Exception as error:
        case["refused"] = type(error).__name__
    cases.append(case)
json.dump({"pillow": PIL.__version__, "cases": cases}, sys.stdout, indent=2)
print()
