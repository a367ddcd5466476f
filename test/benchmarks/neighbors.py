"""The same search by faiss (IndexFlatL2), or by PyTorch in blocks where faiss is missing.

Arguments: file of float32 rows, columns, k, threads. Prints {seconds, program, indexes of the first 200 rows} as JSON.
"""

import json
import sys
import time

import numpy as np

file, size, k, threads = sys.argv[1], *map(int, sys.argv[2:5])
rows = np.fromfile(file, dtype=np.float32).reshape(-1, size)

try:
    import faiss

    faiss.omp_set_num_threads(threads)
    program = f"faiss {faiss.__version__}, IndexFlatL2"
    start = time.perf_counter()
    index = faiss.IndexFlatL2(size)
    index.add(rows)
    neighbors = index.search(rows, k + 1)[1]
except ImportError:
    import torch

    torch.set_num_threads(threads)
    program = f"PyTorch {torch.__version__}, mm and topk in blocks of 1024"
    x = torch.from_numpy(rows)
    start = time.perf_counter()
    half = (x * x).sum(1) / 2
    neighbors = torch.cat([(b @ x.T - half).topk(k + 1, dim=1).indices for b in x.split(1024)]).numpy()

seconds = time.perf_counter() - start
json.dump({"seconds": seconds, "program": program, "first": neighbors[:200].tolist()}, sys.stdout)
