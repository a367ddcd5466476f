"""The same search by faiss (IndexFlatL2). Reads {file of float32 rows, size, k, threads} as JSON on stdin."""

import json
import sys
import time

import faiss
import numpy as np
from programs import blas, peak_mib

given = json.load(sys.stdin)
rows = np.fromfile(given["file"], dtype=np.float32).reshape(-1, given["size"])
faiss.omp_set_num_threads(given["threads"])
wall, processor = time.perf_counter(), time.process_time()
index = faiss.IndexFlatL2(given["size"])
index.add(rows)
neighbors = index.search(rows, given["k"] + 1)[1]
result = {"seconds": time.perf_counter() - wall, "processorSeconds": time.process_time() - processor}
program = f"faiss {faiss.__version__}, IndexFlatL2, {blas()}"
json.dump({**result, "peakMiB": peak_mib(), "program": program, "first": neighbors[:200].tolist()}, sys.stdout)
