"""Makes the pictures beside it, which src/picture's tests read: python make_pictures.py.

Every picture shows one of the patterns below, which the tests know by formula. What Pillow can't
write is put together by hand. The files are committed; run this only to change them.
"""

import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
W, H = 13, 9
Y, X = np.mgrid[0:H, 0:W]

GREY = (X * 21).astype(np.uint8)
RGB = np.stack([X * 21, Y * 31, X * 9 + Y * 5], -1).astype(np.uint8)
ALPHA = (255 - X * 11 - Y * 3).astype(np.uint8)
MONO = ((X // 3 + Y // 4) % 2).astype(np.uint8)  # 1 is white
DEEP = (X * 5000 + Y * 300).astype(np.uint16)


def indices(count):
    return ((X + 2 * Y) % count).astype(np.uint8)


def palette(count):
    i = np.arange(count)
    return np.stack([i * 255 // (count - 1), i * 200 // (count - 1), i * 37 % 64], -1).astype(np.uint8)


def write(name, data):
    (HERE / name).write_bytes(data)


def pack(samples, bits):
    """Rows of samples as bits, each row filled up to a byte."""
    rows = []
    for row in samples:
        text = "".join(format(int(v), f"0{bits}b") for v in np.asarray(row).ravel())
        text += "0" * (-len(text) % 8)
        rows.append(bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8)))
    return rows


# --- PNG ---------------------------------------------------------------------------------------


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(name, samples, color, depth, extra=(), interlace=False):
    passes = [(0, 0, 1, 1)]
    if interlace:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for left, top, across, down in passes:
        part = samples[top::down, left::across]
        if part.size:
            raw += b"".join(b"\0" + row for row in pack(part, depth))
    header = struct.pack(">IIBBBBB", W, H, depth, color, 0, 0, int(interlace))
    body = chunk(b"IHDR", header) + b"".join(chunk(k, b) for k, b in extra)
    write(name, b"\x89PNG\r\n\x1a\n" + body + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def make_png():
    png("grey1.png", MONO, 0, 1)
    png("grey2.png", indices(4), 0, 2)
    png("grey4.png", indices(16), 0, 4)
    png("grey8.png", GREY, 0, 8)
    png("grey16.png", DEEP, 0, 16)
    png("grey8-interlaced.png", GREY, 0, 8, interlace=True)
    png("grey1-interlaced.png", MONO, 0, 1, interlace=True)
    png("rgb8.png", RGB, 2, 8)
    png("rgb8-interlaced.png", RGB, 2, 8, interlace=True)
    png("rgb16.png", RGB.astype(np.uint16) * 257, 2, 16)
    png("grey-alpha8.png", np.dstack([GREY, ALPHA]), 4, 8)
    png("grey-alpha16.png", np.dstack([GREY, ALPHA]).astype(np.uint16) * 257, 4, 16)
    png("rgba8.png", np.dstack([RGB, ALPHA]), 6, 8)
    png("rgba16.png", np.dstack([RGB, ALPHA]).astype(np.uint16) * 257, 6, 16)
    png("rgba8-opaque.png", np.dstack([RGB, np.full_like(GREY, 255)]), 6, 8)
    for bits, count in ((1, 2), (2, 4), (4, 16), (8, 200)):
        plte = (b"PLTE", palette(count).tobytes())
        png(f"palette{bits}.png", indices(count), 3, bits, [plte])
        clear = (b"tRNS", bytes(255 - i * 255 // (count - 1) for i in range(count)))
        png(f"palette{bits}-alpha.png", indices(count), 3, bits, [plte, clear])
    png("palette8-interlaced.png", indices(200), 3, 8, [(b"PLTE", palette(200).tobytes())], interlace=True)
    png("grey8-clear.png", GREY, 0, 8, [(b"tRNS", struct.pack(">H", 42))])
    png("grey2-clear.png", indices(4), 0, 2, [(b"tRNS", struct.pack(">H", 2))])
    png("rgb8-clear.png", RGB, 2, 8, [(b"tRNS", struct.pack(">HHH", *[int(v) for v in RGB[3, 5]]))])
    exif = Image.Exif()
    exif[274] = 6
    png("grey8-exif6.png", GREY, 0, 8, [(b"eXIf", exif.tobytes()[6:])])


# --- BMP ---------------------------------------------------------------------------------------


def bmp(name, rows, bits, compression=0, colors=b"", height=H, masks=b"", header=40):
    """`rows` from the bottom, or the packed data as one."""
    data = b"".join(row + b"\0" * (-len(row) % 4) for row in rows) if isinstance(rows, list) else rows
    info = struct.pack("<IiiHHIIiiII", header, W, height, 1, bits, compression, len(data), 0, 0, 0, 0)
    extra = masks + b"\0" * (header - 40 - len(masks)) if header > 40 else masks
    offset = 14 + len(info) + len(extra) + len(colors)
    write(name, b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + info + extra + colors + data)


def bgr0(count):
    return b"".join(bytes([b, g, r, 0]) for r, g, b in palette(count).tolist())


def rle8(rows):
    out = b""
    for n, row in enumerate(rows):
        if n == 2:  # a row of literals
            out += bytes([0, W]) + bytes(row) + b"\0" * (W % 2)
        else:
            for value in row:
                out += bytes([1, value])
        out += b"\0\0" if n + 1 < H else b"\0\1"
    return out


def rle4(rows):
    out = b""
    for n, row in enumerate(rows):
        row = list(row)
        if n == 2:
            packed = pack([row], 4)[0]
            out += bytes([0, W]) + packed + b"\0" * (len(packed) % 2)
        else:
            for i in range(0, W, 2):
                pair = row[i : i + 2] + [0]
                out += bytes([min(2, W - i), pair[0] << 4 | pair[1]])
        out += b"\0\0" if n + 1 < H else b"\0\1"
    return out


def make_bmp():
    up = slice(None, None, -1)
    bgr = RGB[..., ::-1]
    bmp("rgb24.bmp", [r.tobytes() for r in bgr[up]], 24)
    bmp("rgb24-top-down.bmp", [r.tobytes() for r in bgr], 24, height=-H)
    bmp("rgb32.bmp", [np.insert(r, 3, 0, axis=1).tobytes() for r in bgr[up]], 32)
    bmp("mono1.bmp", pack(MONO[up], 1), 1, colors=b"\0\0\0\0\xff\xff\xff\0")
    bmp("palette4.bmp", pack(indices(16)[up], 4), 4, colors=bgr0(16))
    bmp("palette8.bmp", pack(indices(200)[up], 8), 8, colors=bgr0(200) + b"\0" * 224)
    bmp("palette8-rle.bmp", rle8(indices(200)[up].tolist()), 8, 1, colors=bgr0(200) + b"\0" * 224)
    bmp("palette4-rle.bmp", rle4(indices(16)[up].tolist()), 4, 2, colors=bgr0(16))
    wide = RGB.astype(np.uint32)
    five = (wide[..., 0] >> 3 << 10 | wide[..., 1] >> 3 << 5 | wide[..., 2] >> 3).astype("<u2")
    bmp("rgb16.bmp", [r.tobytes() for r in five[up]], 16)
    six = (wide[..., 0] >> 3 << 11 | wide[..., 1] >> 2 << 5 | wide[..., 2] >> 3).astype("<u2")
    bmp("rgb565.bmp", [r.tobytes() for r in six[up]], 16, 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    rgba = (wide[..., 0] << 24 | wide[..., 1] << 16 | wide[..., 2] << 8 | ALPHA).astype("<u4")
    masks = struct.pack("<IIII", 0xFF000000, 0xFF0000, 0xFF00, 0xFF)
    bmp("rgba32.bmp", [r.tobytes() for r in rgba[up]], 32, 3, masks=masks, header=108)
    rows = b"".join(row + b"\0" * (-len(row) % 4) for row in [r.tobytes() for r in bgr[up]])
    core = struct.pack("<IHHHH", 12, W, H, 1, 24)
    write("rgb24-core.bmp", b"BM" + struct.pack("<IHHI", 26 + len(rows), 0, 0, 26) + core + rows)


# --- TIFF --------------------------------------------------------------------------------------


def tiff(name, strips, bits, samples=1, photometric=1, order="<", extra=(), rows_per_strip=H):
    """An uncompressed file, its directory behind the data."""
    data, offsets = b"", []
    for strip in strips:
        offsets.append(8 + len(data))
        data += strip
    data += b"\0" * (len(data) % 2)
    fields = {256: [W], 257: [H], 258: [bits] * samples, 259: [1], 262: [photometric], 273: offsets,
              277: [samples], 278: [rows_per_strip], 279: [len(s) for s in strips], **dict(extra)}
    behind = b""
    directory = struct.pack(order + "H", len(fields))
    after = 8 + len(data) + 2 + 12 * len(fields) + 4
    for tag in sorted(fields):
        values = fields[tag]
        body = struct.pack(order + f"{len(values)}H", *values)
        if len(body) > 4:
            where = struct.pack(order + "I", after + len(behind))
            behind += body
        else:
            where = body + b"\0" * (4 - len(body))
        directory += struct.pack(order + "HHI", tag, 3, len(values)) + where
    magic = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(data))
    write(name, magic + data + directory + b"\0\0\0\0" + behind)


def make_tiff():
    rows = lambda samples, bits: b"".join(pack(samples, bits))
    tiff("grey1.tif", [rows(MONO, 1)], 1)
    tiff("grey1-white-is-zero.tif", [rows(1 - MONO, 1)], 1, photometric=0)
    tiff("grey2.tif", [rows(indices(4), 2)], 2)
    tiff("grey4-white-is-zero.tif", [rows(15 - indices(16), 4)], 4, photometric=0)
    tiff("grey8.tif", [GREY.tobytes()], 8)
    tiff("grey8-white-is-zero.tif", [(255 - GREY).tobytes()], 8, photometric=0)
    tiff("grey8-strips.tif", [GREY[i : i + 2].tobytes() for i in range(0, H, 2)], 8, rows_per_strip=2)
    tiff("grey16.tif", [DEEP.astype("<u2").tobytes()], 16)
    tiff("grey16-big-endian.tif", [DEEP.astype(">u2").tobytes()], 16, order=">")
    tiff("grey16-white-is-zero.tif", [(65535 - DEEP).astype("<u2").tobytes()], 16, photometric=0)
    tiff("rgb8.tif", [RGB.tobytes()], 8, 3, 2)
    tiff("rgb8-big-endian.tif", [RGB.tobytes()], 8, 3, 2, order=">")
    tiff("rgb8-planes.tif", [RGB[..., i].tobytes() for i in range(3)], 8, 3, 2, extra={284: [2]})
    tiff("rgb16.tif", [(RGB.astype("<u2") * 257).tobytes()], 16, 3, 2)
    tiff("rgba8.tif", [np.dstack([RGB, ALPHA]).tobytes()], 8, 4, 2, extra={338: [2]})
    tiff("grey-alpha8.tif", [np.dstack([GREY, ALPHA]).tobytes()], 8, 2, 1, extra={338: [2]})
    colors = (palette(16).astype(np.uint16) * 257).T.ravel().tolist()
    tiff("palette4.tif", [rows(indices(16), 4)], 4, 1, 3, extra={320: colors})
    grey, rgb = Image.fromarray(GREY), Image.fromarray(RGB)
    for name in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        options = {"quality": 95} if name == "jpeg" else {}
        grey.save(HERE / f"grey8-{name.removeprefix('tiff_')}.tif", compression=name, **options)
        rgb.save(HERE / f"rgb8-{name.removeprefix('tiff_')}.tif", compression=name, **options)
    mono = Image.fromarray(MONO * 255).convert("1")
    for name in ("group3", "group4", "tiff_ccitt"):
        mono.save(HERE / f"grey1-{name.removeprefix('tiff_')}.tif", compression=name)
    for turn in range(2, 9):
        tiff(f"rgb8-turn{turn}.tif", [RGB.tobytes()], 8, 3, 2, extra={274: [turn]})
    for turn in (6, 7):
        tiff(f"grey8-turn{turn}.tif", [GREY.tobytes()], 8, extra={274: [turn]}, order=">")


# --- The rest ----------------------------------------------------------------------------------


def make_jpeg_and_webp():
    grey, rgb = Image.fromarray(GREY), Image.fromarray(RGB)
    rgba = Image.fromarray(np.dstack([RGB, ALPHA]))
    grey.save(HERE / "grey8.jpg", quality=95)
    rgb.save(HERE / "rgb8.jpg", quality=95)
    rgb.save(HERE / "rgb8-444.jpg", quality=95, subsampling=0)
    rgb.save(HERE / "rgb8-progressive.jpg", quality=95, progressive=True)
    rgb.save(HERE / "rgb8-restarts.jpg", quality=95, restart_marker_blocks=1)
    cmyk = np.dstack([255 - RGB, np.zeros_like(GREY)])
    Image.fromarray(cmyk, "CMYK").save(HERE / "cmyk8.jpg", quality=95)
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[274] = turn
        rgb.save(HERE / f"rgb8-turn{turn}.jpg", quality=95, exif=exif)
    exif = Image.Exif()
    exif[274] = 6
    rgb.save(HERE / "rgb8-turn6.webp", lossless=True, exif=exif)
    rgb.save(HERE / "rgb8.webp", lossless=True)
    rgb.save(HERE / "rgb8-lossy.webp", quality=95)
    rgba.save(HERE / "rgba8.webp", lossless=True, exact=True)
    rgba.save(HERE / "rgba8-lossy.webp", quality=95, exact=True)
    rgb.save(HERE / "animated.webp", save_all=True, append_images=[rgb.rotate(180)], lossless=True)


def gif_image(samples, count, **options):
    image = Image.fromarray(samples, "P")
    image.putpalette(palette(count).tobytes())
    return image


def make_gif_and_pnm():
    gif_image(indices(2), 2).save(HERE / "palette1.gif")
    gif_image(indices(16), 16).save(HERE / "palette4.gif")
    gif_image(indices(200), 200).save(HERE / "palette8.gif", interlace=0)
    gif_image(indices(200), 200).save(HERE / "palette8-interlaced.gif", interlace=1)
    gif_image(indices(16), 16).save(HERE / "palette4-clear.gif", transparency=3)
    frames = [gif_image(indices(15), 16), gif_image(indices(16), 16)]
    frames[1].save(HERE / "palette4-animated.gif", save_all=True, append_images=frames[:1])
    text = lambda rows: "\n".join(" ".join(str(int(v)) for v in np.asarray(r).ravel()) for r in rows) + "\n"
    size = f"{W} {H}\n"
    write("mono.p1.pbm", ("P1\n# a comment\n" + size + "\n".join("".join(str(1 - v) for v in r) for r in MONO)).encode())
    write("grey.p2.pgm", ("P2\n" + size + "255\n" + text(GREY)).encode())
    write("rgb.p3.ppm", ("P3\n" + size + "255\n" + text(RGB)).encode())
    write("mono.p4.pbm", ("P4\n" + size).encode() + b"".join(pack(1 - MONO, 1)))
    write("grey.p5.pgm", ("P5\n" + size + "255\n").encode() + GREY.tobytes())
    write("grey16.p5.pgm", ("P5\n" + size + "65535\n").encode() + DEEP.astype(">u2").tobytes())
    write("grey15.p5.pgm", ("P5 # sixteen greys\n" + size + "15\n").encode() + indices(16).tobytes())
    write("rgb.p6.ppm", ("P6\n" + size + "255\n").encode() + RGB.tobytes())
    pam = "P7\nWIDTH 13\nHEIGHT 9\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
    write("rgba.p7.pam", pam.encode() + np.dstack([RGB, ALPHA]).tobytes())


if __name__ == "__main__":
    make_png()
    make_bmp()
    make_tiff()
    make_jpeg_and_webp()
    make_gif_and_pnm()
