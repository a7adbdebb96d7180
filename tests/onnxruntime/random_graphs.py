"""Random ONNX graphs over every operator and attribute that the engine takes.

`make(seed)` gives the same model and input for the same seed. Each operator is a function that takes a
`Graph` and one of its values and adds nodes; what it used is counted in `Graph.used`, so that the test
can tell that nothing was left out.
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

LARGEST = 6000  # elements of one sample


class Graph:
    """A graph while it grows. Shapes are a sample's, without the batch."""

    def __init__(self, rng, opset):
        self.rng = rng
        self.opset = opset
        self.nodes = []
        self.initializers = []
        self.used = set()
        self.shapes = {}

    def name(self):
        return f"v{len(self.nodes)}_{len(self.initializers)}"

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def chance(self, probability):
        return self.rng.random() < probability

    def node(self, operator, inputs, shape, **attributes):
        output = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], name=f"node{len(self.nodes)}",
                                           **attributes))
        self.used.add(operator)
        self.used.update(f"{operator}.{key}" for key in attributes)
        if shape is not None:
            self.shapes[output] = tuple(int(d) for d in shape)
        return output

    def raw_constant(self, array, how=None):
        """An initialiser (raw or typed) or a Constant node, of the array's own type."""
        how = how or self.pick("raw", "raw", "typed", "node")
        name = f"c{len(self.initializers)}_{len(self.nodes)}"
        array = np.array(array, order="C")  # ascontiguousarray would give a number a dimension
        if how == "node":
            self.nodes.append(helper.make_node("Constant", [], [name],
                                               value=numpy_helper.from_array(array)))
            self.used.update({"Constant", "Constant.value"})
            return name
        if how == "typed":
            kind = helper.np_dtype_to_tensor_dtype(array.dtype)
            tensor = helper.make_tensor(name, kind, array.shape, array.flatten().tolist())
        else:
            tensor = numpy_helper.from_array(array, name)
        self.used.add(f"{how} {array.dtype}")
        self.initializers.append(tensor)
        return name

    def constant(self, array):
        """A float32 constant that may come by way of float16, bfloat16 or quantised numbers."""
        array = np.asarray(array, np.float32)
        way = self.rng.random()
        if way < 0.7 or array.ndim == 0:
            return self.raw_constant(array)
        if way < 0.78:
            return self.node("Cast", [self.raw_constant(array.astype(np.float16))], None, to=1)
        if way < 0.84:
            name = f"c{len(self.initializers)}_{len(self.nodes)}"
            bits = (array.view(np.uint32) >> 16).astype(np.uint16)
            if self.chance(0.5):
                tensor = helper.make_tensor(name, TensorProto.BFLOAT16, array.shape, bits.tobytes(), raw=True)
            else:
                tensor = TensorProto(name=name, data_type=TensorProto.BFLOAT16, dims=array.shape,
                                     int32_data=bits.flatten().tolist())
            self.initializers.append(tensor)
            self.used.add("bfloat16")
            return self.node("Cast", [name], None, to=1)
        if way < 0.92:
            return self.quantized(array)
        # A Transpose or Reshape or Identity of a constant folds away.
        fold = self.pick("Transpose", "Reshape", "Identity")
        if fold == "Transpose":
            order = self.rng.permutation(array.ndim)
            turned = self.raw_constant(np.transpose(array, order))
            return self.node("Transpose", [turned], None, perm=[int(i) for i in np.argsort(order)])
        if fold == "Reshape":
            shape = self.raw_constant(np.array(array.shape, np.int64))
            return self.node("Reshape", [self.raw_constant(array.flatten()), shape], None)
        return self.node("Identity", [self.raw_constant(array)], None)

    def nibbles(self, array):
        """Numbers of 4 bits, two to a byte whether raw or typed; where they are odd, the last half byte is 0."""
        name = f"c{len(self.initializers)}_{len(self.nodes)}"
        flat = array.flatten().astype(np.uint8) & 15
        flat = np.append(flat, np.zeros(flat.size % 2, np.uint8))
        packed = flat[::2] | flat[1::2] << 4
        how = self.pick("raw", "typed")
        kind = "INT4" if array.dtype == np.int8 else "UINT4"
        tensor = TensorProto(name=name, data_type=getattr(TensorProto, kind), dims=array.shape)
        if how == "raw":
            tensor.raw_data = packed.tobytes()
        else:
            tensor.int32_data.extend(packed.tolist())
        self.used.add(f"{how} {kind.lower()}")
        self.initializers.append(tensor)
        return name

    def quantized(self, array):
        kind = self.pick(np.int8, np.uint8, np.int32)
        nibbles = self.opset >= 21 and kind is not np.int32 and self.chance(0.8)
        per_axis = self.chance(0.5)
        axis = int(self.rng.integers(array.ndim))
        shape = (array.shape[axis],) if per_axis else self.pick((), (1,))
        if shape == (1,) and array.ndim == 1 and array.shape[0] != 1 and self.opset >= 19:
            shape = ()
        most = 7 if nibbles else 127
        scale = ((np.abs(array).max() + 1e-3) / most * self.rng.uniform(1.2, 1.9, shape)).astype(np.float32)
        zero = np.zeros(shape, kind) if kind is np.int32 else self.rng.integers(0, most // 6, shape).astype(kind)
        low = 0 if kind is np.uint8 else -most - 1
        numbers = self.rng.integers(low, most + 1, array.shape).astype(kind)
        constant = self.nibbles if nibbles else self.raw_constant
        inputs = [constant(numbers), self.raw_constant(scale)]
        if self.chance(0.7):
            inputs.append(constant(zero))
        attributes = {}
        if per_axis and (axis != 1 or self.chance(0.5)):
            attributes["axis"] = axis - (array.ndim if self.chance(0.3) else 0)
        elif per_axis and array.ndim < 2:
            attributes["axis"] = 0
        return self.node("DequantizeLinear", inputs, None, **attributes)

    def weights(self, shape, inputs):
        return self.constant(self.rng.normal(0, 1 / np.sqrt(inputs), shape))


def window(g, size, pool):
    """Attributes of a window over (height, width), and what comes out."""
    kernel = [int(g.rng.integers(1, min(s, 5) + 1)) for s in size]
    attributes = {"kernel_shape": kernel}
    strides = [1, 1]
    if g.chance(0.5):
        strides = [int(g.rng.integers(1, 4)) for _ in range(2)]
        attributes["strides"] = strides
    if g.chance(0.2) and (not pool or g.opset >= 19 or pool == "MaxPool"):
        attributes["dilations"] = [1, 1]
    way = g.pick("none", "pads", "pads", "SAME_UPPER", "SAME_LOWER", "VALID")
    # With a stride over the kernel ONNX Runtime's SAME pads by negative numbers, and so cuts pixels off.
    if way.startswith("SAME") and any(t > k for t, k in zip(strides, kernel)):
        way = "none"
    if way in ("none", "pads", "VALID"):
        pads = [0, 0, 0, 0]
        if way == "pads":
            most = [k - 1 if pool else k for k in kernel]
            pads = [int(g.rng.integers(0, most[i % 2] + 1)) for i in range(4)]
            attributes["pads"] = pads
        elif way == "VALID":
            attributes["auto_pad"] = way
        out = [(s + pads[i] + pads[i + 2] - k) // t + 1
               for i, (s, k, t) in enumerate(zip(size, kernel, strides))]
    else:
        attributes["auto_pad"] = way
        out = [-(-s // t) for s, t in zip(size, strides)]
    g.used.update({f"auto_pad {way}"})
    return attributes, out


def conv(g, x):
    channels, *size = g.shapes[x]
    attributes, out = window(g, size, None)
    kernel = attributes["kernel_shape"]
    divisors = [d for d in range(1, channels + 1) if channels % d == 0]
    groups = g.pick(1, 1, channels, divisors[g.rng.integers(len(divisors))])
    outputs = groups * int(g.rng.integers(1, 5)) if groups > 1 else int(g.rng.integers(1, 40))
    if groups == channels and g.chance(0.7):
        outputs = channels
    if outputs * out[0] * out[1] > LARGEST:
        outputs = groups
    if groups > 1 or g.chance(0.3):
        attributes["group"] = groups
    if g.chance(0.3):
        del attributes["kernel_shape"]
    inputs = channels // groups * kernel[0] * kernel[1]
    names = [x, g.weights((outputs, channels // groups, *kernel), inputs)]
    if g.chance(0.7):
        names.append(g.constant(g.rng.normal(0, 0.5, outputs)))
    g.used.add("depthwise" if groups == channels == outputs and groups > 1 else
               "grouped" if groups > 1 else "dense")
    return g.node("Conv", names, (outputs, *out), **attributes)


def batch_normalization(g, x):
    channels = g.shapes[x][0]
    names = [g.constant(g.rng.normal(1, 0.3, channels)), g.constant(g.rng.normal(0, 0.5, channels)),
             g.constant(g.rng.normal(0, 0.5, channels)),
             g.raw_constant(g.rng.uniform(0.3, 2, channels).astype(np.float32))]
    attributes = {}
    if g.chance(0.4):
        attributes["epsilon"] = 1e-3
    if g.chance(0.3):
        attributes["momentum"] = 0.8
    if g.chance(0.3) and g.opset >= 14:
        attributes["training_mode"] = 0
    return g.node("BatchNormalization", [x, *names], g.shapes[x], **attributes)


def activation(g, x):
    shape = g.shapes[x]
    kinds = ["Relu", "LeakyRelu", "Sigmoid", "HardSigmoid", "Clip"] + ["HardSwish"] * (g.opset >= 14)
    kind = g.pick(*kinds)
    if kind == "LeakyRelu" and g.chance(0.7):
        return g.node(kind, [x], shape, alpha=float(g.rng.uniform(0.01, 0.5)))
    if kind == "HardSigmoid" and g.chance(0.7):
        return g.node(kind, [x], shape, alpha=float(g.rng.uniform(0.1, 0.4)),
                      beta=float(g.rng.uniform(0.3, 0.7)))
    if kind == "Clip":
        low = g.raw_constant(np.float32(g.rng.uniform(-1, 0)))
        high = g.raw_constant(np.float32(g.rng.uniform(0.1, 2)))
        inputs = g.pick([x], [x, low], [x, low, high], [x, "", high])
        return g.node(kind, inputs, shape)
    return g.node(kind, [x], shape)


def pool(g, x):
    kind = g.pick("MaxPool", "AveragePool", "GlobalAveragePool")
    channels, *size = g.shapes[x]
    if kind == "GlobalAveragePool":
        return g.node(kind, [x], (channels, 1, 1))
    attributes, out = window(g, size, kind)
    if kind == "AveragePool" and g.chance(0.5):
        attributes["count_include_pad"] = int(g.rng.integers(2))
    if kind == "MaxPool" and g.chance(0.2):
        attributes["storage_order"] = 0
    if g.chance(0.2):
        attributes["ceil_mode"] = 0
    return g.node(kind, [x], (channels, *out), **attributes)


def gemm(g, x):
    inputs = g.shapes[x][0]
    outputs = int(g.pick(1, 3, 10, 17, 40, 130, 270))
    attributes = {}
    transposed = g.chance(0.5)
    if transposed or g.chance(0.3):
        attributes["transB"] = int(transposed)
    if g.chance(0.3):
        attributes["transA"] = 0
    if g.chance(0.4):
        attributes["alpha"] = float(g.rng.uniform(0.5, 1.5))
    if g.chance(0.4):
        attributes["beta"] = float(g.rng.uniform(0.5, 1.5))
    names = [x, g.weights((outputs, inputs) if transposed else (inputs, outputs), inputs)]
    if g.chance(0.8):
        shape = g.pick((outputs,), (1, outputs), (1,), (1, 1), ())
        names.append(g.constant(g.rng.normal(0, 0.5, shape)))
    return g.node("Gemm", names, (outputs,), **attributes)


def matmul(g, x):
    *front, inputs = g.shapes[x]
    outputs = int(g.rng.integers(1, 30))
    return g.node("MatMul", [x, g.weights((inputs, outputs), inputs)], (*front, outputs))


def binary(g, x):
    """Add or Mul with a constant, with another value of the same dims, or with a gate."""
    kind = g.pick("Add", "Mul")
    shape = g.shapes[x]
    same = [v for v, s in g.shapes.items() if s == shape]
    if g.chance(0.4) and len(same) > 1:
        other = same[g.rng.integers(len(same))]
        g.used.add(f"{kind} of values")
    elif len(shape) == 3 and g.chance(0.3):
        other = g.node("Sigmoid", [g.node("GlobalAveragePool", [x], (shape[0], 1, 1))],
                       (shape[0], 1, 1))
        g.used.add(f"{kind} of a gate")
    else:
        ranks = int(g.rng.integers(0, len(shape) + 2))
        dims = [1 if g.chance(0.4) else d for d in (1, *shape)][len(shape) + 1 - ranks:]
        if g.chance(0.4):
            dims = (shape[0],) + (1,) * (len(shape) - 1)
        other = g.constant(g.rng.normal(0.5, 0.7, dims))
        g.used.add(f"{kind} of a constant")
    return g.node(kind, g.pick([x, other], [other, x]), shape)


def residual(g, x):
    """A convolution that keeps the dims, maybe normalised, and what went in added to it."""
    channels = g.shapes[x][0]
    k = int(g.pick(1, 3))
    y = g.node("Conv", [x, g.weights((channels, channels, k, k), channels * k * k)], g.shapes[x],
               auto_pad="SAME_UPPER")
    if g.chance(0.5):
        y = batch_normalization(g, y)
    y = g.node("Add", g.pick([x, y], [y, x]), g.shapes[x])
    return activation(g, y) if g.chance(0.7) else y


def concat(g, x):
    shape = g.shapes[x]
    axis = int(g.rng.integers(len(shape)))
    fits = [v for v, s in g.shapes.items()
            if len(s) == len(shape) and all(a == b for i, (a, b) in enumerate(zip(s, shape)) if i != axis)]
    values = [fits[g.rng.integers(len(fits))] for _ in range(int(g.pick(1, 2, 2, 3, 9)))]
    total = sum(g.shapes[v][axis] for v in values)
    if total * np.prod(shape) / shape[axis] > LARGEST:
        values, total = [x], shape[axis]
    at = axis + 1 - (len(shape) + 1 if g.chance(0.3) else 0)
    out = tuple(total if i == axis else d for i, d in enumerate(shape))
    return g.node("Concat", values, out, axis=at)


def flatten(g, x):
    shape = g.shapes[x]
    attributes = {"axis": int(g.pick(1, -len(shape)))} if g.chance(0.5) else {}
    return g.node("Flatten", [x], (int(np.prod(shape)),), **attributes)


def reshape(g, x):
    shape = g.shapes[x]
    total = int(np.prod(shape))
    dims = []
    for _ in range(int(g.rng.integers(0, 3))):
        divisors = [d for d in range(1, total + 1) if total % d == 0]
        dims.append(divisors[g.rng.integers(len(divisors))])
        total //= dims[-1]
    dims.append(total)
    target = [int(g.pick(0, -1)), *dims]
    if target[0] == 0 and g.chance(0.5):
        target[1 + g.rng.integers(len(dims))] = -1
    for i in range(1, min(len(target), len(shape) + 1)):
        if target[i] == shape[i - 1] and g.chance(0.3):
            target[i] = 0
    attributes = {"allowzero": 0} if g.opset >= 14 and g.chance(0.3) else {}
    return g.node("Reshape", [x, g.raw_constant(np.array(target, np.int64))], dims, **attributes)


def transpose(g, x):
    shape = g.shapes[x]
    order = [int(i) for i in g.rng.permutation(len(shape))]
    return g.node("Transpose", [x], [shape[i] for i in order], perm=[0] + [i + 1 for i in order])


def softmax(g, x):
    shape = g.shapes[x]
    attributes = {}
    if g.chance(0.6):
        axis = 1 + int(g.rng.integers(len(shape)))
        attributes["axis"] = axis - (len(shape) + 1 if g.chance(0.4) else 0)
    return g.node(g.pick("Softmax", "LogSoftmax"), [x], shape, **attributes)


def dropped(g, x):
    kind = g.pick("Identity", "Dropout", "Cast")
    if kind == "Cast":
        return g.node(kind, [x], g.shapes[x], to=1)
    if kind == "Dropout" and g.chance(0.5):
        return g.node(kind, [x, g.raw_constant(np.float32(0.3))], g.shapes[x])
    return g.node(kind, [x], g.shapes[x])


IMAGE = [conv, conv, conv, conv, pool, pool, residual, batch_normalization]
VECTOR = [gemm, gemm, gemm, batch_normalization]
ANY = [activation, activation, binary, binary, concat, flatten, reshape, transpose, softmax, dropped]


def make(seed):
    """(model, input, what it uses) of a seed."""
    rng = np.random.default_rng([2018, seed])
    g = Graph(rng, min(21, int(rng.integers(13, 25))))  # 21 often: only there are numbers of 4 bits
    shape = g.pick(*[(int(g.pick(1, 1, 2, 3, 8, 16, 17, 33)), *(int(s) for s in rng.integers(1, 15, 2)))] * 4,
                   (int(rng.integers(1, 40)),), tuple(int(s) for s in rng.integers(1, 9, 2)))
    g.shapes["x"] = tuple(shape)
    value = "x"
    for _ in range(int(rng.integers(1, 9))):
        rank = len(g.shapes[value])
        choices = ANY + (IMAGE * 2 if rank == 3 else VECTOR * 2 if rank == 1 else [])
        if g.shapes[value][-1] > 0:
            choices = choices + [matmul]
        value = choices[rng.integers(len(choices))](g, value)
        if g.chance(0.25):  # now and then go on from an older value, so that the graph branches
            names = list(g.shapes)
            value = names[rng.integers(len(names))]
    if value == "x":
        value = activation(g, value)
    fixed = g.chance(0.2)
    batch = 1 if fixed else int(rng.integers(1, 7))
    first = 1 if fixed else g.pick("N", None)
    outputs = [helper.make_tensor_value_info(value, 1, [first, *g.shapes[value]])]
    graph = helper.make_graph(
        g.nodes, f"random{seed}", [helper.make_tensor_value_info("x", 1, [first, *shape])], outputs,
        g.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", g.opset)], ir_version=8)
    return model, rng.normal(0, 1, (batch, *shape)).astype(np.float32), g.used
