"""Seconds from the start of a Jupyter kernel until it is ready, has run a first cell, and one that imports a library.

Answers {kernel, library: code of the cell}.
"""

import time

from jupyter_client.manager import KernelManager
from programs import answer


def run(client, code):
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda _: None)["content"]
    if reply["status"] != "ok":
        raise RuntimeError(f"the cell failed: {reply.get('evalue', '')}")


def handle(given):
    manager = KernelManager(kernel_name=given["kernel"])
    start = time.perf_counter()
    manager.start_kernel(cwd="notebooks")
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        ready = time.perf_counter() - start
        run(client, "1 + 1")
        cell = time.perf_counter() - start
        run(client, given["library"])
        return {"ready": ready, "cell": cell, "library": time.perf_counter() - start}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


answer(handle)
