"""Seconds of one convolution in PyTorch: value, and gradients with respect to its input and its filter.

Answers {convolution, rows, part, format: "contiguous" or "channels_last", threads}.
"""

import time

import torch
from programs import answer, blas

MASKS = {"input": [True, False, False], "filter": [False, True, False]}
FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
made = {}


def tensors(given):
    shape, rows, memory = given["convolution"], given["rows"], given["format"]
    key = (memory, rows, *shape.values())
    if key not in made:
        for old in [old for old in made if old[0] == memory]:
            del made[old]
        inputs, outputs, filter, stride, size = (shape[k] for k in ("inputs", "outputs", "filter", "stride", "size"))
        sizes = (rows, inputs, size, size), (outputs, inputs, filter, filter), (rows, outputs, size // stride, size // stride)
        made[key] = [torch.randn(s).contiguous(memory_format=FORMATS[memory]) for s in sizes]
    return made[key]


def handle(given):
    torch.set_num_threads(given["threads"])
    x, w, dy = tensors(given)
    stride, padding = given["convolution"]["stride"], given["convolution"]["filter"] // 2
    begin = time.perf_counter()
    if given["part"] == "forward":
        torch.conv2d(x, w, None, stride, padding)
    else:
        torch.ops.aten.convolution_backward(
            dy, x, w, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1, MASKS[given["part"]]
        )
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "program": f"PyTorch {torch.__version__}, {blas()}, threads: {torch.get_num_threads()}"}


answer(handle)
