"""Writes gif-pictures.json: GIFs of every kind and what Pillow makes of each.

Run by hand: /usr/bin/python3 test/preprocessing/gif-pictures.py > test/preprocessing/gif-pictures.json
"""

import struct

from picture_cases import indexes, np, picture, rng, saved, write

files = {}
colours = rng.randint(0, 256, (16, 3)).astype("u1")
others = rng.randint(0, 256, (16, 3)).astype("u1")


def lzw(values, bits):
    """Codes of one width: a clear code before the table grows."""
    clear, width = 1 << bits, bits + 1
    codes = []
    for i, value in enumerate(values):
        if i % (clear - 2) == 0:
            codes.append(clear)
        codes.append(int(value))
    codes.append(clear + 1)
    stream = sum(code << (width * i) for i, code in enumerate(codes))
    data = stream.to_bytes((width * len(codes) + 7) // 8, "little")
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    return bytes([bits]) + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def frame(values, at=(0, 0), palette=None, transparent=None, dispose=0, interlaced=False, bits=4):
    values = np.asarray(values)
    height, width = values.shape
    if interlaced:
        order = [r for first, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for r in range(first, height, step)]
        values = values[order]
    flags = (0x40 if interlaced else 0) | (0 if palette is None else 0x80 | (len(palette).bit_length() - 2))
    control = b""
    if transparent is not None or dispose:
        control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, dispose << 2 | (transparent is not None), 5, transparent or 0, 0)
    image = struct.pack("<BHHHHB", 0x2C, *at, width, height, flags)
    return control + image + (b"" if palette is None else palette.tobytes()) + lzw(values.ravel(), bits)


def gif(*parts, size=(20, 20), palette=colours, background=0, version=b"GIF89a", end=b";"):
    flags = 0 if palette is None else 0x80 | (len(palette).bit_length() - 2)
    head = version + struct.pack("<HHBBB", *size, flags, background, 0)
    return head + (b"" if palette is None else palette.tobytes()) + b"".join(parts) + end


small = indexes[:11, :7]
comment = b"\x21\xfe\x05hello\x05world\0"
ramp = np.repeat(np.arange(16, dtype="u1")[:, None], 3, 1)
files["plain.gif"] = gif(frame(indexes))
files["old.gif"] = gif(frame(indexes), version=b"GIF87a")
files["saved.gif"] = saved(picture.convert("P"), "GIF")
files["saved-optimized.gif"] = saved(picture.convert("P", palette=1, colors=9), "GIF", optimize=True)
files["transparent.gif"] = gif(frame(indexes, transparent=3))
files["transparent-0.gif"] = gif(frame(indexes, transparent=0))
files["transparent-beyond-palette.gif"] = gif(frame(small, at=(3, 5), transparent=200))
files["interlaced.gif"] = gif(frame(indexes, interlaced=True))
files["interlaced-transparent-local.gif"] = gif(frame(indexes, interlaced=True, transparent=7, palette=others))
files["local-palette.gif"] = gif(frame(indexes, palette=others))
files["local-palette-only.gif"] = gif(frame(indexes, palette=others), palette=None)
files["short-palette.gif"] = gif(frame(indexes, palette=others[:4]), palette=None)
files["no-palette.gif"] = gif(frame(indexes), palette=None)
files["grey-palette.gif"] = gif(frame(indexes), palette=ramp)
files["local-grey-palette.gif"] = gif(frame(indexes, palette=ramp))
files["two-colours.gif"] = gif(frame(indexes % 2, bits=2), palette=colours[:2])
files["offset.gif"] = gif(frame(small, at=(3, 5)))
files["offset-transparent.gif"] = gif(frame(small, at=(3, 5), transparent=3))
files["offset-background.gif"] = gif(frame(small, at=(3, 5)), background=6)
files["offset-local.gif"] = gif(frame(small, at=(3, 5), palette=others), background=6)
files["offset-no-palette.gif"] = gif(frame(small, at=(3, 5)), palette=None)
files["offset-restored.gif"] = gif(frame(small, at=(3, 5), transparent=3, dispose=2))
files["offset-dispose-2.gif"] = gif(frame(small, at=(3, 5), dispose=2), background=6)
files["offset-interlaced.gif"] = gif(frame(small, at=(13, 9), interlaced=True))
files["beyond-canvas.gif"] = gif(frame(indexes, at=(5, 3)), size=(12, 12))
files["beyond-canvas-transparent.gif"] = gif(frame(indexes, at=(2, 2), transparent=1), size=(4, 30))
files["animated.gif"] = gif(frame(indexes, transparent=4), frame(small, at=(2, 2), palette=others))
files["animated-offset.gif"] = gif(frame(small, at=(2, 2), transparent=4, dispose=2), frame(indexes))
files["animated-restored.gif"] = gif(frame(small, at=(2, 2), dispose=3), frame(indexes))
files["two-controls.gif"] = gif(b"\x21\xf9\x04\x01\0\0\x05\0", frame(small, at=(1, 1)))
files["control-twice.gif"] = gif(b"\x21\xf9\x04\x01\0\0\x05\0\x21\xf9\x04\0\0\0\x09\0", frame(small, at=(1, 1)))
files["comment.gif"] = gif(comment, frame(indexes, transparent=2), comment)
files["application.gif"] = gif(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", frame(indexes), frame(small))
files["plain-text.gif"] = gif(b"\x21\x01\x0c" + b"\0" * 12 + b"\x02hi\0", frame(indexes))
files["junk-between.gif"] = gif(b"\0\0", frame(indexes))
files["more-behind.gif"] = gif(frame(indexes)) + b"more" * 9
files["without-end.gif"] = gif(frame(indexes), end=b"")
files["no-frame.gif"] = gif()
files["truncated.gif"] = gif(frame(indexes))[:-60]
files["truncated-in-head.gif"] = gif(frame(indexes))[:30]
files["truncated-in-palette.gif"] = gif(frame(indexes, palette=others))[:85]
files["truncated-second-frame.gif"] = gif(frame(indexes), frame(indexes))[:-60]
files["gif-named.jpg"] = files["offset-transparent.gif"]
write(files)
