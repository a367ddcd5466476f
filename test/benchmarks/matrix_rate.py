"""What a device reaches in products of square matrices. Answers {device, precision, size, seconds} with FLOP a second."""

import time

import torch
from programs import answer


def handle(given):
    device, n = given["device"], given["size"]
    torch.backends.cuda.matmul.allow_tf32 = given["precision"] == "tf32"
    dtype = torch.bfloat16 if given["precision"] == "bfloat16" else torch.float32
    a, b = (torch.randn(n, n, device=device, dtype=dtype) for _ in range(2))
    synchronize = torch.cuda.synchronize if device == "cuda" else lambda: None
    best, spent = 0.0, 0.0
    while spent < given["seconds"]:
        synchronize()
        start = time.perf_counter()
        for _ in range(4):
            torch.mm(a, b)
        synchronize()
        seconds = time.perf_counter() - start
        best, spent = max(best, 4 * 2 * n**3 / seconds), spent + seconds
    return {"rate": best, "program": f"PyTorch {torch.__version__}"}


answer(handle)
