"""Networks in plain PyTorch and torchvision: training steps (batch normalisation in inference mode, Adam) and embedding.

Answers {task, name, rows, width, side, threads}: "start" makes the network, "step" and "embed" take seconds.
"""

import time

import torch
import torch.nn.functional as F
import torchvision
from programs import answer, blas, peak_mib, within_memory
from torchvision.models import resnet50
from torchvision.models.vision_transformer import VisionTransformer


def vit(heads, hidden, width):
    return VisionTransformer(
        image_size=224, patch_size=16, num_layers=12, num_heads=heads, hidden_dim=hidden, mlp_dim=4 * hidden,
        num_classes=width,
    )  # fmt: skip


NETWORKS = {
    "ResNet50": lambda width: resnet50(num_classes=width),
    "ViT": lambda width: vit(12, 768, width),
    "ViTS": lambda width: vit(6, 384, width),
    "ViTTi": lambda width: vit(3, 192, width),
}
state = {}


def start(given):
    torch.set_num_threads(given["threads"])
    torch.manual_seed(0)
    network = NETWORKS[given["name"]](given["width"]).train()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()
    rows, side = given["rows"], given["side"]
    state["network"] = network
    state["optimizer"] = torch.optim.Adam(network.parameters(), lr=1e-5, weight_decay=1e-4)
    state["pictures"], state["target"] = torch.randn(rows, 3, side, side), torch.randn(rows, rows)


def step():
    e = F.normalize(state["network"](state["pictures"]))
    loss = F.huber_loss(torch.cdist(e, e), state["target"])
    state["optimizer"].zero_grad()
    loss.backward()
    state["optimizer"].step()


def embed():
    state["network"].eval()
    with torch.inference_mode():
        F.normalize(state["network"](state["pictures"])).numpy()


def handle(given):
    begin = time.perf_counter()
    start(given) if given["task"] == "start" else {"step": step, "embed": embed}[given["task"]]()
    seconds = time.perf_counter() - begin
    program = f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, {blas()}, threads: {torch.get_num_threads()}"
    return {"seconds": seconds, "peakMiB": peak_mib(), "program": program}


within_memory()
answer(handle)
