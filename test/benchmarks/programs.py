"""What the comparisons share: answering questions, and what programs they ran on."""

import json
import re
import resource
import sys


def answer(function):
    """Answers questions, one JSON line each, until there are no more."""
    for line in sys.stdin:
        try:
            reply = {"result": function(json.loads(line))}
        except (RuntimeError, MemoryError, OSError, ValueError) as error:
            reply = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(reply), flush=True)


def blas():
    """The library that multiplies matrices: Debian's reference BLAS is many times slower than OpenBLAS."""
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if re.search(r"blas|mkl_rt|mkl_core|libblis", line)}
    fast = [name for name in files if re.search(r"openblas|mkl_|blis", name)]
    return "OpenBLAS, MKL or BLIS" if fast else "reference BLAS (install libopenblas0 for a fair comparison)" if files else "own"


def within_memory():
    """Lets what asks for more memory than there is fail, rather than other programs die."""
    with open("/proc/meminfo") as meminfo:
        available = 1024 * int(re.search(r"MemAvailable:\s+(\d+)", meminfo.read())[1])
    resource.setrlimit(resource.RLIMIT_AS, (available, available))


def peak_mib():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) / 1024


def cuda_peak_mib():
    """The most memory that PyTorch's allocator has held of the GPU."""
    import torch

    return torch.cuda.max_memory_reserved() / 2**20
