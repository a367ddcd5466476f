"""A training step in plain PyTorch and torchvision: all pictures at once, batch normalisation in inference mode, Adam.

Reads {name, rows, width, threads} as JSON on stdin; writes seconds and the peak of memory of the second step.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
import torchvision
from programs import blas, peak_mib, within_memory
from torchvision.models import resnet50
from torchvision.models.vision_transformer import VisionTransformer

given = json.load(sys.stdin)
within_memory()
torch.set_num_threads(given["threads"])
torch.manual_seed(0)
width = given["width"]


def vit(heads, hidden):
    return VisionTransformer(
        image_size=224, patch_size=16, num_layers=12, num_heads=heads, hidden_dim=hidden, mlp_dim=4 * hidden,
        num_classes=width,
    )  # fmt: skip


network = {
    "ResNet50": lambda: resnet50(num_classes=width),
    "ViT": lambda: vit(12, 768),
    "ViTS": lambda: vit(6, 384),
}[given["name"]]()
network.train()
for module in network.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        module.eval()
optimizer = torch.optim.Adam(network.parameters(), lr=1e-5, weight_decay=1e-4)
pictures = torch.randn(given["rows"], 3, 224, 224)
target = torch.randn(given["rows"], given["rows"])
for _ in range(2):
    wall, processor = time.perf_counter(), time.process_time()
    e = F.normalize(network(pictures))
    loss = F.huber_loss(torch.cdist(e, e), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    result = {"seconds": time.perf_counter() - wall, "processorSeconds": time.process_time() - processor}
program = f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, {blas()}"
json.dump({**result, "peakMiB": peak_mib(), "program": program}, sys.stdout)
