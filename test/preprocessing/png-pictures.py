"""Writes png-pictures.json: PNGs with alpha, transparency, palettes and frames, and what Pillow makes of each.

Run by hand: /usr/bin/python3 test/preprocessing/png-pictures.py > test/preprocessing/png-pictures.json
"""

import struct
import zlib

from picture_cases import Image, chunk, deep, deep_veil, indexes, np, picture, pixels, rng, saved, veil, veiled, write

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
files = {}
palette = rng.randint(0, 256, (16, 3)).astype("u1")
grey = pixels[..., :1]
passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def scanlines(values, bits):
    rows = b""
    for row in values:
        if bits == 16:
            rows += b"\0" + row.astype(">u2").tobytes()
        elif bits == 8:
            rows += b"\0" + row.astype("u1").tobytes()
        else:
            digits = np.unpackbits(row.astype("u1").reshape(-1, 1), axis=1)[:, 8 - bits :]
            rows += b"\0" + np.packbits(digits.ravel()).tobytes()
    return rows


def png(values, colour_type, bits=8, before=b"", interlaced=False, after=b""):
    height, width = values.shape[:2]
    values = values.reshape(height, width, -1)
    parts = [values[r::dr, c::dc] for r, c, dr, dc in passes] if interlaced else [values]
    data = b"".join(scanlines(part, bits) for part in parts if part.size)
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, int(interlaced))
    body = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data)) + after + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def trns(*values):
    return chunk(b"tRNS", struct.pack(f">{len(values)}H", *map(int, values)))


plte, short = chunk(b"PLTE", palette.tobytes()), chunk(b"PLTE", palette[:5].tobytes())
alphas = chunk(b"tRNS", bytes(range(0, 160, 10)))
for name, options in {"": {}, "-interlaced": {"interlaced": True}}.items():
    files[f"rgb{name}.png"] = png(pixels, RGB, **options)
    files[f"alpha{name}.png"] = png(np.concatenate([pixels, veil], 2), RGBA, **options)
    files[f"grey-alpha{name}.png"] = png(np.concatenate([grey, veil], 2), GREY_ALPHA, **options)
    files[f"palette-alpha{name}.png"] = png(indexes, PALETTE, before=plte + alphas, **options)
    files[f"rgb-16{name}.png"] = png(deep, RGB, 16, **options)
    files[f"alpha-16{name}.png"] = png(np.concatenate([deep, deep_veil], 2), RGBA, 16, **options)
    files[f"grey-alpha-16{name}.png"] = png(np.concatenate([deep[..., :1], deep_veil], 2), GREY_ALPHA, 16, **options)
    files[f"grey{name}.png"] = png(grey, GREY, **options)
    for bits in (1, 2, 4):
        files[f"grey-{bits}{name}.png"] = png(indexes % 2**bits, GREY, bits, **options)
        files[f"palette-{bits}{name}.png"] = png(indexes % 2**bits, PALETTE, bits, plte[:0] + chunk(b"PLTE", palette[: 2**bits].tobytes()), **options)
files["transparent-rgb.png"] = png(pixels, RGB, before=trns(*pixels[5, 5]))
files["transparent-rgb-16.png"] = png(deep, RGB, 16, before=trns(*deep[5, 5]))
files["transparent-grey.png"] = png(grey, GREY, before=trns(grey[5, 5, 0]))
for bits in (1, 2, 4):
    files[f"transparent-grey-{bits}.png"] = png(indexes % 2**bits, GREY, bits, before=trns(1))
files["palette-4-alpha.png"] = png(indexes, PALETTE, 4, before=plte + alphas)
files["palette-one-transparent.png"] = png(indexes, PALETTE, before=plte + chunk(b"tRNS", b"\xff\xff\0\xff"))
files["palette-short.png"] = png(indexes, PALETTE, before=short)
files["palette-short-4-alpha.png"] = png(indexes, PALETTE, 4, before=short + alphas[:0] + chunk(b"tRNS", b"\0\x80"))
files["palette-missing.png"] = png(indexes, PALETTE)
files["suggested-palette.png"] = png(pixels, RGB, before=plte)
files["background.png"] = png(np.concatenate([pixels, veil], 2), RGBA, before=chunk(b"bKGD", b"\0\x7f\0\x20\0\x10"))
files["significant-bits.png"] = png(pixels, RGB, before=chunk(b"sBIT", b"\5\6\5"))
files["standard-colours.png"] = png(pixels, RGB, before=chunk(b"sRGB", b"\0"))
files["chromaticities.png"] = png(pixels, RGB, before=chunk(b"cHRM", struct.pack(">8I", *[30000] * 8)) + chunk(b"gAMA", struct.pack(">I", 45455)))
files["grey-gamma.png"] = png(grey, GREY, before=chunk(b"gAMA", struct.pack(">I", 100000)))
files["turned.png"] = saved(picture, "PNG", exif=b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
files["clear.png"] = png(np.concatenate([pixels, 0 * veil], 2), RGBA)
files["alpha-saved.png"] = saved(veiled, "PNG")
files["palette-of-alpha.png"] = saved(veiled.quantize(30), "PNG")

other = Image.fromarray(255 - pixels)
files["animated.png"] = saved(picture, "PNG", save_all=True, append_images=[other], duration=100)
files["animated-alpha.png"] = saved(veiled, "PNG", save_all=True, append_images=[other.convert("RGBA")], disposal=1, blend=1)
files["animated-palette.png"] = saved(picture.quantize(40), "PNG", save_all=True, append_images=[other.quantize(40)])
files["animated-with-still.png"] = saved(picture, "PNG", save_all=True, default_image=True, append_images=[other, veiled.convert("RGB")])
files["animated-truncated-later.png"] = files["animated.png"][:-300]
files["alpha-truncated.png"] = files["alpha.png"][:-500]
files["png-named.gif"] = files["palette-alpha.png"]
write(files)
