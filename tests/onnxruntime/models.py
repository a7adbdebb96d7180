"""Whole networks of the kinds that the engine is for, with random weights."""

import numpy as np
from onnx import helper, numpy_helper

# What the random graphs must use, each in at least five graphs.
EVERYTHING = {
    "Add", "AveragePool", "AveragePool.count_include_pad", "BatchNormalization",
    "BatchNormalization.epsilon", "Cast", "Clip", "Concat", "Concat.axis", "Constant", "Conv",
    "Conv.group", "Conv.kernel_shape", "Conv.pads", "Conv.strides", "Conv.dilations",
    "Conv.auto_pad", "DequantizeLinear", "DequantizeLinear.axis", "Dropout", "Flatten",
    "Flatten.axis", "Gemm", "Gemm.alpha", "Gemm.beta", "Gemm.transA", "Gemm.transB",
    "GlobalAveragePool", "HardSigmoid", "HardSigmoid.alpha", "HardSwish", "Identity", "LeakyRelu",
    "LeakyRelu.alpha", "LogSoftmax", "MatMul", "MaxPool", "MaxPool.auto_pad", "MaxPool.pads",
    "MaxPool.strides", "Mul", "Relu", "Reshape", "Sigmoid", "Softmax", "Softmax.axis", "Transpose",
    "depthwise", "grouped", "dense", "auto_pad SAME_UPPER", "auto_pad SAME_LOWER", "auto_pad VALID",
    "Add of values", "Mul of values", "Add of a constant", "Mul of a constant", "Add of a gate",
    "Mul of a gate", "bfloat16", "raw float16", "typed float16", "raw int8", "typed int8",
    "raw uint8", "typed uint8", "raw int32", "typed int32", "typed int64", "raw int64",
    "raw float32", "typed float32", "raw int4", "typed int4", "raw uint4", "typed uint4",
}


class Builder:
    """A network drawn as a chain, its weights from a seed."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.nodes = []
        self.initializers = []
        self.value = "x"

    def weight(self, *shape, scale=None, half=False):
        scale = scale or 1 / np.sqrt(np.prod(shape[1:]) or 1)
        name = f"w{len(self.initializers)}"
        array = self.rng.normal(0, scale, shape).astype(np.float16 if half else np.float32)
        self.initializers.append(numpy_helper.from_array(array, name + ("_half" if half else "")))
        if half:
            self.nodes.append(helper.make_node("Cast", [name + "_half"], [name], to=1))
        return name

    def add(self, operator, *inputs, **attributes):
        output = f"{operator.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, [self.value, *inputs], [output], **attributes))
        self.value = output
        return output

    def normalize(self, channels):
        variance = f"w{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(
            self.rng.uniform(0.5, 1.5, channels).astype(np.float32), variance))
        self.add("BatchNormalization", self.weight(channels, scale=1), self.weight(channels, scale=0.3),
                 self.weight(channels, scale=0.3), variance)

    def model(self, shape, opset=17):
        graph = helper.make_graph(
            self.nodes, "net", [helper.make_tensor_value_info("x", 1, ["N", *shape])],
            [helper.make_tensor_value_info(self.value, 1, None)], self.initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)

    def case(self, shape, batch):
        return self.model(shape), self.rng.uniform(0, 1, (batch, *shape)).astype(np.float32)


def numberrec_2018(half=False):
    b = Builder(1)
    for inputs, outputs in ((1, 32), (32, 64)):
        b.add("Conv", b.weight(outputs, inputs, 5, 5, half=half), b.weight(outputs, scale=0.1, half=half),
              pads=[2, 2, 2, 2])
        b.add("Relu")
        b.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    b.add("Flatten")
    b.add("Gemm", b.weight(1024, 3136, half=half), b.weight(1024, scale=0.1, half=half), transB=1)
    b.add("Relu")
    b.add("Dropout")
    b.add("Gemm", b.weight(10, 1024, half=half), b.weight(10, scale=0.1, half=half), transB=1)
    return b.case((1, 28, 28), 19)


def vgg():
    b = Builder(2)
    channels = 1
    for outputs in (16, 16, 32, 32, 64):
        b.add("Conv", b.weight(outputs, channels, 3, 3), pads=[1, 1, 1, 1])
        b.normalize(outputs)
        b.add("Relu")
        if outputs != channels and channels > 1:
            b.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
        channels = outputs
    b.add("GlobalAveragePool")
    b.add("Flatten")
    b.add("Gemm", b.weight(62, 64), b.weight(62), transB=1)
    b.add("LogSoftmax")
    return b.case((1, 28, 28), 5)


def mobile():
    """Inverted bottlenecks: pointwise, depthwise, a gate, a residual connection."""
    b = Builder(3)
    b.add("Conv", b.weight(16, 1, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1])
    b.normalize(16)
    b.add("HardSwish")
    for _ in range(3):
        start = b.value
        b.add("Conv", b.weight(40, 16, 1, 1))
        b.normalize(40)
        wide = b.add("HardSwish")
        b.add("Conv", b.weight(40, 1, 3, 3, scale=0.3), group=40, pads=[1, 1, 1, 1])
        b.normalize(40)
        wide = b.add("HardSwish")
        b.add("GlobalAveragePool")
        b.add("Conv", b.weight(8, 40, 1, 1))
        b.add("Relu")
        b.add("Conv", b.weight(40, 8, 1, 1))
        gate = b.add("HardSigmoid")
        b.value = wide
        b.add("Mul", gate)
        b.add("Conv", b.weight(16, 40, 1, 1))
        b.normalize(16)
        b.add("Add", start)
    b.add("GlobalAveragePool")
    b.add("Flatten")
    b.add("Gemm", b.weight(10, 16), b.weight(10), transB=1)
    b.add("Softmax", axis=1)
    return b.case((1, 28, 28), 7)


def dense_connections():
    """Each layer reads all before it; larger pictures, 64x64."""
    b = Builder(4)
    b.add("Conv", b.weight(12, 1, 5, 5), strides=[2, 2], pads=[2, 2, 2, 2])
    channels = 12
    for _ in range(4):
        start = b.value
        b.normalize(channels)
        b.add("LeakyRelu", alpha=0.1)
        b.add("Conv", b.weight(10, channels, 3, 3), pads=[1, 1, 1, 1])
        b.add("Concat", start, axis=1)
        channels += 10
    b.add("AveragePool", kernel_shape=[4, 4], strides=[4, 4])
    b.add("Flatten")
    b.add("Gemm", b.weight(100, channels * 64), b.weight(100), transB=1)
    return b.case((1, 64, 64), 3)


MODELS = {
    "numberrec_2018": numberrec_2018,
    "numberrec_2018_half": lambda: numberrec_2018(half=True),
    "vgg": vgg,
    "mobile": mobile,
    "dense_connections": dense_connections,
}
