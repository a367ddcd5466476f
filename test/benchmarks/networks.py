"""Networks in plain PyTorch and torchvision: training steps (batch normalisation in inference mode, Adam) and embedding.

Answers {task, name, rows, width, side, threads, device, precision, loss}: "start" makes the network, "step" and "embed" take
seconds. `loss` is "pairs", the Huber loss of the distances of all pairs, or "rkd" as the original computes it.
"""

import contextlib
import time

import torch
import torch.nn.functional as F
import torchvision
from losses import rkd
from programs import answer, blas, cuda_peak_mib, peak_mib, within_memory
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
LOSSES = {
    "pairs": lambda e, teachers: F.huber_loss(torch.cdist(e, e), torch.cdist(teachers[:, 0], teachers[:, 0])),
    "rkd": lambda e, teachers: rkd(e, teachers, {}),
}
state = {}


def lower(device, precision):
    """The precision of the factors of products; sums stay float32."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    return torch.autocast(device, torch.bfloat16) if precision == "bfloat16" else contextlib.nullcontext()


def start(given):
    torch.set_num_threads(given["threads"])
    torch.manual_seed(0)
    device = given["device"]
    if device == "cpu":
        within_memory()  # CUDA reserves more addresses than there is memory
    network = NETWORKS[given["name"]](given["width"]).train().to(device)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()
    rows, side, width = given["rows"], given["side"], given["width"]
    state.update(
        network=network,
        device=device,
        context=lambda: lower(device, given["precision"]),
        loss=LOSSES[given["loss"]],
        optimizer=torch.optim.Adam(network.parameters(), lr=1e-5, weight_decay=1e-4),
        pictures=torch.randn(rows, 3, side, side),
        teachers=F.normalize(torch.randn(rows, 1, width), dim=2).to(device),
    )


def step():
    with state["context"]():
        e = state["network"](state["pictures"].to(state["device"]))
    loss = state["loss"](F.normalize(e.float()), state["teachers"])
    state["optimizer"].zero_grad()
    loss.backward()
    state["optimizer"].step()
    return loss.item()


def embed():
    state["network"].eval()
    with torch.inference_mode(), state["context"]():
        F.normalize(state["network"](state["pictures"].to(state["device"])).float()).cpu().numpy()


def synchronize():
    if state["device"] == "cuda":
        torch.cuda.synchronize()


def handle(given):
    begin = time.perf_counter()
    if given["task"] == "start":
        start(given)
    else:
        {"step": step, "embed": embed}[given["task"]]()
    synchronize()
    seconds = time.perf_counter() - begin
    on_cuda = given["device"] == "cuda"
    place = torch.cuda.get_device_name() if on_cuda else f"{blas()}, threads: {torch.get_num_threads()}"
    program = f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, {place}"
    return {"seconds": seconds, "peakMiB": cuda_peak_mib() if on_cuda else peak_mib(), "program": program}


answer(handle)
