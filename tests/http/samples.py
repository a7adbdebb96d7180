"""Pictures, strokes and models that the tests send and serve."""

import base64
import io
import struct
import zlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw

# A seven and a one, as a pen would write them on a board of 280 units.
SEVEN = [[[70, 60], [200, 60], [150, 140], [120, 230]]]
ONE = [[[140, 50], [140, 230]]]


def png(strokes=SEVEN, size=280, width=22, background=0, ink=255, form="PNG", mode="L"):
    image = Image.new("L", (size, size), background)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line([tuple(p[:2]) for p in stroke], fill=ink, width=width, joint="curve")
    out = io.BytesIO()
    image.convert(mode).save(out, form)
    return out.getvalue()


def data_url(picture, kind="image/png"):
    return f"data:{kind};base64," + base64.b64encode(picture).decode()


def png_bomb(width=100_000, height=100_000):
    """A small file that says it is ten gigapixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packed = zlib.compress(bytes(1_000_000), 9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) +
            chunk(b"IEND", b""))


def card(name="digits", characters="0123456789", **changes):
    return {"format": "1", "name": name, "alphabet": "digits", "characters": characters,
            "normalization": "ink-1", "input": "1x28x28", "temperature": "1",
            "reject_threshold": "0", "data": "none: random weights", **changes}


def network(seed=1, classes=10, metadata=None):
    """A small convolutional network with random weights, as ONNX bytes."""
    random = numpy.random.default_rng(seed)

    def weight(name, *shape):
        scale = (2 / numpy.prod(shape[1:])) ** 0.5
        return numpy_helper.from_array(
            (random.standard_normal(shape) * scale).astype(numpy.float32), name)

    nodes = [
        helper.make_node("Conv", ["image", "w1"], ["c1"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2"], ["c2"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("Flatten", ["r2"], ["f"]),
        helper.make_node("Gemm", ["f", "w3", "b3"], ["scores"], transB=1),
    ]
    weights = [weight("w1", 4, 1, 3, 3), weight("w2", 8, 4, 3, 3), weight("w3", classes, 392),
               numpy_helper.from_array(numpy.zeros(classes, numpy.float32), "b3")]
    graph = helper.make_graph(
        nodes, "random",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 1, 28, 28])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", classes])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    if metadata is not None:
        helper.set_model_props(model, metadata)
    return model.SerializeToString()


def write_models(folder):
    """A folder of models: two that are sound."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "digits.onnx").write_bytes(network(1, metadata=card()))
    (folder / "other.onnx").write_bytes(network(2, metadata=card("other", temperature="2")))
    return folder


def multipart(parts, boundary="longhand-test-boundary"):
    """parts: (field, filename or None, type or None, bytes); gives body and Content-Type."""
    body = b""
    for field, filename, kind, data in parts:
        disposition = f'form-data; name="{field}"'
        if filename is not None:
            disposition += f'; filename="{filename}"'
        body += f"--{boundary}\r\nContent-Disposition: {disposition}\r\n".encode()
        if kind:
            body += f"Content-Type: {kind}\r\n".encode()
        body += b"\r\n" + data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
