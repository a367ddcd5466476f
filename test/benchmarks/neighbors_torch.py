"""Neighbours by PyTorch: products of blocks of rows with all, and topk. Answers {file of float32 rows, size, threads, checked}."""

import time

import numpy as np
import torch
from programs import answer, blas, peak_mib

BLOCK = 1024  # rows


def handle(given):
    rows = torch.from_numpy(np.fromfile(given["file"], dtype=np.float32).reshape(-1, given["size"]))
    torch.set_num_threads(given["threads"])
    start = time.perf_counter()
    squares = (rows * rows).sum(1)
    found = [torch.topk(2 * block @ rows.t() - squares, 2, dim=1).indices for block in rows.split(BLOCK)]
    seconds = time.perf_counter() - start
    first = torch.cat(found)[: given["checked"]].tolist()
    return {"seconds": seconds, "peakMiB": peak_mib(), "first": first, "program": f"PyTorch {torch.__version__}, {blas()}"}


with torch.inference_mode():
    answer(handle)
