"""Microseconds of small operations in PyTorch eager. Answers {operation, calls}."""

import time

import torch
from programs import answer

torch.set_num_threads(1)
x, m = torch.tensor([-1.0, 0.0, 1.0, 2.0]), torch.ones(4, 4)


def gradient():
    y = x.clone().requires_grad_()
    torch.sum(y * y).backward()
    return y.grad


OPERATIONS = {
    "add": lambda: torch.add(x, x),
    "relu": lambda: torch.relu(x),
    "reshape": lambda: x.reshape(2, 2),
    "sum": lambda: torch.sum(x),
    "matMul": lambda: torch.matmul(m, m),
    "read": lambda: x.tolist(),
    "gradient": gradient,
}


def handle(given):
    work, calls = OPERATIONS[given["operation"]], given["calls"]
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return {"microseconds": 1e6 * (time.perf_counter() - start) / calls, "program": f"PyTorch {torch.__version__}"}


answer(handle)
