"""Neighbours by faiss (IndexFlatL2). Answers {file of float32 rows, size, threads, checked}."""

import time

import faiss
import numpy as np
from programs import answer, blas, peak_mib


def handle(given):
    rows = np.fromfile(given["file"], dtype=np.float32).reshape(-1, given["size"])
    faiss.omp_set_num_threads(given["threads"])
    start = time.perf_counter()
    index = faiss.IndexFlatL2(given["size"])
    index.add(rows)
    neighbors = index.search(rows, 2)[1]
    seconds = time.perf_counter() - start
    first = neighbors[: given["checked"]].tolist()
    program = f"faiss {faiss.__version__}, IndexFlatL2, {blas()}"
    return {"seconds": seconds, "peakMiB": peak_mib(), "first": first, "program": program}


answer(handle)
