"""What the generators of pictures share: 20 x 20 pixels, chunks, and Pillow's word on each file."""

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

rng = np.random.RandomState(1)
y, x = np.mgrid[:20, :20]
colours = np.stack([12 * x, 12 * y, 128 + 100 * np.sin(x * y / 9)], 2)
pixels = np.clip(colours + rng.normal(0, 12, colours.shape), 0, 255).astype("u1")
deep = pixels.astype("u4") * 256 + rng.randint(0, 256, pixels.shape)
veil = rng.randint(0, 256, (20, 20, 1)).astype("u1")
deep_veil = rng.randint(0, 65536, (20, 20, 1))
indexes = rng.randint(0, 16, (20, 20))
picture = Image.fromarray(pixels)
veiled = Image.fromarray(np.concatenate([pixels, veil], 2))


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write(files):
    """Prints the files with the digest of Pillow's convert("RGB"), or the name of its error."""
    cases = []
    for name, content in files.items():
        case = {"name": name, "file": base64.b64encode(content).decode()}
        try:
            image = Image.open(io.BytesIO(content))
            case["mode"] = image.mode
            colours = image.convert("RGB")
            case["size"] = list(colours.size)
            case["sha256"] = hashlib.sha256(colours.tobytes()).hexdigest()
        except Exception as error:
            case["refused"] = type(error).__name__
        cases.append(case)
    json.dump({"pillow": PIL.__version__, "cases": cases}, sys.stdout, indent=2)
    print()
